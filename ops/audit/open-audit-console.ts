import type pg from 'pg';
import { connect } from '#ops/backup/connect.js';
import { openDatabaseUrl } from '#ops/backup/open-installation.js';
import type { Config } from '#runtime/config/config.js';
import { ConfigurationError } from '#runtime/errors.js';
import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';
import type { BaseServices } from '#runtime/services.js';
import { CheckpointSigner, type CheckpointStore } from './checkpoint.js';
import { openCheckpointBucket } from './checkpoint-bucket.js';
import { openCheckpointFolder } from './checkpoint-folder.js';
import { openCheckpointTable } from './checkpoint-table.js';
import type { AuditAccess } from './inspect-trail.js';
import { hasTrails } from './list-trails.js';
import { asDatabase, snapshotsOn } from './snapshots.js';

export interface AuditConsole extends AuditAccess {
  database: SqlDatabase;
}

async function isTableThere(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query('SELECT to_regclass($1) IS NOT NULL AS "isThere"', [name]);
  return rows[0].isThere;
}

/** Opens the checkpoint stores outside the database: the folder, and the bucket if configured. */
export async function openExternalStores({ dataDir, backup }: Pick<Config, 'dataDir' | 'backup'>) {
  const stores: CheckpointStore[] = [openCheckpointFolder(dataDir)];
  if (backup.s3) stores.push(await openCheckpointBucket(backup.s3));
  return stores;
}

/**
 * Returns an operator program's access to trails and all checkpoint stores, without migrating. Throws
 * ConfigurationError when the tables do not exist.
 */
export async function openAuditConsole({ config, lifecycle, secrets }: BaseServices): Promise<AuditConsole> {
  const client = await connect(await openDatabaseUrl(config, lifecycle), 'audit');
  lifecycle.onClose('Connection of the audit', () => client.end());
  const database = asDatabase(client);
  const externalStores = await openExternalStores(config);
  if (!(await hasTrails(database))) {
    const known = new Set((await Promise.all(externalStores.map((store) => store.organizations()))).flat()).size;
    throw new ConfigurationError(
      known > 0
        ? `The tables of the audit trail are gone, though there are checkpoints of ${known} trails: restore a backup.`
        : 'This database has no audit trail yet: start WebMetrics once.',
    );
  }
  const table = (await isTableThere(client, 'operations.audit_checkpoint')) ? [openCheckpointTable(database)] : [];
  const snapshots = snapshotsOn(client);
  return { database, snapshots, stores: [...externalStores, ...table], signer: new CheckpointSigner(secrets) };
}
