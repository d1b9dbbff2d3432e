import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { ApiClient } from '#gateway/demo/api-client.js';
import { createLogger } from '#runtime/log/logger.js';
import { exitWith, readCommandLine } from '#runtime/process/command-line.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { LongTimeoutHttpClient, openBenchSite } from './bench-site.js';
import { signInUsers } from './dashboard-users.js';
import {
  connectEverything,
  fewestCalls,
  LARGE_DASHBOARD,
  type LargeDashboard,
  monthBefore,
} from './providers/large-dashboard.js';
import { countByProvider, countRepeated, liftLimits, takeCalls } from './providers/provider-calls.js';
import { describeBackfill, measureBackfill } from './providers/providers-backfill.js';
import { describeCalls, describeDashboards, describeTogether } from './providers/providers-report.js';
import { round, waitingOf } from './statistics.js';

// `npm run bench:providers [-- --scale 0.1] [calls|together|dashboard|backfill …]`: provider calls and latency of a
// dashboard with 7 connections × 20 accounts × 50 campaigns × 30 days. Gateway, worker and simulator have their own
// processes.

const TOGETHER = 50;
const COLD_ITERATIONS = 20;
const CACHED_ITERATIONS = 40;
const HISTORY_TIMEOUT_MS = 10 * 60 * 1000;
/** The most recent days are always requested from providers. */
const SETTLED_DAYS = 5;

const logger = createLogger({ level: 'silent', isPretty: false });
const print = (text: string) => void process.stdout.write(`${text}\n`);

const { flags, words } = readCommandLine({ scale: { type: 'string' } });
const scale = Number(flags.scale ?? 1);
const parts = new Set(words.length > 0 ? words : ['calls', 'together', 'dashboard', 'backfill']);
const scaled = (iterations: number) => Math.max(3, Math.round(iterations * scale));

type Site = Awaited<ReturnType<typeof openBenchSite>>;

async function timeEach(iterations: number, ask: (iteration: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let iteration = 0; iteration < iterations; iteration += 1) {
    const start = performance.now();
    await ask(iteration);
    times.push(performance.now() - start);
  }
  return times;
}

async function measureCalls(site: Site, ask: (daysAgo: number) => Promise<LargeDashboard>) {
  await takeCalls(site.simulatorUrl);
  const fewest = fewestCalls(await ask(1));
  return { calls: countByProvider(await takeCalls(site.simulatorUrl)), fewest };
}

async function measureTogether(site: Site, ask: (daysAgo: number) => Promise<LargeDashboard>) {
  await takeCalls(site.simulatorUrl);
  const dashboards = scaled(TOGETHER);
  const [first] = await Promise.all(Array.from({ length: dashboards }, () => ask(2)));
  const calls = await takeCalls(site.simulatorUrl);
  const fewest = Object.values(fewestCalls(first as LargeDashboard)).reduce((sum, count) => sum + count, 0);
  return { dashboards, calls: calls.length, fewest, repeated: countRepeated(calls) };
}

/** Waits until all history is copied. Returns the reason if it is not. */
async function copyHistory(site: Site, user: ApiClient): Promise<string | undefined> {
  site.startWorker();
  const query = '{ me { organization { accounts { history { daysDone daysTotal } } } } }';
  interface Copied {
    me: { organization: { accounts: { history: { daysDone: number; daysTotal: number } | null }[] } };
  }
  const deadline = performance.now() + HISTORY_TIMEOUT_MS;
  let missing = Number.NaN;
  while (performance.now() < deadline) {
    const { me } = await user.ask<Copied>(query);
    const histories = me.organization.accounts.flatMap(({ history }) => history ?? []);
    missing = histories.reduce((sum, { daysDone, daysTotal }) => sum + daysTotal - daysDone, 0);
    if (histories.length > 0 && missing === 0) return undefined;
    await wait(1_000);
  }
  return `${missing} days were still missing after ${HISTORY_TIMEOUT_MS / 60_000} minutes`;
}

