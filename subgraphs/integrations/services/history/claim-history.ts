import type { DataSource } from 'typeorm';
import { type AccountHistory, AccountHistoryEntity } from '#integrations/entities/account-history.js';

/** A worker renews its claim with each call to the provider; one that was killed is waited for this long. */
export const CLAIM_MS = 3 * 60 * 1000;

type Key = Pick<AccountHistory, 'accountId' | 'organizationId'>;

/**
 * Takes the history of an account to work on. Of many that try at once, one gets it; null for the others, and when there
 * is nothing due or nothing at all.
 */
export async function claimHistory(
  database: DataSource,
  { accountId, organizationId }: Key,
  now: Date,
): Promise<AccountHistory | null> {
  const { affected } = await database
    .createQueryBuilder()
    .update(AccountHistoryEntity)
    .set({ claimedUntil: new Date(now.getTime() + CLAIM_MS) })
    .where('account_id = :accountId AND organization_id = :organizationId', { accountId, organizationId })
    .andWhere('due_at <= :now AND (claimed_until IS NULL OR claimed_until < :now)', { now })
    .execute();
  return affected ? database.manager.findOneBy(AccountHistoryEntity, { accountId, organizationId }) : null;
}

/** When to go on, and what came in between. */
export interface NextAttempt extends Pick<AccountHistory, 'dueAt' | 'failures' | 'problem'> {
  /** The first day that was wanted when the work began: if an earlier one is by now, there is more to do at once. */
  wantedFrom?: string;
}

/** Says when there is something to do next, and lets go. */
export async function releaseHistory(
  database: DataSource,
  { accountId, organizationId }: Key,
  { dueAt, failures, problem, wantedFrom }: NextAttempt,
): Promise<void> {
  await database.query(
    `UPDATE integrations.account_history SET claimed_until = NULL, failures = $3, problem = $4,
       due_at = CASE WHEN wanted_from < $6::date THEN least(due_at, $5) ELSE $5 END
     WHERE account_id = $1 AND organization_id = $2`,
    [accountId, organizationId, failures, problem, dueAt, wantedFrom ?? null],
  );
}
