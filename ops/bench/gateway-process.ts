import { fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../runtime/config.js';
import type { Watching } from './watching-parts.js';

export interface GatewayOrder {
  settings: Environment;
  watching: Watching;
}

/** What a gateway tells its parent: where it listens, once, and its processor time, whenever it is asked. */
export interface GatewayAnswer {
  url?: string;
  cpuMs?: number;
}

/** A whole WebMetrics in a process of its own. */
export interface GatewayProcess {
  url: string;
  /** Milliseconds of processor time it has taken since its start, with all its threads. */
  cpuMs(): Promise<number>;
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('./bench-gateway.js', import.meta.url));

/** Starts a gateway that writes its log to a file. Its libraries run as in production. */
export async function startGatewayProcess(order: GatewayOrder, logFile: string): Promise<GatewayProcess> {
  const log = openSync(logFile, 'a');
  const child = fork(PROGRAM, [JSON.stringify(order)], {
    env: { NODE_ENV: 'production' },
    stdio: ['ignore', log, 'inherit', 'ipc'],
  });
  closeSync(log);
  const ended = once(child, 'exit');
  const answer = async () => {
    const message = once(child, 'message') as Promise<[GatewayAnswer]>;
    const [given] = await Promise.race([message, ended.then(() => [])]);
    if (!given) throw new Error(`A gateway of the benchmark ended by itself: see ${logFile}.`);
    return given;
  };
  const { url = '' } = await answer();
  return {
    url,
    cpuMs: async () => {
      child.send('cpu');
      return (await answer()).cpuMs ?? 0;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
