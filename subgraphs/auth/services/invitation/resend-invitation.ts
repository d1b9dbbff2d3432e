import type { ServiceContext } from '#auth/context.js';
import type { Invitation } from '#auth/entities/invitation.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { actingPerson, actingRole, requireNotStronger, requireRole } from '#auth/services/member/acting-person.js';
import { changeMembers } from '#auth/services/member/change-members.js';
import { countMembers } from '#auth/services/member/count-members.js';
import { requireWithinLimit } from '#runtime/entitlements/require-within-limit.js';
import { RateLimited } from '#runtime/errors.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';
import { getInvitation } from './find-invitations.js';
import { sendInvitation } from './send-invitation.js';

const PAUSE_MS = 60 * 1000;

/** Sends an invitation again with a new link, as the caller's from now on. Throws NotFound, Forbidden, LimitReached where it had expired, and RateLimited within a minute of the last. */
export async function resendInvitation(
  context: ServiceContext,
  { invitationId }: { invitationId: string },
): Promise<Invitation> {
  const actor = actingPerson(context.identity);
  const { organizationId, userId } = actor;
  const renewed = await changeMembers(context, {
    organizationId,
    change: async (transaction, organization) => {
      const own = await actingRole(transaction, actor);
      requireRole(own, 'ADMIN');
      const before = await getInvitation(transaction, { organizationId, id: invitationId });
      requireNotStronger(own, before.role);
      const waitMs = before.sentAt.getTime() + PAUSE_MS - context.services.now().getTime();
      if (waitMs > 0) throw new RateLimited('The invitation was sent a moment ago.', Math.ceil(waitMs / 1000));
      // An expired one did not count.
      if (before.expiresAt <= context.services.now()) {
        await requireWithinLimit(transaction.manager, transaction.services, {
          organizationId,
          limit: 'MEMBERS',
          count: () => countMembers(transaction, { organizationId }),
        });
      }
      const invitation = { ...before, invitedBy: userId };
      const sent = await sendInvitation(transaction, { invitation, organization, inviterId: userId });
      const target = { type: 'Invitation', id: sent.id };
      const after = { email: sent.email, role: sent.role };
      await audit(transaction, { organizationId, action: 'invitation.resent', target, after });
      return sent;
    },
  });
  await deliverSoon(context.services);
  return renewed;
}
