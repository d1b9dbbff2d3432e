import { MongoClient } from 'mongodb';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { QUEUE_COLLECTION } from '#ops/backup/queue-store.js';
import type { Alert } from '#runtime/alert.js';
import { parseConfig } from '#runtime/config/config.js';
import { openOperationsDatabase } from '#runtime/database/operations-database.js';
import { completionLedger } from '#runtime/jobs/completion.js';
import { type JobDefinition, type Jobs, type JobsOptions, openJobs } from '#runtime/jobs/jobs.js';
import { createLogger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { eventually as eventuallyWithin } from './eventually.js';
import { noAlerts } from './test-services.js';

/** Where an empty queue is. */
export interface QueueAddress {
  databaseUrl: string;
  mongodbUrl?: string;
}

/** The longest a worker may take to notice a change by polling. */
export const NOTICED_WITHIN_MS = 15_000;
/** The lock lifetime of tests about dead workers. */
export const SHORT_LOCK_LIFETIME_MS = 2_000;
/** Nothing is taken for dead while a test waits. */
export const LONG_LOCK_LIFETIME_MS = 2 * NOTICED_WITHIN_MS;

/** No test of the stage is about a store that hangs. */
const WRITE_TIMEOUT_MS = 600_000;
const POLL_MS = 300;
const FIRST_RETRY_MS = 20;

export interface Order {
  key: string;
  number?: number;
}

/** Resolves as soon as `isTrue`, and fails with `what` after NOTICED_WITHIN_MS. */
export const eventually = (what: string, isTrue: () => boolean | Promise<boolean>) =>
  eventuallyWithin(what, isTrue, NOTICED_WITHIN_MS);

/** A promise that is resolved from outside. */
export function gate(): { opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

/** Processes around one queue, as far as a test needs them. */
export class JobStage {
  readonly address: QueueAddress;
  readonly alerts: Alert[] = [];
  readonly #opened: Jobs[] = [];
  readonly #logger = createLogger({ level: 'silent', isPretty: false });
  readonly #lifecycle = new Lifecycle(this.#logger);
  #operations: Promise<DataSource> | undefined;
  #markers = 0;

  constructor(address: QueueAddress) {
    this.address = address;
  }

  /** The schema `operations` of the database where effects go. */
  operations(): Promise<DataSource> {
    const { databaseUrl } = this.address;
    const server = {
      databaseUrl,
      config: parseConfig({}),
      logger: this.#logger,
      lifecycle: this.#lifecycle,
      alerts: noAlerts,
    };
    this.#operations ??= openOperationsDatabase(server);
    return this.#operations;
  }

  /** Opens a process' view of the queue, which the test closes. */
  async openAlone(options: Partial<JobsOptions> = {}): Promise<Jobs> {
    return openJobs({
      ...this.address,
      logger: this.#logger,
      alerts: { raise: (alert) => void this.alerts.push(alert), close: async () => {} },
      lockLifetimeMs: LONG_LOCK_LIFETIME_MS,
      pollMs: POLL_MS,
      firstRetryMs: FIRST_RETRY_MS,
      writeTimeoutMs: WRITE_TIMEOUT_MS,
      ...options,
    });
  }

  async open(options: Partial<JobsOptions> = {}): Promise<Jobs> {
    const jobs = await this.openAlone(options);
    this.#opened.push(jobs);
    return jobs;
  }

  /** A process that remembers what was done in the schema `operations`. */
  async openWithLedger(): Promise<Jobs> {
    return this.open({ ledger: completionLedger(await this.operations()) });
  }

  /** A worker in a process of its own. */
  async work(
    definition: Partial<JobDefinition<Order>> & Pick<JobDefinition<Order>, 'run'>,
    options?: Partial<JobsOptions>,
  ): Promise<Jobs> {
    const jobs = await this.open(options);
    await jobs.work([{ name: 'test.work', ...definition }]);
    return jobs;
  }

  /** Delays the next run of a schedule, as a process does whose clock is ahead. */
  async putOff(name: string, until: Date): Promise<void> {
    const { databaseUrl, mongodbUrl } = this.address;
    if (mongodbUrl) {
      const client = new MongoClient(mongodbUrl);
      await client
        .db()
        .collection(QUEUE_COLLECTION)
        .updateOne({ name }, { $set: { nextRunAt: until } });
      return client.close();
    }
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query('UPDATE jobs.agenda_jobs SET next_run_at = $2 WHERE name = $1', [name, until]);
    await client.end();
  }

  /** When the lock of a job was last renewed. */
  async lockedAt(name: string, key: string): Promise<Date | undefined> {
    const { databaseUrl, mongodbUrl } = this.address;
    if (mongodbUrl) {
      const client = new MongoClient(mongodbUrl);
      const job = await client.db().collection(QUEUE_COLLECTION).findOne({ name, 'data.key': key });
      await client.close();
      return job?.lockedAt;
    }
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    const sql = "SELECT locked_at FROM jobs.agenda_jobs WHERE name = $1 AND data->>'key' = $2";
    const { rows } = await client.query<{ locked_at: Date }>(sql, [name, key]);
    await client.end();
    return rows[0]?.locked_at;
  }

  /** When the next run of a schedule is. */
  async nextRun(jobs: Jobs, name: string): Promise<Date | undefined> {
    const kinds = await jobs.status();
    return kinds.find((kind) => kind.name === name)?.nextRunAt;
  }

  /** Resolves when a worker has gone through everything enqueued before. */
  async caughtUp(jobs: Jobs): Promise<void> {
    let isReached = false;
    const run = async () => {
      isReached = true;
    };
    this.#markers += 1;
    const name = `test.marker-${this.#markers}`;
    await jobs.work([{ name, run }]);
    await jobs.enqueue(name, { key: 'marker' });
    await eventually('the marker is reached', () => isReached);
  }

  async close(): Promise<void> {
    for (const jobs of this.#opened) await jobs.drain(1_000).then(() => jobs.close());
    await this.#lifecycle.close();
  }
}
