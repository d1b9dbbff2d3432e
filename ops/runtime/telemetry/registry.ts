import { Registry } from 'prom-client';

/** Everything this process counts. One for all its parts, as there is one process. */
export const registry = new Registry();

/** Seconds, for what people or programs wait for: from a probe to a slow report. */
export const WAITING_BUCKETS = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Seconds, for work in the background. */
export const WORK_BUCKETS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900];

/** Returns how long something has taken since `startedAt`, a `performance.now()`, in seconds. */
export function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1_000;
}

const MAX_LENGTH = 100;

/**
 * Returns a function that lets only the first `limit` different values through and calls all others "other": each value
 * of a label is kept for as long as the process lives, and these come from outside.
 */
export function boundLabel(limit: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= limit || value.length > MAX_LENGTH) return 'other';
    known.add(value);
    return value;
  };
}
