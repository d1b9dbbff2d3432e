import { rowPrinter } from '#ops/bench/report.js';
import { megabytes, round } from '#ops/bench/statistics.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';
import {
  callsAlone,
  compareSubjects,
  type HttpPace,
  requireEqualAnswers,
  type Spread,
  type SubjectFigures,
} from './compare-subjects.js';
import { type Crowd, type MemoryRun, measureCrowd, measureMemory } from './crowd.js';
import { startSubjects } from './subjects.js';

/** The gateways over HTTP. */
export interface HttpFigures {
  answerCharacters: number;
  callsAlone: Record<string, number>;
  unique: SubjectFigures[];
  identical: SubjectFigures[];
  crowd: Crowd;
  memory: MemoryRun;
}

const CROWD = 500;
const CROWD_MS = 10_000;

/**
 * Measures this gateway over subgraphs behind HTTP, beside Apollo's and Hive's, in processes of their own; and what becomes of 500
 * connections, and of its memory in a while.
 */
export async function measureHttp(
  lifecycle: Lifecycle,
  pace: HttpPace,
  memoryMs: number,
  report: (line: string) => void,
): Promise<HttpFigures> {
  const { subgraphs, stock, ours, hive } = await startSubjects(lifecycle, report);
  const subjects = [stock, ours, ...(hive ? [hive] : [])];
  const answerCharacters = await requireEqualAnswers(subjects);
  const alone: Record<string, number> = {};
  for (const subject of subjects) alone[subject.name] = await callsAlone(subject, subgraphs);
  report(`Over HTTP: ${subjects.map(({ name }) => name).join(', ')} give equal answers.`);
  const unique = await compareSubjects(subjects, subgraphs, 'unique', pace);
  const identical = await compareSubjects(subjects, subgraphs, 'identical', pace);
  const crowd = await measureCrowd(ours, CROWD, CROWD_MS);
  const memory = await measureMemory(ours, pace.connections, memoryMs);
  return { answerCharacters, callsAlone: alone, unique, identical, crowd, memory };
}

const line = rowPrinter(12, 24);
const cell = ({ median, least, most }: Spread, digits: number) =>
  `${median.toFixed(digits)} [${least.toFixed(digits)}–${most.toFixed(digits)}]`;

function rowsOf(title: string, subjects: SubjectFigures[]): string[] {
  const head = line(
    title,
    'requests/s',
    'x stock',
    'CPU ms/request',
    'x stock by CPU',
    'subgraph calls',
    'CPU ms of subgraphs',
  );
  const rows = subjects.map(({ name, ...own }) =>
    line(
      `  ${name}`,
      cell(own.requestsPerSecond, 1),
      cell(own.ratio, 2),
      cell(own.cpuMsPerRequest, 2),
      cell(own.cpuRatio, 2),
      cell(own.callsPerRequest, 2),
      cell(own.subgraphCpuMsPerRequest, 2),
    ),
  );
  return [head, ...rows];
}

/** Formats what was measured: medians, with the least and the most of all alternations. */
export function describeHttp({
  answerCharacters,
  callsAlone: alone,
  unique,
  identical,
  crowd,
  memory,
}: HttpFigures): string {
  const calls = Object.entries(alone).map(([name, count]) => `${name} ${count}`);
  return [
    `Over HTTP, answers of ${answerCharacters} characters; subgraph calls of one request alone: ${calls.join(', ')}`,
    ...rowsOf('Unique', unique),
    ...rowsOf('Identical', identical),
    `${crowd.connections} connections: ${crowd.answered} answered, ${crowd.shed} shed, ${crowd.errors} errors; median ${round(crowd.p50Ms)} ms, slowest ${round(crowd.slowestMs)} ms`,
    `Memory over ${memory.seconds} s and ${memory.requests} requests: ${megabytes(memory.earlyBytes)} MB, then ${megabytes(memory.lateBytes)} MB`,
    '',
  ].join('\n');
}

/** Returns the ratios of throughput to stock, for the JSON line. */
export function httpRatiosOf({ unique, identical }: HttpFigures): Record<string, number> {
  const loads = { Unique: unique, Identical: identical };
  const ratios = Object.entries(loads).flatMap(([load, subjects]) =>
    subjects.slice(1).map(({ name, ratio }) => [`${name}VsStock${load}OverHttp`, round(ratio.median)] as const),
  );
  return Object.fromEntries(ratios);
}
