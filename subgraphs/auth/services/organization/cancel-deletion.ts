import type { ServiceContext } from '#auth/context.js';
import { type Organization, OrganizationEntity } from '#auth/entities/organization.js';
import { PersonEntity } from '#auth/entities/person.js';
import { deletionCancelledMail } from '#auth/mails/deletion-mails.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { actingPerson, actingRole, requireRole } from '#auth/services/member/acting-person.js';
import { changeMembers } from '#auth/services/member/change-members.js';
import { mailMembers } from '#auth/services/member/mail-members.js';
import { Conflict } from '#runtime/errors.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';

/** Cancels the deletion of the caller's organization. Throws Conflict when none was requested. */
export async function cancelDeletion(context: ServiceContext): Promise<Organization> {
  const actor = actingPerson(context.identity);
  const { organizationId, userId } = actor;
  const changed = await changeMembers(context, {
    organizationId,
    change: async (transaction, organization) => {
      const { manager } = transaction;
      requireRole(await actingRole(transaction, actor), 'OWNER');
      const { name: organizationName, deletionAt } = organization;
      if (!deletionAt) throw new Conflict('The organization is not being deleted.');
      await manager.update(OrganizationEntity, { id: organizationId }, { deletionAt: null });
      const { name: ownerName } = await manager.findOneByOrFail(PersonEntity, { id: userId });
      const mail = deletionCancelledMail({ organizationName, ownerName });
      await mailMembers(transaction, { organizationId, kind: 'organization-deletion', mail });
      await audit(transaction, {
        organizationId,
        action: 'organization.deletion-cancelled',
        target: { type: 'Organization', id: organizationId },
        before: { deletionAt: deletionAt.toISOString() },
      });
      return { ...organization, deletionAt: null };
    },
  });
  await deliverSoon(context.services);
  return changed;
}
