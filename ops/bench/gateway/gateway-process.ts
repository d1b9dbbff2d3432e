import { fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Watching } from '#ops/bench/operations/watching-switch.js';
import type { Environment } from '#runtime/config/config.js';

export interface GatewayOptions {
  settings: Environment;
  watching: Watching;
}

/** A gateway's messages to its parent: addresses once, CPU time on request. */
export interface GatewayAnswer {
  url?: string;
  healthUrl?: string;
  cpuMs?: number;
}

export interface GatewayProcess {
  url: string;
  /** Base address of probes. */
  healthUrl: string;
  /** CPU time of all threads since the start. */
  cpuMs(): Promise<number>;
  /** Changes the telemetry; not during requests. */
  watch(watching: Watching): Promise<void>;
  sendSpans(): Promise<void>;
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('./bench-gateway.js', import.meta.url));

/** Starts a gateway that logs to a file, with libraries in production mode. */
export async function startGatewayProcess(given: GatewayOptions, logFile: string): Promise<GatewayProcess> {
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
  const send = async (watching: Watching | 'as before' | 'send') => {
    child.send(watching);
    return (await answer()).cpuMs ?? 0;
  };
  return {
    url,
    healthUrl,
    cpuMs: () => send('as before'),
    watch: async (watching) => void (await send(watching)),
    sendSpans: async () => void (await send('send')),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
