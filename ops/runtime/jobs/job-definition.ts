import type { DataSource, EntityManager } from 'typeorm';

/** What a handler is told about the run it is in, and what it can do. */
export interface JobRun {
  /** Aborted once nobody wants the result any more: the job was cancelled, or given to another worker. */
  signal: AbortSignal;
  /** 1 for the first attempt. */
  attempt: number;
  /** Publishes how much is done, 0 to 100. Throws once the job was cancelled or given to another worker. */
  reportProgress(percent: number): Promise<void>;
  /**
   * Runs `effect` in a transaction of `database` unless this job has had it before, and returns whether it did. That it
   * was had is written down in the same transaction, so whatever dies when, the effect is there exactly once. A job with
   * several effects names each by `part`; a job with a schedule must, with something that tells one run from the next.
   */
  once(database: DataSource, effect: (manager: EntityManager) => Promise<void>, part?: string): Promise<boolean>;
}

/** A kind of background work. At least once: `run` may be called again for the same data, and must not mind. */
export interface JobDefinition<Data = unknown> {
  /** `subgraph.verb-object`. */
  name: string;
  /** Cron expression or interval such as `1 minute`; absent = runs on demand only. */
  schedule?: string;
  /** Runs at the same time in one process. */
  concurrency?: number;
  /** Further attempts after a failure. */
  maxRetries?: number;
  /**
   * Returns the data as `run` takes them. When it throws, the job is given up at once: trying again mends no data.
   * Absent = they are taken as they are.
   */
  parse?(data: unknown): unknown;
  run(data: Data, run: JobRun): Promise<void>;
}

export const MAX_RETRIES = 5;
export const CONCURRENCY = 5;
