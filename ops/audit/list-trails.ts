import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';
import type { CheckpointPlace } from './checkpoint.js';

/** Whether the tables of trails are in the database. */
export async function hasTrails(database: SqlDatabase): Promise<boolean> {
  const [row] = await database.query<{ isThere: boolean }[]>(
    `SELECT to_regclass('operations.audit_event') IS NOT NULL AND to_regclass('operations.audit_chain') IS NOT NULL
       AS "isThere"`,
  );
  return row?.isThere ?? false;
}

/** Returns whose trails there are, or should be: as the events say, the chains, and every place with checkpoints. */
export async function listTrails(database: SqlDatabase, places: CheckpointPlace[]): Promise<string[]> {
  // Steps from one organization to the next through the primary key, instead of reading every event.
  const rows = await database.query<{ id: string }[]>(
    `WITH RECURSIVE known (id) AS (
       (SELECT organization_id FROM operations.audit_event ORDER BY 1 LIMIT 1)
       UNION ALL
       SELECT (SELECT organization_id FROM operations.audit_event WHERE organization_id > known.id ORDER BY 1 LIMIT 1)
       FROM known WHERE known.id IS NOT NULL)
     SELECT id FROM known WHERE id IS NOT NULL UNION SELECT organization_id FROM operations.audit_chain`,
  );
  const told = await Promise.all(places.map((place) => place.organizations()));
  return [...new Set([...rows.map(({ id }) => id), ...told.flat()])].sort();
}
