import { deepStrictEqual } from 'node:assert';
import { quantile } from '#ops/bench/statistics.js';
import { runFor, runTimes, type Workload } from '#ops/bench/workload.js';
import { type Client, openClient, visitorOf } from './ask-catalogue.js';
import { cpuMsOf } from './process-cost.js';
import type { Subgraphs, Subject } from './subjects.js';

/** Whose requests differ, or are all the same. */
export type Load = 'unique' | 'identical';

export interface HttpPace {
  /** Alternations. */
  rounds: number;
  roundMs: number;
  connections: number;
}

/** A median, the least and the most. */
export interface Spread {
  median: number;
  least: number;
  most: number;
}

/** Of one gateway under one load. */
export interface SubjectFigures {
  name: string;
  requestsPerSecond: Spread;
  /** Of the gateway's process alone. */
  cpuMsPerRequest: Spread;
  /** Of the subgraphs' process, which runs beside it. */
  subgraphCpuMsPerRequest: Spread;
  callsPerRequest: Spread;
  /** Its throughput by that of stock in the same alternation. */
  ratio: Spread;
  /** The CPU time of stock by its own. */
  cpuRatio: Spread;
}

interface Sample {
  requestsPerSecond: number;
  cpuMs: number;
  subgraphCpuMs: number;
  calls: number;
}

/** Until the code of each gateway is compiled. */
const WARM_UP_REQUESTS = 500;

let visitors = 0;
function nextVisitor(): string {
  visitors += 1;
  return visitorOf(visitors);
}

/** Returns the data of an answer as text. Throws for any other. */
export function dataIn({ status, text }: Awaited<ReturnType<Client['ask']>>): string {
  const { data, errors } = JSON.parse(text.toString());
  if (status !== 200 || errors) throw new Error(`A gateway answered ${status}: ${text.subarray(0, 300)}`);
  return JSON.stringify(data);
}

/** Throws unless all gateways answer alike, letter by letter. Returns the characters of an answer. */
export async function requireEqualAnswers(subjects: readonly Subject[]): Promise<number> {
  const answers = [];
  for (const subject of subjects) {
    const client = openClient(subject, { connections: 1 });
    answers.push([dataIn(await client.ask(visitorOf(1))), dataIn(await client.ask(visitorOf(2)))]);
    await client.close();
  }
  for (const answer of answers) deepStrictEqual(answer, answers[0]);
  return answers[0]?.[0]?.length ?? 0;
}

/** Returns how many operations a gateway sends to subgraphs for one request, when there is no other. */
export async function callsAlone(subject: Subject, subgraphs: Subgraphs): Promise<number> {
  const client = openClient(subject, { connections: 1 });
  const before = await subgraphs.calls();
  await client.ask(nextVisitor());
  await client.close();
  return (await subgraphs.calls()) - before;
}

/** Returns what asks a gateway, and checks the size of each answer. */
function workloadOf({ subject, client, bytes }: Opened, load: Load): Workload {
  const visitor = nextVisitor();
  return async () => {
    const { status, text } = await client.ask(load === 'unique' ? nextVisitor() : visitor);
    if (status === 200 && text.length === bytes) return;
    throw new Error(`${subject.name} answered ${status}: ${text.subarray(0, 300)}`);
  };
}

async function measure(
  opened: Opened,
  subgraphs: Subgraphs,
  load: Load,
  { roundMs, connections }: HttpPace,
): Promise<Sample> {
  const { subject } = opened;
  const callsBefore = await subgraphs.calls();
  const [cpuBefore, subgraphCpuBefore] = [cpuMsOf(subject.pid), cpuMsOf(subgraphs.pid)];
  const startedAt = performance.now();
  const requests = await runFor(workloadOf(opened, load), roundMs, connections);
  const elapsedMs = performance.now() - startedAt;
  return {
    requestsPerSecond: (requests / elapsedMs) * 1_000,
    cpuMs: (cpuMsOf(subject.pid) - cpuBefore) / requests,
    subgraphCpuMs: (cpuMsOf(subgraphs.pid) - subgraphCpuBefore) / requests,
    calls: ((await subgraphs.calls()) - callsBefore) / requests,
  };
}

function spreadOf(values: readonly number[]): Spread {
  return { median: quantile(values, 0.5), least: Math.min(...values), most: Math.max(...values) };
}

function figuresOf(name: string, samples: Sample[], stock: Sample[]): SubjectFigures {
  const spread = (figure: (sample: Sample) => number) => spreadOf(samples.map(figure));
  const against = (figure: (own: Sample, stock: Sample) => number) =>
    spreadOf(samples.map((own, round) => figure(own, stock[round] as Sample)));
  return {
    name,
    requestsPerSecond: spread(({ requestsPerSecond }) => requestsPerSecond),
    cpuMsPerRequest: spread(({ cpuMs }) => cpuMs),
    subgraphCpuMsPerRequest: spread(({ subgraphCpuMs }) => subgraphCpuMs),
    callsPerRequest: spread(({ calls }) => calls),
    ratio: against((own, other) => own.requestsPerSecond / other.requestsPerSecond),
    cpuRatio: against((own, other) => other.cpuMs / own.cpuMs),
  };
}

interface Opened {
  subject: Subject;
  client: Client;
  /** Of each of its answers. */
  bytes: number;
}

async function open(subject: Subject, { connections }: HttpPace): Promise<Opened> {
  const client = openClient(subject, { connections });
  return { subject, client, bytes: (await client.ask(nextVisitor())).text.length };
}

/** Compares gateways, the first of which is stock: warmed up, in turn, each alternation beginning with the next one. */
export async function compareSubjects(
  subjects: readonly Subject[],
  subgraphs: Subgraphs,
  load: Load,
  pace: HttpPace,
): Promise<SubjectFigures[]> {
  const opened = await Promise.all(subjects.map((subject) => open(subject, pace)));
  for (const one of opened) await runTimes(workloadOf(one, load), WARM_UP_REQUESTS, pace.connections);
  const samples = new Map<Opened, Sample[]>(opened.map((one) => [one, []]));
  for (let round = 0; round < pace.rounds; round += 1) {
    const first = round % opened.length;
    for (const one of [...opened.slice(first), ...opened.slice(0, first)]) {
      samples.get(one)?.push(await measure(one, subgraphs, load, pace));
    }
  }
  await Promise.all(opened.map(({ client }) => client.close()));
  const stock = samples.get(opened[0] as Opened) ?? [];
  return opened.map((one) => figuresOf(one.subject.name, samples.get(one) ?? [], stock));
}
