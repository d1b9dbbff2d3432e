import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type pg from 'pg';
import type { Config } from '#runtime/config/config.js';
import { makeDataDir } from '#runtime/config/data-dir.js';
import { AppError } from '#runtime/errors.js';
import { projectRoot } from '#runtime/process/project-root.js';
import { connect, takeLock } from './connect.js';
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

/** The version of this WebMetrics, as package.json has it. */
function webmetricsVersion(): string {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string };
  return version;
}

const ADVICE: Record<string, string> = {
  ENOSPC: 'is full: make room there, or set BACKUP_DIR to a folder on a larger disk',
  EDQUOT: 'has used up its quota: make room there, or set BACKUP_DIR to another folder',
  EROFS: 'is on a disk that can only be read: set BACKUP_DIR to a folder that can be written',
  EACCES: 'cannot be written: let this user write there, or set BACKUP_DIR to another folder',
};

/** Returns an error that says which folder a backup could not be written to and what to do; any other error as it is. */
export function folderProblem(folder: string, error: unknown): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  const advice = ADVICE[code];
  if (!advice) return error;
  return new AppError(`The backup folder ${folder} ${advice} (${code}).`, 'CONFIGURATION', { cause: error });
}

/** What backing up needs to know of an installation. */
export interface BackupOptions {
  databaseUrl: string;
  config: Pick<Config, 'backup' | 'dataDir' | 'mongodbUrl'>;
  now?: () => Date;
  progress?: ReportProgress;
}

/** A backup that was made, read back and found sound. */
export interface MadeBackup extends BackupFacts {
  createdAt: Date;
  /** Names of the backups that made room for it. */
  removed: string[];
  /** Tables the backup before had and this one has not: somebody dropped them. */
  goneTables: string[];
}

/** Writes the snapshot to a file that has no name yet, and reads it back. */
async function writeVerified(options: BackupOptions, file: string) {
  const { databaseUrl, config, progress = noProgress } = options;
  const { encryptionKey } = config.backup;
  const queue = config.mongodbUrl ? await openQueueStore(config.mongodbUrl) : undefined;
  const client = await connect(databaseUrl, 'backup');
  try {
    const snapshot = await openSnapshot(client);
    let total: Total | undefined;
    async function* lines() {
      total = yield* backupLines({ snapshot, queue, version: webmetricsVersion(), progress });
    }
    const written = await writeBackupFile(file, lines(), encryptionKey);
    // The snapshot is not needed any more, and as long as it is held the database cannot clean up.
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
  // As many as were there before, and this one: a bucket that is away for days must not fill the disk by and by.
  if (stores[0]) removed.push(...(await keepNewest(stores[0], backup.keep + 1, name)));
  for (const place of stores) await place.add(file, name, written.sha256);
  for (const place of stores) removed.push(...(await keepNewest(place, backup.keep, name)));
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
 * Backs up all of a database, and the job queue where that is elsewhere, as one instant had it: to the folder and, when
 * one is set, to the S3-compatible store. Backups older than the newest to keep are removed once the new one was read
 * back. Every attempt is recorded in `operations.backup`. Throws Conflict while another process is at it.
 */
export async function backUp(options: BackupOptions): Promise<MadeBackup> {
  const { now = () => new Date() } = options;
  const turn: pg.Client = await connect(options.databaseUrl, 'backup lock');
  try {
    await takeLock(turn, 'backup');
    const known = await tablesOfLastBackup(turn);
    const startedAt = now();
    const run = await recordBackup(turn, startedAt);
    try {
      const made = await makeBackup(options, startedAt, known);
      await run.succeed(made);
      return made;
    } catch (error) {
      // What went wrong first is what to tell, also when the database is away by now.
      await run.fail(error).catch(() => {});
      throw error;
    }
  } finally {
    await turn.end().catch(() => {});
  }
}
