import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withTimeout } from 'es-toolkit/promise';
import { MongoClient } from 'mongodb';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { round, type Waiting, waitingOf } from '#ops/bench/statistics.js';
import { runTimes } from '#ops/bench/workload.js';
import { freePort } from '#ops/testing/free-port.js';
import { parseConfig } from '#runtime/config/config.js';
import { openOperationsDatabase } from '#runtime/database/operations-database.js';
import { completionLedger } from '#runtime/jobs/completion.js';
import { type JobRun, type Jobs, openJobs } from '#runtime/jobs/jobs.js';
import type { Logger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { projectRoot } from '#runtime/process/project-root.js';

const JOB = 'bench.effect';
const SINGLE_JOBS = 200;
const WARM_UPS = 20;
const BURST_JOBS = 500;
const WORKER_CONCURRENCY = 10;
const ENQUEUE_CONCURRENCY = 8;
const JOBS_TIMEOUT_MS = 120_000;

/** Throughput of a backend with jobs that each write a row once. */
export interface JobFigures {
  /** From enqueueing to the start of the handler, with an empty queue. */
  start: Waiting;
  /** From first enqueueing to the last end, with one worker. */
  jobsPerSecond: number;
}

interface MongoServer {
  url: string;
  name: string;
  stop(): void;
}

interface Queue {
  databaseUrl: string;
  mongodbUrl?: string;
  folder: string;
}

/** Starts the MongoDB-compatible server of the tests, if installed. */
export async function startMongo(folder: string): Promise<MongoServer | undefined> {
  const module = pathToFileURL(join(projectRoot, 'ops/testing/jest/mongo-server.js')).href;
  type Find = (folder: string, port: number) => Promise<MongoServer | undefined>;
  const { findMongoServer } = (await import(module)) as { findMongoServer: Find };
  return findMongoServer(folder, await freePort());
}

async function measureAt(queue: Jobs, worker: Jobs, operations: DataSource, scale: number): Promise<JobFigures> {
  await operations.query('CREATE TABLE operations.bench_effect (key text PRIMARY KEY)');
  const startedAt = new Map<string, number>();
  let whenDone = (_key: string) => {};
  await worker.work([
    {
      name: JOB,
      concurrency: WORKER_CONCURRENCY,
      run: async ({ key }: { key: string }, { once }: JobRun) => {
        startedAt.set(key, performance.now());
        await once(operations, async (manager) => {
          await manager.query('INSERT INTO operations.bench_effect VALUES ($1)', [key]);
        });
        whenDone(key);
      },
    },
  ]);
  const done = (count: number) =>
    new Promise<void>((resolve) => {
      let left = count;
      whenDone = () => {
        left -= 1;
        if (left === 0) resolve();
      };
    });

  const waitedMs: number[] = [];
  const singles = WARM_UPS + Math.round(SINGLE_JOBS * scale);
  for (let index = 0; index < singles; index += 1) {
    const key = `single ${index}`;
    const isDone = done(1);
    const requestedAt = performance.now();
    await queue.enqueue(JOB, { key });
    await withTimeout(() => isDone, JOBS_TIMEOUT_MS);
    if (index >= WARM_UPS) waitedMs.push((startedAt.get(key) as number) - requestedAt);
  }

  const burst = Math.round(BURST_JOBS * scale);
  const allDone = done(burst);
  const beganAt = performance.now();
  await runTimes((index) => queue.enqueue(JOB, { key: `burst ${index}` }), burst, ENQUEUE_CONCURRENCY);
  await withTimeout(() => allDone, JOBS_TIMEOUT_MS);
  const seconds = (performance.now() - beganAt) / 1_000;

  const [{ count } = { count: 0 }] = (await operations.query(
    'SELECT count(*)::int AS count FROM operations.bench_effect',
  )) as { count: number }[];
  const expected = singles + burst;
  if (count !== expected) throw new Error(`${expected} jobs had ${count} effects.`);
  return { start: waitingOf(waitedMs), jobsPerSecond: round(burst / seconds, 1) };
}

async function measureQueue({ databaseUrl, mongodbUrl, folder }: Queue, logger: Logger, scale: number) {
  const lifecycle = new Lifecycle(logger);
  const config = parseConfig({ NODE_ENV: 'test', DATA_DIR: folder });
  const alerts = { raise: () => {}, close: async () => {} };
  try {
    const operations = await openOperationsDatabase({ databaseUrl, config, logger, lifecycle, alerts });
    const open = async (name: string) => {
      const jobs = await openJobs({ databaseUrl, mongodbUrl, logger, alerts, ledger: completionLedger(operations) });
      lifecycle.onClose(name, () => jobs.close());
      return jobs;
    };
    return await measureAt(await open('Queue'), await open('Worker'), operations, scale);
  } finally {
    await lifecycle.close();
  }
}

async function newDatabase(server: string): Promise<string> {
  const name = `bench_${randomUUID().replaceAll('-', '')}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return Object.assign(new URL(server), { pathname: name }).href;
}

/** Measures the queue in a new PostgreSQL database. */
export async function measurePostgresJobs(server: string, folder: string, logger: Logger, scale = 1) {
  return measureQueue({ databaseUrl: await newDatabase(server), folder }, logger, scale);
}

/** Measures the queue in a new MongoDB database, with rows in one of `server`. */
export async function measureMongoJobs(server: string, mongo: string, folder: string, logger: Logger, scale = 1) {
  const mongodbUrl = Object.assign(new URL(mongo), { pathname: `bench_${randomUUID().replaceAll('-', '')}` }).href;
  try {
    return await measureQueue({ databaseUrl: await newDatabase(server), mongodbUrl, folder }, logger, scale);
  } finally {
    const client = new MongoClient(mongodbUrl);
    await client.db().dropDatabase();
    await client.close();
  }
}
