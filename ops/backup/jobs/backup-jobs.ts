import { recordOperation } from '#ops/audit/record-operation.js';
import { backUp, type MadeBackup } from '#ops/backup/back-up.js';
import { restoreDrillJob } from '#ops/backup/drill/restore-drill-job.js';
import { logProgress, printBytes } from '#ops/backup/format/progress.js';
import type { Invariant } from '#ops/backup/invariant.js';
import { Conflict } from '#runtime/errors.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Services } from '#runtime/services.js';

/** Returns the jobs for backups, their monitoring and restore drills. */
export function backupJobs(services: Services, findInvariants: () => Promise<Invariant[]>): JobDefinition[] {
  return [backupJob(services), checkBackupsJob(services), restoreDrillJob(services, findInvariants)];
}

const HOUR_MS = 60 * 60 * 1000;
const PATIENCE_IN_INTERVALS = 2;

/** Alerts when the newest backup is too old; without any, the time counts from the first attempt. */
function checkBackupsJob({ operations, config, alerts, now }: Services): JobDefinition {
  return {
    name: 'database.check-backups',
    schedule: '17 * * * *',
    concurrency: 1,
    maxRetries: 2,
    run: async () => {
      const [row] = await operations.query<{ newest: Date | null; first: Date | null }[]>(
        // A backup dated in the future would suppress the alert until then.
        `SELECT max(started_at) FILTER (WHERE finished_at IS NOT NULL AND error IS NULL) AS newest,
           min(started_at) AS first FROM operations.backup WHERE started_at <= $1`,
        [now()],
      );
      const { newest, first } = row ?? { newest: null, first: null };
      const since = newest ?? first;
      const patienceMs = PATIENCE_IN_INTERVALS * config.backup.everyHours * HOUR_MS;
      if (since && now().getTime() - since.getTime() <= patienceMs) return;
      alerts.raise({
        category: 'database',
        key: 'backup-stale',
        runbook: 'backup-overdue',
        isWatched: true,
        message: newest
          ? `The newest backup is of ${newest.toISOString()}, though one is due every ${config.backup.everyHours} hours: run \`npm run backup\` and look at why the job database.backup does not.`
          : 'There is no backup at all: run `npm run backup` and look at why the job database.backup does not make one.',
        details: { newestBackup: newest?.toISOString() },
      });
    },
  };
}

const NAME = 'database.backup';

/** The backup exists even if this fails. */
async function recordInTrail({ operations, logger }: Services, { file, rows, locations }: MadeBackup): Promise<void> {
  const entry = { action: 'backup.made', target: { type: 'Backup', id: file }, after: { rows, locations } };
  await operations
    .transaction((manager) => recordOperation(manager, 'job', entry))
    .catch((error) => logger.warn({ err: error, file }, 'Audit record of a backup failed'));
}

function backupJob(services: Services): JobDefinition {
  const { databaseUrl, config, logger, alerts, now } = services;
  const { everyHours } = config.backup;
  return {
    name: NAME,
    schedule: `${everyHours} hours`,
    concurrency: 1,
    maxRetries: 2,
    run: async () => {
      try {
        const made = await backUp({ databaseUrl, config, now, progress: logProgress('Backing up', logger) });
        const { file, locations, bytes, rows, removed, goneTables } = made;
        logger.info({ file, locations, bytes, rows, removed }, `Backed up ${rows} rows in ${printBytes(bytes)}`);
        await recordInTrail(services, made);
        if (goneTables.length > 0) {
          alerts.raise({
            category: 'database',
            key: 'backup-tables-gone',
            runbook: 'backup-tables-gone',
            message: `The database has lost ${goneTables.join(', ')} since the backup before ${file}: unless an update removed them, restore an older backup beside it and bring them back.`,
            details: { file, goneTables },
          });
        }
      } catch (error) {
        if (error instanceof Conflict) {
          logger.info('Backup skipped: another process is running one');
          return;
        }
        alerts.raise({
          category: 'database',
          key: 'backup-failed',
          runbook: 'backup-failed',
          isWatched: true,
          message: `The database could not be backed up: ${(error as Error).message}`,
          error,
        });
        throw error;
      }
    },
  };
}
