import { deepStrictEqual } from 'node:assert';
import { readFileSync } from 'node:fs';
import type { BenchSite } from '#ops/bench/bench-site.js';
import { dashboardsOf, distinctIterations, signInUsers } from '#ops/bench/dashboard-users.js';
import type { GatewayProcess } from '#ops/bench/gateway/gateway-process.js';
import { type ConfidentMedian, medianWithin, quantile, round } from '#ops/bench/statistics.js';
import { runFor, runTimes, type Workload } from '#ops/bench/workload.js';
import type { HttpClient } from '#runtime/http/http-client.js';
import type { SpanCollector } from './span-collector.js';
import { type Watching, watchingParts } from './watching-switch.js';

const ROUNDS = 400;
/** Few enough that the machine hardly changes within a round. */
const ITERATIONS_PER_ROUND = 4;
const WARM_UP_MS = 3_000;
/** A busy machine does fewer rounds. */
const ROUNDS_WITHIN_MS = 150_000;
/** Spans are exported in batches of this many requests' spans, or every two seconds. */
const ITERATIONS_PER_SENDING = 64;
const SENDINGS = 16;
const SENDINGS_WITHIN_MS = 30_000;
const COMPARED_EVERY = 3;
const CONCURRENCY = 2;

/** Both ends are measured twice: the difference between equal measurements is noise. */
const MEASURED = [...watchingParts, 'unwatched again', 'everything again'] as const;
type Measured = (typeof MEASURED)[number];

/** As a share of the time without telemetry: 0.05 = 5 %. */
export interface WatchingCosts {
  /** Added to the previous parts. */
  logging: ConfidentMedian;
  metrics: ConfidentMedian;
  /** Without exporting spans. */
  tracing: ConfidentMedian;
  together: ConfidentMedian;
  /** The same against the same: the margin of error. */
  unwatchedAgain: ConfidentMedian;
  /** Async context tracking, which remains without telemetry. */
  following: ConfidentMedian;
}

/** The cost of telemetry for the dashboard query. */
export interface WatchingFigures {
  rounds: number;
  requestsPerRound: number;
  cpuMsPerRequest: Record<Watching, number>;
  cpu: WatchingCosts;
  /** Exporting spans, as a share of CPU time without telemetry. */
  sending: number;
  /** Latency with two concurrent requests. */
  wall: WatchingCosts;
  logLinesPerRequest: number;
  spansPerRequest: number;
  cpuMsPerScrape: number;
}

type Times = Record<Measured, number[]>;

const noTimes = () => Object.fromEntries(MEASURED.map((measured) => [measured, []])) as unknown as Times;

function watchingOf(measured: Measured): Watching {
  if (measured === 'unwatched again') return 'following';
  return measured === 'everything again' ? 'tracing' : measured;
}

const middle = (one: number[], other: number[]) => one.map((ms, index) => (ms + (other[index] ?? 0)) / 2);

async function requireSameAnswers(gateway: GatewayProcess, ask: Workload, iterations: number): Promise<void> {
  const answers = [];
  for (const watching of watchingParts) {
    await gateway.watch(watching);
    const given = [];
    for (let iteration = 0; iteration < iterations; iteration += COMPARED_EVERY)
      given.push(JSON.stringify(await ask(iteration)));
    answers.push(given);
  }
  const [first, ...others] = answers;
  for (const other of others) deepStrictEqual(other, first);
}

async function scrape({ url }: GatewayProcess): Promise<void> {
  const response = await fetch(`${url}/metrics`);
  if (!(await response.text()).includes('webmetrics_graphql_fields_total')) {
    throw new Error(`GET /metrics answered ${response.status} without figures.`);
  }
}

const linesIn = (file: string) => readFileSync(file, 'utf8').split('\n').length - 1;

/** Different in each round: a measurement is affected by the one before it. */
function orderOf(round: number): readonly Measured[] {
  const first = Math.floor(round / 2) % MEASURED.length;
  const order = [...MEASURED.slice(first), ...MEASURED.slice(0, first)];
  return round % 2 === 0 ? order : order.reverse();
}

async function cpuOf(gateway: GatewayProcess, work: () => Promise<unknown>): Promise<number> {
  const before = await gateway.cpuMs();
  await work();
  return (await gateway.cpuMs()) - before;
}

