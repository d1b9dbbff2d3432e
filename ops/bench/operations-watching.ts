import { deepStrictEqual } from 'node:assert';
import { readFileSync } from 'node:fs';
import type { HttpClient } from '../runtime/http-client.js';
import type { BenchSite } from './bench-site.js';
import { askFor, askTurns, dashboardsOf, differentTurns, signInPeople } from './dashboard-people.js';
import type { GatewayProcess } from './gateway-process.js';
import type { Ask } from './side-by-side.js';
import type { SpanCollector } from './span-collector.js';
import { medianWithin, quantile, round, type SureMedian } from './statistics.js';
import { type Watching, watchingParts } from './watching-parts.js';

const ROUNDS = 48;
/** As many as fill a batch or two of spans: what waits is sent at the end of each. */
const TURNS_PER_ROUND = 32;
/** Asked after each change and not measured. */
const TURNS_BEFORE = 2;
const WARM_UP_MS = 3_000;
/** On a machine with other work there are fewer rounds instead. */
const ROUNDS_WITHIN_MS = 150_000;
const COMPARED_EVERY = 3;
const CONCURRENCY = 2;

/** Watching nothing is measured twice: what stands between the two is what the machine makes up. */
const MEASURED = [...watchingParts, 'nothing again'] as const;
type Measured = (typeof MEASURED)[number];

/** Of the processor time, or the time, without any watching: 0.05 = 5 %. */
export interface WatchingCosts {
  /** What each adds to those before it. */
  context: SureMedian;
  logging: SureMedian;
  metrics: SureMedian;
  tracing: SureMedian;
  together: SureMedian;
  /** Of nothing over nothing: how far to believe the others. */
  nothingAgain: SureMedian;
}

/** What watching costs on the dashboard query. */
export interface WatchingFigures {
  rounds: number;
  requestsPerRound: number;
  /** Processor time of the gateway's process with all its threads. */
  cpuMsPerRequest: Record<Watching, number>;
  cpu: WatchingCosts;
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
const watchingOf = (measured: Measured): Watching => (measured === 'nothing again' ? 'nothing' : measured);

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

function costsOf(times: Times): WatchingCosts {
  const nothing = times.nothing.map((ms, place) => (ms + (times['nothing again'][place] ?? 0)) / 2);
  const added = (more: number[], less: number[]) =>
    medianWithin(more.map((ms, place) => (ms - (less[place] ?? 0)) / (nothing[place] ?? 0)));
  return {
    context: added(times.context, nothing),
    logging: added(times.logging, times.context),
    metrics: added(times.metrics, times.logging),
    tracing: added(times.tracing, times.metrics),
    together: added(times.tracing, nothing),
    nothingAgain: added(times['nothing again'], times.nothing),
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
  let [lines, spans, rounds] = [0, 0, 0];
  const measure = async (measured: Measured) => {
    await gateway.watch(watchingOf(measured));
    await askTurns(ask, TURNS_BEFORE, CONCURRENCY);
    const cpuBefore = await gateway.cpuMs();
    const [linesBefore, spansBefore] = [linesIn(site.logFileOf('tracing')), collector.spans()];
    const startedAt = performance.now();
    await askTurns((turn) => ask(rounds * TURNS_PER_ROUND + turn), TURNS_PER_ROUND, CONCURRENCY);
    const elapsedMs = performance.now() - startedAt;
    cpu[measured].push(((await gateway.cpuMs()) - cpuBefore) / TURNS_PER_ROUND);
    wall[measured].push((elapsedMs * CONCURRENCY) / TURNS_PER_ROUND);
    if (measured !== 'tracing') return;
    lines += linesIn(site.logFileOf('tracing')) - linesBefore;
    spans += collector.spans() - spansBefore;
  };
  const end = performance.now() + ROUNDS_WITHIN_MS * scale;
  for (; rounds < ROUNDS && performance.now() < end; rounds += 1) {
    for (const measured of orderOf(rounds)) await measure(measured);
  }
  const asked = rounds * TURNS_PER_ROUND;
  await gateway.watch('tracing');
  const cpuBefore = await gateway.cpuMs();
  await scrape(gateway);
  const cpuMsPerScrape = (await gateway.cpuMs()) - cpuBefore;
  const medians = watchingParts.map((watching) => [watching, round(quantile(cpu[watching], 0.5))]);
  return {
    rounds,
    requestsPerRound: TURNS_PER_ROUND,
    cpuMsPerRequest: Object.fromEntries(medians) as Record<Watching, number>,
    cpu: costsOf(cpu),
    wall: costsOf(wall),
    logLinesPerRequest: round(lines / asked, 1),
    spansPerRequest: round(spans / asked, 1),
    cpuMsPerScrape: round(cpuMsPerScrape, 1),
  };
}
