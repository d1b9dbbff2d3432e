import { join, resolve } from 'node:path';
import type pg from 'pg';
import type { Config } from '#runtime/config/config.js';
import { makeDataDir } from '#runtime/config/data-dir.js';
import { AppError } from '#runtime/errors.js';
import { version } from '#runtime/process/project-root.js';
import { acquireLock, connect } from './connect.js';
import { removePartialFiles, writeBackupFile } from './format/backup-file.js';
import { type Total, tableName } from './format/backup-format.js';
import { backupLines } from './format/backup-lines.js';
import { noProgress, type ReportProgress } from './format/progress.js';
import { type BackupFacts, recordBackup, tablesOfLastBackup } from './jobs/backup-record.js';
import { openSnapshot } from './open-snapshot.js';
import { openQueueStore } from './queue-store.js';
import { backupName } from './store/backup-name.js';
import { backupFolder, keepNewest, openBackupStores } from './store/backup-store.js';
import { verifyBackup } from './verify-backup.js';

export interface BackupOptions {
  databaseUrl: string;
  config: Pick<Config, 'backup' | 'dataDir' | 'mongodbUrl'>;
  now?: () => Date;
  progress?: ReportProgress;
}

/** A backup that was read back and verified. */
export interface MadeBackup extends BackupFacts {
  createdAt: Date;
  removed: string[];
  /** Tables of the previous backup that no longer exist. */
  goneTables: string[];
}

async function writeVerified(options: BackupOptions, file: string) {
  const { databaseUrl, config, progress = noProgress } = options;
  const { encryptionKey } = config.backup;
  const queue = config.mongodbUrl ? await openQueueStore(config.mongodbUrl) : undefined;
  const client = await connect(databaseUrl, 'backup');
  try {
    const snapshot = await openSnapshot(client);
    let total: Total | undefined;
    async function* lines() {
      total = yield* backupLines({ snapshot, queue, version, progress });
    }
    const written = await writeBackupFile(file, lines(), encryptionKey);
    // An open snapshot keeps the database from vacuuming.
    await client.end();
    const verified = await verifyBackup(written.path, encryptionKey);
    if (verified.total.sha256 !== total?.sha256) throw new Error(`${file} is not what was written to it.`);
    return { snapshot, written, rows: verified.total.rows };
  } finally {
    await client.end().catch(() => {});
    await queue?.close();
  }
}

async function makeBackup(options: BackupOptions, startedAt: Date, known: string[] | undefined): Promise<MadeBackup> {
  const { backup } = options.config;
  const folder = resolve(backupFolder(options.config));
  makeDataDir(folder);
  await removePartialFiles(folder);
  const stores = await openBackupStores(folder, backup);
  const name = backupName(startedAt, backup.encryptionKey !== undefined);
  const file = join(folder, name);
  const { snapshot, written, rows } = await writeVerified(options, file).catch((error) => {
    throw folderProblem(folder, error);
  });
  await written.keep().catch((error) => {
    throw folderProblem(folder, error);
  });
  const removed: string[] = [];
  // One more than configured: a bucket that is unavailable for days must not fill the disk.
  if (stores[0]) removed.push(...(await keepNewest(stores[0], backup.keep + 1, name)));
  for (const store of stores) await store.add(file, name, written.sha256);
  for (const store of stores) removed.push(...(await keepNewest(store, backup.keep, name)));
  const tables = snapshot.tables.map(tableName);
  return {
    createdAt: snapshot.createdAt,
    file: name,
    locations: stores.map(({ locationOf }) => locationOf(name)),
    bytes: written.bytes,
    rows,
    tables,
    sha256: written.sha256,
    removed: [...new Set(removed)],
    goneTables: (known ?? []).filter((table) => !tables.includes(table)),
  };
}

/**
 * Backs up the database, and the job queue in MongoDB if any, to the folder and the configured S3-compatible store.
 * Removes the oldest backups once the new one is verified, and records every attempt in `operations.backup`. Throws
 * Conflict while another process makes one.
 */
export async function backUp(options: BackupOptions): Promise<MadeBackup> {
  const { now = () => new Date() } = options;
  const lockConnection: pg.Client = await connect(options.databaseUrl, 'backup lock');
  try {
    await acquireLock(lockConnection, 'backup');
    const known = await tablesOfLastBackup(lockConnection);
    const startedAt = now();
    const run = await recordBackup(lockConnection, startedAt);
    try {
      const made = await makeBackup(options, startedAt, known);
      await run.succeed(made);
      return made;
    } catch (error) {
      // The first error counts.
      await run.fail(error).catch(() => {});
      throw error;
    }
  } finally {
    await lockConnection.end().catch(() => {});
  }
}

const ADVICE: Record<string, string> = {
  ENOSPC: 'is full: make room there, or set BACKUP_DIR to a folder on a larger disk',
  EDQUOT: 'has used up its quota: make room there, or set BACKUP_DIR to another folder',
  EROFS: 'is on a disk that can only be read: set BACKUP_DIR to a folder that can be written',
  EACCES: 'cannot be written: let this user write there, or set BACKUP_DIR to another folder',
};

/** Returns an error with advice when a folder cannot be written; other errors unchanged. */
export function folderProblem(folder: string, error: unknown): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  const advice = ADVICE[code];
  if (!advice) return error;
  return new AppError(`The backup folder ${folder} ${advice} (${code}).`, 'CONFIGURATION', { cause: error });
}
