import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { GatewayProcess } from '#ops/bench/gateway/gateway-process.js';
import type { Ask } from '#ops/bench/side-by-side.js';
import { quantile, round, type Waiting, waitingOf } from '#ops/bench/statistics.js';

const CONNECTIONS = 32;
const IDLE_MS = 3_000;
const WARM_UP_MS = 3_000;
const LOADED_MS = 15_000;
const POLL = fileURLToPath(new URL('./poll-health.js', import.meta.url));

/** How `/health` answers while a gateway has all it can do, and while it has nothing. */
export interface HealthFigures {
  connections: number;
  samples: number;
  idle: Waiting;
  loaded: Waiting & { maxMs: number };
  /** What made the load. */
  dashboardsPerSecond: number;
  dashboard: Waiting;
}

const run = promisify(execFile);

async function poll(url: string, durationMs: number): Promise<number[]> {
  const { stdout } = await run(process.execPath, [POLL, url, String(durationMs)], { maxBuffer: 16_000_000 });
  return JSON.parse(stdout) as number[];
}

/** Keeps the connections busy until told to stop. Returns how long each answer took that came after the warm-up. */
function makeLoad(ask: Ask): { warm: Promise<void>; stop(): Promise<number[]> } {
  let isOn = true;
  let turn = 0;
  const timesMs: number[] = [];
  const startedAt = performance.now();
  const askAgainAndAgain = async () => {
    while (isOn) {
      const askedAt = performance.now();
      await ask(turn++);
      const now = performance.now();
      if (askedAt - startedAt > WARM_UP_MS) timesMs.push(now - askedAt);
    }
  };
  const asking = Promise.all(Array.from({ length: CONNECTIONS }, askAgainAndAgain));
  // Told to whoever stops the load.
  asking.catch(() => {});
  const warm = new Promise<void>((resolve) => setTimeout(resolve, WARM_UP_MS));
  return {
    warm,
    stop: async () => {
      isOn = false;
      await asking;
      return timesMs;
    },
  };
}

/** Asks a gateway for `/health` on its HEALTH_PORT without load and under dashboards over 32 connections. */
export async function measureHealth({ healthUrl: url }: GatewayProcess, ask: Ask, scale = 1): Promise<HealthFigures> {
  const idle = await poll(url, IDLE_MS * scale);
  const load = makeLoad(ask);
  await load.warm;
  const loaded = await poll(url, LOADED_MS * scale).finally(load.stop);
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
