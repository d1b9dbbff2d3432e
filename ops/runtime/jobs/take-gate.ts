import type { JobParameters, JobRepository } from 'agenda';
import { withTimeout } from 'es-toolkit/promise';

/** Should the store be away: a job not released is reclaimed as a dead worker's. */
const RELEASE_TIMEOUT_MS = 2_000;
/** Longer than any driver waits for a server; one that waits without end would hold up a kind of job for ever. */
const TAKE_LIMIT_MS = 30_000;

/** Agenda's repository, with an end to taking jobs. */
export interface WorkerRepository extends JobRepository {
  /** Takes no more jobs and releases those being taken: a stopped Agenda would keep them locked. */
  stopTaking(): Promise<void>;
}

/** Passes jobs to a worker until closed; later ones are released. */
export class TakeGate {
  readonly #takes = new Set<Promise<JobParameters | undefined>>();
  #isClosed = false;

  /** Returns the job of `take`, unless the gate was closed meanwhile. Throws a TimeoutError after half a minute. */
  async pass(
    take: () => Promise<JobParameters | undefined>,
    release: (job: JobParameters) => Promise<void>,
  ): Promise<JobParameters | undefined> {
    if (this.#isClosed) return undefined;
    let isLate = false;
    const taking = take().then(async (job) => {
      if (!job || !(this.#isClosed || isLate)) return job;
      await release(job);
      return undefined;
    });
    this.#takes.add(taking);
    try {
      return await withTimeout(() => taking, TAKE_LIMIT_MS);
    } finally {
      isLate = true;
      this.#takes.delete(taking);
    }
  }

  /** Resolves when the jobs being taken are released. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await withTimeout(() => Promise.allSettled(this.#takes), RELEASE_TIMEOUT_MS).catch(() => {});
  }
}
