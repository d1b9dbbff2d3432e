import { LRUCache } from 'lru-cache';
import { Temporal } from 'temporal-polyfill';

// Calendar days as `YYYY-MM-DD`, which sort in calendar order.

const { PlainDate } = Temporal;

/** Both days included. */
export interface DayRange {
  start: string;
  end: string;
}

function zonedTime(timeZone: string, instant: Date): Temporal.ZonedDateTime {
  const at = Temporal.Instant.fromEpochMilliseconds(instant.getTime());
  try {
    return at.toZonedDateTimeISO(timeZone);
  } catch {
    // A zone unknown to this Node version: a day hours off is better than none.
    return at.toZonedDateTimeISO('UTC');
  }
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MAX_ZONES = 1_000;

/** The day of the last minute asked for, by time zone: clocks change at full minutes. */
const daysByZone = new LRUCache<string, { minute: number; day: string }>({ max: MAX_ZONES });

/** Returns the day of an instant in a time zone. */
export function dayIn(timeZone: string, instant: Date): string {
  if (timeZone === 'UTC') return instant.toISOString().slice(0, 10);
  const minute = Math.floor(instant.getTime() / MINUTE_MS);
  const known = daysByZone.get(timeZone);
  if (known?.minute === minute) return known.day;
  const day = zonedTime(timeZone, instant).toPlainDate().toString();
  daysByZone.set(timeZone, { minute, day });
  return day;
}

/** Returns the day `days` later; earlier when negative. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);

/** Local time: the figures of the day before are complete by then. */
export const NIGHT_HOUR = 4;

/** Returns the last day due to be copied. */
export function lastDueDay(timeZone: string, now: Date): string {
  const night = zonedTime(timeZone, now).subtract({ hours: NIGHT_HOUR });
  return night.toPlainDate().subtract({ days: 1 }).toString();
}

/** Counts days, both included; 0 when the last precedes the first. */
export const countDays = (first: string, last: string): number =>
  Math.max(0, (Date.parse(last) - Date.parse(first)) / DAY_MS + 1);

/** Returns every day of a range, oldest first. */
export function daysOf({ start, end }: DayRange): string[] {
  return Array.from({ length: countDays(start, end) }, (_, offset) => addDays(start, offset));
}

/** Returns the day `months` earlier, or the last of a shorter month. */
export const monthsBefore = (day: string, months: number): string =>
  PlainDate.from(day).subtract({ months }).toString();

/** Returns when clocks in a time zone next show the full `hour`. */
export function nextHour(timeZone: string, hour: number, after: Date): Date {
  const now = zonedTime(timeZone, after);
  const today = now.toPlainDate().toZonedDateTime({ timeZone: now.timeZoneId, plainTime: { hour } });
  const isAhead = Temporal.ZonedDateTime.compare(today, now) > 0;
  return new Date((isAhead ? today : today.add({ days: 1 })).epochMilliseconds);
}

/** Returns the latest day. */
export const lastOf = (...days: [string, ...string[]]): string => days.sort().at(-1) as string;

/** Returns the earliest day. */
export const firstOf = (...days: [string, ...string[]]): string => days.sort()[0] as string;

/** Returns the shortest range that covers the given ones, at least one. */
export function unionOfRanges(ranges: DayRange[]): DayRange {
  return ranges.reduce((union, { start, end }) => ({
    start: firstOf(union.start, start),
    end: lastOf(union.end, end),
  }));
}

/** Whether a day is in a range. */
export const isInRange = (day: string, { start, end }: DayRange): boolean => day >= start && day <= end;
