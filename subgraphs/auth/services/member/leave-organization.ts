import type { ServiceContext } from '#auth/context.js';
import { MembershipEntity } from '#auth/entities/membership.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { isRowId } from '#runtime/database/database.js';
import { NotFound } from '#runtime/errors.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { deliverWebhooksSoon } from '#runtime/webhooks/deliver-soon.js';
import { actingPerson } from './acting-person.js';
import { changeMembers } from './change-members.js';
import { endMembership, requireAnotherOwner } from './membership.js';

/** Ends the caller's membership. Throws NotFound for another organization, Conflict for the last owner. */
export async function leaveOrganization(
  context: ServiceContext,
  { organizationId }: { organizationId: string },
): Promise<{ organizationId: string }> {
  const { userId: personId } = actingPerson(context.identity);
  if (!isRowId(organizationId)) throw new NotFound('organization');
  // A stranger must not be able to take the lock.
  const isMember = await context.manager.existsBy(MembershipEntity, { organizationId, personId });
  if (!isMember) throw new NotFound('organization');
  await changeMembers(context, {
    organizationId,
    personIds: [personId],
    change: async (transaction) => {
      const membership = await transaction.manager.findOneBy(MembershipEntity, { organizationId, personId });
      if (!membership) throw new NotFound('organization');
      await requireAnotherOwner(transaction, membership);
      await endMembership(transaction, membership);
      const target = { type: 'User', id: personId };
      const before = { role: membership.role };
      await audit(transaction, { organizationId, action: 'member.left', target, before });
    },
  });
  await deliverSoon(context.services);
  await deliverWebhooksSoon(context.services);
  return { organizationId };
}
