import type { ServiceContext } from '#auth/context.js';
import { type Organization, OrganizationEntity } from '#auth/entities/organization.js';
import { PersonEntity } from '#auth/entities/person.js';
import { deletionCancelledMail, deletionRequestedMail } from '#auth/mails/deletion-mails.js';
import { audit } from '#auth/services/audit/record-audits.js';
import { actingPerson, actingRole, requireRole } from '#auth/services/member/acting-person.js';
import { changeMembers } from '#auth/services/member/change-members.js';
import { mailMembers } from '#auth/services/member/mail-members.js';
import { type Confirmation, confirmCaller } from '#auth/services/two-factor/confirm-caller.js';
import { followDeletionSoon } from '#kit/follow-deletion-job.js';
import { Conflict, InvalidInput } from '#runtime/errors.js';
import { deliverSoon } from '#runtime/mail/deliver-soon.js';

/** How long the deletion of an organization can be cancelled. */
export const GRACE_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Requests the deletion of the caller's organization after 7 days. Throws InvalidInput for a wrong name,
 * Conflict when it was requested already, and as `confirmCaller` does.
 */
export async function requestDeletion(
  context: ServiceContext,
  { name, ...confirmation }: { name: string } & Confirmation,
): Promise<Organization> {
  const actor = actingPerson(context.identity);
  const { organizationId, userId } = actor;
  await confirmCaller(context, confirmation);
  const deletionAt = new Date(context.services.now().getTime() + GRACE_MS);
  const changed = await changeMembers(context, {
    organizationId,
    change: async (transaction, organization) => {
      const { manager } = transaction;
      requireRole(await actingRole(transaction, actor), 'OWNER');
      const { name: organizationName } = organization;
      if (name.trim() !== organizationName) {
        throw new InvalidInput([{ argument: 'name', problem: 'is not the name of this organization' }]);
      }
      if (organization.deletionAt) throw new Conflict('The organization is being deleted already.');
      await manager.update(OrganizationEntity, { id: organizationId }, { deletionAt });
      const { name: ownerName } = await manager.findOneByOrFail(PersonEntity, { id: userId });
      const mail = deletionRequestedMail({ organizationName, ownerName, at: deletionAt });
      await mailMembers(transaction, { organizationId, kind: 'organization-deletion', mail });
      await audit(transaction, {
        organizationId,
        action: 'organization.deletion-requested',
        target: { type: 'Organization', id: organizationId },
        after: { deletionAt: deletionAt.toISOString() },
      });
      return { ...organization, deletionAt };
    },
  });
  await deliverSoon(context.services);
  await followDeletionSoon(context.services, { organizationId, deletionAt });
  return changed;
}

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
  await followDeletionSoon(context.services, { organizationId, deletionAt: null });
  return changed;
}
