import type { ServiceContext } from '#auth/context.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';
import { actingPerson, actingRole, requireNotStronger, requireRole } from './acting-person.js';
import { changeMembers } from './change-members.js';
import { endMembership, getMembership, requireAnotherOwner } from './membership.js';

/** Removes a member. Throws NotFound, Forbidden for a role stronger than the caller's, and Conflict for the last owner. */
export async function removeMember(
  context: ServiceContext,
  { userId }: { userId: string },
): Promise<{ userId: string }> {
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
      await requireAnotherOwner(transaction, membership);
      await endMembership(transaction, membership);
      const target = { type: 'User', id: personId };
      const before = { role: membership.role };
      await audit(transaction, { organizationId, action: 'member.removed', target, before });
    },
  });
  await deliverSoon(context.services);
  await deliverWebhooksSoon(context.services);
  return { userId };
}
