import { execFile } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { GatewayProcess } from '#ops/bench/gateway/gateway-process.js';
import { quantile, round, type Waiting, waitingOf } from '#ops/bench/statistics.js';
import { runWhile, type Workload } from '#ops/bench/workload.js';

const CONNECTIONS = 32;
const IDLE_MS = 3_000;
const WARM_UP_MS = 3_000;
const LOADED_MS = 15_000;
const POLL = fileURLToPath(new URL('./poll-health.js', import.meta.url));

/** Latency of `/health` under full load and idle. */
export interface HealthFigures {
  connections: number;
  samples: number;
  idle: Waiting;
  loaded: Waiting & { maxMs: number };
  dashboardsPerSecond: number;
  dashboard: Waiting;
}

const run = promisify(execFile);

/** Polls `/health` from another process and returns each latency in milliseconds. */
export async function pollHealth(url: string, durationMs: number): Promise<number[]> {
  const { stdout } = await run(process.execPath, [POLL, url, String(durationMs)], { maxBuffer: 16_000_000 });
  return JSON.parse(stdout) as number[];
}

/** Keeps all connections busy until stopped. Returns the latencies after the warm-up. */
function makeLoad(workload: Workload): { warm: Promise<void>; stop(): Promise<number[]> } {
  let isOn = true;
  const timesMs: number[] = [];
  const startedAt = performance.now();
  const timed = async (iteration: number) => {
    const requestedAt = performance.now();
    await workload(iteration);
    if (requestedAt - startedAt > WARM_UP_MS) timesMs.push(performance.now() - requestedAt);
  };
  const load = runWhile(timed, () => isOn, CONNECTIONS);
  // An error is thrown by `stop`.
  load.catch(() => {});
  return {
    warm: setTimeout(WARM_UP_MS),
    stop: async () => {
      isOn = false;
      await load;
      return timesMs;
    },
  };
}

/** Polls the HEALTH_PORT of an idle gateway and under dashboards over 32 connections. */
export async function measureHealth(
  { healthUrl: url }: GatewayProcess,
  workload: Workload,
  scale = 1,
): Promise<HealthFigures> {
  const idle = await pollHealth(url, IDLE_MS * scale);
  const load = makeLoad(workload);
  await load.warm;
  const loaded = await pollHealth(url, LOADED_MS * scale).finally(load.stop);
  const dashboards = await load.stop();
  return {
    connections: CONNECTIONS,
    samples: loaded.length,
    idle: waitingOf(idle),
    loaded: { ...waitingOf(loaded), maxMs: round(quantile(loaded, 1)) },
    dashboardsPerSecond: round((1_000 * CONNECTIONS * dashboards.length) / dashboards.reduce((a, b) => a + b, 0), 1),
    dashboard: waitingOf(dashboards),
  };
}
