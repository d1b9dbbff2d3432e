import { addDays, countDays, type DayRange, daysOf, firstOf } from '#integrations/calendar-day.js';
import { errorOfPattern, type Spend, type SpendPattern, spendPattern } from './spend-pattern.js';

export interface BudgetQuestion {
  /** In millionths, as all amounts here. */
  amount: bigint;
  month: DayRange;
  /** Where the month is going on: the first day that is not over. */
  today: string;
  /** Also of weeks before the month. Days that are not in it are unknown, days without costs are 0; today may be partial. */
  spend: Spend;
}

export interface BudgetForecast {
  amount: bigint;
  /** Four of five months end between the two; null = too little is known of how days vary. */
  low: bigint | null;
  high: bigint | null;
  method: 'WEEKDAY_MEDIAN' | 'AVERAGE' | 'MONTH_OVER';
}

/** How the spending of a month compares with its budget. */
export interface BudgetPace {
  /** Up to now, today included. */
  spent: bigint;
  /** The last day of the month that is over; null = none is. */
  through: string | null;
  /** Through that day. */
  spentThrough: bigint;
  /** What would have been spent by then to spend exactly the budget. */
  expected: bigint;
  /** By the weekdays of the last four weeks, or the same every day. */
  expectedBy: 'WEEKDAYS' | 'DAYS';
  /** Spent through that day by expected; null = nothing is expected yet, or days are unknown. */
  pace: number | null;
  /** null = there is too little to tell from. */
  forecast: BudgetForecast | null;
  /** Today included. */
  daysLeft: number;
  /** Whether every day that is over is known. */
  isComplete: boolean;
}

const sum = (values: bigint[]) => values.reduce((total, value) => total + value, 0n);
const larger = (one: bigint, other: bigint) => (other > one ? other : one);
const rounded = (micros: number) => BigInt(Math.round(micros));

/** Returns the share of a month's budget for its first days, by weight. */
function expectedOf(amount: bigint, over: string[], all: string[], pattern: SpendPattern | null) {
  const weights = pattern?.method === 'WEEKDAY_MEDIAN' ? all.map((day) => rounded(pattern.usualOn(day))) : [];
  const total = sum(weights);
  if (total <= 0n || weights.some((weight) => weight < 0n)) {
    return { expected: (amount * BigInt(over.length)) / BigInt(all.length), expectedBy: 'DAYS' as const };
  }
  return { expected: (amount * sum(weights.slice(0, over.length))) / total, expectedBy: 'WEEKDAYS' as const };
}

interface Ahead {
  pattern: SpendPattern;
  spend: Spend;
  spent: bigint;
  spentThrough: bigint;
  /** The last day that is over. */
  last: string;
  days: string[];
}

function forecastOf({ pattern, spend, spent, spentThrough, last, days }: Ahead): BudgetForecast {
  const [first = 0n, ...later] = days.map((day) => rounded(pattern.usualOn(day)));
  // Today, what is spent already counts where it is more than usual.
  const rest = larger(spent - spentThrough, first) + sum(later);
  const amount = spentThrough + rest;
  const error = pattern.method === 'WEEKDAY_MEDIAN' ? errorOfPattern(spend, last, days.length) : null;
  if (error === null) return { amount, low: null, high: null, method: pattern.method };
  const margin = rounded(Number(rest) * error);
  return { amount, low: larger(amount - margin, spent), high: amount + margin, method: pattern.method };
}

/**
 * Returns the pace of a budget and where the month will end. Nothing is said of a month with unknown days but what is known
 * of it.
 */
export function budgetPace({ amount, month, today, spend }: BudgetQuestion): BudgetPace {
  const all = daysOf(month);
  const through = today <= month.start ? null : firstOf(addDays(today, -1), month.end);
  const over = through === null ? [] : daysOf({ start: month.start, end: through });
  const isComplete = over.every((day) => spend.has(day));
  const spentThrough = sum(over.map((day) => spend.get(day) ?? 0n));
  const isToday = today >= month.start && today <= month.end;
  const spent = spentThrough + (isToday ? (spend.get(today) ?? 0n) : 0n);
  const last = addDays(firstOf(today, addDays(month.end, 1)), -1);
  const pattern = spendPattern(spend, last);
  const { expected, expectedBy } = expectedOf(amount, over, all, pattern);
  const isOver = today > month.end;
  const ahead = isOver ? [] : daysOf({ start: isToday ? today : month.start, end: month.end });
  const forecast = (): BudgetForecast | null => {
    if (!isComplete) return null;
    if (isOver) return { amount: spent, low: spent, high: spent, method: 'MONTH_OVER' };
    return isToday && pattern ? forecastOf({ pattern, spend, spent, spentThrough, last, days: ahead }) : null;
  };
  return {
    spent,
    through,
    spentThrough,
    expected,
    expectedBy,
    pace: isComplete && expected > 0n ? Number((spentThrough * 1_000_000n) / expected) / 1_000_000 : null,
    forecast: forecast(),
    daysLeft: isOver ? 0 : countDays(ahead[0] ?? month.end, month.end),
    isComplete,
  };
}
