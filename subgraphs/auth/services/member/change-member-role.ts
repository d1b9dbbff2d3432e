import type { ServiceContext } from '#auth/context.js';
import { MembershipEntity } from '#auth/entities/membership.js';
import { audit } from '#auth/services/audit/record-audits.js';
import type { Role } from '#runtime/identity/identity.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';
import { queueWebhookEvent } from '#runtime/webhooks/queue-event.js';
import { actingPerson, actingRole, requireNotStronger, requireRole } from './acting-person.js';
import { changeMembers } from './change-members.js';
import { getMember, type MemberRow } from './list-members.js';
import { getMembership, requireAnotherOwner, requireNotLimited } from './membership.js';

/**
 * Changes a member's role. Throws NotFound, Forbidden when either role is stronger than the caller's, and Conflict for
 * the last owner, and for a member who is limited to clients.
 */
export async function changeMemberRole(
  context: ServiceContext,
  { userId, role }: { userId: string; role: Role },
): Promise<MemberRow> {
  const actor = actingPerson(context.identity);
  const { organizationId } = actor;
  const personId = userId.toLowerCase();
  await changeMembers(context, {
    organizationId,
    personIds: [personId],
    change: async (transaction) => {
      const own = await actingRole(transaction, actor);
      requireRole(own, 'ADMIN');
      const membership = await getMembership(transaction, { organizationId, personId });
      requireNotStronger(own, membership.role);
      requireNotStronger(own, role);
      if (membership.role === role) return;
      requireNotLimited(membership);
      await requireAnotherOwner(transaction, membership);
      await transaction.manager.update(MembershipEntity, { organizationId, personId }, { role });
      const data = { userId: personId, role, previousRole: membership.role };
      const occurredAt = transaction.services.now();
      await queueWebhookEvent(transaction.manager, { organizationId, type: 'member.role_changed', data, occurredAt });
      const target = { type: 'User', id: personId };
      const change = { before: { role: membership.role }, after: { role } };
      await audit(transaction, { organizationId, action: 'role.changed', target, ...change });
    },
  });
  await deliverWebhooksSoon(context.services);
  return getMember(context, { organizationId, personId });
}
