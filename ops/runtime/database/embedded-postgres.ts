import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { makeDataDir } from '#runtime/config/data-dir.js';
import { loopbackAddress, urlHost } from '#runtime/http/addresses.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';
import { runPostgresProgram } from './postgres-binaries.js';
import { withStartupLock } from './startup-lock.js';

export interface EmbeddedPostgres {
  url: string;
  /** Ends this process's use of the server, and the server with its last user. */
  stop(): Promise<void>;
}

// The advisory lock that each process holds shared while it uses the server.
const USERS_LOCK = 7_355_608;

const DATABASE = 'webmetrics';
const START_TIMEOUT_SECONDS = 60;
const REVIVE_AGAIN_MS = 1_000;

function freePort(preferred = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', (error) => (preferred ? freePort().then(resolve, reject) : reject(error)));
    server.listen(preferred, loopbackAddress(), () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function initialize(folder: string, passwordFile: string): Promise<void> {
  // Renamed once complete: an interrupted attempt leaves nothing that looks like a server.
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const { status, output } = await runPostgresProgram('initdb', [
    `--pgdata=${unfinished}`,
    '--username=webmetrics',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
  ]);
  if (status !== 0) throw new Error(`initdb failed: ${output.trim()}`);
  renameSync(unfinished, folder);
}

async function isRunning(folder: string): Promise<boolean> {
  if (!existsSync(join(folder, 'postmaster.pid'))) return false;
  return (await runPostgresProgram('pg_ctl', ['status', '-D', folder])).status === 0;
}

async function startServer(folder: string, logFile: string, flags: string[], port: number): Promise<void> {
  const settings = [
    `-p ${port}`,
    `-c listen_addresses=${loopbackAddress()}`,
    "-c unix_socket_directories=''",
    '-c max_connections=300',
    ...flags,
  ];
  const { status, output } = await runPostgresProgram('pg_ctl', [
    'start',
    ...['-D', folder, '-l', logFile, '-o', settings.join(' '), '-w', '-t', String(START_TIMEOUT_SECONDS)],
  ]);
  if (status !== 0) throw new Error(`PostgreSQL did not start, see ${logFile}: ${output.trim()}`);
}

/** The fourth line of the postmaster.pid of a server that runs or was killed; 0 = there is none. */
function portOf(folder: string): number {
  const file = join(folder, 'postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[3]) || 0 : 0;
}

function makePasswordFile(dataDir: string): string {
  const file = join(dataDir, 'postgres-password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  return file;
}

/** Connects and holds the shared lock, which keeps the server up. */
async function acquireUse(connectionString: string): Promise<pg.Client> {
  const user = new pg.Client({ connectionString });
  user.on('error', () => {}); // The pools notice by themselves when the server is gone.
  try {
    await user.connect();
    await user.query('SELECT pg_advisory_lock_shared($1)', [USERS_LOCK]);
    const known = await user.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (known.rowCount === 0) await user.query(`CREATE DATABASE ${DATABASE}`);
    return user;
  } catch (error) {
    await user.end().catch(() => {});
    throw error;
  }
}

const urlOf = (password: string, port: number, database: string) =>
  `postgres://webmetrics:${password}@${urlHost(loopbackAddress())}:${port}/${database}`;

async function isUnused(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const lock = await client.query<{ free: boolean }>('SELECT pg_try_advisory_lock($1) AS free', [USERS_LOCK]);
    return lock.rows[0]?.free ?? false;
  } finally {
    await client.end();
  }
}

/** Returns the URL of the server with its data in `<dataDir>/postgres`; undefined when it does not run. */
export async function findEmbeddedPostgres(dataDir: string): Promise<string | undefined> {
  const folder = join(dataDir, 'postgres');
  if (!(await isRunning(folder))) return undefined;
  const password = readFileSync(join(dataDir, 'postgres-password'), 'utf8');
  return urlOf(password, portOf(folder), DATABASE);
}

/**
 * Starts the embedded PostgreSQL with its data in `<dataDir>/postgres`, on a free loopback port. Processes with the same
 * data folder share it: the first starts it, the last stops it, a server of a killed process is taken over, a dead one is
 * restarted on its port. Throws ConfigurationError when the folder is not writable.
 */
export async function startEmbeddedPostgres(dataDir: string, flags: string[] = []): Promise<EmbeddedPostgres> {
  makeDataDir(dataDir);
  const folder = join(dataDir, 'postgres');
  const startupLock = join(dataDir, 'postgres.lock');

  return withStartupLock(startupLock, async () => {
    const passwordFile = makePasswordFile(dataDir);
    const password = readFileSync(passwordFile, 'utf8');
    if (!existsSync(folder)) await initialize(folder, passwordFile);
    const wasRunning = await isRunning(folder);
    // Other processes may still have the URL of a server that was killed.
    const port = wasRunning ? portOf(folder) : await freePort(portOf(folder));
    const start = () => startServer(folder, join(dataDir, 'postgres.log'), flags, port);
    if (!wasRunning) await start();
    const stopServer = () => runPostgresProgram('pg_ctl', ['stop', '-D', folder, '-m', 'fast', '-w']);

    let isStopping = false;
    // Retried: the processes of a dead server may take a moment to end.
    const revive = async (): Promise<void> => {
      while (!isStopping) {
        try {
          await withStartupLock(startupLock, async () => {
            if (isStopping) return;
            if (!(await isRunning(folder))) await start();
            user = await use();
          });
          return;
        } catch {
          await wait(REVIVE_AGAIN_MS, undefined, { ref: false });
        }
      }
    };
    const use = async () => {
      const client = await acquireUse(urlOf(password, port, 'postgres'));
      client.once('end', () => void revive());
      return client;
    };
    let user = await use().catch(async (error) => {
      if (!wasRunning) await stopServer();
      throw error;
    });
    return {
      url: urlOf(password, port, DATABASE),
      stop: () => {
        isStopping = true;
        return withStartupLock(startupLock, async () => {
          // Explicitly: the server may take a moment to notice a closed connection.
          await user.query('SELECT pg_advisory_unlock_all()').catch(() => {});
          await user.end().catch(() => {});
          // On a new connection: this process's own may not have survived a crash of the server.
          if (!(await isRunning(folder))) return;
          if (await isUnused(urlOf(password, portOf(folder), 'postgres')).catch(() => true)) await stopServer();
        });
      },
    };
  });
}

/** Starts the embedded PostgreSQL until the lifecycle closes, also when that begins while it starts, and returns its URL. */
export async function openEmbeddedPostgres(dataDir: string, lifecycle: Lifecycle, flags?: string[]): Promise<string> {
  const starting = startEmbeddedPostgres(dataDir, flags);
  // What failed to start left nothing running.
  lifecycle.onClose('Embedded PostgreSQL', async () => (await starting.catch(() => undefined))?.stop());
  return (await starting).url;
}
