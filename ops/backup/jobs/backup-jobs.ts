import { restoreDrillJob } from '#ops/backup/drill/restore-drill-job.js';
import type { Invariant } from '#ops/backup/invariant.js';
import type { JobDefinition } from '#runtime/jobs/jobs.js';
import type { Services } from '#runtime/services.js';
import { backupJob } from './backup-job.js';
import { checkBackupsJob } from './check-backups-job.js';

/** Returns the jobs that back up, look whether that happens, and show that it is of use. */
export function backupJobs(services: Services, findInvariants: () => Promise<Invariant[]>): JobDefinition[] {
  return [backupJob(services), checkBackupsJob(services), restoreDrillJob(services, findInvariants)];
}
