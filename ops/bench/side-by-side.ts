/** Asks once; `turn` counts up, so that users and variables can rotate. Rejects when the answer is not what it should be. */
export type Ask = (turn: number) => Promise<unknown>;

export interface Pace {
  rounds: number;
  roundMs: number;
  /** Requests under way at any time. */
  concurrency: number;
}

export interface Rate {
  requestsPerSecond: number;
  /** Of this process, all its threads included; PostgreSQL is another one. */
  cpuMsPerRequest: number;
}

export interface Comparison {
  /** How many times faster the first is than the second. */
  ratio: number;
  /** How many times less processor time the first takes: steadier than `ratio` on a machine that has other work. */
  cpuRatio: number;
  first: Rate;
  second: Rate;
}

const WARM_UP_MS = 1_000;

async function measure(ask: Ask, { roundMs, concurrency }: Pace, firstTurn: number): Promise<Rate> {
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  let turn = 0;
  const askAgainAndAgain = async () => {
    while (performance.now() - startedAt < roundMs) await ask(firstTurn + turn++);
  };
  await Promise.all(Array.from({ length: concurrency }, askAgainAndAgain));
  const elapsedMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { requestsPerSecond: (turn / elapsedMs) * 1_000, cpuMsPerRequest: (user + system) / 1_000 / turn };
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

function medianRate(rates: Rate[]): Rate {
  return {
    requestsPerSecond: median(rates.map(({ requestsPerSecond }) => requestsPerSecond)),
    cpuMsPerRequest: median(rates.map(({ cpuMsPerRequest }) => cpuMsPerRequest)),
  };
}

/**
 * Measures two ways to do the same, warmed up and in turns (A B, B A, A B, …). The ratios are medians of those within a
 * round: a machine is not equally fast for a minute, but nearly so for the moment a round takes.
 */
export async function sideBySide(first: Ask, second: Ask, pace: Pace): Promise<Comparison> {
  for (const ask of [first, second]) await measure(ask, { ...pace, roundMs: WARM_UP_MS }, 0);
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
