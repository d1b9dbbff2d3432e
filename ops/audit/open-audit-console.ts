import type pg from 'pg';
import { connect } from '#ops/backup/connect.js';
import { openDatabaseUrl } from '#ops/backup/open-installation.js';
import { ConfigurationError } from '#runtime/errors.js';
import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';
import type { BaseServices } from '#runtime/services.js';
import { openBucketPlace } from './bucket-place.js';
import { type CheckpointPlace, CheckpointSigner } from './checkpoint.js';
import { openFolderPlace } from './folder-place.js';
import type { AuditAccess } from './inspect-trail.js';
import { hasTrails } from './list-trails.js';
import { asDatabase, snapshotsOn } from './snapshots.js';
import { openTablePlace } from './table-place.js';

export interface AuditConsole extends AuditAccess {
  database: SqlDatabase;
}

async function isTableThere(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query('SELECT to_regclass($1) IS NOT NULL AS "isThere"', [name]);
  return rows[0].isThere;
}

/**
 * Returns how an operator's program reaches trails, and checkpoints in every place. Nothing is migrated. Throws
 * ConfigurationError when the tables are gone although checkpoints tell of trails, or were never made.
 */
export async function openAuditConsole({ config, lifecycle, secrets }: BaseServices): Promise<AuditConsole> {
  const client = await connect(await openDatabaseUrl(config, lifecycle), 'audit');
  lifecycle.onClose('Connection of the audit', () => client.end());
  const database = asDatabase(client);
  const outside: CheckpointPlace[] = [openFolderPlace(config.dataDir)];
  if (config.backup.s3) outside.push(await openBucketPlace(config.backup.s3));
  if (!(await hasTrails(database))) {
    const told = new Set((await Promise.all(outside.map((place) => place.organizations()))).flat()).size;
    throw new ConfigurationError(
      told > 0
        ? `The tables of the audit trail are gone, though there are checkpoints of ${told} trails: restore a backup.`
        : 'This database has no audit trail yet: start WebMetrics once.',
    );
  }
  const table = (await isTableThere(client, 'operations.audit_checkpoint')) ? [openTablePlace(database)] : [];
  const snapshots = snapshotsOn(client);
  return { database, snapshots, places: [...outside, ...table], signer: new CheckpointSigner(secrets) };
}
