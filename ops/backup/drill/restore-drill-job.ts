import type { Invariant } from '#ops/backup/invariant.js';
import { Conflict } from '#runtime/errors.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Services } from '#runtime/services.js';
import { recordDrill } from './drill-record.js';
import { type DrillFindings, drillRestore } from './drill-restore.js';

const empty = {
  file: undefined,
  recoverySeconds: undefined,
  recoveryPointSeconds: undefined,
  tables: undefined,
  rows: undefined,
  invariants: undefined,
};

function printAge(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return seconds < 3600 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** Returns the nightly job that drills a restore and records recovery time and age. */
export function restoreDrillJob(services: Services, findInvariants: () => Promise<Invariant[]>): JobDefinition {
  const { databaseUrl, config, logger, alerts, operations, now } = services;
  return {
    name: 'database.restore-drill',
    schedule: '30 3 * * *',
    concurrency: 1,
    // A retry a minute later would fail again.
    maxRetries: 0,
    run: async () => {
      const startedAt = now();
      const findings: DrillFindings = {};
      let error: Error | undefined;
      try {
        await drillRestore({ databaseUrl, config, invariants: await findInvariants(), now }, findings);
      } catch (cause) {
        if (cause instanceof Conflict) {
          logger.info('Restore drill skipped: another process is running one');
          return;
        }
        error = cause as Error;
      }
      const drill = { ...empty, ...findings, startedAt, finishedAt: now(), error: error?.message };
      await recordDrill(operations, drill);
      if (!error) {
        const { recoverySeconds, recoveryPointSeconds, file, tables, rows, invariants } = drill;
        logger.info(
          { file, recoverySeconds, recoveryPointSeconds, tables, rows, invariants },
          `Restored ${file} in ${recoverySeconds?.toFixed(1)} s; it was ${printAge(recoveryPointSeconds ?? 0)} old`,
        );
        return;
      }
      alerts.raise({
        category: 'database',
        key: 'restore-drill-failed',
        runbook: 'restore-drill-failed',
        isWatched: true,
        message: `The newest backup could not be restored: ${error.message}`,
        error,
        details: { file: drill.file },
      });
    },
  };
}
