import type { ServiceContext } from '#auth/context.js';
import { type Person, PersonEntity } from '#auth/entities/person.js';
import { Forbidden, InvalidInput, NotFound } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { isPassword } from '#runtime/passwords/password.js';
import { limitSignIn } from './limit-sign-in.js';

/** Returns the error for an API key or a service. */
export const notAPerson = () => new Forbidden('Only a person who is signed in can do this.');

/** Returns the id of the person behind a session. Throws Forbidden for an API key or a service. */
export function requirePerson({ kind, userId }: Identity): string {
  if (kind !== 'user' || !userId) throw notAPerson();
  return userId;
}

/** Returns the error for a wrong password in `argument`. */
export const wrongPassword = (argument: string) => new InvalidInput([{ argument, problem: 'is not your password' }]);

/**
 * Returns the caller after checking their password. Throws InvalidInput about `argument`, and RateLimited like a
 * sign-in: a hijacked session must not reveal the password.
 */
export async function reauthenticate(
  context: ServiceContext,
  { password, argument = 'password' }: { password: string; argument?: string },
): Promise<Person> {
  const { services, manager, identity } = context;
  const person = await manager.findOneBy(PersonEntity, { id: requirePerson(identity) });
  if (!person) throw new NotFound('user');
  const { client, sessionId } = identity;
  const check = async () => {
    if (await isPassword(context, { password, passwordHash: person.passwordHash })) return person;
    throw wrongPassword(argument);
  };
  return limitSignIn({ services }, { email: person.email, client, sessionId, check });
}
