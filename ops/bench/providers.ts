import { existsSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { ApiClient } from '#gateway/demo/api-client.js';
import { createLogger } from '#runtime/log/logger.js';
import { exitWith, readCommandLine } from '#runtime/process/command-line.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { openBenchSite, PatientHttp } from './bench-site.js';
import { signInPeople } from './dashboard-people.js';
import {
  connectEverything,
  fewestCalls,
  LARGE_DASHBOARD,
  type LargeDashboard,
  monthBefore,
} from './providers/large-dashboard.js';
import { countByProvider, countRepeated, liftLimits, takeCalls } from './providers/provider-calls.js';
import { tellCalls, tellDashboards, tellTogether } from './providers/providers-report.js';
import { round, waitingOf } from './statistics.js';

// `npm run bench:providers [-- --scale 0.1] [calls|together|dashboard|backfill …]`: what a dashboard of 7 connections × 20
// accounts × 50 campaigns × 30 days asks of providers, and how long that takes. Gateway, worker and simulated providers
// are processes of their own.

const TOGETHER = 50;
const COLD_TURNS = 20;
const CACHED_TURNS = 40;
const HISTORY_TIMEOUT_MS = 10 * 60 * 1000;
/** The last days are always asked for: history is of those before. */
const SETTLED_DAYS = 5;

const BACKFILL = new URL('./providers/providers-backfill.js', import.meta.url);

const logger = createLogger({ level: 'silent', isPretty: false });
const print = (text: string) => void process.stdout.write(`${text}\n`);

const { flags, words } = readCommandLine({ scale: { type: 'string' } });
const scale = Number(flags.scale ?? 1);
const parts = new Set(words.length > 0 ? words : ['calls', 'together', 'dashboard', 'backfill']);
const turnsOf = (turns: number) => Math.max(3, Math.round(turns * scale));

type Site = Awaited<ReturnType<typeof openBenchSite>>;

/** Asks one after the other, and returns how long each took. */
async function timeEach(turns: number, ask: (turn: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const start = performance.now();
    await ask(turn);
    times.push(performance.now() - start);
  }
  return times;
}

/** Counts what one dashboard asks providers, against the fewest calls that can answer it. */
async function measureCalls(site: Site, ask: (daysAgo: number) => Promise<LargeDashboard>) {
  await takeCalls(site.simulatorUrl);
  const fewest = fewestCalls(await ask(1));
  return { calls: countByProvider(await takeCalls(site.simulatorUrl)), fewest };
}

/** Asks fifty dashboards at once, and counts what providers were asked twice. */
async function measureTogether(site: Site, ask: (daysAgo: number) => Promise<LargeDashboard>) {
  await takeCalls(site.simulatorUrl);
  const dashboards = turnsOf(TOGETHER);
  const [first] = await Promise.all(Array.from({ length: dashboards }, () => ask(2)));
  const calls = await takeCalls(site.simulatorUrl);
  const fewest = Object.values(fewestCalls(first as LargeDashboard)).reduce((sum, count) => sum + count, 0);
  return { dashboards, calls: calls.length, fewest, repeated: countRepeated(calls) };
}

/** Waits until the days of every account are copied. Returns why they are not, if so. */
async function copyHistory(site: Site, person: ApiClient): Promise<string | undefined> {
  const hasHistory = await person
    .ask<{ __type: { fields: { name: string }[] } | null }>('{ __type(name: "Account") { fields { name } } }')
    .then(({ __type }) => __type?.fields.some(({ name }) => name === 'history'));
  if (!hasHistory) return 'this version copies no history';
  site.startWorker();
  const query = '{ me { organization { accounts { history { daysDone daysTotal } } } } }';
  interface Copied {
    me: { organization: { accounts: { history: { daysDone: number; daysTotal: number } | null }[] } };
  }
  const deadline = performance.now() + HISTORY_TIMEOUT_MS;
  let missing = Number.NaN;
  while (performance.now() < deadline) {
    const { me } = await person.ask<Copied>(query);
    const histories = me.organization.accounts.flatMap(({ history }) => history ?? []);
    missing = histories.reduce((sum, { daysDone, daysTotal }) => sum + daysTotal - daysDone, 0);
    if (histories.length > 0 && missing === 0) return undefined;
    await wait(1_000);
  }
  return `${missing} days were still missing after ${HISTORY_TIMEOUT_MS / 60_000} minutes`;
}

async function measureDashboards(site: Site, person: ApiClient, ask: (daysAgo: number) => Promise<LargeDashboard>) {
  const cold = waitingOf(await timeEach(turnsOf(COLD_TURNS), (turn) => ask(10 + turn)));
  const cached = waitingOf(await timeEach(turnsOf(CACHED_TURNS), () => ask(10)));
  const unavailable = await copyHistory(site, person);
  if (unavailable) {
    print(`Not measured: dashboards from history, because ${unavailable}.\n`);
    return { cold, cached };
  }
  await takeCalls(site.simulatorUrl);
  const turns = Math.min(turnsOf(COLD_TURNS), 50);
  const history = waitingOf(await timeEach(turns, (turn) => ask(SETTLED_DAYS + turn)));
  const calls = await takeCalls(site.simulatorUrl);
  const forDays = calls.filter(({ provider, path }) => provider === 'google-ads' && path.includes('searchStream'));
  return { cold, cached, history, historyGoogleAdsCallsPerDashboard: round(forDays.length / turns, 1) };
}

async function measurePlatform(all: Lifecycle) {
  const lifecycle = new Lifecycle(logger);
  all.onClose('Gateway', () => lifecycle.close());
  try {
    const site = await openBenchSite(lifecycle);
    await liftLimits(site.simulatorUrl);
    const http = new PatientHttp();
    lifecycle.onClose('HTTP client', () => http.close());
    const gateway = await site.startGateway('metrics');
    // Nothing one of them asks is remembered for the other.
    const [person, another] = (await signInPeople(http, gateway.url, 2)) as [ApiClient, ApiClient];
    const askAs = (who: ApiClient) => (daysAgo: number) =>
      who.ask<LargeDashboard>(LARGE_DASHBOARD, { range: monthBefore(daysAgo) });
    await connectEverything(person);
    const ask = askAs(person);
    const calls = parts.has('calls') ? await measureCalls(site, ask) : undefined;
    if (calls) print(tellCalls(calls));
    if (parts.has('together')) await connectEverything(another);
    const together = parts.has('together') ? await measureTogether(site, askAs(another)) : undefined;
    if (together) print(tellTogether(together));
    const dashboard = parts.has('dashboard') ? await measureDashboards(site, person, ask) : undefined;
    if (dashboard) print(tellDashboards(dashboard));
    return { calls, together, dashboard };
  } finally {
    await lifecycle.close();
  }
}

/** Runs what measures a backfill, where there is one. */
async function measureBackfillIfThere(): Promise<unknown> {
  if (!existsSync(BACKFILL)) {
    print('Not measured: a backfill, because this version has none.\n');
    return undefined;
  }
  const { measureBackfill } = (await import(BACKFILL.href)) as { measureBackfill(scale: number): Promise<object> };
  const figures = await measureBackfill(scale);
  print(`Backfill of 500 campaigns: ${JSON.stringify(figures)}\n`);
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
    const backfill = parts.has('backfill') ? await measureBackfillIfThere() : undefined;
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
