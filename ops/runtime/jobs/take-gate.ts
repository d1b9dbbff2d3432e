import type { JobParameters, JobRepository } from 'agenda';
import { withinTime } from '#runtime/process/within-time.js';

/** How long a stop waits for the store, which may be away. A job not released by then is reclaimed as a dead worker's. */
const RELEASE_TIMEOUT_MS = 2_000;

/** Agenda's repository, with an end to taking jobs. */
export interface WorkerRepository extends JobRepository {
  /** Takes no more jobs. Resolves once a job that was being taken is released: Agenda, once stopped, would keep it locked. */
  stopTaking(): Promise<void>;
}

/** Passes jobs on to a worker until it is closed; a job that arrives later is released. */
export class TakeGate {
  readonly #takes = new Set<Promise<JobParameters | undefined>>();
  #isClosed = false;

  /** Returns the job that `take` returns; undefined when there is none, or the gate has been closed meanwhile. */
  async pass(
    take: () => Promise<JobParameters | undefined>,
    release: (job: JobParameters) => Promise<void>,
  ): Promise<JobParameters | undefined> {
    if (this.#isClosed) return undefined;
    const taking = take().then(async (job) => {
      if (!job || !this.#isClosed) return job;
      await release(job);
      return undefined;
    });
    this.#takes.add(taking);
    return taking.finally(() => this.#takes.delete(taking));
  }

  /** Passes no more jobs on, and resolves when those that were being taken are released. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await withinTime(Promise.allSettled(this.#takes), RELEASE_TIMEOUT_MS).catch(() => {});
  }
}
