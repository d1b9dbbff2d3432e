import { PostgresJobRepository } from '@agendajs/postgres-backend';
import type { JobParameters, JobRepositoryOptions } from 'agenda';
import DataLoader from 'dataloader';
import type pg from 'pg';
import { JobGone } from './job-store.js';
import { TakeGate, type WorkerRepository } from './take-gate.js';

/** Agenda's repository, except that a worker takes only due jobs, and writes only to those it holds. */
export class OwnPostgresRepository extends PostgresJobRepository implements WorkerRepository {
  readonly #gate = new TakeGate();
  readonly #pool: pg.Pool;

  /** Workers look for all kinds in one turn of the event loop: one statement says which of them have a job that is due. */
  readonly #isDue = new DataLoader<string, boolean>((names) => this.#readDue(names), { cache: false });

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
      async () => ((await this.#isDue.load(jobName)) ? this.takeDueJob(jobName, now, options) : undefined),
      (job) => this.unlockJob(job),
    );
  }

  async #readDue(names: readonly string[]): Promise<boolean[]> {
    // Taking one says it, too.
    if (names.length === 1) return [true];
    const { rows } = await this.#pool.query<{ name: string }>(
      `SELECT name FROM unnest($1::text[]) AS kind (name) WHERE EXISTS (
         SELECT FROM agenda_jobs AS job WHERE job.name = kind.name AND NOT job.disabled AND job.locked_at IS NULL
           AND job.next_run_at <= $2)`,
      [names, new Date()],
    );
    const due = new Set(rows.map(({ name }) => name));
    return names.map((name) => due.has(name));
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
