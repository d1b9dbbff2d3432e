import type { ServiceContext } from '#auth/context.js';
import { InvitationEntity } from '#auth/entities/invitation.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { actingPerson, actingRole, requireNotStronger, requireRole } from '#auth/services/member/acting-person.js';
import { changeMembers } from '#auth/services/member/change-members.js';
import { getInvitation } from './find-invitations.js';

/** Revokes an invitation and returns its id. Throws NotFound, and Forbidden for a role stronger than the caller's. */
export async function revokeInvitation(
  context: ServiceContext,
  { invitationId }: { invitationId: string },
): Promise<string> {
  const actor = actingPerson(context.identity);
  const { organizationId } = actor;
  return changeMembers(context, {
    organizationId,
    change: async (transaction) => {
      const own = await actingRole(transaction, actor);
      requireRole(own, 'ADMIN');
      const { id, email, role } = await getInvitation(transaction, { organizationId, id: invitationId });
      requireNotStronger(own, role);
      await transaction.manager.delete(InvitationEntity, { id, organizationId });
      const target = { type: 'Invitation', id };
      await audit(transaction, { organizationId, action: 'invitation.revoked', target, before: { email, role } });
      return id;
    },
  });
}
