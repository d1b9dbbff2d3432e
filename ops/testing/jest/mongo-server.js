// Finds a server of the MongoDB wire protocol to test with: the one MONGODB_URL names, else mongod on the PATH, else FerretDB
// on the PATH or where build-ferretdb.sh puts it. Plain JavaScript, for global-setup.js.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { MongoClient } from 'mongodb';

const START_TIMEOUT_MS = 30_000;

const cachedFerret = () =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'webmetrics/ferretdb-v1.24.2/ferretdb');

/** Returns what server answers at an address, with its version. Throws when none does. */
async function nameOf(url, timeoutMs) {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: timeoutMs });
  try {
    const info = await client.db('admin').command({ buildInfo: 1 });
    // FerretDB gives the version of MongoDB it plays, and its own beside it.
    const ferret = info.ferretdb?.version ?? info.ferretdbVersion;
    return ferret ? `FerretDB ${ferret} (SQLite)` : `MongoDB ${info.version}`;
  } finally {
    await client.close();
  }
}

/** Starts a program and returns its address and name, or undefined when the program is not there. */
async function start(program, args, url) {
  const server = spawn(program, args, { stdio: 'ignore' });
  let hasEnded = false;
  server.once('exit', () => {
    hasEnded = true;
  });
  const isMissing = await new Promise((resolve) => {
    server.once('error', () => resolve(true));
    server.once('spawn', () => resolve(false));
  });
  if (isMissing) return undefined;
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      return { url, name: await nameOf(url, 1_000), stop: () => server.kill() };
    } catch (cause) {
      if (hasEnded || Date.now() > deadline) {
        server.kill();
        throw new Error(`${program} was found but does not answer as a MongoDB server.`, { cause });
      }
      await wait(50);
    }
  }
}

/** Returns a server to test with, `{ url, name, stop }`, or undefined when this machine has none. */
export async function findMongoServer(folder, port) {
  const given = process.env.MONGODB_URL;
  if (given) return { url: given, name: await nameOf(given, 10_000), stop() {} };
  const data = join(folder, 'mongodb');
  mkdirSync(data, { recursive: true });
  const url = `mongodb://127.0.0.1:${port}/`;
  const mongod = ['--dbpath', data, '--port', String(port), '--bind_ip', '127.0.0.1', '--quiet'];
  const ferretdb = [
    '--handler=sqlite',
    // A test run loses nothing worth an fsync.
    `--sqlite-url=file:${data}/?_pragma=synchronous(off)`,
    `--listen-addr=127.0.0.1:${port}`,
    '--telemetry=disable',
    '--debug-addr=-',
    `--state-dir=${data}`,
    '--log-level=error',
  ];
  const cached = cachedFerret();
  return (
    (await start('mongod', mongod, url)) ??
    (await start('ferretdb', ferretdb, url)) ??
    (existsSync(cached) ? await start(cached, ferretdb, url) : undefined)
  );
}
