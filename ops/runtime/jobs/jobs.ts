import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Agenda, backoffStrategies, type Job } from 'agenda';
import type { Alerts } from '#runtime/alert.js';
import { NotFound } from '#runtime/errors.js';
import type { Logger } from '#runtime/log/logger.js';
import { currentRequestContext } from '#runtime/scope/request-context.js';
import { CONCURRENCY, type JobDefinition, MAX_RETRIES } from './job-definition.js';
import { JobSignals } from './job-signals.js';
import {
  type DeadLetter,
  JobGone,
  type JobKindStatus,
  type JobStore,
  type QueuedJob,
  type StoredData,
  VANISHED,
} from './job-store.js';
import { limitTaking } from './limit-taking.js';
import { postgresStore } from './postgres-store.js';
import { BadJobData, doneKeyOf, type RunOptions, runJob } from './run-job.js';

export type { JobDefinition, JobRun } from './job-definition.js';
export type { DeadLetter, JobKindStatus, QueuedJob } from './job-store.js';
export type { JobOutcome } from './run-job.js';

export interface EnqueueOptions {
  /**
   * A job of this kind with this key has its effect at most once, also when the first is done already: for a month.
   */
  idempotencyKey?: string;
}

/** The queue of background work, shared by every process of an installation. */
export interface Jobs {
  backend: 'PostgreSQL' | 'MongoDB';
  /** Puts a job in the queue. While one with the same key waits or runs, a second one is not added. */
  enqueue(name: string, data: { key: string } & Record<string, unknown>, options?: EnqueueOptions): Promise<void>;
  /** Runs jobs of these kinds in this process from now on. */
  work(definitions: JobDefinition<never>[]): Promise<void>;
  /** Returns a job that waits or runs, with how far it is. */
  find(name: string, key: string): Promise<QueuedJob | null>;
  /**
   * Takes a job out of the queue. One that waits never runs; one that runs, in whichever process, has its `signal`
   * aborted. Returns whether there was one.
   */
  cancel(name: string, key: string): Promise<boolean>;
  /** Returns jobs that were given up, the last first. */
  deadLetters(options?: { name?: string; limit?: number }): Promise<DeadLetter[]>;
  /** Lets a dead letter run again. Throws NotFound, and Conflict while another job with its key is in the queue. */
  replay(id: string): Promise<void>;
  /** Removes a dead letter for good. Throws NotFound. */
  discard(id: string): Promise<void>;
  /** Whether a job that was given this idempotency key is done: remembered for a month. */
  isDone(name: string, idempotencyKey: string): Promise<boolean>;
  /** Removes every job about an organization, and every one that was asked for in it; one that runs is stopped at its next sign of life. */
  discardOf(organizationId: string): Promise<void>;
  /** Returns how each kind of job is doing. */
  status(): Promise<JobKindStatus[]>;
  /** Starts no more jobs and lets the running ones finish, up to the timeout. */
  drain(timeoutMs: number): Promise<void>;
  /** Rejects while the store of the queue cannot be reached. */
  checkReady(): Promise<void>;
  close(): Promise<void>;
  /** What the job console shows. */
  agenda: Agenda;
}

export interface JobsOptions extends Pick<RunOptions, 'around' | 'onSettled' | 'ledger'> {
  /** PostgreSQL; also with the queue in MongoDB it carries word of new jobs. Absent = others look every few seconds. */
  databaseUrl?: string;
  /** Absent = the queue is in PostgreSQL. */
  mongodbUrl?: string;
  logger: Logger;
  alerts?: Alerts;
  /** A job whose process died is taken over by another after this time. */
  lockLifetimeMs?: number;
  /** How often a worker looks for work nobody told it of. */
  pollMs?: number;
  /** The pause before the first retry; it doubles with each. */
  firstRetryMs?: number;
}

const FIRST_RETRY_MS = 2_000;
const MAX_RETRY_MS = 60 * 60 * 1_000;
const LOCK_LIFETIME_MS = 60_000;
const POLL_MS = 5_000;
/** Each kind has a limit of its own; one for all of them would let a full kind block the others. */
const NO_LIMIT = 1_000_000;
/** Workers that vanish with the same job before it counts as what kills them, at least. */
const MIN_VANISHED = 3;
const QUIET_MS = 60_000;
/** How often it is looked whether schedules are still what they should be: the clock may have been set right since. */
const ARRANGE_EVERY_MS = 10 * 60_000;
const MAX_DEAD_LETTERS = 100;
/** What Agenda takes for a failure when it looks after a job whose end it is just writing down. */
const BEING_FINISHED = /no lockedAt date found/;

