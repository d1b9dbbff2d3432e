import type { Comparison, Rate } from './side-by-side.js';

/** What was compared, with the names of the two ways. */
export interface Compared extends Comparison {
  title: string;
  names: [string, string];
}

const round = (value: number, digits = 2) => Number(value.toFixed(digits));

const line = (name: string, ...cells: string[]) =>
  `${name.padEnd(52)}${cells.map((cell) => cell.padStart(16)).join('')}`.trimEnd();

function lineOf(name: string, { requestsPerSecond, cpuMsPerRequest }: Rate, ...ratios: number[]): string {
  const cells = ratios.map((ratio) => `${ratio.toFixed(2)}x`);
  return line(`  ${name}`, requestsPerSecond.toFixed(1), cpuMsPerRequest.toFixed(2), ...cells);
}

/** Returns what was compared as lines for people. */
export function tableOf(comparisons: Compared[]): string {
  const rows = comparisons.flatMap(({ title, names: [first, second], ...comparison }) => [
    title,
    lineOf(first, comparison.first, comparison.ratio, comparison.cpuRatio),
    lineOf(second, comparison.second),
  ]);
  return [line('', 'requests/s', 'CPU ms/request', 'ratio', 'by CPU'), ...rows, ''].join('\n');
}

function figuresOfRate({ requestsPerSecond, cpuMsPerRequest }: Rate) {
  return { requestsPerSecond: round(requestsPerSecond, 1), cpuMsPerRequest: round(cpuMsPerRequest) };
}

/** Returns what was compared for the JSON line. */
export function figuresOf({ names: [first, second], ...comparison }: Compared) {
  return {
    ratio: round(comparison.ratio),
    cpuRatio: round(comparison.cpuRatio),
    [first]: figuresOfRate(comparison.first),
    [second]: figuresOfRate(comparison.second),
  };
}
