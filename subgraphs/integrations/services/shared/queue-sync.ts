import type { Context } from '#integrations/context.js';
import type { Connection } from '#integrations/entities/connection.js';

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

/** Returns connections due to be synced: 20 to 24 hours after the last time, failing ones hourly. */
export function listDueConnections({
  database,
  services,
}: Context): Promise<Pick<Connection, 'id' | 'organizationId'>[]> {
  return database.query(
    `SELECT id, organization_id AS "organizationId" FROM integrations.connection
     WHERE status = 'ACTIVE' AND (
       fault IS NOT NULL OR last_sync_at IS NULL
       OR last_sync_at < $1::timestamptz - make_interval(hours => 20, secs => abs(hashtext(id::text) % 14400))
     )
     ORDER BY last_sync_at NULLS FIRST LIMIT $2`,
    [services.now(), MAX_CONNECTIONS],
  );
}
