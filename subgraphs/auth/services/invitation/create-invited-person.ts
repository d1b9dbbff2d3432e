import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { type Person, PersonEntity } from '#auth/entities/person.js';
import { givenName, newPassword, refuseGuessable } from '#auth/services/person/account-input.js';
import { isHeldAddress } from '#auth/services/person/held-address.js';
import { hashPassword } from '#auth/services/person/password.js';
import { Conflict } from '#runtime/errors.js';
import { parseInput } from '#runtime/parse-input.js';

const input = z.object({
  name: z.string('is needed for a new account').pipe(givenName),
  password: z.string('is needed for a new account').pipe(newPassword),
});

/** Somebody who has no account yet, as far as it takes time to find out. */
export type NewPerson = Pick<Person, 'name' | 'passwordHash'>;

/** Reads what somebody without an account gave, and hashes the password. Throws InvalidInput. */
export async function prepareInvitedPerson(
  email: string,
  given: { name?: string | null; password?: string | null },
): Promise<NewPerson> {
  const { name, password } = parseInput(input, given);
  await refuseGuessable('password', password, { email, name });
  return { name, passwordHash: await hashPassword(password) };
}

/**
 * Creates the account of somebody who was invited. The link reached them by mail, so that the address is theirs. Throws
 * Conflict for an address that somebody else may still take back.
 */
export async function createInvitedPerson(
  manager: EntityManager,
  email: string,
  person: NewPerson,
  now: Date,
): Promise<Person> {
  if (await isHeldAddress(manager, email, now))
    throw new Conflict('This address belonged to an account until a short while ago: try again in a few days.');
  return manager.save(PersonEntity, { ...person, email, emailVerifiedAt: now });
}
