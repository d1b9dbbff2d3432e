import type { ServiceContext } from '#auth/context.js';
import { MembershipEntity } from '#auth/entities/membership.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { type MemberRight, memberRights } from '#runtime/identity/identity.js';
import { actingPerson, actingRole, requireRole } from './acting-person.js';
import { changeMembers } from './change-members.js';
import { getMember, type MemberRow } from './list-members.js';
import { getMembership, requireNotLimited } from './membership.js';

/**
 * Replaces what a member may do besides their role, effective at once. Throws NotFound, Forbidden below OWNER, and Conflict for a
 * member who is limited to clients.
 */
export async function setMemberRights(
  context: ServiceContext,
  given: { userId: string; rights: readonly MemberRight[] },
): Promise<MemberRow> {
  const actor = actingPerson(context.identity);
  const { organizationId } = actor;
  const personId = given.userId.toLowerCase();
  const rights = memberRights.filter((right) => given.rights.includes(right));
  await changeMembers(context, {
    organizationId,
    personIds: [personId],
    change: async (transaction) => {
      requireRole(await actingRole(transaction, actor), 'OWNER');
      const membership = await getMembership(transaction, { organizationId, personId });
      if (rights.length > 0) requireNotLimited(membership);
      if (JSON.stringify(membership.rights) === JSON.stringify(rights)) return;
      await transaction.manager.update(MembershipEntity, { organizationId, personId }, { rights });
      await audit(transaction, {
        organizationId,
        action: 'member.rights-set',
        target: { type: 'User', id: personId },
        before: { rights: membership.rights },
        after: { rights },
      });
    },
  });
  return getMember(context, { organizationId, personId });
}
