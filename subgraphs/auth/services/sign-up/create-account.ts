import { z } from 'zod';
import { actingAs, type ServiceContext, type TransactionContext } from '#auth/context.js';
import { MembershipEntity } from '#auth/entities/membership.js';
import { OrganizationEntity } from '#auth/entities/organization.js';
import { PersonEntity } from '#auth/entities/person.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { queueVerification } from '#auth/services/email/verify-email.js';
import { emailAddress, givenName, newPassword, refuseGuessable } from '#auth/services/person/account-input.js';
import { type SignedIn, signIn } from '#auth/services/session/sign-in.js';
import { beginTrial } from '#runtime/entitlements/entitlements.js';
import { parseInput } from '#runtime/parse-input.js';
import { hashPassword } from '#runtime/passwords/password.js';

const input = z.object({ name: givenName, email: emailAddress, password: newPassword, companyName: givenName });

export type SignUpInput = z.input<typeof input>;

/** A validated sign-up. */
export interface Newcomer {
  name: string;
  email: string;
  passwordHash: string;
  companyName: string;
}

/** Validates a sign-up, without looking up accounts, and hashes its password. Throws InvalidInput. */
export async function prepareNewcomer(context: ServiceContext, given: SignUpInput): Promise<Newcomer> {
  const { name, email, password, companyName } = parseInput(input, given);
  await refuseGuessable({ name, email }, { argument: 'password', password });
  return { name, email, passwordHash: await hashPassword(context, { password }), companyName };
}

/**
 * Creates a person with an organization and signs them in. Queues a verification mail unless the address is verified.
 * Call it last in the transaction.
 */
export async function createAccount(
  transaction: TransactionContext,
  { name, email, passwordHash, companyName, emailVerifiedAt }: Newcomer & { emailVerifiedAt: Date | null },
): Promise<SignedIn> {
  const { manager } = transaction;
  const createdAt = transaction.services.now();
  const organization = await manager.save(OrganizationEntity, { name: companyName, createdAt });
  await beginTrial(manager, { organizationId: organization.id, now: createdAt });
  const person = await manager.save(PersonEntity, {
    name,
    email,
    passwordHash,
    emailVerifiedAt,
    trialBeganAt: createdAt,
  });
  const owner = { organizationId: organization.id, personId: person.id };
  await manager.insert(MembershipEntity, { ...owner, role: 'OWNER' });
  if (!emailVerifiedAt) await queueVerification(transaction, person);
  await audit(actingAs(transaction, { userId: person.id }), {
    organizationId: organization.id,
    action: 'account.created',
    target: { type: 'User', id: person.id },
  });
  return signIn(transaction, owner);
}
