import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';
import type { CheckpointStore } from './checkpoint.js';

/** Whether the tables of trails exist. */
export async function hasTrails(database: SqlDatabase): Promise<boolean> {
  const [row] = await database.query<{ isThere: boolean }[]>(
    `SELECT to_regclass('operations.audit_event') IS NOT NULL AND to_regclass('operations.audit_chain') IS NOT NULL
       AS "isThere"`,
  );
  return row?.isThere ?? false;
}

/** Returns the organizations with a trail according to events, chains and checkpoints. */
export async function listTrails(database: SqlDatabase, stores: CheckpointStore[]): Promise<string[]> {
  // Skips from one organization to the next along the primary key instead of scanning all events.
  const rows = await database.query<{ id: string }[]>(
    `WITH RECURSIVE known (id) AS (
       (SELECT organization_id FROM operations.audit_event ORDER BY 1 LIMIT 1)
       UNION ALL
       SELECT (SELECT organization_id FROM operations.audit_event WHERE organization_id > known.id ORDER BY 1 LIMIT 1)
       FROM known WHERE known.id IS NOT NULL)
     SELECT id FROM known WHERE id IS NOT NULL UNION SELECT organization_id FROM operations.audit_chain`,
  );
  const known = await Promise.all(stores.map((store) => store.organizations()));
  return [...new Set([...rows.map(({ id }) => id), ...known.flat()])].sort();
}
