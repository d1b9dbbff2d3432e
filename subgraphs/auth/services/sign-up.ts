import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { isUniqueViolation } from '../../../ops/runtime/database.js';
import { Conflict } from '../../../ops/runtime/errors.js';
import { parseInput } from '../../../ops/runtime/parse-input.js';
import type { Runtime } from '../../../ops/runtime/runtime.js';
import { storableText } from '../../../ops/runtime/storable-text.js';
import { MembershipEntity } from '../entities/membership.js';
import { OrganizationEntity } from '../entities/organization.js';
import { PersonEntity } from '../entities/person.js';
import { hashPassword } from './password.js';
import { type SignedIn, signIn } from './sign-in.js';

const givenName = storableText.trim().min(1, 'must not be empty').max(200, 'must have at most 200 characters');

const input = z.object({
  name: givenName,
  email: storableText.trim().max(320, 'must have at most 320 characters').pipe(z.email('must be an e-mail address')),
  password: z.string().min(8, 'must have at least 8 characters').max(128, 'must have at most 128 characters'),
  companyName: givenName,
});

/**
 * Creates a person and the organization they own, and signs them in: all of it or nothing.
 * Throws InvalidInput, or Conflict when the address is taken.
 */
export async function signUp(runtime: Runtime, database: DataSource, given: z.input<typeof input>): Promise<SignedIn> {
  const { name, email, password, companyName } = parseInput(input, given);
  const passwordHash = await hashPassword(password);
  try {
    return await database.transaction(async (manager) => {
      const organization = await manager.save(OrganizationEntity, { name: companyName });
      const person = await manager.save(PersonEntity, { name, email, passwordHash });
      const who = { organizationId: organization.id, personId: person.id };
      await manager.insert(MembershipEntity, { ...who, role: 'OWNER' });
      return signIn(runtime, manager, who);
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw new Conflict('This address has an account already: log in instead.');
    throw error;
  }
}
