import type { EntityManager } from 'typeorm';
import { MembershipEntity } from '#auth/entities/membership.js';
import { OrganizationEntity } from '#auth/entities/organization.js';
import { PersonEntity } from '#auth/entities/person.js';
import { asPerson } from '#auth/services/audit/record-audits.js';
import { queueVerification } from '#auth/services/email/send-verification.js';
import { type SignedIn, signIn } from '#auth/services/session/sign-in.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import type { Newcomer } from './sign-up-input.js';

/**
 * Makes a person and the organization they own, and signs them in; one whose address is not verified yet is asked by mail.
 * Call it last in the transaction, after a look whether the address is free.
 */
export async function createAccount(
  services: Services,
  manager: EntityManager,
  identity: Identity,
  { name, email, passwordHash, companyName, emailVerifiedAt }: Newcomer & { emailVerifiedAt: Date | null },
): Promise<SignedIn> {
  const organization = await manager.save(OrganizationEntity, { name: companyName });
  const person = await manager.save(PersonEntity, { name, email, passwordHash, emailVerifiedAt });
  const who = { organizationId: organization.id, personId: person.id };
  await manager.insert(MembershipEntity, { ...who, role: 'OWNER' });
  if (!emailVerifiedAt) await queueVerification(services, manager, person);
  await recordAudit(manager, asPerson(identity, person.id), {
    organizationId: organization.id,
    action: 'account.created',
    target: { type: 'User', id: person.id },
  });
  return signIn(services, manager, identity, who);
}
