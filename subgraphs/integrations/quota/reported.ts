import type { LimitOwner, ReportedLimit } from './limits.js';

// Reports are validated: an implausible number would block requests for years.

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MAX_CALLS = 1_000_000_000;
/** Meta reports hundreds of percent when a limit was overrun. */
const MAX_PERCENT = 10_000;
/** The provider's clock may be behind. */
const PAST_MS = MINUTE_MS;

/** Returns a header as a whole number; undefined when missing, repeated or malformed. */
export function numberIn(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}

/** Returns a header as JSON; undefined when missing, repeated or malformed. */
export function jsonIn(header: string | string[] | undefined): unknown {
  try {
    return typeof header === 'string' ? JSON.parse(header) : undefined;
  } catch {
    return undefined;
  }
}

const isCount = (value: unknown): value is number => Number.isInteger(value) && 0 <= Number(value);

/** Returns the report of a window, if plausible. */
export function reportedWindow(
  of: LimitOwner,
  limit: string,
  given: { max: unknown; remaining: unknown; resetsAt: unknown; cost?: unknown },
  now: Date,
): ReportedLimit[] {
  const { max, remaining, resetsAt, cost } = given;
  if (!isCount(max) || !isCount(remaining) || max < 1 || max > MAX_CALLS || remaining > max) return [];
  if (!isCount(resetsAt) || resetsAt < now.getTime() - PAST_MS || resetsAt > now.getTime() + DAY_MS + MINUTE_MS)
    return [];
  const isKnownCost = isCount(cost) && cost >= 1 && cost <= max;
  return [{ of, limit, kind: 'window', max, used: max - remaining, resetsAt, ...(isKnownCost && { cost }) }];
}

/** Returns the report of a used percentage, if plausible. */
export function reportedShare(
  of: LimitOwner,
  limit: string,
  { percent, resetsInMs }: { percent: unknown; resetsInMs?: unknown },
  now: Date,
): ReportedLimit[] {
  if (typeof percent !== 'number' || !(percent >= 0 && percent <= MAX_PERCENT)) return [];
  const isEnd = typeof resetsInMs === 'number' && resetsInMs > 0 && resetsInMs <= DAY_MS;
  const resetsAt = isEnd ? now.getTime() + Math.ceil(resetsInMs) : undefined;
  return [{ of, limit, kind: 'share', usedPercent: Math.min(100, percent), ...(resetsAt && { resetsAt }) }];
}

/** Returns the report of a pause, at most a day. */
export function reportedPause(of: LimitOwner, limit: string, ms: number, now: Date): ReportedLimit[] {
  return ms > 0 && ms <= DAY_MS ? [{ of, limit, kind: 'pause', until: now.getTime() + Math.ceil(ms) }] : [];
}

const DAY_SECONDS = 24 * 60 * 60;

/** Returns whole seconds, at least one; `fallback` for an implausible value. */
export function sensibleSeconds(seconds: number | undefined, fallback: number): number {
  if (seconds === undefined || !(seconds >= 0 && seconds <= DAY_SECONDS)) return fallback;
  return Math.max(1, Math.ceil(seconds));
}
