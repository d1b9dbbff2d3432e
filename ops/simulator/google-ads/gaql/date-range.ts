import { dateOf, findDay, startOfMonth, weekdayOf } from '#simulator/data/calendar.js';
import { type Condition, GaqlError, type Query } from './query.js';

export interface DayRange {
  first: number;
  last: number;
}

const UNITS = ['date', 'week', 'month', 'quarter', 'year'] as const;
type Unit = (typeof UNITS)[number];

/** Returns the first day of a date segment; weeks begin on Monday. */
export function startOfUnit(unit: Unit, day: number): number {
  switch (unit) {
    case 'date':
      return day;
    case 'week':
      return day - ((weekdayOf(day) + 6) % 7);
    case 'month':
      return startOfMonth(day);
    case 'quarter':
      return startOfMonth(day, -((Number(dateOf(day).slice(5, 7)) - 1) % 3));
    case 'year':
      return startOfMonth(day, 1 - Number(dateOf(day).slice(5, 7)));
  }
}

/** Returns the selected date segments, finest first. */
export function selectedUnits(query: Query): Unit[] {
  return UNITS.filter((unit) => query.select.includes(`segments.${unit}`));
}

/**
 * Returns a query's days, or null for all time. Throws for date segments without a finite range:
 * https://developers.google.com/google-ads/api/docs/reporting/segmentation
 */
export function dateRangeOf(query: Query, today: number): DayRange | null {
  const conditions = query.where.filter(({ field }) => field.startsWith('segments.') && field !== 'segments.device');
  if (conditions.length === 0 && selectedUnits(query).length === 0) return null;
  const range = { first: -Infinity, last: Infinity };
  for (const condition of conditions) {
    const limits = limitsOf(condition, today);
    range.first = Math.max(range.first, limits.first);
    range.last = Math.min(range.last, limits.last);
  }
  if (Number.isFinite(range.first) && Number.isFinite(range.last)) return range;
  throw new GaqlError(
    'EXPECTED_FILTERS_ON_DATE_RANGE',
    "Expected filters on the following field with a finite date range because a date segment is used: 'segments.date'.",
    'segments.date',
  );
}

function limitsOf(condition: Condition, today: number): DayRange {
  const unit = condition.field.slice('segments.'.length) as Unit;
  const [one, two] = condition.values.map((value) => value.text);
  if (condition.operator === 'DURING') return namedRange(one ?? '', today);
  const low = readStart(unit, one ?? '');
  const end = (start: number) => endOfUnit(unit, start);
  switch (condition.operator) {
    case '=':
      return { first: low, last: end(low) };
    case '>':
      return { first: end(low) + 1, last: Infinity };
    case '>=':
      return { first: low, last: Infinity };
    case '<':
      return { first: -Infinity, last: low - 1 };
    case '<=':
      return { first: -Infinity, last: end(low) };
    default: {
      const high = readStart(unit, two ?? '');
      if (high < low)
        throw new GaqlError(
          'PROHIBITED_VALUE_COMBINATION_WITH_BETWEEN_OPERATOR',
          'Error in query: BETWEEN must go from the earlier to the later value.',
        );
      return { first: low, last: end(high) };
    }
  }
}

function readStart(unit: Unit, text: string): number {
  const day = findDay(unit === 'year' ? `${text}-01-01` : text);
  if (day === null)
    throw new GaqlError('INVALID_DATE_FORMAT', `Error in query: '${text}' is not a date such as '2026-10-01'.`, text);
  if (startOfUnit(unit, day) !== day)
    throw new GaqlError(
      'MISALIGNED_DATE_FOR_FILTER',
      `Error in query: '${text}' is not the first day of a ${unit}.`,
      text,
    );
  return day;
}

function endOfUnit(unit: Unit, start: number): number {
  const months = { date: 0, week: 0, month: 1, quarter: 3, year: 12 }[unit];
  return months > 0 ? startOfMonth(start, months) - 1 : start + (unit === 'week' ? 6 : 0);
}

function namedRange(name: string, today: number): DayRange {
  const sunday = today - weekdayOf(today);
  const monday = startOfUnit('week', today);
  const until = (days: number) => ({ first: today - days, last: today - 1 });
  switch (name.toUpperCase()) {
    case 'TODAY':
      return { first: today, last: today };
    case 'YESTERDAY':
      return until(1);
    case 'LAST_7_DAYS':
      return until(7);
    case 'LAST_14_DAYS':
      return until(14);
    case 'LAST_30_DAYS':
      return until(30);
    case 'LAST_BUSINESS_WEEK':
      return { first: monday - 7, last: monday - 3 };
    case 'THIS_MONTH':
      return { first: startOfMonth(today), last: today };
    case 'LAST_MONTH':
      return { first: startOfMonth(today, -1), last: startOfMonth(today) - 1 };
    case 'THIS_WEEK_SUN_TODAY':
      return { first: sunday, last: today };
    case 'THIS_WEEK_MON_TODAY':
      return { first: monday, last: today };
    case 'LAST_WEEK_SUN_SAT':
      return { first: sunday - 7, last: sunday - 1 };
    case 'LAST_WEEK_MON_SUN':
      return { first: monday - 7, last: monday - 1 };
    default:
      throw new GaqlError(
        'INVALID_VALUE_WITH_DURING_OPERATOR',
        `Error in query: '${name}' is not a date range literal.`,
        name,
      );
  }
}
