import type { Context } from '#integrations/context.js';
import { type AccountHistory, AccountHistoryEntity } from '#integrations/entities/account-history.js';

/** Renewed with each call to the provider. */
export const CLAIM_MS = 3 * 60 * 1000;

type Key = Pick<AccountHistory, 'accountId' | 'organizationId'>;

/** Claims a due history; null when another worker has it. */
export async function claimHistory(
  { database, services }: Context,
  { accountId, organizationId }: Key,
): Promise<AccountHistory | null> {
  const now = services.now();
  const { affected } = await database
    .createQueryBuilder()
    .update(AccountHistoryEntity)
    .set({ claimedUntil: new Date(now.getTime() + CLAIM_MS) })
    .where('account_id = :accountId AND organization_id = :organizationId', { accountId, organizationId })
    .andWhere('due_at <= :now AND (claimed_until IS NULL OR claimed_until < :now)', { now })
    .execute();
  return affected ? database.manager.findOneBy(AccountHistoryEntity, { accountId, organizationId }) : null;
}

export interface NextAttempt extends Pick<AccountHistory, 'dueAt' | 'failures' | 'problem'> {
  /** When an earlier day is requested meanwhile, the history stays due. */
  wantedFrom?: string;
}

/** Releases a claim, and sets when the history is due next. */
export async function releaseHistory(
  { database }: Context,
  { accountId, organizationId, dueAt, failures, problem, wantedFrom }: Key & NextAttempt,
): Promise<void> {
  await database.query(
    `UPDATE integrations.account_history SET claimed_until = NULL, failures = $3, problem = $4,
       due_at = CASE WHEN wanted_from < $6::date THEN least(due_at, $5) ELSE $5 END
     WHERE account_id = $1 AND organization_id = $2`,
    [accountId, organizationId, failures, problem, dueAt, wantedFrom ?? null],
  );
}