async function openStore({ databaseUrl, mongodbUrl, logger }: JobsOptions): Promise<JobStore> {
  // Loaded only where the queue is there: it takes time to load, and memory.
  if (mongodbUrl) return (await import('./mongo-store.js')).mongoStore(mongodbUrl);
  if (!databaseUrl) throw new Error('The job queue needs a database.');
  return postgresStore(databaseUrl, logger);
}

/** Connects Agenda to the store. Not yet started: a process that only enqueues needs no more. */
async function connectAgenda(store: JobStore, signals: JobSignals, lockLifetimeMs: number, pollMs: number) {
  let agenda: Agenda | undefined;
  await store.prepare(async () => {
    agenda = new Agenda({
      // Written to every job this process takes: what another has taken since, it no longer writes to.
      name: `worker ${randomUUID()}`,
      backend: {
        name: store.kind,
        repository: store.repository,
        notificationChannel: signals,
        ownsConnection: false,
        connect: () => store.repository.connect(),
        disconnect: async () => {},
      },
      processEvery: pollMs,
      maxConcurrency: NO_LIMIT,
      defaultLockLifetime: lockLifetimeMs,
      removeOnComplete: false,
    });
    // An unhandled rejection of `ready` would end the process before anyone can say which service is away.
    agenda.ready.catch(() => {});
    await agenda.ready;
  });
  return agenda as unknown as Agenda;
}

