import { Registry } from 'prom-client';

/** The distinct values that labels have taken, of each label that is bounded. */
const knownValues: Set<string>[] = [];

class MetricsRegistry extends Registry {
  /** Sets all metrics to zero; the values of bounded labels are free again. */
  override resetMetrics(): void {
    for (const known of knownValues) known.clear();
    super.resetMetrics();
  }
}

export const registry = new MetricsRegistry();

let collect = () => registry.metrics();

/** Replaces what `collectMetrics` returns, where this is one of several processes that have their metrics together. */
export function collectMetricsWith(other: () => Promise<string>): void {
  collect = other;
}

/** Returns all metrics of this program in the text format of Prometheus. */
export function collectMetrics(): Promise<string> {
  return collect();
}

/** Buckets in seconds for requests: from a probe to a slow report. */
export const WAITING_BUCKETS = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Buckets in seconds for background jobs. */
export const WORK_BUCKETS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900];

/** Returns the seconds since `startedAt`, a `performance.now()`. */
export function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1_000;
}

const MAX_LENGTH = 100;

/**
 * Returns a function that passes the first `limit` distinct values through and maps all others to "other": label values are
 * kept as long as the process lives, and these are chosen by clients.
 */
export function boundLabel(limit: number): (value: string) => string {
  const known = new Set<string>();
  knownValues.push(known);
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= limit || value.length > MAX_LENGTH) return 'other';
    known.add(value);
    return value;
  };
}
