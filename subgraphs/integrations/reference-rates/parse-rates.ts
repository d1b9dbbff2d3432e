import Big from 'big.js';
import { type DayRange, daysOf } from '#integrations/calendar-day.js';
import { MalformedAnswer } from '#integrations/errors.js';
import { NAME } from './name.js';

/** What one euro is worth in a currency, as exact decimal text. */
export interface ReferenceRate {
  currency: string;
  day: string;
  rate: string;
}

const HEADER = 'KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE';
const ROW = /^EXR\.D\.([A-Z]{3})\.EUR\.SP00\.A,D,\1,EUR,SP00,A,(\d{4}-\d{2}-\d{2}),([^,]*)$/;
const RATE = /^\d{1,12}(\.\d{1,10})?$/;

/** A day without an observation. */
const NONE = ['', 'NaN'];

/** No currency of these has changed as much from one working day to the next: a misplaced decimal point. */
const MAX_FACTOR = 5;

function isLikely(rate: string, before: string | undefined): boolean {
  if (!RATE.test(rate) || new Big(rate).lte(0)) return false;
  if (before === undefined) return true;
  const factor = new Big(rate).div(before);
  return factor.lt(MAX_FACTOR) && factor.gt(1 / MAX_FACTOR);
}

function readRow(line: string, days: ReadonlySet<string>): ReferenceRate {
  const [, currency, day, rate] = ROW.exec(line) ?? [];
  if (!currency || !day || !days.has(day) || rate === undefined) {
    throw new MalformedAnswer(NAME, 'answered in an unexpected form');
  }
  return { currency, day, rate };
}

/**
 * Returns the rates of an answer in `csvdata` (https://data.ecb.europa.eu/help/api/data), and those that cannot be
 * right: not above zero, or many times the rate before; `before` has the last known rates. Throws MalformedAnswer for
 * any other form.
 */
export function parseRates(
  text: string,
  range: DayRange,
  before: ReadonlyMap<string, string>,
): { rates: ReferenceRate[]; refused: ReferenceRate[] } {
  const [header, ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  // A period without observations.
  if (text.trim() === '') return { rates: [], refused: [] };
  if (header !== HEADER) throw new MalformedAnswer(NAME, 'answered in an unexpected form');
  const days = new Set(daysOf(range));
  const rows = lines.filter((line) => line !== '').map((line) => readRow(line, days));
  const known = rows.filter(({ rate }) => !NONE.includes(rate));
  const inOrder = known.sort((one, other) => (one.day < other.day ? -1 : 1));
  const last = new Map(before);
  const rates = new Map<string, ReferenceRate>();
  const refused: ReferenceRate[] = [];
  for (const row of inOrder) {
    if (!isLikely(row.rate, last.get(row.currency))) {
      refused.push(row);
      continue;
    }
    last.set(row.currency, row.rate);
    rates.set(`${row.currency} ${row.day}`, row);
  }
  return { rates: [...rates.values()], refused };
}
