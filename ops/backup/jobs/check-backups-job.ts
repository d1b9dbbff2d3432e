import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Services } from '#runtime/services.js';

const HOUR_MS = 60 * 60 * 1000;
const PATIENCE_IN_INTERVALS = 2;

/**
 * Says so when the newest backup is too old, whatever the reason: a backup that is never begun cannot fail. Where none is
 * finished yet, the time runs from the first that was begun.
 */
export function checkBackupsJob({ operations, config, alerts, now }: Services): JobDefinition {
  return {
    name: 'database.check-backups',
    schedule: '17 * * * *',
    concurrency: 1,
    maxRetries: 2,
    run: async () => {
      const [row] = await operations.query<{ newest: Date | null; first: Date | null }[]>(
        // One of a clock that was ahead would keep this quiet until that time has come.
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
        message: newest
          ? `The newest backup is of ${newest.toISOString()}, though one is due every ${config.backup.everyHours} hours: run \`npm run backup\` and look at why the job database.backup does not.`
          : 'There is no backup at all: run `npm run backup` and look at why the job database.backup does not make one.',
        details: { newestBackup: newest?.toISOString() },
      });
    },
  };
}
