import type { DataSource } from 'typeorm';
import { MembershipEntity } from '#auth/entities/membership.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { isRowId } from '#runtime/database/database.js';
import { NotFound } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import type { Services } from '#runtime/services.js';
import { actingPerson } from './acting-person.js';
import { changeMembers } from './change-members.js';
import { endMembership } from './end-membership.js';
import { requireAnotherOwner } from './require-another-owner.js';

/** Ends one's own membership. Throws NotFound for an organization one does not belong to, Conflict for the last owner. */
export async function leaveOrganization(
  services: Services,
  database: DataSource,
  identity: Identity,
  organizationId: string,
): Promise<void> {
  const { userId: personId } = actingPerson(identity);
  if (!isRowId(organizationId)) throw new NotFound('organization');
  // Asked before the organization is locked: a stranger must not be able to hold it.
  const isMember = await database.manager.existsBy(MembershipEntity, { organizationId, personId });
  if (!isMember) throw new NotFound('organization');
  await changeMembers(services, database, { organizationId, personIds: [personId] }, async (manager) => {
    const membership = await manager.findOneBy(MembershipEntity, { organizationId, personId });
    if (!membership) throw new NotFound('organization');
    await requireAnotherOwner(manager, membership);
    await endMembership(manager, membership, services.now());
    const target = { type: 'User', id: personId };
    const before = { role: membership.role };
    await recordAudit(manager, identity, { organizationId, action: 'member.left', target, before });
  });
  await deliverSoon(services);
}
