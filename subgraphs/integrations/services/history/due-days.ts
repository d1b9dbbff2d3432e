import { addDays, countDays, type DayRange } from '#integrations/calendar-day.js';
import type { DailyHistory } from '#integrations/providers/provider.js';

/** Returns the last day that a provider has reported by now. */
export const lastReportedDay = (today: string, { lagDays = 0 }: Pick<DailyHistory, 'lagDays'>): string =>
  addDays(today, -1 - lagDays);

export interface CopiedDay {
  day: string;
  fetchedAt: Date;
  /** Whether its figures no longer change. */
  isFinal: boolean;
  /** Whether it is to be read again all the same. */
  isRefreshDue: boolean;
}

/** Shorter than from night to night. */
const READ_AGAIN_MS = 12 * 60 * 60 * 1000;

/** Returns the days that are missing or may have changed, newest first. */
export function dueDays(copied: CopiedDay[], first: string, last: string, now: Date): string[] {
  const oldest = now.getTime() - READ_AGAIN_MS;
  const good = new Set(
    copied
      .filter(({ isFinal, fetchedAt, isRefreshDue }) => !isRefreshDue && (isFinal || fetchedAt.getTime() > oldest))
      .map(({ day }) => day),
  );
  const days = Array.from({ length: countDays(first, last) }, (_, back) => addDays(last, -back));
  return days.filter((day) => !good.has(day));
}

/** Returns ranges of at most `size` days that cover exactly these days, given newest first. */
export function rangesOf(days: string[], size: number): DayRange[] {
  const ranges: DayRange[] = [];
  for (const day of days) {
    const range = ranges.at(-1);
    const isNext = range && addDays(range.start, -1) === day && countDays(range.start, range.end) < size;
    if (isNext) range.start = day;
    else ranges.push({ start: day, end: day });
  }
  return ranges;
}
