import { connect } from '#ops/backup/connect.js';
import { INSTALLATION } from '#runtime/audit/record-audit.js';
import type { BaseServices } from '#runtime/services.js';
import { openBucketPlace } from './bucket-place.js';
import { type CheckpointPlace, CheckpointSigner } from './checkpoint.js';
import { openFolderPlace } from './folder-place.js';
import { hasTrails, listTrails } from './list-trails.js';
import { recordOperation } from './record-operation.js';
import { asDatabase } from './snapshots.js';
import { openTablePlace } from './table-place.js';

const NO_HASH = '';

/**
 * Says of every trail that a backup was restored which ends it where it ends now: what checkpoints told of behind that is
 * another history. Without it, everything since the backup would count as cut off. Says in the installation's own trail who
 * did that, and from which backup.
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
    const outside: CheckpointPlace[] = [openFolderPlace(config.dataDir)];
    if (config.backup.s3) outside.push(await openBucketPlace(config.backup.s3));
    const signer = new CheckpointSigner(secrets);
    const at = now().toISOString();
    const ends = await database.query<{ organizationId: string; sequence: number; hash: string | null }[]>(
      'SELECT organization_id AS "organizationId", sequence::float8 AS sequence, hash FROM operations.audit_chain',
    );
    const endOf = new Map(ends.map((end) => [end.organizationId, end]));
    const trails = await listTrails(database, outside);
    const checkpoints = trails.map((organizationId) => {
      const { sequence = 0, hash } = endOf.get(organizationId) ?? {};
      return signer.sign({ kind: 'restored', organizationId, sequence, hash: hash ?? NO_HASH, at });
    });
    if (checkpoints.length > 0) {
      for (const place of [...outside, openTablePlace(database)]) await place.add(checkpoints);
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
