import { PostgresJobRepository } from '@agendajs/postgres-backend';
import type { JobParameters, JobRepositoryOptions } from 'agenda';
import type pg from 'pg';
import { JobGone } from './job-store.js';
import { TakeGate, type WorkerRepository } from './take-gate.js';

/** Agenda's repository, except that a worker takes only due jobs, and writes only to those it holds. */
export class OwnPostgresRepository extends PostgresJobRepository implements WorkerRepository {
  readonly #gate = new TakeGate();
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    super({ pool });
    this.#pool = pool;
  }

  override getNextJobToRun(
    jobName: string,
    _nextScanAt: Date,
    _lockDeadline: Date,
    now: Date | undefined,
    options: JobRepositoryOptions | undefined,
  ): Promise<JobParameters | undefined> {
    return this.#gate.pass(
      () => this.takeDueJob(jobName, now, options),
      (job) => this.unlockJob(job),
    );
  }

  stopTaking(): Promise<void> {
    return this.#gate.close();
  }

  /**
   * Without Agenda's look-ahead, which locks jobs that are not due, and its reclaiming, which happens only when there
   * is no other work.
   */
  takeDueJob(
    jobName: string,
    now: Date | undefined,
    options: JobRepositoryOptions | undefined,
  ): Promise<JobParameters | undefined> {
    return super.getNextJobToRun(jobName, new Date(), new Date(0), now, options);
  }

  /** Never rejects: Agenda does not await it, and the process would end. A job left locked is reclaimed. */
  override async unlockJob(job: JobParameters): Promise<void> {
    await super.unlockJob(job).catch(() => {});
  }

  override async saveJobState(job: JobParameters, options: JobRepositoryOptions | undefined): Promise<void> {
    const { rowCount } = await this.#pool.query(
      `UPDATE agenda_jobs
       SET locked_at = $2, next_run_at = $3, last_run_at = $4, progress = $5, fail_reason = $6, fail_count = $7,
           failed_at = $8, last_finished_at = $9, data = $10
       WHERE id = $1 AND last_modified_by = $11`,
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
        job.data ? JSON.stringify(job.data) : null,
        options?.lastModifiedBy ?? null,
      ],
    );
    if (rowCount !== 1) throw new JobGone(`The job ${job._id} is not this worker's any more.`);
  }
}
