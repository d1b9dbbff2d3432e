/** Returns the value below which this share (0 to 1) of the values lies. NaN when there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}

/** The middle and the slow end of waiting times, in milliseconds. */
export interface Waiting {
  p50Ms: number;
  p99Ms: number;
}

export function waitingOf(timesMs: readonly number[]): Waiting {
  return { p50Ms: round(quantile(timesMs, 0.5)), p99Ms: round(quantile(timesMs, 0.99)) };
}
