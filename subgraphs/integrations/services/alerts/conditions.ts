import { addDays } from '#integrations/calendar-day.js';
import type { AlertKind } from '#integrations/entities/alert-rule.js';
import type { BudgetPace } from '#integrations/services/budgets/budget-pace.js';
import { medianOf, spreadOf } from '#integrations/services/budgets/robust-statistics.js';
import type { DayFigures } from '#integrations/services/budgets/target-days.js';
import { Money } from '#runtime/money.js';

/** The same weekdays of so many weeks say what is usual. */
export const WEEKS = 8;
/** So many of them must be known. */
const LEAST_WEEKS = 6;
/** A spread is at least this share of the median: equal weeks must not make every difference unusual. */
const LEAST_SPREAD = 0.1;
/** Of a month must be over, before its pace says something. */
const LEAST_DAYS_OVER = 3;
/** Resolved within this share of the threshold, so that it does not come and go. */
const RESOLVED_WITHIN = 0.75;
/** Fewer conversions may be missing by chance. */
const LEAST_CONVERSIONS = 5;
/** Conversions of so many more days must have passed. */
export const SETTLED_DAYS = 2;
const TRACKED_DAYS = 3;

/** What a condition finds: over, or not, or (null) nothing can be said, and what was found before stays. */
export type Verdict = { isRaised: boolean; message: string; day: string | null } | null;

/** The figures of a target's known days. Days without activity are zero. */
export interface KnownFigures {
  figures: ReadonlyMap<string, DayFigures>;
  isKnown(day: string): boolean;
  currency: string;
}

const NOTHING: DayFigures = { cost: 0n, clicks: 0, conversions: 0 };

const moneyText = (micros: number | bigint, currency: string) =>
  `${Money.fromMicros(BigInt(Math.round(Number(micros))), currency).toRoundedString()} ${currency}`;

const dateFormat = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  timeZone: 'UTC',
});
const weekdayFormat = new Intl.DateTimeFormat('en-GB', { weekday: 'long', timeZone: 'UTC' });
const dayText = (day: string) => dateFormat.format(new Date(`${day}T00:00:00Z`));
const weekdayText = (day: string) => `${weekdayFormat.format(new Date(`${day}T00:00:00Z`))}s`;

/** The same weekdays before a day, where they are known. */
const weeksBefore = (day: string, { isKnown }: KnownFigures): string[] =>
  Array.from({ length: WEEKS }, (_, week) => addDays(day, -7 * (week + 1))).filter(isKnown);

interface Usual {
  day: string;
  value: number;
  before: number[];
  threshold: number;
  what: string;
  currency: string;
}

function compare({ day, value, before, threshold, what, currency }: Usual): Verdict {
  const median = medianOf(before);
  const margin = threshold * Math.max(spreadOf(before), LEAST_SPREAD * median);
  const [low, high] = [Math.max(0, median - margin), median + margin];
  const usual = `usually ${moneyText(low, currency)} to ${moneyText(high, currency)} on ${weekdayText(day)} (the last ${before.length})`;
  const message = `${what} ${moneyText(value, currency)} on ${dayText(day)}, ${usual}.`;
  return { isRaised: value < low || value > high, message, day };
}

function spendUnusual(known: KnownFigures, day: string, threshold: number): Verdict {
  const before = weeksBefore(day, known).map((one) => Number(known.figures.get(one)?.cost ?? 0n));
  if (!known.isKnown(day) || before.length < LEAST_WEEKS || medianOf(before) <= 0) return null;
  const value = Number(known.figures.get(day)?.cost ?? 0n);
  return compare({ day, value, before, threshold, what: 'Spent', currency: known.currency });
}

function cpaUnusual(known: KnownFigures, day: string, threshold: number): Verdict {
  const cpaOf = (one: string) => {
    const { cost, conversions } = known.figures.get(one) ?? NOTHING;
    return conversions > 0 ? [Number(cost) / conversions] : [];
  };
  const before = weeksBefore(day, known).flatMap(cpaOf);
  const [value] = known.isKnown(day) ? cpaOf(day) : [];
  if (value === undefined || before.length < LEAST_WEEKS || medianOf(before) <= 0) return null;
  return compare({ day, value, before, threshold, what: 'A conversion cost', currency: known.currency });
}

