import { PostgresJobRepository } from '@agendajs/postgres-backend';
import type { JobParameters, JobRepositoryOptions } from 'agenda';
import type pg from 'pg';
import { JobGone } from './job-store.js';

/** Agenda's repository, but a worker takes only what can run now, and writes only to jobs that are still its own. */
export class OwnPostgresRepository extends PostgresJobRepository {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    super({ pool });
    this.#pool = pool;
  }

  /**
   * Without Agenda's look ahead, which keeps jobs locked that have to wait, and without its taking over jobs of dead
   * workers: it takes them last, never when there is always something to do, and waits for the next round of a schedule.
   */
  override getNextJobToRun(
    jobName: string,
    _nextScanAt: Date,
    _lockDeadline: Date,
    now: Date | undefined,
    options: JobRepositoryOptions | undefined,
  ): Promise<JobParameters | undefined> {
    return super.getNextJobToRun(jobName, new Date(), new Date(0), now, options);
  }

  /** Never fails, as Agenda does not wait for it: that would end the process. What stays locked is taken for a dead worker's. */
  override async unlockJob(job: JobParameters): Promise<void> {
    await super.unlockJob(job).catch(() => {});
  }

  override async saveJobState(job: JobParameters, options: JobRepositoryOptions | undefined): Promise<void> {
    const { rowCount } = await this.#pool.query(
      `UPDATE agenda_jobs
       SET locked_at = $2, next_run_at = $3, last_run_at = $4, progress = $5, fail_reason = $6, fail_count = $7,
           failed_at = $8, last_finished_at = $9
       WHERE id = $1 AND last_modified_by = $10`,
      [
        job._id,
        job.lockedAt ?? null,
        job.nextRunAt ?? null,
        job.lastRunAt ?? null,
        job.progress ?? null,
        job.failReason ?? null,
        job.failCount ?? null,
        job.failedAt ?? null,
        job.lastFinishedAt ?? null,
        options?.lastModifiedBy ?? null,
      ],
    );
    if (rowCount !== 1) throw new JobGone(`The job ${job._id} is not this worker's any more.`);
  }
}
