import type { Connection } from '#integrations/entities/connection.js';
import type { Equipment } from '#integrations/equipment.js';

// What is more than this waits for the next hour.
const MAX_CONNECTIONS = 2_000;

/**
 * Returns the connections whose accounts are to be read again: a day after the last time, give or take four hours so that
 * those of one hour spread, and each hour those that fail, to see whether they still do.
 */
export function listDueConnections({
  database,
  services,
}: Equipment): Promise<Pick<Connection, 'id' | 'organizationId'>[]> {
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
