import { deepStrictEqual } from 'node:assert';
import { readFileSync } from 'node:fs';
import type { HttpClient } from '../runtime/http-client.js';
import type { BenchSite } from './bench-site.js';
import { askFor, askTurns, dashboardsOf, differentTurns, signInPeople } from './dashboard-people.js';
import type { GatewayProcess } from './gateway-process.js';
import type { Ask } from './side-by-side.js';
import type { SpanCollector } from './span-collector.js';
import { quantile, round } from './statistics.js';
import { type Watching, watchingParts } from './watching-parts.js';

const ROUNDS = 30;
const TURNS_PER_ROUND = 32;
const WARM_UP_MS = 12_000;
/** On a machine with other work there are fewer rounds instead. */
const ROUNDS_WITHIN_MS = 50_000;
const COMPARED_EVERY = 3;
/** Of each gateway; there are four. */
const CONCURRENCY = 2;

/** What watching costs on the dashboard query: processor time of the gateway's process per request. */
export interface WatchingFigures {
  rounds: number;
  requestsPerRound: number;
  cpuMsPerRequest: Record<Watching, number>;
  /** Of the processor time without any watching: 0.05 = 5 %. What the part adds to those before it. */
  costs: Record<'logging' | 'metrics' | 'tracing' | 'together', number>;
  /** The middle half of the rounds, for all of it together. */
  togetherFrom: number;
  togetherTo: number;
  logLinesPerRequest: number;
  spansPerRequest: number;
  /** One GET /metrics, in processor time. */
  cpuMsPerScrape: number;
}

interface Watched {
  watching: Watching;
  gateway: GatewayProcess;
  ask: Ask;
}

/** Throws unless all gateways answer alike, letter by letter. */
async function requireSameAnswers(watched: Watched[], turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += COMPARED_EVERY) {
    const [first, ...others] = await Promise.all(watched.map(({ ask }) => ask(turn)));
    for (const other of others) deepStrictEqual(JSON.stringify(other), JSON.stringify(first));
  }
}

async function cpuOf({ gateway }: Watched, work: () => Promise<unknown>): Promise<number> {
  const before = await gateway.cpuMs();
  await work();
  return (await gateway.cpuMs()) - before;
}

async function scrape({ url }: GatewayProcess): Promise<void> {
  const response = await fetch(`${url}/metrics`);
  if (!(await response.text()).includes('webmetrics_graphql_fields_total')) {
    throw new Error(`GET /metrics answered ${response.status} without figures.`);
  }
}

const linesIn = (file: string) => readFileSync(file, 'utf8').split('\n').length - 1;

/**
 * Compares gateways that differ only in how much they watch, asked the same at the same time: what else the machine does
 * then slows all of them alike. The costs are medians of those within a round.
 */
export async function measureWatching(
  site: BenchSite,
  collector: SpanCollector,
  http: HttpClient,
  { people: count, scale }: { people: number; scale: number },
): Promise<WatchingFigures> {
  const watched: Watched[] = [];
  let different = 0;
  for (const watching of watchingParts) {
    const gateway = await site.startGateway(watching, collector.url);
    const people = await signInPeople(http, gateway.url, count);
    different = differentTurns(people);
    watched.push({ watching, gateway, ask: dashboardsOf(people) });
  }
  const last = watched.at(-1) as Watched;
  await requireSameAnswers(watched, different);
  await Promise.all(watched.map(({ ask }) => askFor(ask, WARM_UP_MS * scale, CONCURRENCY)));

  const cpu = Object.fromEntries(watchingParts.map((watching) => [watching, [] as number[]])) as Record<
    Watching,
    number[]
  >;
  await last.gateway.cpuMs();
  const [linesBefore, spansBefore] = [linesIn(site.logFileOf('tracing')), collector.spans()];
  const end = performance.now() + ROUNDS_WITHIN_MS * scale;
  let rounds = 0;
  for (; rounds < ROUNDS && performance.now() < end; rounds += 1) {
    await Promise.all(
      watched.map(async (one) => {
        const ask: Ask = (turn) => one.ask(rounds * TURNS_PER_ROUND + turn);
        const cpuMs = await cpuOf(one, () => askTurns(ask, TURNS_PER_ROUND, CONCURRENCY));
        cpu[one.watching].push(cpuMs / TURNS_PER_ROUND);
      }),
    );
  }
  const asked = rounds * TURNS_PER_ROUND;
  const lines = linesIn(site.logFileOf('tracing')) - linesBefore;
  const spans = collector.spans() - spansBefore;
  const cpuMsPerScrape = await cpuOf(last, () => scrape(last.gateway));

  const added = (more: Watching, less: Watching) =>
    cpu[more].map((ms, place) => (ms - (cpu[less][place] as number)) / (cpu.nothing[place] as number));
  const costOf = (more: Watching, less: Watching, share = 0.5) => round(quantile(added(more, less), share), 3);
  const medians = watchingParts.map((watching) => [watching, round(quantile(cpu[watching], 0.5))]);
  return {
    rounds,
    requestsPerRound: TURNS_PER_ROUND,
    cpuMsPerRequest: Object.fromEntries(medians) as Record<Watching, number>,
    costs: {
      logging: costOf('logging', 'nothing'),
      metrics: costOf('metrics', 'logging'),
      tracing: costOf('tracing', 'metrics'),
      together: costOf('tracing', 'nothing'),
    },
    togetherFrom: costOf('tracing', 'nothing', 0.25),
    togetherTo: costOf('tracing', 'nothing', 0.75),
    logLinesPerRequest: round(lines / asked, 1),
    spansPerRequest: round(spans / asked, 1),
    cpuMsPerScrape: round(cpuMsPerScrape, 1),
  };
}
