import type { Days, Language } from '#reporting/dataset/dataset.js';
import { directionOf, isolateNumber } from './isolate.js';

/** How figures and days are written in a language. Figures are exact decimals as text, rounded for display only. */
export interface Formats {
  /** A whole number, with separators of thousands. */
  integer(value: string): string;
  /** At most two decimals. */
  decimal(value: string): string;
  /** A ratio as percent: `0.1234` is 12.34 %. */
  percent(value: string): string;
  /** A relative change as percent with its sign: `0.1234` is +12.3 %. */
  change(value: string): string;
  /** An amount with the decimals its currency has (ISO 4217). */
  money(value: string, currency: string): string;
  /** A calendar day, `YYYY-MM-DD`. */
  day(day: string): string;
  /** A day without its year, for axes. */
  shortDay(day: string): string;
  /** The month of a day. */
  month(day: string): string;
  /** Days, both included. */
  days(days: Days): string;
  /** An instant (RFC 3339) in an IANA time zone, with its offset. */
  instant(instant: string, timeZone: string): string;
  /** Names in one phrase: `a, b and c`. */
  list(names: readonly string[]): string;
  /** The same for use within a plain text: what runs from left to right there is isolated. */
  isolated(text: string): string;
}

/** Returns how many decimals amounts of a currency have: 2 for a code that is not known. */
export function decimalsOf(currency: string): number {
  if (!isCurrencyCode(currency)) return 2;
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

const isCurrencyCode = (currency: string) => /^[A-Za-z]{3}$/.test(currency);

// Arabic texts have Latin digits, as advertising software in Arabic has. Direction marks are taken out and narrow spaces made plain:
// fonts and files need not have them, and `isolated` does what the marks do.
const DIRECTION_MARKS = /[\u061c\u200e\u200f]/g;
const plain = (text: string) => text.replace(DIRECTION_MARKS, '').replace(/[\u2009\u202f]/g, '\u00a0');

type Options = Intl.NumberFormatOptions;

function numberFormat(locale: string, options: Options) {
  const usual = new Intl.NumberFormat(locale, options);
  const small = new Intl.NumberFormat(locale, { ...options, ...WITH_TWO_DIGITS });
  return (value: string): string => {
    const text = usual.format(value as Intl.StringNumericLiteral);
    // What is not zero is never shown as zero.
    const isLost = !/[1-9]/.test(text) && /[1-9]/.test(value.replace(/e.*/i, ''));
    return plain(isLost ? small.format(value as Intl.StringNumericLiteral) : text);
  };
}

const WITH_TWO_DIGITS: Options = {
  minimumFractionDigits: undefined,
  maximumFractionDigits: undefined,
  maximumSignificantDigits: 2,
};

function createFormats(language: Language): Formats {
  const locale = `${language}-u-nu-latn`;
  const direction = directionOf(language);
  const decimal = numberFormat(locale, { maximumFractionDigits: 2 });
  const amounts = new Map<string, (value: string) => string>();
  const amountsIn = (currency: string) => {
    const known = amounts.get(currency);
    if (known) return known;
    if (!isCurrencyCode(currency)) return (value: string) => `${decimal(value)}\u00a0${currency}`;
    // Symbols of right-to-left scripts beside digits depend on what is around them: codes do not.
    const currencyDisplay = direction === 'rtl' ? 'code' : 'symbol';
    const format = numberFormat(locale, { style: 'currency', currency, currencyDisplay });
    amounts.set(currency, format);
    return format;
  };
  const dates = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options });
  const month = direction === 'rtl' ? 'long' : 'short';
  // Days of Arabic have names of months: digits and slashes alone are read either way.
  const day = dates(language === 'de' ? { dateStyle: 'medium' } : { day: 'numeric', month, year: 'numeric' });
  const shortDay = dates({ day: 'numeric', month });
  const monthOnly = dates({ month: 'long', year: 'numeric' });
  const range = dates({ dateStyle: 'long' });
  const list = new Intl.ListFormat(language, { type: 'conjunction' });
  const write = (format: Intl.DateTimeFormat) => (value: string) =>
    plain(format.format(new Date(`${value}T00:00:00Z`)));
  const percent = numberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
  return {
    integer: numberFormat(locale, { maximumFractionDigits: 0 }),
    decimal,
    percent,
    change: numberFormat(locale, { style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' }),
    money: (value, currency) => amountsIn(currency)(value),
    day: write(day),
    shortDay: write(shortDay),
    month: write(monthOnly),
    days: ({ start, end }) => plain(range.formatRange(new Date(`${start}T00:00:00Z`), new Date(`${end}T00:00:00Z`))),
    instant: (instant, timeZone) =>
      plain(
        dates({
          timeZone,
          day: 'numeric',
          month: 'long',
          year: 'numeric',
          hour: '2-digit',
          minute: '2-digit',
          timeZoneName: 'shortOffset',
        }).format(new Date(instant)),
      ),
    list: (names) => list.format(names),
    isolated: (text) => isolateNumber(text, direction),
  };
}

const created = new Map<Language, Formats>();

/** Returns how figures and days are written in a language. */
export function formatsOf(language: Language): Formats {
  const formats = created.get(language) ?? createFormats(language);
  created.set(language, formats);
  return formats;
}
