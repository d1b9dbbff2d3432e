import { Temporal } from 'temporal-polyfill';
import type { DayRange } from './calendar-day.js';

const { PlainDate } = Temporal;
type Day = Temporal.PlainDate;
type Days = [first: Day, last: Day];

const daysUpToYesterday =
  (days: number) =>
  (today: Day): Days => [today.subtract({ days }), today.subtract({ days: 1 })];

const weekOf = (day: Day) => day.subtract({ days: day.dayOfWeek - 1 });
const monthOf = (day: Day) => day.with({ day: 1 });
const quarterOf = (day: Day) => day.with({ month: day.month - ((day.month - 1) % 3), day: 1 });
const yearOf = (day: Day) => day.with({ month: 1, day: 1 });

const current =
  (startOf: (day: Day) => Day) =>
  (today: Day): Days => [startOf(today), today];
const previous =
  (startOf: (day: Day) => Day) =>
  (today: Day): Days => {
    const last = startOf(today).subtract({ days: 1 });
    return [startOf(last), last];
  };

const periods = {
  TODAY: (today: Day): Days => [today, today],
  YESTERDAY: daysUpToYesterday(1),
  LAST_7_DAYS: daysUpToYesterday(7),
  LAST_14_DAYS: daysUpToYesterday(14),
  LAST_28_DAYS: daysUpToYesterday(28),
  LAST_30_DAYS: daysUpToYesterday(30),
  LAST_90_DAYS: daysUpToYesterday(90),
  LAST_12_MONTHS: (today: Day): Days => {
    const yesterday = today.subtract({ days: 1 });
    return [yesterday.subtract({ months: 12 }).add({ days: 1 }), yesterday];
  },
  THIS_WEEK: current(weekOf),
  LAST_WEEK: previous(weekOf),
  THIS_MONTH: current(monthOf),
  LAST_MONTH: previous(monthOf),
  THIS_QUARTER: current(quarterOf),
  LAST_QUARTER: previous(quarterOf),
  THIS_YEAR: current(yearOf),
  LAST_YEAR: previous(yearOf),
};

export type Period = keyof typeof periods;

/** Returns the days of a period, `today` being a calendar day. */
export function periodDays(period: Period, today: string): DayRange {
  const [start, end] = periods[period](PlainDate.from(today));
  return { start: start.toString(), end: end.toString() };
}