function nothingSpent(known: KnownFigures, day: string): Verdict {
  const before = weeksBefore(day, known).map((one) => Number(known.figures.get(one)?.cost ?? 0n));
  if (!known.isKnown(day) || before.length < LEAST_WEEKS) return null;
  const spent = known.figures.get(day)?.cost ?? 0n;
  if (spent > 0n)
    return { isRaised: false, message: `Spent ${moneyText(spent, known.currency)} on ${dayText(day)}.`, day };
  const usual = `${moneyText(medianOf(before), known.currency)} on ${weekdayText(day)} (the last ${before.length})`;
  const isRaised = before.every((cost) => cost > 0);
  return { isRaised, message: `Nothing was spent on ${dayText(day)}, usually ${usual}.`, day };
}

function trackingGone(known: KnownFigures, day: string): Verdict {
  const daysTo = (last: string) => Array.from({ length: TRACKED_DAYS }, (_, back) => addDays(last, -back));
  const sumOf = (last: string, read: (figures: DayFigures) => number) =>
    daysTo(last).reduce((sum, one) => sum + read(known.figures.get(one) ?? NOTHING), 0);
  const ends = Array.from({ length: WEEKS }, (_, week) => addDays(day, -7 * (week + 1)));
  const weeks = ends.filter((last) => daysTo(last).every(known.isKnown));
  if (!daysTo(day).every(known.isKnown) || weeks.length < LEAST_WEEKS) return null;
  const before = weeks.map((last) => sumOf(last, ({ conversions }) => conversions));
  const [clicks, conversions] = [sumOf(day, (one) => one.clicks), sumOf(day, (one) => one.conversions)];
  const range = `from ${dayText(addDays(day, 1 - TRACKED_DAYS))} to ${dayText(day)}`;
  const isUsual = before.every((one) => one > 0) && medianOf(before) >= LEAST_CONVERSIONS;
  const isRaised = clicks > 0 && conversions === 0 && isUsual;
  const usual = Math.round(medianOf(before));
  return {
    isRaised,
    message: isRaised
      ? `${clicks} clicks and no conversions ${range}, usually ${usual} on these days: the tracking may be gone.`
      : `${Math.round(conversions)} conversions ${range}.`,
    day,
  };
}

/** Returns what a kind of rule finds in the figures up to `day`, the last that is over; see `Verdict`. */
export function judgeFigures(kind: AlertKind, known: KnownFigures, day: string, threshold: number): Verdict {
  switch (kind) {
    case 'SPEND_UNUSUAL':
      return spendUnusual(known, day, threshold);
    case 'NOTHING_SPENT':
      return nothingSpent(known, day);
    case 'CPA_UNUSUAL':
      return cpaUnusual(known, addDays(day, -SETTLED_DAYS), threshold);
    case 'TRACKING_GONE':
      return trackingGone(known, addDays(day, -SETTLED_DAYS));
    default:
      return null;
  }
}

/** Returns what a rule of a budget's pace finds; `isOpen` = it was raised before. */
export function judgePace(
  kind: 'OVER_PACE' | 'UNDER_PACE',
  { pace: { pace, through, spentThrough, expected, daysLeft }, currency, threshold, isOpen }: PaceQuestion,
): Verdict {
  const daysOver = through === null ? 0 : Number(through.slice(8));
  if (pace === null || through === null || daysOver < LEAST_DAYS_OVER) return null;
  const off = (kind === 'OVER_PACE' ? pace - 1 : 1 - pace) * 100;
  const isRaised = off > threshold * (isOpen ? RESOLVED_WITHIN : 1);
  const share = `${Math.abs(Math.round((pace - 1) * 100))} % ${pace >= 1 ? 'more' : 'less'} than planned`;
  const amounts = `${moneyText(spentThrough, currency)} instead of ${moneyText(expected, currency)}`;
  const message = `${share} through ${dayText(through)}: ${amounts}, ${daysLeft} days left.`;
  return { isRaised, message, day: through };
}

interface PaceQuestion {
  pace: Pick<BudgetPace, 'pace' | 'through' | 'spentThrough' | 'expected' | 'daysLeft'>;
  currency: string;
  threshold: number;
  isOpen: boolean;
}
