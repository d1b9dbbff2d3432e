import type { Context } from '#integrations/context.js';
import type { Connection } from '#integrations/entities/connection.js';
import { isOpenSql } from '#runtime/entitlements/is-open-sql.js';

export const SYNC_CONNECTION = 'integrations.sync-connection';

/** Queues a sync of a connection's accounts, once. */
export async function syncSoon(
  { services }: Context,
  { id, organizationId }: Pick<Connection, 'id' | 'organizationId'>,
): Promise<void> {
  await services.jobs.enqueue(SYNC_CONNECTION, { key: id, connectionId: id, organizationId });
}

// The rest waits for the next run.
const MAX_CONNECTIONS = 2_000;

type DueConnection = Pick<Connection, 'id' | 'organizationId'>;

/**
 * Returns connections due to be synced that their organization's plan includes: 20 to 24 hours after the last time, failing ones
 * hourly.
 */
export async function listDueConnections({ database, services, plan }: Context): Promise<DueConnection[]> {
  const due = await database.query<DueConnection[]>(
    `SELECT id, organization_id AS "organizationId" FROM integrations.connection
     WHERE status = 'ACTIVE' AND (
       fault IS NOT NULL OR last_sync_at IS NULL
       OR last_sync_at < $1::timestamptz - make_interval(hours => 20, secs => abs(hashtext(id::text) % 14400))
     ) AND ${isOpenSql(services.entitlements, { organizationId: 'connection.organization_id', now: '$1' })}
     ORDER BY last_sync_at NULLS FIRST`,
    [services.now()],
  );
  const included: DueConnection[] = [];
  for (const connection of due) {
    if (included.length === MAX_CONNECTIONS) break;
    if (!(await plan.refusalOfConnection(connection))) included.push(connection);
  }
  return included;
}
