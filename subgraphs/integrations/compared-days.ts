import { Temporal } from 'temporal-polyfill';
import { addDays, countDays, type DayRange, daysOf } from './calendar-day.js';
import type { Period } from './period-days.js';

const { PlainDate } = Temporal;
type Day = Temporal.PlainDate;

/** What figures are compared with. */
export type Comparison = 'PREVIOUS_PERIOD' | 'PREVIOUS_YEAR';

/** What days are grouped by. */
export type TimeUnit = 'DAY' | 'WEEK' | 'MONTH';

const isFirstOfMonth = (day: Day) => day.day === 1;
const isLastOfMonth = (day: Day) => day.day === day.daysInMonth;

/** The months of a range of whole months; 0 = it is none. */
function wholeMonths(start: Day, end: Day): number {
  if (!isFirstOfMonth(start) || !isLastOfMonth(end)) return 0;
  const { years, months } = start.until(end.add({ days: 1 }), { largestUnit: 'years' });
  return years * 12 + months;
}

const unitsBefore: Partial<Record<Period, (start: Day) => Day>> = {
  THIS_WEEK: (start) => start.subtract({ weeks: 1 }),
  THIS_MONTH: (start) => start.subtract({ months: 1 }),
  THIS_QUARTER: (start) => start.subtract({ months: 3 }),
  THIS_YEAR: (start) => start.subtract({ years: 1 }),
};

function previousPeriod(start: Day, end: Day, period: Period | undefined): [Day, Day] {
  const unitBefore = period && unitsBefore[period];
  if (unitBefore) {
    const before = unitBefore(start);
    // As long as the current one has lasted; a shorter month ends before.
    const last = before.add({ days: start.until(end).days });
    return [before, PlainDate.compare(last, start) < 0 ? last : start.subtract({ days: 1 })];
  }
  const months = wholeMonths(start, end);
  const before = months > 0 ? start.subtract({ months }) : start.subtract({ days: start.until(end).days + 1 });
  return [before, start.subtract({ days: 1 })];
}

function previousYear(start: Day, end: Day, period: Period | undefined): [Day, Day] {
  // The same days of the week.
  if (period === 'THIS_WEEK' || period === 'LAST_WEEK') {
    return [start.subtract({ weeks: 52 }), end.subtract({ weeks: 52 })];
  }
  const last = end.subtract({ years: 1 });
  const isWhole = wholeMonths(start, end) > 0;
  return [start.subtract({ years: 1 }), isWhole ? last.with({ day: last.daysInMonth }) : last];
}

/**
 * Returns the days that a range is compared with: the period before, as long as the current one has lasted when it is not
 * over, and whole months for whole months; or the same days a year before, for weeks the same days of the week.
 */
export function comparedDays({ start, end }: DayRange, comparison: Comparison, period?: Period): DayRange {
  const before = comparison === 'PREVIOUS_YEAR' ? previousYear : previousPeriod;
  const [first, last] = before(PlainDate.from(start), PlainDate.from(end), period);
  return { start: first.toString(), end: last.toString() };
}

/** Returns the first day of the week (Monday) or month of a day, or the day. */
export function startOfUnit(day: string, unit: TimeUnit): string {
  if (unit === 'DAY') return day;
  if (unit === 'MONTH') return `${day.slice(0, 7)}-01`;
  return addDays(day, 1 - PlainDate.from(day).dayOfWeek);
}

function unitsFrom(first: string, last: string, unit: TimeUnit): number {
  if (unit === 'MONTH') {
    const { years, months } = PlainDate.from(first).until(last, { largestUnit: 'years' });
    return years * 12 + months;
  }
  return (countDays(first, last) - 1) / (unit === 'WEEK' ? 7 : 1);
}

function addUnits(start: string, count: number, unit: TimeUnit): string {
  if (unit === 'MONTH') return PlainDate.from(start).add({ months: count }).toString();
  return addDays(start, count * (unit === 'WEEK' ? 7 : 1));
}

/** A day of a range with the unit it counts to. */
export interface DayInUnit {
  day: string;
  /** The first day of the unit. */
  unit: string;
}

/** Returns the days of a range with their units. */
export const unitsOf = (range: DayRange, unit: TimeUnit): DayInUnit[] =>
  daysOf(range).map((day) => ({ day, unit: startOfUnit(day, unit) }));

/**
 * Returns the days of a compared range with the units of the range they are compared with: the same date where the two are
 * years apart (29 February has none), else the first with the first, and so on. Days beyond its end have none, but weeks and months
 * beyond it count to the last one where the two are equally long: seven days may lie in two weeks.
 */
export function comparedUnitsOf(compared: DayRange, range: DayRange, unit: TimeUnit, isYearly: boolean): DayInUnit[] {
  const first = startOfUnit(compared.start, unit);
  const firstUnit = startOfUnit(range.start, unit);
  // A leap day may be the difference.
  const isAsLong = unit !== 'DAY' && countDays(compared.start, compared.end) <= countDays(range.start, range.end) + 1;
  const counterpart = (day: string): string | undefined => {
    if (unit === 'DAY' && isYearly) {
      const [, month, date] = day.split('-');
      const sameDay = `${Number(day.slice(0, 4)) + 1}-${month}-${date}`;
      return month === '02' && date === '29' ? undefined : sameDay;
    }
    const count = unitsFrom(first, startOfUnit(day, unit), unit);
    const start = addUnits(startOfUnit(range.start, unit), count, unit);
    return start > range.end && isAsLong ? startOfUnit(range.end, unit) : start;
  };
  return daysOf(compared).flatMap((day) => {
    const start = counterpart(day);
    return start && start >= firstUnit && start <= range.end ? [{ day, unit: start }] : [];
  });
}
