import { Temporal } from 'temporal-polyfill';
import { addDays } from '#integrations/calendar-day.js';
import { medianOf } from './robust-statistics.js';

/** The days a pattern is read from: four of each weekday. */
const PATTERN_DAYS = 28;
/** The days that say how much is spent now. */
const LEVEL_DAYS = 7;
/** A weekday needs so many of them. */
const LEAST_WEEKDAYS = 2;
/** An average needs so many days. */
const LEAST_DAYS = 3;

/** Monday = 1. */
export const weekdayOf = (day: string): number => Temporal.PlainDate.from(day).dayOfWeek;

/** Amounts in millionths, by day. */
export type Spend = ReadonlyMap<string, bigint>;

/** What is usually spent on each weekday, in millionths. */
export interface SpendPattern {
  method: 'WEEKDAY_MEDIAN' | 'AVERAGE';
  usualOn(day: string): number;
}

interface SpentDay {
  day: string;
  spent: number;
}

function weekdayPattern(days: SpentDay[], isRecent: (day: string) => boolean): SpendPattern | null {
  const byWeekday = Array.from({ length: 8 }, (): number[] => []);
  for (const { day, spent } of days) byWeekday[weekdayOf(day)]?.push(spent);
  if (byWeekday.slice(1).some(({ length }) => length < LEAST_WEEKDAYS)) return null;
  const medians = byWeekday.map((values) => (values.length > 0 ? medianOf(values) : 0));
  const medianOn = (day: string) => medians[weekdayOf(day)] ?? 0;
  const ratios = days
    .filter(({ day }) => isRecent(day) && medianOn(day) > 0)
    .map(({ day, spent }) => spent / medianOn(day));
  const level = ratios.length > 0 ? medianOf(ratios) : 1;
  return { method: 'WEEKDAY_MEDIAN', usualOn: (day) => medianOn(day) * level };
}

function average(days: SpentDay[]): SpendPattern | null {
  if (days.length < LEAST_DAYS) return null;
  const mean = days.reduce((sum, { spent }) => sum + spent, 0) / days.length;
  return { method: 'AVERAGE', usualOn: () => mean };
}

/**
 * Returns the pattern of the 28 days up to `last`: the medians of weekdays, times how the last 7 days compare with them (the
 * median of their ratios); an average while there are fewer than two of each weekday, null with less than three days. Days that
 * are not in `spend` are unknown.
 */
export function spendPattern(spend: Spend, last: string): SpendPattern | null {
  const days = Array.from({ length: PATTERN_DAYS }, (_, back) => addDays(last, -back)).flatMap((day) => {
    const spent = spend.get(day);
    return spent === undefined ? [] : [{ day, spent: Number(spent) }];
  });
  const recent = addDays(last, -LEVEL_DAYS);
  return weekdayPattern(days, (day) => day > recent) ?? average(days);
}

/** A pattern is tried at the end of so many earlier days. */
const TRIALS = 28;
/** So many trials say how far it is off. */
const LEAST_TRIALS = 14;

/** The days that are needed to say how far a pattern is off over a month. */
export const HISTORY_DAYS = PATTERN_DAYS + TRIALS + 31;

/**
 * Returns how far four of five forecasts over `length` days were off, in the share of what they said, had they been made at the
 * end of the last 28 days that are as long ago; null with too few known days.
 */
export function errorOfPattern(spend: Spend, last: string, length: number): number | null {
  const errors = Array.from({ length: TRIALS }, (_, back) => addDays(last, -length - back)).flatMap((end) => {
    const pattern = spendPattern(spend, end);
    const ahead = Array.from({ length }, (_, index) => addDays(end, index + 1));
    const spent = ahead.map((day) => spend.get(day));
    if (pattern?.method !== 'WEEKDAY_MEDIAN' || spent.includes(undefined)) return [];
    const said = ahead.reduce((sum, day) => sum + pattern.usualOn(day), 0);
    const truly = spent.reduce((sum, value) => sum + Number(value), 0);
    return said > 0 ? [Math.abs(truly - said) / said] : [];
  });
  if (errors.length < LEAST_TRIALS) return null;
  const place = Math.min(errors.length, Math.ceil(0.8 * (errors.length + 1)));
  return [...errors].sort((one, other) => one - other)[place - 1] ?? null;
}
