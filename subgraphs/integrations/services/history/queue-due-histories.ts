import type { Context } from '#integrations/context.js';
import type { Connection } from '#integrations/entities/connection.js';
import { isOpenSql } from '#runtime/entitlements/is-open-sql.js';
import type { Services } from '#runtime/services.js';
import { openHistories } from './open-histories.js';

/** The job that copies one account; its key is the account's id. */
export const COPY_HISTORY = 'integrations.copy-history';

const MAX_ACCOUNTS = 1_000;

const dueSql = ({ entitlements }: Services) => `
  SELECT history.account_id AS "accountId", history.organization_id AS "organizationId"
  FROM integrations.account_history AS history
  JOIN integrations.account ON account.organization_id = history.organization_id
    AND account.id = history.account_id AND account.is_active AND account.access IS NOT NULL
  JOIN integrations.connection ON connection.organization_id = account.organization_id
    AND connection.id = account.connection_id AND connection.status = 'ACTIVE'
  WHERE history.due_at <= $1 AND (history.claimed_until IS NULL OR history.claimed_until < $1)
    AND ($2::uuid IS NULL OR history.organization_id = $2)
    AND ${isOpenSql(entitlements, { organizationId: 'history.organization_id', now: '$1' })}
  ORDER BY history.due_at
  LIMIT ${MAX_ACCOUNTS}`;

/**
 * Queues every account with days due and a working connection, of all organizations or one, without those that can only read. Of one
 * organization missing histories are created first; of all that is a job of its own, as it looks at every account.
 */
export async function queueDueHistories(
  context: Context,
  { organizationId }: { organizationId?: string } = {},
): Promise<void> {
  const { database, services } = context;
  if (organizationId) await openHistories(context, { organizationId });
  type Due = { accountId: string; organizationId: string };
  const due = await database.query<Due[]>(dueSql(services), [services.now(), organizationId ?? null]);
  for (const one of due) await services.jobs.enqueue(COPY_HISTORY, { key: one.accountId, ...one });
}

/** Starts copying for a new or renewed connection. Never rejects: the scheduled job finds what is missed. */
export async function startHistories(context: Context, { id, organizationId }: Connection): Promise<void> {
  const { database, services } = context;
  try {
    await database.query(
      `UPDATE integrations.account_history AS history SET due_at = $3, failures = 0, problem = NULL
       FROM integrations.account
       WHERE account.organization_id = history.organization_id AND account.id = history.account_id
         AND account.connection_id = $1 AND history.organization_id = $2
         AND history.problem IS NOT NULL`,
      [id, organizationId, services.now()],
    );
    await queueDueHistories(context, { organizationId });
  } catch (error) {
    services.logger.warn({ err: error, connectionId: id, organizationId }, 'History copy could not be started');
  }
}
