// Calendar days as `YYYY-MM-DD`, which sort as they follow each other.

const DAY_MS = 24 * 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;

const formats = new Map<string, Intl.DateTimeFormat>();

function openFormat(timeZone: string): Intl.DateTimeFormat {
  const options = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', hourCycle: 'h23' } as const;
  try {
    return new Intl.DateTimeFormat('en', { ...options, timeZone });
  } catch {
    // A zone nobody here has heard of: a day that is a few hours off is better than none.
    return new Intl.DateTimeFormat('en', { ...options, timeZone: 'UTC' });
  }
}

/** Returns what calendar and clock show in a time zone. */
function wallClock(timeZone: string, instant: Date): { day: string; hour: number } {
  const format = formats.get(timeZone) ?? openFormat(timeZone);
  formats.set(timeZone, format);
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  return { day: `${parts.year}-${parts.month}-${parts.day}`, hour: Number(parts.hour) };
}

/** Returns the day it is in a time zone. */
export const dayIn = (timeZone: string, instant: Date): string => wallClock(timeZone, instant).day;

/** Returns the day that many days later, or earlier. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The hour at which a day that is over is copied, where the account is: providers have it together by then, and few people look. */
export const NIGHT_HOUR = 4;

/** Returns the last day that should be copied by now: yesterday, once the night is over. */
export function lastDueDay(timeZone: string, now: Date): string {
  return addDays(dayIn(timeZone, new Date(now.getTime() - NIGHT_HOUR * HOUR_MS)), -1);
}

/** Returns how many days there are from the first to the last, both included; 0 when the last lies before the first. */
export function countDays(first: string, last: string): number {
  return Math.max(0, Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS) + 1);
}

/** Returns the day that many months earlier; the last of its month where there is no such day. */
export function monthsBefore(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const lastOfMonth = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 - months, Math.min(date, lastOfMonth))).toISOString().slice(0, 10);
}

/** Returns when clocks in a time zone next show this hour: exact but for the hour of a clock change. */
export function nextHour(timeZone: string, hour: number, after: Date): Date {
  const begun = Math.floor(after.getTime() / HOUR_MS) * HOUR_MS;
  const ahead = (hour - wallClock(timeZone, after).hour + 24) % 24 || 24;
  return new Date(begun + ahead * HOUR_MS);
}

/** Returns the last of some days. */
export function lastOf(first: string, ...others: string[]): string {
  return [first, ...others].sort().at(-1) as string;
}

/** Returns the first of some days. */
export function firstOf(first: string, ...others: string[]): string {
  return [first, ...others].sort()[0] as string;
}
