import { quantile } from './statistics.js';
import { runFor, type Workload } from './workload.js';

export interface Pace {
  rounds: number;
  roundMs: number;
  concurrency: number;
}

export interface Rate {
  requestsPerSecond: number;
  /** Of all threads of this process, without PostgreSQL. */
  cpuMsPerRequest: number;
}

export interface Comparison {
  /** Throughput of the first divided by that of the second. */
  ratio: number;
  /** CPU time of the second divided by that of the first: steadier on a busy machine. */
  cpuRatio: number;
  first: Rate;
  second: Rate;
}

const WARM_UP_MS = 1_000;

async function measure(workload: Workload, { roundMs, concurrency }: Pace, first: number): Promise<Rate> {
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const requests = await runFor((iteration) => workload(first + iteration), roundMs, concurrency);
  const elapsedMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { requestsPerSecond: (requests / elapsedMs) * 1_000, cpuMsPerRequest: (user + system) / 1_000 / requests };
}

const median = (values: number[]) => quantile(values, 0.5);

function medianRate(rates: Rate[]): Rate {
  return {
    requestsPerSecond: median(rates.map(({ requestsPerSecond }) => requestsPerSecond)),
    cpuMsPerRequest: median(rates.map(({ cpuMsPerRequest }) => cpuMsPerRequest)),
  };
}

/**
 * Compares two workloads, warmed up and alternating (A B, B A, …). Ratios are medians within a round, in which the
 * machine hardly changes.
 */
export async function sideBySide(first: Workload, second: Workload, pace: Pace): Promise<Comparison> {
  for (const workload of [first, second]) await measure(workload, { ...pace, roundMs: WARM_UP_MS }, 0);
  const firsts: Rate[] = [];
  const seconds: Rate[] = [];
  for (let round = 0; round < pace.rounds; round += 1) {
    const measureFirst = async () => void firsts.push(await measure(first, pace, round));
    const measureSecond = async () => void seconds.push(await measure(second, pace, round));
    const inOrder = round % 2 === 0 ? [measureFirst, measureSecond] : [measureSecond, measureFirst];
    for (const measureNext of inOrder) await measureNext();
  }
  const ratioOf = (figure: (first: Rate, second: Rate) => number) =>
    median(firsts.map((rate, round) => figure(rate, seconds[round] as Rate)));
  return {
    ratio: ratioOf((one, other) => one.requestsPerSecond / other.requestsPerSecond),
    cpuRatio: ratioOf((one, other) => other.cpuMsPerRequest / one.cpuMsPerRequest),
    first: medianRate(firsts),
    second: medianRate(seconds),
  };
}
