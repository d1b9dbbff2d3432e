import type { DataSource } from 'typeorm';
import { type Person, PersonEntity } from '#auth/entities/person.js';
import { Forbidden, InvalidInput, NotFound } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { limitSignIn } from './limit-sign-in.js';
import { isPassword } from './password.js';

/** What everything else that may come with credentials is told. */
export const notAPerson = () => new Forbidden('Only a person who is signed in can do this.');

/** Returns the person behind a session. Throws Forbidden for everything else that may come with credentials. */
export function requirePerson({ kind, userId }: Identity): string {
  if (kind !== 'user' || !userId) throw notAPerson();
  return userId;
}

/** What somebody is told whose password is not what `argument` says. */
export const wrongPassword = (argument: string) => new InvalidInput([{ argument, problem: 'is not your password' }]);

/**
 * Returns the person behind a session once they have shown again that it is them. Throws InvalidInput about `argument`
 * when the password is wrong, and RateLimited when it was tried there as often as one may try to sign in: whoever found an
 * open session is not to find out the password.
 */
export async function reauthenticate(
  services: Services,
  database: DataSource,
  identity: Identity,
  password: string,
  argument: string,
): Promise<Person> {
  const person = await database.manager.findOneBy(PersonEntity, { id: requirePerson(identity) });
  if (!person) throw new NotFound('user');
  const { client, sessionId } = identity;
  return limitSignIn(services, { email: person.email, client, sessionId }, async () => {
    if (await isPassword(password, person.passwordHash)) return person;
    throw wrongPassword(argument);
  });
}
