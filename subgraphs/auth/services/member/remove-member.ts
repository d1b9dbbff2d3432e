import type { DataSource } from 'typeorm';
import { recordAudit } from '#runtime/audit/record-audit.js';
import type { Identity } from '#runtime/identity/identity.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import type { Services } from '#runtime/services.js';
import { actingPerson, actingRole } from './acting-person.js';
import { changeMembers } from './change-members.js';
import { endMembership } from './end-membership.js';
import { getMembership } from './get-membership.js';
import { requireAnotherOwner } from './require-another-owner.js';
import { requireNotStronger, requireRole } from './require-role.js';

/** Removes a member. Throws NotFound, Forbidden for somebody whose role is stronger, and Conflict for the last owner. */
export async function removeMember(
  services: Services,
  database: DataSource,
  identity: Identity,
  userId: string,
): Promise<void> {
  const actor = actingPerson(identity);
  const { organizationId } = actor;
  const personId = userId.toLowerCase();
  await changeMembers(services, database, { organizationId, personIds: [personId] }, async (manager) => {
    const own = await actingRole(manager, actor);
    requireRole(own, 'ADMIN');
    const membership = await getMembership(manager, organizationId, personId);
    requireNotStronger(own, membership.role);
    await requireAnotherOwner(manager, membership);
    await endMembership(manager, membership, services.now());
    const target = { type: 'User', id: personId };
    const before = { role: membership.role };
    await recordAudit(manager, identity, { organizationId, action: 'member.removed', target, before });
  });
  await deliverSoon(services);
}
