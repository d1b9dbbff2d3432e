import { connect } from '#ops/backup/connect.js';
import { INSTALLATION } from '#runtime/audit/record-audit.js';
import type { BaseServices } from '#runtime/services.js';
import { CheckpointSigner } from './checkpoint.js';
import { openCheckpointTable } from './checkpoint-table.js';
import { hasTrails, listTrails } from './list-trails.js';
import { openExternalStores } from './open-audit-console.js';
import { recordOperation } from './record-operation.js';
import { asDatabase } from './snapshots.js';

const NO_HASH = '';

/**
 * Signs for every trail that a restored backup ends it where it ends now: otherwise all events since the backup would
 * count as missing. Records the restore in the installation's trail.
 */
export async function signRestored(
  { config, secrets, now }: Pick<BaseServices, 'config' | 'secrets' | 'now'>,
  databaseUrl: string,
  backup: { file: string; createdAt: string; version: string },
): Promise<void> {
  const client = await connect(databaseUrl, 'audit');
  try {
    const database = asDatabase(client);
    if (!(await hasTrails(database))) return;
    const externalStores = await openExternalStores(config);
    const signer = new CheckpointSigner(secrets);
    const at = now().toISOString();
    const ends = await database.query<{ organizationId: string; sequence: number; hash: string | null }[]>(
      'SELECT organization_id AS "organizationId", sequence::float8 AS sequence, hash FROM operations.audit_chain',
    );
    const endOf = new Map(ends.map((end) => [end.organizationId, end]));
    const trails = await listTrails(database, externalStores);
    const checkpoints = trails.map((organizationId) => {
      const { sequence = 0, hash } = endOf.get(organizationId) ?? {};
      return signer.sign({ kind: 'restored', organizationId, sequence, hash: hash ?? NO_HASH, at });
    });
    if (checkpoints.length > 0) {
      for (const store of [...externalStores, openCheckpointTable(database)]) await store.add(checkpoints);
    }
    await client.query('BEGIN');
    await recordOperation(database, 'operator', {
      action: 'backup.restored',
      target: { type: 'Installation', id: INSTALLATION },
      after: backup,
    });
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}
