/** Returns a quantile (0 to 1) of values; NaN without any. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}

/** Converts bytes to megabytes with one decimal place. */
export const megabytes = (bytes: number) => round(bytes / 1e6, 1);

/** Median and 99th percentile of latencies. */
export interface Waiting {
  p50Ms: number;
  p99Ms: number;
}

export function waitingOf(timesMs: readonly number[]): Waiting {
  return { p50Ms: round(quantile(timesMs, 0.5)), p99Ms: round(quantile(timesMs, 0.99)) };
}

/** A median with its 95 % confidence interval. */
export interface ConfidentMedian {
  median: number;
  from: number;
  to: number;
}

/** Returns the median with its confidence interval, for any distribution. */
export function medianWithin(values: readonly number[], digits = 3): ConfidentMedian {
  const sorted = values.toSorted((a, b) => a - b);
  const reach = 0.98 * Math.sqrt(sorted.length);
  const at = (index: number) => round(sorted[Math.max(0, Math.min(sorted.length - 1, index))] ?? Number.NaN, digits);
  const middle = sorted.length / 2;
  return {
    median: at(Math.floor(middle)),
    from: at(Math.floor(middle - reach)),
    to: at(Math.ceil(middle + reach)),
  };
}