async function measureDashboards(site: Site, user: ApiClient, ask: (daysAgo: number) => Promise<LargeDashboard>) {
  const cold = waitingOf(await timeEach(scaled(COLD_ITERATIONS), (iteration) => ask(10 + iteration)));
  const cached = waitingOf(await timeEach(scaled(CACHED_ITERATIONS), () => ask(10)));
  const unavailable = await copyHistory(site, user);
  if (unavailable) {
    print(`Not measured: dashboards from history, because ${unavailable}.\n`);
    return { cold, cached };
  }
  await takeCalls(site.simulatorUrl);
  const iterations = Math.min(scaled(COLD_ITERATIONS), 50);
  const history = waitingOf(await timeEach(iterations, (iteration) => ask(SETTLED_DAYS + iteration)));
  const calls = await takeCalls(site.simulatorUrl);
  const forDays = calls.filter(({ provider, path }) => provider === 'google-ads' && path.includes('searchStream'));
  return { cold, cached, history, historyGoogleAdsCallsPerDashboard: round(forDays.length / iterations, 1) };
}

async function measurePlatform(all: Lifecycle) {
  const lifecycle = new Lifecycle(logger);
  all.onClose('Gateway', () => lifecycle.close());
  try {
    const site = await openBenchSite(lifecycle);
    await liftLimits(site.simulatorUrl);
    const http = new LongTimeoutHttpClient();
    lifecycle.onClose('HTTP client', () => http.close());
    const gateway = await site.startGateway('metrics');
    // Users share no cached answers.
    const [user, otherUser] = (await signInUsers(http, gateway.url, 2)) as [ApiClient, ApiClient];
    const askAs = (who: ApiClient) => (daysAgo: number) =>
      who.ask<LargeDashboard>(LARGE_DASHBOARD, { range: monthBefore(daysAgo) });
    await connectEverything(user);
    const ask = askAs(user);
    const calls = parts.has('calls') ? await measureCalls(site, ask) : undefined;
    if (calls) print(describeCalls(calls));
    if (parts.has('together')) await connectEverything(otherUser);
    const together = parts.has('together') ? await measureTogether(site, askAs(otherUser)) : undefined;
    if (together) print(describeTogether(together));
    const dashboard = parts.has('dashboard') ? await measureDashboards(site, user, ask) : undefined;
    if (dashboard) print(describeDashboards(dashboard));
    return { calls, together, dashboard };
  } finally {
    await lifecycle.close();
  }
}

async function runBackfill() {
  const figures = await measureBackfill(scale);
  print(describeBackfill(figures));
  return figures;
}

const all = new Lifecycle(logger);
await all
  .run(async () => {
    const [load = 0] = loadavg();
    const cores = availableParallelism();
    if (load > cores)
      print(`The machine is busy: a load of ${load.toFixed(1)} on ${cores} cores. Times are too long.\n`);
    const platform = ['calls', 'together', 'dashboard'].some((part) => parts.has(part))
      ? await measurePlatform(all)
      : undefined;
    const backfill = parts.has('backfill') ? await runBackfill() : undefined;
    const { calls, together, dashboard } = platform ?? {};
    const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0);
    const ratios = {
      ...(calls && { callsVsFewest: round(sum(calls.calls) / sum(calls.fewest), 3) }),
      ...(together && { callsTogetherVsFewest: round(together.calls / together.fewest, 3) }),
      ...(dashboard && { coldVsCachedP50: round(dashboard.cold.p50Ms / dashboard.cached.p50Ms, 1) }),
      ...(dashboard?.history && { coldVsHistoryP50: round(dashboard.cold.p50Ms / dashboard.history.p50Ms, 1) }),
    };
    const machine = { cores, loadBefore: round(load, 1) };
    print(JSON.stringify({ bench: 'providers', ratios, figures: { machine, ...platform, backfill } }));
    await all.close();
  })
  .catch((error: unknown) => exitWith(error, 'The benchmark did not come to its end.'));