/** Measures lines, spans and, separately, their export: rounds are too short for batches. */
async function measureSending(
  gateway: GatewayProcess,
  ask: Workload,
  collector: SpanCollector,
  logFile: string,
  scale: number,
) {
  const [linesBefore, spansBefore] = [linesIn(logFile), collector.spans()];
  const cpuMsPerSpan: number[] = [];
  const end = performance.now() + SENDINGS_WITHIN_MS * scale;
  let requests = 0;
  while (cpuMsPerSpan.length === 0 || (cpuMsPerSpan.length < SENDINGS && performance.now() < end)) {
    await runTimes(ask, ITERATIONS_PER_SENDING, CONCURRENCY);
    requests += ITERATIONS_PER_SENDING;
    const before = collector.spans();
    const cpuMs = await cpuOf(gateway, () => gateway.sendSpans());
    cpuMsPerSpan.push(cpuMs / Math.max(1, collector.spans() - before));
  }
  return {
    cpuMsPerSpan: quantile(cpuMsPerSpan, 0.5),
    spansPerRequest: (collector.spans() - spansBefore) / requests,
    linesPerRequest: (linesIn(logFile) - linesBefore) / requests,
  };
}

function costsOf(times: Times): WatchingCosts {
  const unwatched = middle(times.following, times['unwatched again']);
  const everything = middle(times.tracing, times['everything again']);
  const added = (more: number[], less: number[]) =>
    medianWithin(more.map((ms, index) => (ms - (less[index] ?? 0)) / (unwatched[index] ?? 0)));
  return {
    logging: added(times.logging, unwatched),
    metrics: added(times.metrics, times.logging),
    tracing: added(everything, times.metrics),
    together: added(everything, unwatched),
    unwatchedAgain: added(times['unwatched again'], times.following),
    following: added(unwatched, times.nothing),
  };
}

/**
 * Measures one gateway with more and less telemetry in turns. Costs are medians of differences within a round, in which
 * process and machine hardly change.
 */
export async function measureWatching(
  site: BenchSite,
  collector: SpanCollector,
  http: HttpClient,
  { people: count, scale }: { people: number; scale: number },
): Promise<WatchingFigures> {
  const gateway = await site.startGateway('tracing', collector.url);
  const users = await signInUsers(http, gateway.url, count);
  const ask = dashboardsOf(users);
  await requireSameAnswers(gateway, ask, distinctIterations(users));
  for (const watching of [...watchingParts, ...watchingParts]) {
    await gateway.watch(watching);
    await runFor(ask, WARM_UP_MS * scale, CONCURRENCY);
  }

  const [cpu, wall] = [noTimes(), noTimes()];
  let rounds = 0;
  const measure = async (measured: Measured) => {
    await gateway.watch(watchingOf(measured));
    const cpuBefore = await gateway.cpuMs();
    const startedAt = performance.now();
    await runTimes((iteration) => ask(rounds * ITERATIONS_PER_ROUND + iteration), ITERATIONS_PER_ROUND, CONCURRENCY);
    const elapsedMs = performance.now() - startedAt;
    cpu[measured].push(((await gateway.cpuMs()) - cpuBefore) / ITERATIONS_PER_ROUND);
    wall[measured].push((elapsedMs * CONCURRENCY) / ITERATIONS_PER_ROUND);
    await gateway.sendSpans();
  };
  const end = performance.now() + ROUNDS_WITHIN_MS * scale;
  for (; rounds < ROUNDS && performance.now() < end; rounds += 1) {
    for (const measured of orderOf(rounds)) await measure(measured);
  }
  await gateway.watch('tracing');
  const sending = await measureSending(gateway, ask, collector, site.logFileOf('tracing'), scale);
  const cpuMsPerScrape = await cpuOf(gateway, () => scrape(gateway));
  const unwatchedMs = quantile(cpu.following, 0.5);
  const medians = watchingParts.map((watching) => [watching, round(quantile(cpu[watching], 0.5))]);
  return {
    rounds,
    requestsPerRound: ITERATIONS_PER_ROUND,
    cpuMsPerRequest: Object.fromEntries(medians) as Record<Watching, number>,
    cpu: costsOf(cpu),
    sending: round((sending.cpuMsPerSpan * sending.spansPerRequest) / unwatchedMs, 4),
    wall: costsOf(wall),
    logLinesPerRequest: round(sending.linesPerRequest, 1),
    spansPerRequest: round(sending.spansPerRequest, 1),
    cpuMsPerScrape: round(cpuMsPerScrape, 1),
  };
}
