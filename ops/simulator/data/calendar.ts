// Days are whole numbers since 1970-01-01, so that no time zone can shift them.

const MS_PER_DAY = 86_400_000;

/** Returns a YYYY-MM-DD date's day number; null when it does not exist. */
export function findDay(date: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return null;
  const ms = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(ms)) return null;
  const day = ms / MS_PER_DAY;
  // Date.parse rolls 2026-02-30 over.
  return dateOf(day) === date ? day : null;
}

/** Returns the day number of a valid date; throws otherwise. */
export function dayOf(date: string): number {
  const day = findDay(date);
  if (day === null) throw new RangeError(`Not a date: ${date}`);
  return day;
}

const dates = new Map<number, string>();
const MAX_DATES = 10_000;

/** Returns YYYY-MM-DD. */
export function dateOf(day: number): string {
  const known = dates.get(day);
  if (known !== undefined) return known;
  const date = new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
  if (dates.size < MAX_DATES) dates.set(day, date);
  return date;
}

/** Returns 0 for Sunday to 6 for Saturday. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** Returns the month as 0 to 11. */
export function monthOf(day: number): number {
  return new Date(day * MS_PER_DAY).getUTCMonth();
}

/** Returns the first day of the month `months` after that of `day`. */
export function startOfMonth(day: number, months = 0): number {
  const date = new Date(day * MS_PER_DAY);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1) / MS_PER_DAY;
}

const zoneFormats = new Map<string, Intl.DateTimeFormat>();

function formatIn(timeZone: string): Intl.DateTimeFormat {
  let format = zoneFormats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    zoneFormats.set(timeZone, format);
  }
  return format;
}

function wallClock(instant: Date, timeZone: string): number {
  const parts = Object.fromEntries(
    formatIn(timeZone)
      .formatToParts(instant)
      .map((part) => [part.type, Number(part.value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** Returns today in a time zone. */
export function dayIn(timeZone: string, instant: Date): number {
  return Math.floor(wallClock(instant, timeZone) / MS_PER_DAY);
}

/** Returns a time zone's UTC offset in minutes. */
export function offsetMinutes(timeZone: string, instant: Date): number {
  return Math.round((wallClock(instant, timeZone) - Math.floor(instant.getTime() / 1000) * 1000) / 60_000);
}
