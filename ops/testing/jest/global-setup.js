// Builds what changed, as tests run the build folder, and starts what they need, once for all of them: PostgreSQL always, Redis
// and MongoDB when they can be had. Plain JavaScript, because it runs before anything is built.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, statfsSync } from 'node:fs';
import { createConnection } from 'node:net';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { build } from '../../setup/build.js';
import { findMongoServer } from './mongo-server.js';

const isListening = (port) =>
  new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

/** Returns the address of a `redis-server` found on the PATH, or undefined. */
async function startRedis(folder, port) {
  const server = spawn('redis-server', ['--port', port, '--bind', '127.0.0.1', '--save', '', '--dir', folder], {
    stdio: 'ignore',
  });
  const isMissing = await Promise.race([
    new Promise((resolve) => server.once('error', () => resolve(true))),
    new Promise((resolve) => server.once('spawn', () => resolve(false))),
  ]);
  if (isMissing) return undefined;
  while (!(await isListening(port))) {
    if (server.exitCode !== null) throw new Error(`redis-server ended with status ${server.exitCode}.`);
    await wait(20);
  }
  return { url: `redis://127.0.0.1:${port}`, stop: () => server.kill() };
}

const MEMORY_FOLDER = '/dev/shm';
const ENOUGH_BYTES = 4 * 1024 ** 3;

/** Where the servers keep their files: in memory where there is plenty, as making and dropping databases is files for the most part. */
function folderForServers() {
  if (!existsSync(MEMORY_FOLDER)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY_FOLDER);
  return bavail * bsize > ENOUGH_BYTES && freemem() > ENOUGH_BYTES ? MEMORY_FOLDER : tmpdir();
}

/** Stores the password anew for one round of hashing: with 4096, each connection takes several milliseconds of processor time. */
async function cheapenLogIns(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('SET scram_iterations = 1');
  const { username, password } = new URL(url);
  await client.query(`ALTER ROLE ${username} PASSWORD '${password}'`);
  await client.end();
}

/** Returns an embedded PostgreSQL, quick as nothing in it outlives the tests. */
async function startPostgres(startEmbeddedPostgres, folder) {
  const postgres = await startEmbeddedPostgres(folder, [
    '-c fsync=off',
    '-c synchronous_commit=off',
    '-c full_page_writes=off',
    // Three test files at once, some of which open whole platforms of several processes.
    '-c max_connections=600',
  ]);
  await cheapenLogIns(postgres.url);
  return postgres;
}

export default async function setUp() {
  build();
  const { startEmbeddedPostgres } = await import('../../../dist/ops/runtime/database/embedded-postgres.js');
  const { freePort } = await import('../../../dist/ops/testing/free-port.js');
  const folder = mkdtempSync(join(folderForServers(), 'webmetrics-test-'));
  const postgres = process.env.POSTGRES_URL
    ? { url: process.env.POSTGRES_URL, stop() {} }
    : await startPostgres(startEmbeddedPostgres, folder);
  const redis = process.env.REDIS_URL
    ? { url: process.env.REDIS_URL, stop() {} }
    : await startRedis(folder, await freePort());
  process.env.TEST_POSTGRES_URL = postgres.url;
  if (redis) process.env.TEST_REDIS_URL = redis.url;
  const mongodb = await findMongoServer(folder, await freePort());
  if (mongodb) process.env.TEST_MONGODB_URL = mongodb.url;
  const missing = [
    !redis && { name: 'redis', how: 'Redis (REDIS_URL, or redis-server on the PATH)' },
    !mongodb && {
      name: 'mongodb',
      how: 'MongoDB (MONGODB_URL, mongod or ferretdb on the PATH, or ops/testing/build-ferretdb.sh once)',
    },
    spawnSync('promtool', ['--version']).status !== 0 && {
      name: 'promtool',
      how: "the rules for Prometheus (promtool, of Debian's package prometheus)",
    },
  ].filter(Boolean);
  globalThis.webmetricsTest = { folder, postgres, redis, mongodb, missing };
}
