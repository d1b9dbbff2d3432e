import { setTimeout as wait } from 'node:timers/promises';
import { MongoBackend } from '@agendajs/mongo-backend';
import { PostgresBackend } from '@agendajs/postgres-backend';
import { Agenda, type AgendaBackend, backoffStrategies, type Job } from 'agenda';
import { MongoClient } from 'mongodb';
import pg from 'pg';
import type { Logger } from './logger.js';

/** What a handler is told about the run it is in. */
export interface JobRun {
  /** Publishes how much is done, 0 to 100. */
  reportProgress(percent: number): Promise<void>;
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
  run(data: Data, run: JobRun): Promise<void>;
}

/** The queue of background work, shared by every process of an installation. */
export interface Jobs {
  backend: 'PostgreSQL' | 'MongoDB';
  /** Puts a job in the queue. While one with the same key waits or runs, a second one is not added. */
  enqueue(name: string, data: { key: string } & Record<string, unknown>): Promise<void>;
  /** Runs jobs of these kinds in this process from now on. */
  work(definitions: JobDefinition<never>[]): Promise<void>;
  /** Starts no more jobs and lets the running ones finish, up to the timeout. */
  drain(timeoutMs: number): Promise<void>;
  /** Rejects while the store of the queue cannot be reached. */
  checkReady(): Promise<void>;
  close(): Promise<void>;
}

export interface JobsOptions {
  databaseUrl: string;
  /** Absent = the queue is in PostgreSQL. */
  mongodbUrl?: string;
  logger: Logger;
  /** A job whose process died is taken over by another after this time. */
  lockLifetimeMs?: number;
}

const POSTGRES_SCHEMA = 'jobs';
const FIRST_RETRY_MS = 2_000;
const LOCK_LIFETIME_MS = 60_000;
const POLL_MS = 5_000;

interface Store {
  backend: AgendaBackend;
  /** Runs `connect` while no other process prepares the same store. */
  prepare(connect: () => Promise<void>): Promise<void>;
  ping(): Promise<unknown>;
  close(): Promise<void>;
}

function postgresStore(url: string, logger: Logger): Store {
  const pool = new pg.Pool({
    connectionString: url,
    options: `-c search_path=${POSTGRES_SCHEMA}`,
    application_name: 'webmetrics jobs',
    max: 5,
  });
  // Without a listener a lost idle connection would end the process; the pool replaces it by itself.
  pool.on('error', (error) => logger.warn({ err: error }, 'A connection of the job queue was lost'));
  return {
    backend: new PostgresBackend({ pool }),
    prepare: async (connect) => {
      const turn = new pg.Client({ connectionString: url });
      await turn.connect();
      try {
        // "CREATE … IF NOT EXISTS" fails when two processes meet in it.
        await turn.query("SELECT pg_advisory_lock(hashtext('webmetrics jobs'))");
        await turn.query(`CREATE SCHEMA IF NOT EXISTS ${POSTGRES_SCHEMA}`);
        await connect();
      } finally {
        await turn.end();
      }
    },
    ping: () => pool.query('SELECT 1'),
    close: () => pool.end(),
  };
}

function mongoStore(url: string): Store {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 10_000, appName: 'webmetrics jobs' });
  return {
    backend: new MongoBackend({ mongo: client.db() }),
    prepare: async (connect) => {
      await client.connect();
      await connect();
    },
    ping: () => client.db().command({ ping: 1 }),
    close: () => client.close(),
  };
}

/** Gives the key of a job that failed for good to the next one: it stays in the store, but must not block it. */
async function freeKey(job: Job<{ key?: string }>): Promise<void> {
  const { failReason, nextRunAt, data, _id } = job.attrs;
  if (!failReason || nextRunAt || !data?.key) return;
  data.key = `${data.key} failed ${_id}`;
  await job.save();
}

/** Opens the job queue: on MongoDB when there is a URL, else in PostgreSQL. */
export async function openJobs({ databaseUrl, mongodbUrl, logger, lockLifetimeMs }: JobsOptions): Promise<Jobs> {
  const store = mongodbUrl ? mongoStore(mongodbUrl) : postgresStore(databaseUrl, logger);
  const lockLifetime = lockLifetimeMs ?? LOCK_LIFETIME_MS;
  let agenda: Agenda | undefined;
  try {
    await store.prepare(async () => {
      agenda = new Agenda({
        backend: store.backend,
        processEvery: POLL_MS,
        defaultLockLifetime: lockLifetime,
        removeOnComplete: true,
      });
      // An unhandled rejection of `ready` would end the process before anyone can say which service is away.
      agenda.ready.catch(() => {});
      agenda.on('error', (error: Error) => logger.error({ err: error }, 'The job queue has a problem'));
      agenda.on('complete', (job: Job) => void freeKey(job as Job<{ key?: string }>).catch(() => {}));
      await agenda.ready;
    });
  } catch (error) {
    await store.close();
    throw error;
  }
  const queue = agenda as unknown as Agenda;
  // Started also where nothing is processed: only a started Agenda tells workers at once about a new job. And started
  // after the definitions, or it would notice the jobs only when it polls.
  let started: Promise<void> | undefined;
  const start = () => {
    started ??= queue.start().catch((error: Error) => {
      // The store was away: the next one who needs the queue tries again.
      started = undefined;
      throw error;
    });
    return started;
  };

  function define(definition: JobDefinition<never>): void {
    const { name, maxRetries = 5, concurrency = 5 } = definition;
    queue.define<never>(
      name,
      async (job) => {
        // A job that outlives its lock would be run a second time by another worker.
        const keepAlive = setInterval(() => void job.touch(job.attrs.progress).catch(() => {}), lockLifetime / 3);
        try {
          await definition.run(job.attrs.data, { reportProgress: (percent) => job.touch(percent) });
        } catch (error) {
          logger.error({ err: error, job: name, data: job.attrs.data }, `Job ${name} failed`);
          throw error;
        } finally {
          clearInterval(keepAlive);
        }
      },
      { concurrency, backoff: backoffStrategies.exponential({ delay: FIRST_RETRY_MS, maxRetries }) },
    );
  }

  return {
    backend: mongodbUrl ? 'MongoDB' : 'PostgreSQL',
    enqueue: async (name, data) => {
      await start();
      await queue.create(name, data).unique({ 'data.key': data.key }, { insertOnly: true }).save();
    },
    work: async (definitions) => {
      for (const definition of definitions) define(definition);
      await start();
      for (const { name, schedule } of definitions) if (schedule) await queue.every(schedule, name);
    },
    drain: async (timeoutMs) => {
      // Agenda's own drain looks before the last job is gone and then waits out the timeout; what it holds but has not
      // begun, it keeps locked.
      const { jobProcessor } = queue as unknown as { jobProcessor?: { runningJobs: unknown[] } };
      await queue.stop(false);
      const deadline = Date.now() + timeoutMs;
      while (jobProcessor?.runningJobs.length && Date.now() < deadline) await wait(20);
    },
    checkReady: async () => void (await store.ping()),
    close: async () => {
      await queue.stop(false);
      await store.close();
    },
  };
}
