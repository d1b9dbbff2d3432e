import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { eventually, succeeds } from '#ops/testing/eventually.js';
import { hasRedisServer, type OwnRedis, startOwnRedis } from '#ops/testing/start-redis.js';
import { startTcpProxy, type TcpProxy } from '#ops/testing/tcp-proxy.js';
import { testSealers } from '#ops/testing/test-sealers.js';
import { dropDatabase, newMigratedDatabase } from '#ops/testing/test-services.js';
import type { Notice } from '#runtime/alert.js';
import type { CompareAndSwapStore } from '#runtime/cache/atomic-store.js';
import { type Cache, openCache } from '#runtime/cache/cache.js';
import { createLogger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { openDatabaseAlertStore } from './database-alert-store.js';
import type { Finding } from './firing-alerts.js';
import { SharedAlerts } from './shared-alerts.js';

const PROCESSES = 8;
const logger = createLogger({ level: 'silent', isPretty: false });
const whenRedis = hasRedisServer ? it : it.skip;

let database: string;
let wire: TcpProxy;
let lifecycle: Lifecycle;
let redis: OwnRedis | undefined;
let caches: Cache[];
let stores: CompareAndSwapStore[];
beforeEach(async () => {
  database = await newMigratedDatabase();
  wire = await startTcpProxy(Number(new URL(database).port));
  lifecycle = new Lifecycle(logger);
  redis = hasRedisServer ? await startOwnRedis() : undefined;
  caches = [];
  stores = [];
});
afterEach(async () => {
  await lifecycle.close();
  for (const cache of caches) await cache.close();
  await wire.close();
  await redis?.close();
  await dropDatabase(database);
});

function openProcesses({ redisUrl }: { redisUrl?: string } = {}): SharedAlerts[] {
  const databaseUrl = Object.assign(new URL(database), { port: String(wire.port) }).href;
  const sealerOf = testSealers();
  return Array.from({ length: PROCESSES }, () => {
    const cache = openCache({ redisUrl, logger, sealerOf });
    caches.push(cache);
    const database = openDatabaseAlertStore({ databaseUrl, logger, lifecycle });
    stores.push(database);
    return new SharedAlerts({ database, cache });
  });
}

/** Resolves once all processes are connected: on a busy machine the first attempts may take too long. */
async function reachDatabase(): Promise<void> {
  for (const store of stores) await eventually('PostgreSQL is reached', () => succeeds(store.read('nothing')));
}
async function reachRedis(): Promise<void> {
  for (const cache of caches) await eventually('Redis is reached', () => succeeds(cache.checkReady()));
}

const found = (isHeld: boolean): Finding => ({
  name: 'queue-old',
  category: 'job',
  causes: [],
  holdings: isHeld ? [{ message: 'Jobs wait.' }] : [],
});
const begin = Date.UTC(2026, 10, 30);

/** What all processes report that look at the same second. */
async function lookAll(processes: SharedAlerts[], second: number, finding: Finding): Promise<string[]> {
  const now = new Date(begin + 1_000 * second);
  const notices: Notice[][] = await Promise.all(
    processes.map((shared, number) =>
      shared.share([finding], { now, source: { program: 'worker', host: 'h', instance: String(number) } }),
    ),
  );
  return notices.flat().map(({ status, alert }) => `${status} ${alert.message}`);
}

it('what eight processes find is raised and resolved by one of them', async () => {
  const processes = openProcesses();
  await reachDatabase();
  expect(await lookAll(processes, 0, found(true))).toEqual(['raised Jobs wait.']);
  expect(await lookAll(processes, 10, found(true))).toEqual([]);
  expect(await lookAll(processes, 20, found(false))).toEqual([]);
  expect(await lookAll(processes, 40, found(false))).toEqual(['resolved Jobs wait. Resolved after 10 s.']);
  expect(await lookAll(processes, 50, found(false))).toEqual([]);
});

whenRedis('while PostgreSQL is away they share it in Redis, and go on in PostgreSQL once that is back', async () => {
  const processes = openProcesses({ redisUrl: redis?.url });
  await reachRedis();
  wire.cut();
  expect(await lookAll(processes, 0, found(true))).toEqual(['raised Jobs wait.']);
  expect(await lookAll(processes, 10, found(true))).toEqual([]);
  wire.mend();
  await reachDatabase();
  expect(await lookAll(processes, 20, found(true))).toEqual([]);
  expect(await lookAll(processes, 30, found(false))).toEqual([]);
  expect(await lookAll(processes, 60, found(false))).toEqual(['resolved Jobs wait. Resolved after 20 s.']);
});

whenRedis('what was raised before PostgreSQL went away is not raised again', async () => {
  const processes = openProcesses({ redisUrl: redis?.url });
  await reachRedis();
  await reachDatabase();
  expect(await lookAll(processes, 0, found(true))).toEqual(['raised Jobs wait.']);
  expect(await lookAll(processes, 5, found(true))).toEqual([]);
  wire.cut();
  expect(await lookAll(processes, 10, found(true))).toEqual([]);
  wire.mend();
  await reachDatabase();
  expect(await lookAll(processes, 20, found(true))).toEqual([]);
});

it('without Redis each process raises it while PostgreSQL is away, and one resolves it', async () => {
  const processes = openProcesses();
  wire.cut();
  expect(await lookAll(processes, 0, found(true))).toEqual(Array(PROCESSES).fill('raised Jobs wait.'));
  expect(await lookAll(processes, 10, found(true))).toEqual([]);
  wire.mend();
  await reachDatabase();
  expect(await lookAll(processes, 20, found(false))).toEqual([]);
  expect(await lookAll(processes, 40, found(false))).toEqual(['resolved Jobs wait. Resolved after 10 s.']);
});

it('what another process has resolved is no longer reported by one that had found it, and finds the next', async () => {
  const [one, other] = openProcesses() as [SharedAlerts, SharedAlerts];
  await reachDatabase();
  expect(await lookAll([one], 0, found(true))).toEqual(['raised Jobs wait.']);
  expect(await lookAll([one], 20, found(false))).toEqual([]);
  expect(await lookAll([other], 26, found(false))).toEqual(['resolved Jobs wait. Resolved after 1 s.']);
  expect(await lookAll([one], 30, found(true))).toEqual(['raised Jobs wait.']);
});

whenRedis('one process that alone cannot reach PostgreSQL raises that once, as long as it lasts', async () => {
  const others = openProcesses({ redisUrl: redis?.url });
  const cut = await startTcpProxy(1);
  lifecycle.onClose('Cut wire', () => cut.close());
  const [cache] = caches as [Cache];
  const databaseUrl = Object.assign(new URL(database), { port: String(cut.port) }).href;
  const alone = new SharedAlerts({ database: openDatabaseAlertStore({ databaseUrl, logger, lifecycle }), cache });
  await reachRedis();
  await reachDatabase();
  expect(await lookAll([alone], 0, found(true))).toEqual(['raised Jobs wait.']);
  for (let second = 10; second < 100; second += 10) {
    expect(await lookAll(others, second - 5, found(false))).toEqual([]);
    expect(await lookAll([alone], second, found(true))).toEqual([]);
  }
  expect(await lookAll(others, 95, found(false))).toEqual([]);
  expect(await lookAll([alone], 100, found(false))).toEqual([]);
  expect(await lookAll(others, 105, found(false))).toEqual([]);
  expect(await lookAll(others, 120, found(false))).toEqual(['resolved Jobs wait. Resolved after 90 s.']);
  expect(await lookAll([alone], 130, found(false))).toEqual([]);
});

it('a process without a database does not lose what it has raised to those that have one', async () => {
  const [withDatabase] = openProcesses();
  await reachDatabase();
  const [cache] = caches as [Cache];
  const without = new SharedAlerts({ database: undefined, cache });
  expect(await lookAll([without], 0, found(true))).toEqual(['raised Jobs wait.']);
  expect(await lookAll([withDatabase as SharedAlerts], 5, { ...found(false), name: 'queue-unreachable' })).toEqual([]);
  expect(await lookAll([without], 10, found(true))).toEqual([]);
});
