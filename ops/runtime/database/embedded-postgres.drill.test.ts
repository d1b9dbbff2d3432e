import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { succeeds } from '#ops/testing/eventually.js';
import { ConfigurationError } from '#runtime/errors.js';
import { projectRoot } from '#runtime/process/project-root.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js';

// A test run needs no durability.
const flags = ['-c fsync=off', '-c synchronous_commit=off', '-c full_page_writes=off'];
const TIMEOUT_MS = 180_000;

async function query<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded PostgreSQL', () => {
  let folder: string;
  let dataDir: string;
  let started: EmbeddedPostgres[];
  let children: ChildProcess[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'webmetrics-postgres-'));
    dataDir = join(folder, 'deep', 'down');
    started = [];
    children = [];
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    // Takes over the server of a test, and stops it as its last user.
    if (isRunning()) await start();
    for (const server of started) await server.stop().catch(() => {});
    rmSync(folder, { recursive: true, force: true });
  }, TIMEOUT_MS);

  const isRunning = () => existsSync(join(dataDir, 'postgres', 'postmaster.pid'));
  const serverPid = () => Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);

  async function killServer(): Promise<void> {
    const pid = serverPid();
    process.kill(pid, 'SIGKILL');
    const isAlive = () => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    while (isAlive()) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  const answers = (url: string) => succeeds(query(url, 'SELECT 1'));

  async function start(settings = flags): Promise<EmbeddedPostgres> {
    const server = await startEmbeddedPostgres(dataDir, settings);
    started.push(server);
    return server;
  }

  /** Starts the server from another process, which then waits. */
  function startElsewhere(): Promise<{ child: ChildProcess; url: string }> {
    const module = pathToFileURL(join(projectRoot, 'dist/ops/runtime/database/embedded-postgres.js')).href;
    const script = `
      const { startEmbeddedPostgres } = await import(${JSON.stringify(module)});
      const server = await startEmbeddedPostgres(${JSON.stringify(dataDir)}, ${JSON.stringify(flags)});
      process.on('message', async () => { await server.stop(); process.disconnect(); });
      process.send(server.url);
    `;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    children.push(child);
    return new Promise((resolve, reject) => {
      child.once('message', (url) => resolve({ child, url: String(url) }));
      child.once('exit', (status) => reject(new Error(`The other process ended with status ${status}.`)));
    });
  }

  const end = (child: ChildProcess, how: () => void) =>
    new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      how();
    });

  it(
    'creates its folder, and a database that asks for the password',
    async () => {
      const { url } = await start();
      expect(await answers(url)).toBe(true);
      expect(statSync(join(dataDir, 'postgres-password')).mode & 0o777).toBe(0o600);
      const stranger = new URL(url);
      expect(stranger.hostname).toBe('127.0.0.1');
      stranger.password = 'guess';
      expect(await answers(stranger.href)).toBe(false);
    },
    TIMEOUT_MS,
  );

  it(
    'keeps text in UTF-8, whatever the language of the machine',
    async () => {
      const { url } = await start();
      const [row] = await query<{ encoding: string; text: string }>(
        url,
        "SELECT current_setting('server_encoding') AS encoding, upper('ünïcødé 🔑') AS text",
      );
      expect(row).toEqual({ encoding: 'UTF8', text: 'ÜNÏCØDÉ 🔑' });
    },
    TIMEOUT_MS,
  );

  it(
    'is shared by all processes with the same folder, until the last of them stops',
    async () => {
      const [first, second] = [await start(), await start()];
      expect(second.url).toBe(first.url);
      await first.stop();
      expect(await answers(second.url)).toBe(true);
      await second.stop();
      expect(await answers(second.url)).toBe(false);
      expect(isRunning()).toBe(false);
    },
    TIMEOUT_MS,
  );

  it(
    'is shared by processes whose first start is concurrent',
    async () => {
      const [here, there, also] = await Promise.all([start(), startElsewhere(), start()]);
      expect([there.url, also.url]).toEqual([here.url, here.url]);
      expect(await answers(here.url)).toBe(true);
      await Promise.all([here.stop(), also.stop()]);
      expect(await answers(there.url)).toBe(true);
      await end(there.child, () => there.child.send('stop'));
      expect(await answers(there.url)).toBe(false);
    },
    TIMEOUT_MS,
  );

  it(
    'keeps its data over a stop and a start',
    async () => {
      const first = await start();
      await query(first.url, "CREATE TABLE kept AS SELECT 'still here' AS text");
      await first.stop();
      const second = await start();
      expect(await query(second.url, 'SELECT text FROM kept')).toEqual([{ text: 'still here' }]);
    },
    TIMEOUT_MS,
  );

  it(
    'of a killed process is taken over as it runs, and stopped by the process that took it over',
    async () => {
      const { child, url } = await startElsewhere();
      await query(url, "CREATE TABLE kept AS SELECT 'still here' AS text");
      const pid = serverPid();
      await end(child, () => child.kill('SIGKILL'));
      expect(await answers(url)).toBe(true);
      const server = await start();
      expect(serverPid()).toBe(pid);
      expect(await query(server.url, 'SELECT text FROM kept')).toEqual([{ text: 'still here' }]);
      await server.stop();
      expect(await answers(server.url)).toBe(false);
    },
    TIMEOUT_MS,
  );

  it(
    'starts again after it was killed itself',
    async () => {
      // With the durability of an installation.
      const first = await start([]);
      await query(first.url, "CREATE TABLE kept AS SELECT 'still here' AS text");
      await killServer();
      const second = await start([]);
      expect(await query(second.url, 'SELECT text FROM kept')).toEqual([{ text: 'still here' }]);
      await first.stop();
      expect(await answers(second.url)).toBe(true);
    },
    TIMEOUT_MS,
  );

  it(
    'restarts by itself, on the same port, while it is used',
    async () => {
      const [here, there] = [await start([]), await startElsewhere()];
      await query(here.url, "CREATE TABLE kept AS SELECT 'still here' AS text");
      for (let time = 0; time < 2; time += 1) {
        await killServer();
        while (!(await answers(here.url))) await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(await query(here.url, 'SELECT text FROM kept')).toEqual([{ text: 'still here' }]);
      await here.stop();
      // If the other process has not come back yet, it starts the server again.
      while (!(await answers(there.url))) await new Promise((resolve) => setTimeout(resolve, 50));
      await end(there.child, () => there.child.send('stop'));
      expect(isRunning()).toBe(false);
    },
    TIMEOUT_MS,
  );

  it(
    'may be stopped twice',
    async () => {
      const server = await start();
      await server.stop();
      await server.stop();
      expect(isRunning()).toBe(false);
    },
    TIMEOUT_MS,
  );

  it(
    'survives an interrupted first start',
    async () => {
      mkdirSync(dataDir, { recursive: true });
      writeFileSync(join(dataDir, 'postgres.unfinished'), 'half a cluster');
      const { url } = await start();
      expect(await answers(url)).toBe(true);
    },
    TIMEOUT_MS,
  );

  it('needs a writable folder', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(startEmbeddedPostgres(join(folder, 'file', 'data'))).rejects.toThrow(ConfigurationError);
  });
});
