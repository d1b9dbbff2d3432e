import { restoreDrillJob } from '#ops/backup/drill/restore-drill-job.js';
import type { Invariant } from '#ops/backup/invariant.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Runtime } from '#runtime/runtime.js';
import { backupJob } from './backup-job.js';
import { checkBackupsJob } from './check-backups-job.js';

/** Returns the jobs that back up, look whether that happens, and show that it is of use. */
export function backupJobs(runtime: Runtime, findInvariants: () => Promise<Invariant[]>): JobDefinition[] {
  return [backupJob(runtime), checkBackupsJob(runtime), restoreDrillJob(runtime, findInvariants)];
}
