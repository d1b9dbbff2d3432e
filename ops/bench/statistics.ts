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

/** A median, and between which values it is with 95 % certainty. */
export interface SureMedian {
  median: number;
  from: number;
  to: number;
}

/** Returns the median with the values of the sample it is between: by rank, so that it holds whatever the distribution is. */
export function medianWithin(values: readonly number[], digits = 3): SureMedian {
  const sorted = values.toSorted((a, b) => a - b);
  const reach = 0.98 * Math.sqrt(sorted.length);
  const at = (place: number) => round(sorted[Math.max(0, Math.min(sorted.length - 1, place))] ?? Number.NaN, digits);
  const middle = sorted.length / 2;
  return {
    median: at(Math.floor(middle)),
    from: at(Math.floor(middle - reach)),
    to: at(Math.ceil(middle + reach)),
  };
}
