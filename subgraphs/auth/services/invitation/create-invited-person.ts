import { z } from 'zod';
import type { ServiceContext, TransactionContext } from '#auth/context.js';
import { type Person, PersonEntity } from '#auth/entities/person.js';
import { givenName, newPassword, refuseGuessable } from '#auth/services/person/account-input.js';
import { isHeldAddress } from '#auth/services/person/addresses.js';
import { Conflict } from '#runtime/errors.js';
import { parseInput } from '#runtime/parse-input.js';
import { hashPassword } from '#runtime/passwords/password.js';

const input = z.object({
  name: z.string('is needed for a new account').pipe(givenName),
  password: z.string('is needed for a new account').pipe(newPassword),
});

/** A validated new account, its password hashed. */
export type NewPerson = Pick<Person, 'name' | 'email' | 'passwordHash'>;

/** Validates the input for a new account and hashes its password. Throws InvalidInput. */
export async function prepareInvitedPerson(
  context: ServiceContext,
  given: { email: string; name?: string | null; password?: string | null },
): Promise<NewPerson> {
  const { email } = given;
  const { name, password } = parseInput(input, given);
  await refuseGuessable({ email, name }, { argument: 'password', password });
  return { name, email, passwordHash: await hashPassword(context, { password }) };
}

/** Creates the account of an invited person, its address verified. Throws Conflict for a reserved address. */
export async function createInvitedPerson(transaction: TransactionContext, person: NewPerson): Promise<Person> {
  const { services, manager } = transaction;
  if (await isHeldAddress(transaction, person.email)) {
    throw new Conflict('This address belonged to an account until a short while ago: try again in a few days.');
  }
  return manager.save(PersonEntity, { ...person, emailVerifiedAt: services.now() });
}
