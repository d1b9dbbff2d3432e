import type { Comparison, Rate } from './side-by-side.js';
import { round, type Waiting } from './statistics.js';

/** A comparison with the names of both variants. */
export interface Compared extends Comparison {
  title: string;
  names: [string, string];
}

/** Returns a function that prints rows with these column widths. */
export const rowPrinter =
  (nameWidth: number, cellWidth: number) =>
  (name: string, ...cells: string[]) =>
    `${name.padEnd(nameWidth)}${cells.map((cell) => cell.padStart(cellWidth)).join('')}`.trimEnd();

export const waitingCells = ({ p50Ms, p99Ms }: Waiting, digits: number) =>
  [p50Ms, p99Ms].map((ms) => `${ms.toFixed(digits)} ms`);

const line = rowPrinter(52, 16);

function lineOf(name: string, { requestsPerSecond, cpuMsPerRequest }: Rate, ...ratios: number[]): string {
  const cells = ratios.map((ratio) => `${ratio.toFixed(2)}x`);
  return line(`  ${name}`, requestsPerSecond.toFixed(1), cpuMsPerRequest.toFixed(2), ...cells);
}

/** Formats comparisons as a table. */
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

/** Returns the figures of a comparison for the JSON line. */
export function figuresOf({ names: [first, second], ...comparison }: Compared) {
  return {
    ratio: round(comparison.ratio),
    cpuRatio: round(comparison.cpuRatio),
    [first]: figuresOfRate(comparison.first),
    [second]: figuresOfRate(comparison.second),
  };
}
