import { fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Watching } from '#ops/bench/operations/watching-switch.js';
import type { Environment } from '#runtime/config/config.js';

export interface GatewayOrder {
  settings: Environment;
  watching: Watching;
}

/** What a gateway tells its parent: where it listens and answers probes, once, and its processor time, whenever it is asked. */
export interface GatewayAnswer {
  url?: string;
  healthUrl?: string;
  cpuMs?: number;
}

/** A whole WebMetrics in a process of its own. */
export interface GatewayProcess {
  url: string;
  /** Where probes ask, without a path. */
  healthUrl: string;
  /** Milliseconds of processor time it has taken since its start, with all its threads. */
  cpuMs(): Promise<number>;
  /** Has it watch as much from now on. Not while it is asked anything else. */
  watch(watching: Watching): Promise<void>;
  /** Has it send the spans that wait. */
  sendSpans(): Promise<void>;
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('./bench-gateway.js', import.meta.url));

/** Starts a gateway that writes its log to a file. Its libraries run as in production. */
export async function startGatewayProcess(given: GatewayOrder, logFile: string): Promise<GatewayProcess> {
  const log = openSync(logFile, 'a');
  const child = fork(PROGRAM, [JSON.stringify(given)], {
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
  const { url = '', healthUrl = '' } = await answer();
  const order = async (watching: Watching | 'as before' | 'send') => {
    child.send(watching);
    return (await answer()).cpuMs ?? 0;
  };
  return {
    url,
    healthUrl,
    cpuMs: () => order('as before'),
    watch: async (watching) => void (await order(watching)),
    sendSpans: async () => void (await order('send')),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
