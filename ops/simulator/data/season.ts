import { dayOf, monthOf, weekdayOf } from './calendar.js';

/** Analytics, Search Console and Business Profile have no earlier data. */
export const RECORDS_START = dayOf('2024-06-01');

// Percent of an ordinary month.
const SEASON = [80, 84, 92, 96, 101, 97, 86, 84, 99, 107, 133, 126];

/** Returns a day's traffic; 10,000 = an ordinary day of an ordinary month. */
export function seasonOf(day: number, weekendPercent: number): number {
  const weekday = weekdayOf(day);
  const week = weekday === 0 || weekday === 6 ? weekendPercent : 100;
  return week * (SEASON[monthOf(day)] ?? 100);
}
