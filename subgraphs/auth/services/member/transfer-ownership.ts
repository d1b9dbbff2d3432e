import type { ServiceContext } from '#auth/context.js';
import { MembershipEntity } from '#auth/entities/membership.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { type Confirmation, confirmCaller } from '#auth/services/two-factor/confirm-caller.js';
import { InvalidInput } from '#runtime/errors.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';
import { queueWebhookEvent } from '#runtime/webhooks/queue-event.js';
import { actingPerson, actingRole, requireRole } from './acting-person.js';
import { changeMembers } from './change-members.js';
import { getMember, type MemberRow } from './list-members.js';
import { getMembership, requireNotLimited } from './membership.js';

/**
 * Makes a member an owner and the caller an administrator. Throws NotFound, Conflict for a member
 * who is limited to clients, and as `confirmCaller` does.
 */
export async function transferOwnership(
  context: ServiceContext,
  { userId, ...confirmation }: { userId: string } & Confirmation,
): Promise<MemberRow> {
  const actor = actingPerson(context.identity);
  const { organizationId } = actor;
  const personId = userId.toLowerCase();
  await getMembership(context, { organizationId, personId });
  if (personId === actor.userId) throw new InvalidInput([{ argument: 'userId', problem: 'is yourself' }]);
  await confirmCaller(context, confirmation);
  await changeMembers(context, {
    organizationId,
    personIds: [actor.userId, personId],
    change: async (transaction) => {
      const { manager } = transaction;
      requireRole(await actingRole(transaction, actor), 'OWNER');
      const membership = await getMembership(transaction, { organizationId, personId });
      requireNotLimited(membership);
      const { role } = membership;
      await manager.update(MembershipEntity, { organizationId, personId }, { role: 'OWNER' });
      await manager.update(MembershipEntity, { organizationId, personId: actor.userId }, { role: 'ADMIN' });
      const changed = [
        { userId: personId, role: 'OWNER' as const, previousRole: role },
        { userId: actor.userId, role: 'ADMIN' as const, previousRole: 'OWNER' as const },
      ].filter((change) => change.role !== change.previousRole);
      const occurredAt = transaction.services.now();
      for (const data of changed) {
        await queueWebhookEvent(manager, { organizationId, type: 'member.role_changed', data, occurredAt });
      }
      const target = { type: 'User', id: personId };
      const change = { before: { role }, after: { role: 'OWNER', formerOwnersRole: 'ADMIN' } };
      await audit(transaction, { organizationId, action: 'ownership.transferred', target, ...change });
    },
  });
  await deliverWebhooksSoon(context.services);
  return getMember(context, { organizationId, personId });
}
