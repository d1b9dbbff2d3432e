import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { recordAudit } from '../../../ops/runtime/audit/record-audit.js';
import { isUniqueViolation } from '../../../ops/runtime/database.js';
import { Conflict } from '../../../ops/runtime/errors.js';
import type { Identity } from '../../../ops/runtime/identity.js';
import { deliverSoon } from '../../../ops/runtime/mail/deliver-soon.js';
import { parseInput } from '../../../ops/runtime/parse-input.js';
import type { Runtime } from '../../../ops/runtime/runtime.js';
import { MembershipEntity } from '../entities/membership.js';
import { OrganizationEntity } from '../entities/organization.js';
import { PersonEntity } from '../entities/person.js';
import { emailAddress, givenName, newPassword, refuseGuessable } from './account-input.js';
import { isHeldAddress } from './held-address.js';
import { hashPassword } from './password.js';
import { asPerson } from './record-audits.js';
import { queueVerification } from './send-verification.js';
import { type SignedIn, signIn } from './sign-in.js';

const input = z.object({ name: givenName, email: emailAddress, password: newPassword, companyName: givenName });
type Newcomer = z.output<typeof input>;

const ADDRESS_TAKEN = 'This address has an account already: log in instead.';

/** Makes the person and their organization: all of it or nothing. */
async function create(
  runtime: Runtime,
  database: DataSource,
  identity: Identity,
  { name, email, password, companyName }: Newcomer,
): Promise<SignedIn> {
  const passwordHash = await hashPassword(password);
  return database.transaction(async (manager) => {
    if (await isHeldAddress(manager, email, runtime.now())) throw new Conflict(ADDRESS_TAKEN);
    const organization = await manager.save(OrganizationEntity, { name: companyName });
    const person = await manager.save(PersonEntity, { name, email, passwordHash, emailVerifiedAt: null });
    const who = { organizationId: organization.id, personId: person.id };
    await manager.insert(MembershipEntity, { ...who, role: 'OWNER' });
    await queueVerification(runtime, manager, person);
    await recordAudit(manager, asPerson(identity, person.id), {
      organizationId: organization.id,
      action: 'account.created',
      target: { type: 'User', id: person.id },
    });
    return signIn(runtime, manager, identity, who);
  });
}

/**
 * Creates a person and the organization they own, and signs them in; that the address is theirs they are asked by mail.
 * Throws InvalidInput, or Conflict when the address is taken.
 */
export async function signUp(
  runtime: Runtime,
  database: DataSource,
  identity: Identity,
  given: z.input<typeof input>,
): Promise<SignedIn> {
  const newcomer = parseInput(input, given);
  await refuseGuessable('password', newcomer.password, newcomer);
  const signedIn = await create(runtime, database, identity, newcomer).catch((error) => {
    if (isUniqueViolation(error)) throw new Conflict(ADDRESS_TAKEN);
    throw error;
  });
  await deliverSoon(runtime);
  return signedIn;
}
