import { recordOperation } from '#ops/audit/record-operation.js';
import { backUp, type MadeBackup } from '#ops/backup/back-up.js';
import { loggedProgress, printBytes } from '#ops/backup/format/progress.js';
import { Conflict } from '#runtime/errors.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Services } from '#runtime/services.js';

const NAME = 'database.backup';

/** Adds a backup to the trail of the installation. It is made, so what cannot be written stands in the log. */
async function note({ operations, logger }: Services, { file, rows, locations }: MadeBackup): Promise<void> {
  const entry = { action: 'backup.made', target: { type: 'Backup', id: file }, after: { rows, locations } };
  await operations
    .transaction((manager) => recordOperation(manager, 'job', entry))
    .catch((error) => logger.warn({ err: error, file }, 'A backup is not in the audit trail'));
}

/** Backs up every few hours. */
export function backupJob(services: Services): JobDefinition {
  const { databaseUrl, config, logger, alerts, now } = services;
  const { everyHours } = config.backup;
  return {
    name: NAME,
    schedule: `${everyHours} hours`,
    concurrency: 1,
    maxRetries: 2,
    run: async () => {
      try {
        const made = await backUp({ databaseUrl, config, now, progress: loggedProgress('Backing up', logger) });
        const { file, locations, bytes, rows, removed, goneTables } = made;
        logger.info({ file, locations, bytes, rows, removed }, `Backed up ${rows} rows in ${printBytes(bytes)}`);
        await note(services, made);
        if (goneTables.length > 0) {
          alerts.raise({
            category: 'database',
            key: 'backup-tables-gone',
            message: `The database has lost ${goneTables.join(', ')} since the backup before ${file}: unless an update removed them, restore an older backup beside it and bring them back.`,
            details: { file, goneTables },
          });
        }
      } catch (error) {
        if (error instanceof Conflict) {
          logger.info('No backup was begun: another process is at one');
          return;
        }
        alerts.raise({
          category: 'database',
          key: 'backup-failed',
          message: `The database could not be backed up: ${(error as Error).message}`,
          error,
        });
        throw error;
      }
    },
  };
}
