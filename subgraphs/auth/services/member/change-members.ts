import { In } from 'typeorm';
import { inTransaction, type ServiceContext, type TransactionContext } from '#auth/context.js';
import { type Organization, OrganizationEntity } from '#auth/entities/organization.js';
import { SessionEntity } from '#auth/entities/session.js';
import { forgetSessions } from '#auth/services/session/end-sessions.js';
import { NotFound } from '#runtime/errors.js';

interface MembersChange<Result> {
  organizationId: string;
  /** Whose roles it changes: their sessions are looked up anew at once. */
  personIds?: string[];
  change(transaction: TransactionContext, organization: Organization): Promise<Result>;
}

/**
 * Runs a change of an organization or its members while no other one runs: of two owners who demote each other at once,
 * the second is no owner any more. Throws NotFound when the organization is gone.
 */
export async function changeMembers<Result>(
  context: ServiceContext,
  { organizationId, personIds = [], change }: MembersChange<Result>,
): Promise<Result> {
  const result = await inTransaction(context, async (transaction) => {
    const organization = await transaction.manager.findOne(OrganizationEntity, {
      where: { id: organizationId },
      // Weaker than pessimistic_write: sessions that begin lock the membership first and then this row's key. With the
      // stronger lock the two would deadlock.
      lock: { mode: 'for_no_key_update' },
    });
    if (!organization) throw new NotFound('organization');
    return change(transaction, organization);
  });
  const where = { organizationId, personId: In(personIds) };
  await forgetSessions(context, await context.manager.find(SessionEntity, { where, select: { id: true } }));
  return result;
}
