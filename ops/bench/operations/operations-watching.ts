import { deepStrictEqual } from 'node:assert';
import { readFileSync } from 'node:fs';
import type { BenchSite } from '#ops/bench/bench-site.js';
import { askFor, askTurns, dashboardsOf, differentTurns, signInPeople } from '#ops/bench/dashboard-people.js';
import type { GatewayProcess } from '#ops/bench/gateway/gateway-process.js';
import type { Ask } from '#ops/bench/side-by-side.js';
import { medianWithin, quantile, round, type SureMedian } from '#ops/bench/statistics.js';
import type { HttpClient } from '#runtime/http/http-client.js';
import type { SpanCollector } from './span-collector.js';
import { type Watching, watchingParts } from './watching-switch.js';

const ROUNDS = 400;
/** So few that the machine has hardly changed within a round of all. */
const TURNS_PER_ROUND = 4;
const WARM_UP_MS = 3_000;
/** On a machine with other work there are fewer rounds instead. */
const ROUNDS_WITHIN_MS = 150_000;
/** Spans are sent together: as many as these have, or what comes in two seconds. */
const TURNS_PER_SENDING = 64;
const SENDINGS = 16;
const SENDINGS_WITHIN_MS = 30_000;
const COMPARED_EVERY = 3;
const CONCURRENCY = 2;

/** The two ends are measured twice: what stands between the same and the same is what the machine makes up. */
const MEASURED = [...watchingParts, 'unwatched again', 'everything again'] as const;
type Measured = (typeof MEASURED)[number];

/** Of the processor time, or the time, of a program that does not watch: 0.05 = 5 %. */
export interface WatchingCosts {
  /** What each adds to those before it. */
  logging: SureMedian;
  metrics: SureMedian;
  /** Without sending the spans. */
  tracing: SureMedian;
  together: SureMedian;
  /** Of the same over the same: how far to believe the others. */
  unwatchedAgain: SureMedian;
  /** What is in a program that does not watch as well: knowing of every promise what caused it. */
  following: SureMedian;
}

/** What watching costs on the dashboard query. */
export interface WatchingFigures {
  rounds: number;
  requestsPerRound: number;
  /** Processor time of the gateway's process with all its threads. */
  cpuMsPerRequest: Record<Watching, number>;
  cpu: WatchingCosts;
  /** Sending spans in batches, of the processor time of a program that does not watch. */
  sending: number;
  /** The time whoever asks has to wait for an answer, while two are asked for at a time. */
  wall: WatchingCosts;
  logLinesPerRequest: number;
  spansPerRequest: number;
  /** One GET /metrics, in processor time. */
  cpuMsPerScrape: number;
}

/** Milliseconds per request, by round. */
type Times = Record<Measured, number[]>;

const noTimes = () => Object.fromEntries(MEASURED.map((measured) => [measured, []])) as unknown as Times;

function watchingOf(measured: Measured): Watching {
  if (measured === 'unwatched again') return 'following';
  return measured === 'everything again' ? 'tracing' : measured;
}

/** What two series have between them, round by round. */
const middle = (one: number[], other: number[]) => one.map((ms, place) => (ms + (other[place] ?? 0)) / 2);

/** Throws unless the answers are the same, letter by letter, however much is watched. */
async function requireSameAnswers(gateway: GatewayProcess, ask: Ask, turns: number): Promise<void> {
  const answers = [];
  for (const watching of watchingParts) {
    await gateway.watch(watching);
    const given = [];
    for (let turn = 0; turn < turns; turn += COMPARED_EVERY) given.push(JSON.stringify(await ask(turn)));
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

/** Each round in another order, there and back: what comes first finds the machine as the one before it left it. */
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

/** What is sent and written for a request, and what sending takes: apart, as rounds are too short for batches as they are. */
async function measureSending(
  gateway: GatewayProcess,
  ask: Ask,
  collector: SpanCollector,
  logFile: string,
  scale: number,
) {
  const [linesBefore, spansBefore] = [linesIn(logFile), collector.spans()];
  const cpuMsPerSpan: number[] = [];
  const end = performance.now() + SENDINGS_WITHIN_MS * scale;
  let asked = 0;
  while (cpuMsPerSpan.length === 0 || (cpuMsPerSpan.length < SENDINGS && performance.now() < end)) {
    await askTurns(ask, TURNS_PER_SENDING, CONCURRENCY);
    asked += TURNS_PER_SENDING;
    const before = collector.spans();
    const cpuMs = await cpuOf(gateway, () => gateway.sendSpans());
    cpuMsPerSpan.push(cpuMs / Math.max(1, collector.spans() - before));
  }
  return {
    cpuMsPerSpan: quantile(cpuMsPerSpan, 0.5),
    spansPerRequest: (collector.spans() - spansBefore) / asked,
    linesPerRequest: (linesIn(logFile) - linesBefore) / asked,
  };
}

function costsOf(times: Times): WatchingCosts {
  const unwatched = middle(times.following, times['unwatched again']);
  const everything = middle(times.tracing, times['everything again']);
  const added = (more: number[], less: number[]) =>
    medianWithin(more.map((ms, place) => (ms - (less[place] ?? 0)) / (unwatched[place] ?? 0)));
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
 * Has one gateway watch more and less by turns, for a few requests each. The costs are medians of those within a round: all
 * of a round is the same program, in the same state, on a machine that has hardly changed meanwhile.
 */
export async function measureWatching(
  site: BenchSite,
  collector: SpanCollector,
  http: HttpClient,
  { people: count, scale }: { people: number; scale: number },
): Promise<WatchingFigures> {
  const gateway = await site.startGateway('tracing', collector.url);
  const people = await signInPeople(http, gateway.url, count);
  const ask = dashboardsOf(people);
  await requireSameAnswers(gateway, ask, differentTurns(people));
  for (const watching of [...watchingParts, ...watchingParts]) {
    await gateway.watch(watching);
    await askFor(ask, WARM_UP_MS * scale, CONCURRENCY);
  }

  const [cpu, wall] = [noTimes(), noTimes()];
  let rounds = 0;
  const measure = async (measured: Measured) => {
    await gateway.watch(watchingOf(measured));
    const cpuBefore = await gateway.cpuMs();
    const startedAt = performance.now();
    await askTurns((turn) => ask(rounds * TURNS_PER_ROUND + turn), TURNS_PER_ROUND, CONCURRENCY);
    const elapsedMs = performance.now() - startedAt;
    cpu[measured].push(((await gateway.cpuMs()) - cpuBefore) / TURNS_PER_ROUND);
    wall[measured].push((elapsedMs * CONCURRENCY) / TURNS_PER_ROUND);
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
    requestsPerRound: TURNS_PER_ROUND,
    cpuMsPerRequest: Object.fromEntries(medians) as Record<Watching, number>,
    cpu: costsOf(cpu),
    sending: round((sending.cpuMsPerSpan * sending.spansPerRequest) / unwatchedMs, 4),
    wall: costsOf(wall),
    logLinesPerRequest: round(sending.linesPerRequest, 1),
    spansPerRequest: round(sending.spansPerRequest, 1),
    cpuMsPerScrape: round(cpuMsPerScrape, 1),
  };
}
