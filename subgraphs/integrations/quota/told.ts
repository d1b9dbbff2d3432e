import type { LimitOwner, Told } from './limits.js';

// Nothing a provider sends is believed just because it was sent: a number that makes no sense would silence us for years.

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** More than any provider lets through in a day. */
const MAX_CALLS = 1_000_000_000;
/** Meta tells up to some hundreds of percent when a limit was overrun. */
const MAX_PERCENT = 10_000;
/** A window that ends within the last minute ended a moment ago, by a clock that is behind ours. */
const PAST_MS = MINUTE_MS;

/** Returns a header as a whole number; undefined when it is missing, repeated, or anything else. */
export function numberIn(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}

/** Returns a header as JSON; undefined when it is missing, repeated, or anything else. */
export function jsonIn(header: string | string[] | undefined): unknown {
  try {
    return typeof header === 'string' ? JSON.parse(header) : undefined;
  } catch {
    return undefined;
  }
}

const isCount = (value: unknown): value is number => Number.isInteger(value) && 0 <= Number(value);

/** Returns how many of `max` are used in the window that ends at `resetsAt`, or nothing when that makes no sense. */
export function toldWindow(
  of: LimitOwner,
  limit: string,
  given: { max: unknown; remaining: unknown; resetsAt: unknown; cost?: unknown },
  now: Date,
): Told[] {
  const { max, remaining, resetsAt, cost } = given;
  if (!isCount(max) || !isCount(remaining) || max < 1 || max > MAX_CALLS || remaining > max) return [];
  if (!isCount(resetsAt) || resetsAt < now.getTime() - PAST_MS || resetsAt > now.getTime() + DAY_MS + MINUTE_MS)
    return [];
  const isKnownCost = isCount(cost) && cost >= 1 && cost <= max;
  return [{ of, limit, kind: 'window', max, used: max - remaining, resetsAt, ...(isKnownCost && { cost }) }];
}

/** Returns how much of a limit is used in percent, and when it begins anew if that was told in `resetsInMs`. */
export function toldShare(
  of: LimitOwner,
  limit: string,
  { percent, resetsInMs }: { percent: unknown; resetsInMs?: unknown },
  now: Date,
): Told[] {
  if (typeof percent !== 'number' || !(percent >= 0 && percent <= MAX_PERCENT)) return [];
  const isEnd = typeof resetsInMs === 'number' && resetsInMs > 0 && resetsInMs <= DAY_MS;
  const resetsAt = isEnd ? now.getTime() + Math.ceil(resetsInMs) : undefined;
  return [{ of, limit, kind: 'share', usedPercent: Math.min(100, percent), ...(resetsAt && { resetsAt }) }];
}

/** Returns that nothing more is to be asked for `ms`, a day at most. */
export function toldPause(of: LimitOwner, limit: string, ms: number, now: Date): Told[] {
  return ms > 0 && ms <= DAY_MS ? [{ of, limit, kind: 'pause', until: now.getTime() + Math.ceil(ms) }] : [];
}