/** Opens the job queue: on MongoDB when there is a URL, else in PostgreSQL. */
export async function openJobs(options: JobsOptions): Promise<Jobs> {
  const {
    logger,
    alerts,
    lockLifetimeMs = LOCK_LIFETIME_MS,
    pollMs = POLL_MS,
    firstRetryMs = FIRST_RETRY_MS,
  } = options;
  const store = await openStore(options);
  const endTaking = limitTaking(store.repository);
  const signals = new JobSignals(options.databaseUrl, logger);
  const close = async () => {
    await signals.close();
    await store.close();
  };
  const agenda = await connectAgenda(store, signals, lockLifetimeMs, pollMs).catch(async (error) => {
    await close();
    throw error;
  });

  const definitions = new Map<string, JobDefinition<never>>();
  const running = new Map<string, AbortController>();
  signals.onCancel((id) => running.get(id)?.abort(new JobGone('The job was cancelled.')));

  let complainedAt = Number.NEGATIVE_INFINITY;
  agenda.on('error', (error: Error) => {
    if (error instanceof JobGone || BEING_FINISHED.test(error.message) || Date.now() - complainedAt < QUIET_MS) return;
    complainedAt = Date.now();
    logger.error({ err: error }, 'The job queue has a problem');
  });

  /** Clears up after an attempt, and looks for the next job once this one has left its place. */
  async function settle({ attrs }: Job<StoredData>): Promise<void> {
    const { name, nextRunAt, failedAt, lastFinishedAt } = attrs;
    const id = String(attrs._id);
    setImmediate(() => signals.wake(name, { everywhere: false }));
    if (nextRunAt) {
      const pauseMs = nextRunAt.getTime() - Date.now();
      if (pauseMs <= 10 * pollMs) setTimeout(() => signals.wake(name, { everywhere: false }), pauseMs + 1).unref();
      return;
    }
    const hasFailed = failedAt && lastFinishedAt && failedAt >= lastFinishedAt;
    if (hasFailed) await store.bury(id);
    else await store.forget(id);
  }
  agenda.on('complete', (job: Job) => {
    settle(job as Job<StoredData>).catch((error) =>
      logger.warn({ err: error }, 'A job that is over is still in the queue'),
    );
  });

  function define(definition: JobDefinition<never>): void {
    const { name, maxRetries = MAX_RETRIES, concurrency = CONCURRENCY } = definition;
    definitions.set(name, definition);
    const backoff = backoffStrategies.exponential({ delay: firstRetryMs, maxRetries, maxDelay: MAX_RETRY_MS });
    agenda.define<StoredData>(
      name,
      async (job) => {
        const id = String(job.attrs._id);
        const cancellation = new AbortController();
        running.set(id, cancellation);
        await runJob(job, definition, cancellation, { ...options, lockLifetimeMs }).finally(() => running.delete(id));
      },
      // Locks no more than it can run: the rest is left to other workers, and to whoever comes after a crash.
      {
        concurrency,
        lockLimit: concurrency,
        backoff: (context) => (context.error instanceof BadJobData ? null : backoff(context)),
      },
    );
  }

  async function reclaim({ name, maxRetries = MAX_RETRIES }: JobDefinition<never>): Promise<void> {
    const now = new Date();
    const silentSince = new Date(now.getTime() - lockLifetimeMs);
    const maxAttempts = Math.max(maxRetries + 1, MIN_VANISHED);
    for (const { id, attempts, isDead } of await store.reclaim({ name, silentSince, maxAttempts, now })) {
      logger.warn({ job: name, jobId: id, attempts }, `Job ${name} was taken from a worker that vanished`);
      if (!isDead) continue;
      const message = `Job ${name} was given up: ${attempts} workers vanished with it. Look at it and replay it at /jobs.`;
      alerts?.raise({ category: 'job', key: name, message, error: new Error(VANISHED), details: { jobId: id } });
    }
    signals.wake(name, { everywhere: false });
  }

  async function arrange({ name, schedule }: JobDefinition<never>): Promise<void> {
    if (!schedule) return;
    const first = agenda.create(name).repeatEvery(schedule).attrs.nextRunAt;
    const next = agenda.create(name).repeatEvery(schedule, { skipImmediate: true }).attrs.nextRunAt;
    // The next but for a failure, whose pause can be longer than the time between two runs.
    if (first && next) await store.schedule(name, schedule, first, new Date(next.getTime() + 2 * MAX_RETRY_MS));
  }

  let reclaiming: Promise<void> | undefined;
  let sweep: NodeJS.Timeout | undefined;
  let arrangedAt = performance.now();
  async function reclaimAll(): Promise<void> {
    for (const definition of definitions.values()) await reclaim(definition);
    if (performance.now() - arrangedAt < ARRANGE_EVERY_MS) return;
    arrangedAt = performance.now();
    for (const definition of definitions.values()) await arrange(definition);
  }
  /** Not at the same moment as others, and never before the one before has ended. */
  function keepReclaiming(): void {
    sweep ??= setInterval(
      () => {
        reclaiming ??= reclaimAll()
          .catch((error) => void agenda.emit('error', error))
          .finally(() => {
            reclaiming = undefined;
          });
      },
      Math.min(pollMs, lockLifetimeMs) * (0.75 + Math.random() / 2),
    );
  }

  // Started after the definitions, or it would notice the jobs only when it polls.
  let started: Promise<void> | undefined;
  const start = () => {
    started ??= agenda.start().catch((error: Error) => {
      // The store was away: the next one who needs the queue tries again.
      started = undefined;
      throw error;
    });
    return started;
  };

  async function stop(): Promise<unknown[]> {
    clearInterval(sweep);
    await Promise.all([reclaiming, endTaking()]);
    // Agenda's own drain looks before the last job is gone and then waits out the timeout; what it holds but has not
    // begun, it keeps locked.
    const { jobProcessor } = agenda as unknown as { jobProcessor?: { runningJobs: unknown[] } };
    await agenda.stop(false);
    return jobProcessor?.runningJobs ?? [];
  }

  return {
    backend: store.kind,
    agenda,
    enqueue: async (name, data, { idempotencyKey } = {}) => {
      const _job = { id: randomUUID(), idempotencyKey, origin: currentRequestContext() };
      // As JSON on either store: what a job is given must not depend on where it waited.
      const stored = JSON.parse(JSON.stringify({ ...data, _job })) as StoredData;
      if (await store.add(name, data.key, stored)) signals.wake(name, { everywhere: true });
    },
    work: async (given) => {
      for (const definition of given) define(definition);
      await start();
      for (const definition of given) await arrange(definition);
      for (const { name } of given) signals.wake(name, { everywhere: false });
      keepReclaiming();
    },
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
    isDone: async (name, idempotencyKey) => (await options.ledger?.has(name, doneKeyOf(idempotencyKey))) ?? false,
    discardOf: (organizationId) => store.discardOf(organizationId),
    status: () => store.status(new Date()),
    drain: async (timeoutMs) => {
      const left = await stop();
      const deadline = Date.now() + timeoutMs;
      while (left.length > 0 && Date.now() < deadline) await wait(20);
    },
    checkReady: async () => void (await store.ping()),
    close: async () => {
      await stop();
      await close();
    },
  };
}
