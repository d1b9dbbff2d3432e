import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { parseInput } from '../../../ops/runtime/parse-input.js';
import { type Person, PersonEntity } from '../entities/person.js';
import { givenName } from './given-name.js';
import { hashPassword } from './password.js';

const input = z.object({
  name: z.string('is needed for a new account').pipe(givenName),
  password: z
    .string('is needed for a new account')
    .min(8, 'must have at least 8 characters')
    .max(128, 'must have at most 128 characters'),
});

/** Somebody who has no account yet, as far as it takes time to find out. */
export type NewPerson = Pick<Person, 'name' | 'passwordHash'>;

/** Reads what somebody without an account gave, and hashes the password. Throws InvalidInput. */
export async function prepareInvitedPerson(given: {
  name?: string | null;
  password?: string | null;
}): Promise<NewPerson> {
  const { name, password } = parseInput(input, given);
  return { name, passwordHash: await hashPassword(password) };
}

/** Creates the account of somebody who was invited. The link reached them by mail, so that the address is theirs. */
export function createInvitedPerson(manager: EntityManager, email: string, person: NewPerson): Promise<Person> {
  return manager.save(PersonEntity, { ...person, email });
}
