import type { Config } from '#runtime/config/config.js';
import { connect } from './connect.js';
import type { ReportProgress } from './format/progress.js';
import { openQueueStore, requireEmptyQueue } from './queue-store.js';
import { requireEmpty, restoreDatabase } from './restore-database.js';
import type { FoundBackup } from './store/find-backup.js';
import { type VerifiedBackup, verifyBackup } from './verify-backup.js';

export interface RestoreOrder {
  backup: Pick<FoundBackup, 'file'>;
  /** Must have none of the backup's schemas. */
  databaseUrl: string;
  config: Pick<Config, 'backup' | 'mongodbUrl'>;
  /** Verifies backup and target only. */
  isDryRun: boolean;
  /** How to get an empty database, if unusual. */
  emptyAdvice?: string;
  progress?: ReportProgress;
}

export interface RestoreOutcome extends VerifiedBackup {
  /** Jobs left out because MONGODB_URL is not set. */
  jobsLeftOut: number;
}

async function checkTarget(databaseUrl: string, schemas: string[], emptyAdvice?: string): Promise<void> {
  const client = await connect(databaseUrl, 'restore');
  await requireEmpty(client, schemas, emptyAdvice).finally(() => client.end());
}

/**
 * Verifies and restores a backup. Throws, before any change, DamagedBackup or UnusableBackup for an unsound file and
 * Conflict for a target that is not empty.
 */
export async function restore({
  backup,
  databaseUrl,
  config,
  isDryRun,
  emptyAdvice,
  progress,
}: RestoreOrder): Promise<RestoreOutcome> {
  const key = config.backup.encryptionKey;
  const verified = await verifyBackup(backup.file, key);
  const { queuedJobs } = verified;
  await checkTarget(databaseUrl, verified.header.schemas, emptyAdvice);
  const queue = queuedJobs !== undefined && config.mongodbUrl ? await openQueueStore(config.mongodbUrl) : undefined;
  try {
    if (queue) await requireEmptyQueue(queue);
    if (!isDryRun) await restoreDatabase({ file: backup.file, key, verified, databaseUrl, queue, progress });
  } finally {
    await queue?.close();
  }
  return { ...verified, jobsLeftOut: queue ? 0 : (queuedJobs ?? 0) };
}
