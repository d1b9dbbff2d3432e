import type { DataSource, EntityManager } from 'typeorm';

export interface JobRun {
  /** Aborted when the job was cancelled or reclaimed by another worker. */
  signal: AbortSignal;
  attempt: number;
  /** Publishes the percentage done. Throws once the job was cancelled or reclaimed. */
  reportProgress(percent: number): Promise<void>;
  /**
   * Runs `effect` in a transaction of `database` unless it was committed before, and returns whether it ran. The same
   * transaction records it: exactly once, even after a crash. A job with several effects names each by `part`; a
   * scheduled job must, with a name that differs from run to run.
   */
  once(database: DataSource, effect: (manager: EntityManager) => Promise<void>, part?: string): Promise<boolean>;
}

/** A kind of background job. Runs at least once: `run` must be idempotent. */
export interface JobDefinition<Data = unknown> {
  /** `subgraph.verb-object`. */
  name: string;
  /** Cron expression or interval such as `1 minute`; absent = on demand only. */
  schedule?: string;
  concurrency?: number;
  maxRetries?: number;
  /** Returns the data as `run` takes them. When it throws, the job is given up. Absent = as they are. */
  parse?(data: unknown): unknown;
  run(data: Data, run: JobRun): Promise<void>;
}

/** Thrown by a job, or about its data, when no retry can help: the job is given up at once. */
export class UnrecoverableError extends Error {
  override name = 'UnrecoverableError';
}

export const MAX_RETRIES = 5;
export const CONCURRENCY = 5;
