import Big from 'big.js';
import { addDays, type DayRange, daysOf, unionOfRanges } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';

/** How many days a rate is used for: the bank publishes none on up to four days in a row. */
export const MAX_RATE_AGE_DAYS = 7;

/** The currency the others are quoted in. */
export const BASE_CURRENCY = 'EUR';

// A constructor of our own: its settings are global. Amounts of any size stay exact to far below a millionth.
const Decimal = Big();
Decimal.DP = 30;

/** A day with the day whose rates it has. */
export interface RatedDay {
  day: string;
  /** The day itself or, where no rates were published, the last one before. */
  rateDay: string;
  /** What one unit of the currency is worth in the target, to 30 decimals. */
  factor: string;
}

/** The rates of a currency for the days in question. */
export interface RatesOfCurrency {
  currency: string;
  days: RatedDay[];
  /** The days without a rate. */
  missing: string[];
}

/** What one unit of a currency is worth on a day, as exact text. */
export interface CurrencyFactor {
  currency: string;
  day: string;
  factor: string;
}

/** How a statement converts amounts. */
export interface AmountConversion {
  /** The target. */
  currency: string;
  /** For each other currency and day of the figures. */
  factors: CurrencyFactor[];
}

type RateByDay = ReadonlyMap<string, string>;

async function listRates(
  { database, referenceRates }: Context,
  currencies: string[],
  { start, end }: DayRange,
): Promise<Map<string, RateByDay>> {
  const rows = await database.query<{ currency: string; day: string; rate: string }[]>(
    `SELECT currency, day::text, rate::text FROM integrations.reference_rate
     WHERE source = $1 AND currency = ANY ($2) AND day BETWEEN $3 AND $4 ORDER BY currency, day`,
    [referenceRates.id, currencies, addDays(start, -MAX_RATE_AGE_DAYS), end],
  );
  const found = new Map<string, Map<string, string>>();
  for (const { currency, day, rate } of rows) {
    const days = found.get(currency) ?? new Map<string, string>();
    found.set(currency, days.set(day, rate));
  }
  return found;
}

/** The days on which both have a rate, with what one unit of the first is worth in the second, oldest first. */
function factorsOf(from: RateByDay | undefined, to: RateByDay | undefined): Map<string, string> {
  const days = [...(from ?? to ?? new Map()).keys()].filter((day) => !from || !to || to.has(day));
  return new Map(days.map((day) => [day, new Decimal(to?.get(day) ?? 1).div(from?.get(day) ?? 1).toFixed()]));
}

function rateDays(currency: string, days: string[], factors: Map<string, string>): RatesOfCurrency {
  const published = [...factors.keys()];
  const rated: RatedDay[] = [];
  const missing: string[] = [];
  let next = 0;
  for (const day of days) {
    while (next < published.length && (published[next] as string) <= day) next += 1;
    const rateDay = published[next - 1];
    if (rateDay === undefined || rateDay < addDays(day, -MAX_RATE_AGE_DAYS)) missing.push(day);
    else rated.push({ day, rateDay, factor: factors.get(rateDay) as string });
  }
  return { currency, days: rated, missing };
}

/**
 * Returns what each currency is worth in the target on the days of ranges up to the last in question: the rates of the day
 * or, where none were published, of the last day before that has both, at most a week earlier.
 */
export async function ratesOfDays(
  context: Context,
  {
    currencies,
    target,
    ranges,
    through,
  }: { currencies: string[]; target: string; ranges: DayRange[]; through: string },
): Promise<RatesOfCurrency[]> {
  const others = currencies.filter((currency) => currency !== target);
  if (others.length === 0) return [];
  const days = [...new Set(ranges.flatMap(daysOf))].filter((day) => day <= through).sort();
  const rates = await listRates(context, [...others, target], unionOfRanges(ranges));
  const ratesOf = (currency: string) =>
    currency === BASE_CURRENCY ? undefined : (rates.get(currency) ?? new Map<string, string>());
  return others.map((currency) => rateDays(currency, days, factorsOf(ratesOf(currency), ratesOf(target))));
}
