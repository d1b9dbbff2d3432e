import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from '@keyv/redis';
import { freePort } from './free-port.js';
import { isInstalled } from './is-installed.js';

/** Whether a test can start, stop and kill its own Redis here. */
export const hasRedisServer = isInstalled('redis-server');

/** A Redis server of one test. */
export interface OwnRedis {
  url: string;
  port: number;
  signal(name: NodeJS.Signals): void;
  kill(): Promise<void>;
  /** Starts it again, empty, at the same address. */
  restart(): Promise<void>;
  /** Whether it has a key with this ending, without the proxy. */
  holds(ending: string): Promise<boolean>;
  close(): Promise<void>;
}

const POLL_MS = 20;

async function isListening(port: number): Promise<boolean> {
  const socket = createConnection({ host: '127.0.0.1', port });
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  socket.destroy();
  return isOpen;
}

/** Starts `redis-server` on a free loopback port. */
export async function startOwnRedis(): Promise<OwnRedis> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'webmetrics-test-'));
  const start = async (): Promise<ChildProcess> => {
    const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
    const started = spawn('redis-server', flags, { stdio: 'ignore' });
    while (!(await isListening(port))) {
      if (started.exitCode !== null) throw new Error(`redis-server ended with status ${started.exitCode}`);
      await wait(POLL_MS);
    }
    return started;
  };
  let server = await start();
  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    signal: (name) => void server.kill(name),
    kill,
    restart: async () => {
      await kill();
      server = await start();
    },
    holds: async (ending) => {
      const client = createClient({ url: `redis://127.0.0.1:${port}` });
      await client.connect();
      const keys = await client.keys(`*${ending}`);
      client.destroy();
      return keys.length > 0;
    },
    close: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
