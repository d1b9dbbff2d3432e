import { In } from 'typeorm';
import { inTransaction, type ServiceContext, type TransactionContext } from '#auth/context.js';
import { type Organization, OrganizationEntity } from '#auth/entities/organization.js';
import { SessionEntity } from '#auth/entities/session.js';
import { forgetSessions } from '#auth/services/session/end-sessions.js';
import { updateBillingContactSoon } from '#kit/update-billing-contact-job.js';
import { NotFound } from '#runtime/errors.js';
import { endConsentsSoon, endInvitations, endMembershipsSoon } from './end-rights.js';

interface MembersChange<Result> {
  organizationId: string;
  /** Members whose roles it changes: their sessions' identities, and what a lost right has made, end with it. */
  personIds?: string[];
  change(transaction: TransactionContext, organization: Organization): Promise<Result>;
}

/**
 * Serializes changes of an organization and its members: of two owners who demote each other, the second fails. Throws
 * NotFound.
 */
export async function changeMembers<Result>(
  context: ServiceContext,
  { organizationId, personIds = [], change }: MembersChange<Result>,
): Promise<Result> {
  const result = await inTransaction(context, async (transaction) => {
    const organization = await transaction.manager.findOne(OrganizationEntity, {
      where: { id: organizationId },
      // A new session locks its membership, then this row's key: pessimistic_write would deadlock with it.
      lock: { mode: 'for_no_key_update' },
    });
    if (!organization) throw new NotFound('organization');
    const changed = await change(transaction, organization);
    await endInvitations(transaction, { organizationId, personIds });
    return changed;
  });
  const where = { organizationId, personId: In(personIds) };
  await forgetSessions(context, await context.manager.find(SessionEntity, { where, select: { id: true } }));
  await endConsentsSoon(context, { organizationId, personIds });
  await endMembershipsSoon(context, { organizationId, personIds });
  if (personIds.length > 0) await updateBillingContactSoon(context.services, { organizationId });
  return result;
}
