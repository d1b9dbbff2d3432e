import { basename } from 'node:path';
import type pg from 'pg';
import { DamagedBackup } from '#ops/backup/backup-problems.js';
import { acquireLock, connect } from '#ops/backup/connect.js';
import { fileSha256 } from '#ops/backup/format/backup-file.js';
import type { Invariant } from '#ops/backup/invariant.js';
import { restoreDatabase } from '#ops/backup/restore-database.js';
import { type FoundBackup, findNewestBackup } from '#ops/backup/store/find-backup.js';
import { verifyBackup } from '#ops/backup/verify-backup.js';
import type { Config } from '#runtime/config/config.js';
import { AppError } from '#runtime/errors.js';
import type { DrillRecord } from './drill-record.js';
import { createScratchDatabase } from './scratch-database.js';

/** Invariants of any database. */
const GENERIC: Invariant[] = [
  {
    name: 'every foreign key and check was validated',
    sql: "SELECT FROM pg_constraint WHERE contype IN ('f', 'c') AND NOT convalidated",
  },
  { name: 'every index is valid', sql: 'SELECT FROM pg_index WHERE NOT indisvalid' },
];

/** Describes the invariants that do not hold in a restored database. */
async function checkInvariants(
  client: pg.ClientBase,
  invariants: Invariant[],
): Promise<{ held: number; broken: string[] }> {
  const broken: string[] = [];
  const all = [...GENERIC, ...invariants];
  for (const { name, sql } of all) {
    try {
      const { rows } = await client.query(`SELECT count(*)::int AS count FROM (${sql}) AS contradiction`);
      const { count } = rows[0] as { count: number };
      if (count > 0) broken.push(`not true that ${name} (${count} rows)`);
    } catch (error) {
      // Such as a missing table.
      broken.push(`cannot tell whether ${name} (${(error as Error).message})`);
    }
  }
  return { held: all.length - broken.length, broken };
}

export interface DrillOptions {
  databaseUrl: string;
  config: Pick<Config, 'backup' | 'dataDir'>;
  invariants: Invariant[];
  now: () => Date;
}

/** Filled in step by step, so that a failed drill shows its progress. */
export type DrillFindings = Partial<Omit<DrillRecord, 'startedAt' | 'finishedAt' | 'error'>>;

/** A sound file can still be another one than was written. */
async function requireRecorded(client: pg.ClientBase, file: string): Promise<void> {
  const { rows } = await client.query<{ sha256: string }>(
    'SELECT sha256 FROM operations.backup WHERE file = $1 AND sha256 IS NOT NULL',
    [basename(file)],
  );
  const recorded = rows[0]?.sha256;
  if (recorded && recorded !== (await fileSha256(file))) {
    throw new DamagedBackup(`${basename(file)} is not the file that was written, going by operations.backup`);
  }
}

async function drill(client: pg.ClientBase, backup: FoundBackup, options: DrillOptions, findings: DrillFindings) {
  const { databaseUrl, config, invariants, now } = options;
  const { file } = backup;
  const key = config.backup.encryptionKey;
  findings.file = basename(file);
  await requireRecorded(client, file);
  const startedAt = performance.now();
  const verified = await verifyBackup(file, key);
  findings.recoveryPointSeconds = Math.max(0, (now().getTime() - Date.parse(verified.header.createdAt)) / 1000);
  const scratch = await createScratchDatabase(client, databaseUrl);
  try {
    await restoreDatabase({ file, key, verified, databaseUrl: scratch.url });
    findings.recoverySeconds = (performance.now() - startedAt) / 1000;
    findings.tables = verified.total.tables;
    findings.rows = verified.total.rows;
    const restored = await connect(scratch.url, 'restore drill');
    const { held, broken } = await checkInvariants(restored, invariants).finally(() => restored.end());
    findings.invariants = held;
    if (broken.length > 0) throw new DamagedBackup(`restored, it is ${broken.join('; ')}`);
  } finally {
    await scratch.drop();
  }
}

/**
 * Restores the newest backup into a scratch database, compares every table, checks the invariants and drops the
 * database. Throws on any failure, with `findings` up to that point.
 */
export async function drillRestore(options: DrillOptions, findings: DrillFindings): Promise<void> {
  const client = await connect(options.databaseUrl, 'restore drill');
  try {
    await acquireLock(client, 'restore drill');
    const backup = await findNewestBackup(options.config, options.now());
    if (!backup) {
      throw new AppError('There is no backup to restore: make one with `npm run backup`.', 'CONFIGURATION');
    }
    await drill(client, backup, options, findings).finally(() => backup.release());
  } finally {
    await client.end();
  }
}
