import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';
import type { CheckpointStore, SignedCheckpoint } from './checkpoint.js';

/**
 * Opens the checkpoints in the database, where every worker finds them and backups include them. Write access to the
 * trails is enough to delete these, but not to forge any.
 */
export function openCheckpointTable(database: SqlDatabase): CheckpointStore {
  return {
    name: 'operations.audit_checkpoint',
    add: async (checkpoints) => {
      await database.query(
        `INSERT INTO operations.audit_checkpoint (organization_id, sequence, kind, hash, signed_at, kid, mac)
         SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::text[])
         ON CONFLICT DO NOTHING`,
        [
          checkpoints.map(({ organizationId }) => organizationId),
          checkpoints.map(({ sequence }) => sequence),
          checkpoints.map(({ kind }) => kind),
          checkpoints.map(({ hash }) => hash),
          checkpoints.map(({ at }) => at),
          checkpoints.map(({ kid }) => kid),
          checkpoints.map(({ mac }) => mac),
        ],
      );
    },
    of: async (organizationId) => {
      const rows = await database.query<(Omit<SignedCheckpoint, 'at'> & { at: Date })[]>(
        `SELECT kind, organization_id AS "organizationId", sequence::float8 AS sequence, hash, signed_at AS at, kid, mac
         FROM operations.audit_checkpoint WHERE organization_id = $1`,
        [organizationId],
      );
      return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
    },
    organizations: async () => {
      const rows = await database.query<{ id: string }[]>(
        'SELECT DISTINCT organization_id AS id FROM operations.audit_checkpoint',
      );
      return rows.map(({ id }) => id);
    },
  };
}
