import Big from 'big.js';
import { addDays, type DayRange, dayIn, lastOf } from '#integrations/calendar-day.js';
import type { Context } from '#integrations/context.js';
import type { Account } from '#integrations/entities/account.js';
import type { CurrencyConversionModel, FigureSourceModel } from '#integrations/models.js';
import { currencyOf } from '#integrations/providers/products.js';
import { missingSource } from '#integrations/services/figures/completeness.js';
import type { FigureDays } from '#integrations/services/figures/figure-days.js';
import { firstKeptDay } from '#integrations/services/history/trim-histories.js';
import { refusal } from '#integrations/services/shared/refusal.js';
import {
  type AmountConversion,
  BASE_CURRENCY,
  type RatedDay,
  type RatesOfCurrency,
  ratesOfDays,
} from './rates-of-days.js';

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));
const SIGNIFICANT_DIGITS = 10;
/** The copy runs hourly. */
const RETRY_AFTER_SECONDS = 3_600;

/** Figures of an account that may need conversion. */
export interface ConvertibleSource {
  account: Account;
  /** Days with figures that are not copied. */
  asked: { day: string }[];
  completeness: FigureSourceModel;
}

/** Throws InvalidInput for what is no currency. */
export function checkCurrency(currency: string): void {
  if (!currencies.has(currency)) throw refusal('currency', 'must be an ISO 4217 code such as EUR');
}

interface SourceState {
  checkedAt: Date | null;
  problem: string | null;
}

async function readSourceState({ database, referenceRates }: Context): Promise<SourceState> {
  const [state] = await database.query<SourceState[]>(
    'SELECT checked_at AS "checkedAt", problem FROM integrations.reference_rate_source WHERE source = $1',
    [referenceRates.id],
  );
  return state ?? { checkedAt: null, problem: null };
}

async function listQuoted({ database, referenceRates }: Context): Promise<string[]> {
  const rows = await database.query<{ currency: string }[]>(
    'SELECT DISTINCT currency FROM integrations.reference_rate WHERE source = $1',
    [referenceRates.id],
  );
  return rows.length === 0 ? [] : [BASE_CURRENCY, ...rows.map(({ currency }) => currency)].sort();
}

/** Why amounts of a currency cannot be converted. */
function reasonOf({ currency, missing }: RatesOfCurrency, quoted: string[], { checkedAt, problem }: SourceState) {
  const code = 'RATE_MISSING';
  if (quoted.length === 0) {
    const why = problem ?? 'They are copied within the hour.';
    return { code, message: `No reference rates are copied yet. ${why}`, retryAfter: RETRY_AFTER_SECONDS };
  }
  if (!quoted.includes(currency)) {
    return { code, message: `The European Central Bank publishes no reference rates of ${currency}.` };
  }
  const days = missing.length === 1 ? missing[0] : `${missing[0]} to ${missing.at(-1)}`;
  const since = problem ? ` Rates were last copied at ${checkedAt?.toISOString() ?? 'no time'}: ${problem}` : '';
  return {
    code,
    message: `There are no reference rates of ${currency} for ${days}.${since}`,
    ...(problem && { retryAfter: RETRY_AFTER_SECONDS }),
  };
}

/** Days in a row that have the rates of the same earlier day. */
function earlierRates(days: RatedDay[]) {
  const found: { from: string; to: string; rateDay: string }[] = [];
  for (const { day, rateDay } of days.filter((one) => one.rateDay !== one.day)) {
    const last = found.at(-1);
    if (last?.rateDay === rateDay && addDays(last.to, 1) === day) last.to = day;
    else found.push({ from: day, to: day, rateDay });
  }
  return found;
}

function rateModel({ currency, days }: RatesOfCurrency): CurrencyConversionModel['rates'] {
  const used = days.map(({ rateDay }) => rateDay).sort();
  const [from, to, factor] = [used[0], used.at(-1), days[0]?.factor];
  if (!from || !to || !factor) return [];
  const rate = from === to ? new Big(factor).prec(SIGNIFICANT_DIGITS).toFixed() : null;
  return [{ currency, from, to, rate, earlier: earlierRates(days) }];
}

/** The last day that has begun for one of the accounts. */
const lastDayOf = (accounts: Account[], now: Date): string =>
  lastOf(dayIn('UTC', now), ...accounts.map(({ timeZone }) => dayIn(timeZone, now)));

/**
 * Returns how the amounts of sources are converted into a currency, and the sources whose days all have rates. Others are
 * left out and said to be missing. Throws InvalidInput for a currency without any rates, unless no amount needs one.
 */
export async function convertAmounts<Source extends ConvertibleSource>(
  context: Context,
  { currency, sources, days: { range, compared } }: { currency: string; sources: Source[]; days: FigureDays },
): Promise<{
  sources: Source[];
  left: FigureSourceModel[];
  amounts: AmountConversion;
  conversion: CurrencyConversionModel;
}> {
  const { referenceRates, services } = context;
  const accounts = sources.map(({ account }) => account);
  const own = [...new Set(accounts.map(currencyOf))].sort();
  const ranges: DayRange[] = [range, ...(compared ? [compared] : [])];
  const through = lastDayOf(accounts, services.now());
  const found = await ratesOfDays(context, { currencies: own, target: currency, ranges, through });
  const state = await readSourceState(context);
  const isIncomplete = found.some(({ missing }) => missing.length > 0);
  const quoted = isIncomplete ? await listQuoted(context) : [];
  if (quoted.length > 0 && !quoted.includes(currency)) {
    throw refusal('currency', `has no reference rates; there are those of ${quoted.join(', ')}`);
  }
  const keptFrom = firstKeptDay(services);
  const ratesBy = new Map(found.map((rates) => [rates.currency, rates]));
  const lacks = ({ account, asked }: Source) => {
    const rates = ratesBy.get(currencyOf(account));
    if (!rates || rates.missing.length === 0) return undefined;
    // Of days before those that are kept, only asked ones have figures.
    const missing = new Set(rates.missing);
    const isNeeded = (rates.missing.at(-1) as string) >= keptFrom || asked.some(({ day }) => missing.has(day));
    return isNeeded ? rates : undefined;
  };
  const left = sources.flatMap((source) => {
    const rates = lacks(source);
    if (!rates) return [];
    const known = source.completeness.state === 'MISSING' ? source.completeness : undefined;
    return known ?? missingSource(source.account, { range, gaps: [range] }, reasonOf(rates, quoted, state));
  });
  const converted = sources.filter((source) => !lacks(source));
  const used = new Set(converted.map(({ account }) => account.currency));
  const rates = found.filter((one) => used.has(one.currency));
  return {
    sources: converted,
    left,
    amounts: {
      currency,
      factors: rates.flatMap((one) => one.days.map(({ day, factor }) => ({ currency: one.currency, day, factor }))),
    },
    conversion: {
      currency,
      source: referenceRates.name,
      sourceUrl: referenceRates.url,
      checkedAt: state.checkedAt,
      rates: rates.flatMap(rateModel),
    },
  };
}
