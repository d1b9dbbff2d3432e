import type { ServiceContext } from '#auth/context.js';
import { type Person, PersonEntity } from '#auth/entities/person.js';
import { Forbidden, InvalidInput, NotFound } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { limitSignIn } from './limit-sign-in.js';
import { isPassword } from './password.js';

/** The refusal of API keys and services where a person is needed. */
export const notAPerson = () => new Forbidden('Only a person who is signed in can do this.');

/** Returns the id of the person behind a session. Throws Forbidden for an API key or a service. */
export function requirePerson({ kind, userId }: Identity): string {
  if (kind !== 'user' || !userId) throw notAPerson();
  return userId;
}

/** The refusal of a wrong password given as `argument`. */
export const wrongPassword = (argument: string) => new InvalidInput([{ argument, problem: 'is not your password' }]);

/**
 * Returns the person behind a session after checking their password again. Throws InvalidInput about `argument` for a
 * wrong one, and RateLimited after as many attempts as signing in allows: a hijacked session must not reveal the password.
 */
export async function reauthenticate(
  { services, manager, identity }: ServiceContext,
  { password, argument = 'password' }: { password: string; argument?: string },
): Promise<Person> {
  const person = await manager.findOneBy(PersonEntity, { id: requirePerson(identity) });
  if (!person) throw new NotFound('user');
  const { client, sessionId } = identity;
  const check = async () => {
    if (await isPassword(password, person.passwordHash)) return person;
    throw wrongPassword(argument);
  };
  return limitSignIn({ services }, { email: person.email, client, sessionId, check });
}
