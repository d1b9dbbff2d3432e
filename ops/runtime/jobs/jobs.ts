import { randomUUID } from 'node:crypto';
import type { Agenda } from 'agenda';
import type { Alerts } from '#runtime/alert.js';
import { NotFound, ServiceUnavailable } from '#runtime/errors.js';
import type { Logger } from '#runtime/log/logger.js';
import { currentRequestContext } from '#runtime/scope/request-context.js';
import { connectAgenda } from './connect-agenda.js';
import type { JobDefinition } from './job-definition.js';
import { JobSignals } from './job-signals.js';
import type { DeadLetter, JobKindStatus, JobStore, QueuedJob, StoredData } from './job-store.js';
import { JobWorker } from './job-worker.js';
import { postgresStore } from './postgres-store.js';
import { QueueConnection } from './queue-connection.js';
import { doneKeyOf, type RunOptions } from './run-job.js';

export { type JobDefinition, type JobRun, UnrecoverableError } from './job-definition.js';
export type { DeadLetter, JobKindStatus, QueuedJob } from './job-store.js';
export { isUnavailable, isUnavailableCode } from './postpone.js';
export { isRetryable, type JobOutcome } from './run-job.js';

export interface EnqueueOptions {
  /** A job of this kind with this key runs once within 30 days. */
  idempotencyKey?: string;
}

/** The queue of background jobs, shared by every process of an installation. */
export interface Jobs {
  backend: 'PostgreSQL' | 'MongoDB';
  /** Adds a job, unless one with the same key waits or runs. Throws within a second when the queue cannot take it. */
  enqueue(name: string, data: { key: string } & Record<string, unknown>, options?: EnqueueOptions): Promise<void>;
  /** Runs jobs of these kinds in this process from now on, or from when a queue in MongoDB can be reached. */
  work(definitions: JobDefinition<never>[]): Promise<void>;
  /** Returns a waiting or running job, with its progress. */
  find(name: string, key: string): Promise<QueuedJob | null>;
  /** Removes a job and returns whether there was one. A running job, in any process, has its `signal` aborted. */
  cancel(name: string, key: string): Promise<boolean>;
  /** Returns jobs that were given up, the newest first. */
  deadLetters(options?: { name?: string; limit?: number }): Promise<DeadLetter[]>;
  /** Requeues a dead letter. Throws NotFound, and Conflict while another job has its key. */
  replay(id: string): Promise<void>;
  /** Removes a dead letter for good. Throws NotFound. */
  discard(id: string): Promise<void>;
  /** Whether a job with this idempotency key is done; known for 30 days. */
  isDone(name: string, idempotencyKey: string): Promise<boolean>;
  /** Removes every job about an organization or enqueued by it, dead letters included; running ones are aborted. */
  discardOf(organizationId: string): Promise<void>;
  status(): Promise<JobKindStatus[]>;
  /** How many jobs run in this process. */
  running(): number;
  /** Starts no more jobs and waits for the running ones, up to the timeout. */
  drain(timeoutMs: number): Promise<void>;
  /** Rejects while the store of the queue cannot be reached. */
  checkReady(): Promise<void>;
  close(): Promise<void>;
  agenda: Agenda;
}

export interface JobsOptions extends Pick<RunOptions, 'around' | 'onSettled' | 'ledger'> {
  /** PostgreSQL. Absent = no notifications: workers only poll. */
  databaseUrl?: string;
  /** Absent = the queue is in PostgreSQL. */
  mongodbUrl?: string;
  /** Asks PostgreSQL whether it answers, for others as well; absent = the queue asks alone. */
  ping?(): Promise<unknown>;
  logger: Logger;
  alerts?: Alerts;
  /** After so long without a renewal of its locks a worker counts as dead. */
  lockLifetimeMs?: number;
  pollMs?: number;
  firstRetryMs?: number;
  /** Enqueuing in MongoDB takes no longer; it is refused then. */
  writeTimeoutMs?: number;
}

const FIRST_RETRY_MS = 2_000;
const LOCK_LIFETIME_MS = 60_000;
const POLL_MS = 5_000;
const MAX_DEAD_LETTERS = 100;

async function openStore(options: JobsOptions): Promise<JobStore> {
  const { databaseUrl, mongodbUrl, logger, ping, writeTimeoutMs } = options;
  // Loaded only where it is used, for its load time and memory.
  if (mongodbUrl) return (await import('./mongo-store.js')).mongoStore(mongodbUrl, logger, writeTimeoutMs);
  if (!databaseUrl) throw new Error('The job queue needs a database.');
  return postgresStore(databaseUrl, logger, ping);
}

/**
 * Opens the job queue, on MongoDB when there is a URL. A MongoDB that cannot be reached is waited for a moment, then in the background:
 * until it is back, jobs cannot be enqueued (ServiceUnavailable), and none runs.
 */
export async function openJobs(options: JobsOptions): Promise<Jobs> {
  const { ledger, logger, lockLifetimeMs = LOCK_LIFETIME_MS, pollMs = POLL_MS } = options;
  const { firstRetryMs = FIRST_RETRY_MS } = options;
  const store = await openStore(options);
  const signals = new JobSignals(options.databaseUrl, logger);
  const close = async () => {
    await signals.close();
    await store.close();
  };
  const queue = new QueueConnection({
    connect: async () => {
      const agenda = await connectAgenda({ store, signals, lockLifetimeMs, pollMs });
      return new JobWorker({ ...options, agenda, store, signals, lockLifetimeMs, pollMs, firstRetryMs });
    },
    // That of PostgreSQL is away with everything else.
    mayBeAway: options.mongodbUrl !== undefined,
    logger,
  });
  await queue.open().catch(async (error) => {
    await close();
    throw error;
  });
  return {
    backend: store.kind,
    get agenda() {
      if (!queue.worker) throw new ServiceUnavailable();
      return queue.worker.agenda;
    },
    enqueue: async (name, data, { idempotencyKey } = {}) => {
      const _job = { id: randomUUID(), idempotencyKey, origin: currentRequestContext() };
      // As JSON in either store, so that handlers get the same data.
      const stored = JSON.parse(JSON.stringify({ ...data, _job })) as StoredData;
      if (await store.add(name, data.key, stored)) signals.wake(name, { everywhere: true });
    },
    work: (definitions) => queue.run((worker) => worker.work(definitions)),
    running: () => queue.worker?.running ?? 0,
    find: (name, key) => store.find(name, key),
    cancel: async (name, key) => {
      const id = await store.cancel(name, key);
      if (id) signals.cancel(id);
      return id !== undefined;
    },
    deadLetters: ({ name, limit = MAX_DEAD_LETTERS } = {}) => store.deadLetters(limit, name),
    replay: async (id) => {
      const name = await store.replay(id);
      if (!name) throw new NotFound('dead letter');
      signals.wake(name, { everywhere: true });
    },
    discard: async (id) => {
      if (!(await store.discard(id))) throw new NotFound('dead letter');
    },
    isDone: async (name, idempotencyKey) => (await ledger?.has(name, doneKeyOf(idempotencyKey))) ?? false,
    discardOf: (organizationId) => store.discardOf(organizationId),
    status: () => store.status(new Date()),
    drain: async (timeoutMs) => queue.worker?.drain(timeoutMs),
    checkReady: async () => {
      if (!queue.worker) throw new ServiceUnavailable();
      await store.ping();
    },
    close: async () => {
      await queue.close();
      await close();
    },
  };
}
