import type { DataSource } from 'typeorm';
import { MembershipEntity } from '#auth/entities/membership.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import type { Identity, Role } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { actingPerson, actingRole } from './acting-person.js';
import { changeMembers } from './change-members.js';
import { getMembership } from './get-membership.js';
import { getMember, type MemberRow } from './list-members.js';
import { requireAnotherOwner } from './require-another-owner.js';
import { requireNotStronger, requireRole } from './require-role.js';

/**
 * Gives a member another role, which counts at once. Throws NotFound, Forbidden when either role is stronger than one's
 * own, and Conflict for the last owner.
 */
export async function changeMemberRole(
  services: Services,
  database: DataSource,
  identity: Identity,
  { userId, role }: { userId: string; role: Role },
): Promise<MemberRow> {
  const actor = actingPerson(identity);
  const { organizationId } = actor;
  const personId = userId.toLowerCase();
  await changeMembers(services, database, { organizationId, personIds: [personId] }, async (manager) => {
    const own = await actingRole(manager, actor);
    requireRole(own, 'ADMIN');
    const membership = await getMembership(manager, organizationId, personId);
    requireNotStronger(own, membership.role);
    requireNotStronger(own, role);
    if (membership.role === role) return;
    await requireAnotherOwner(manager, membership);
    await manager.update(MembershipEntity, { organizationId, personId }, { role });
    const target = { type: 'User', id: personId };
    const change = { before: { role: membership.role }, after: { role } };
    await recordAudit(manager, identity, { organizationId, action: 'role.changed', target, ...change });
  });
  return getMember(database, organizationId, personId);
}
