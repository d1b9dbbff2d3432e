import { dayIn, dayOf, findDay, weekdayOf } from './calendar.js';
import { seededNumber, seedOf } from './seeded-number.js';

/** A currency with what a euro is worth in it, in its last decimal. */
interface Quoted {
  decimals: number;
  level: number;
  first?: number;
  last?: number;
}

/** The Turkish lira loses value; AED is no currency of the ECB: it shows one that joins. Bulgaria adopted the euro in 2026. */
const QUOTED: Record<string, Quoted> = {
  AED: { decimals: 4, level: 42_512, first: dayOf('2026-06-01') },
  AUD: { decimals: 4, level: 17_703 },
  BGN: { decimals: 4, level: 19_558, last: dayOf('2025-12-31') },
  BRL: { decimals: 4, level: 62_418 },
  CAD: { decimals: 4, level: 16_142 },
  CHF: { decimals: 4, level: 9_361 },
  CNY: { decimals: 4, level: 82_274 },
  CZK: { decimals: 3, level: 24_312 },
  DKK: { decimals: 4, level: 74_689 },
  GBP: { decimals: 4, level: 8_731 },
  HKD: { decimals: 4, level: 90_117 },
  HUF: { decimals: 2, level: 38_915 },
  IDR: { decimals: 2, level: 1_929_341 },
  ILS: { decimals: 4, level: 38_113 },
  INR: { decimals: 4, level: 1_027_450 },
  ISK: { decimals: 1, level: 1_437 },
  JPY: { decimals: 2, level: 17_736 },
  KRW: { decimals: 2, level: 164_283 },
  MXN: { decimals: 4, level: 215_730 },
  MYR: { decimals: 4, level: 48_911 },
  NOK: { decimals: 4, level: 117_345 },
  NZD: { decimals: 4, level: 20_215 },
  PHP: { decimals: 3, level: 67_914 },
  PLN: { decimals: 4, level: 42_453 },
  RON: { decimals: 4, level: 50_874 },
  RUB: { decimals: 4, level: 1_172_010, last: dayOf('2022-03-01') },
  SEK: { decimals: 4, level: 110_280 },
  SGD: { decimals: 4, level: 15_071 },
  THB: { decimals: 3, level: 37_695 },
  TRY: { decimals: 4, level: 486_210 },
  USD: { decimals: 4, level: 11_573 },
  ZAR: { decimals: 4, level: 201_944 },
};

export const QUOTED_CURRENCIES: readonly string[] = Object.keys(QUOTED);

/** Where and when rates are published: https://www.ecb.europa.eu/stats/eurofxref: working days, about 16:00. */
const TIME_ZONE = 'Europe/Berlin';
const PUBLISHED_AT_HOUR = 16;
const MS_PER_HOUR = 3_600_000;

/** Easter Sunday, by the algorithm of Meeus, Jones and Butcher. */
function easterOf(year: number): number {
  const a = year % 19;
  const [b, c] = [Math.floor(year / 100), year % 100];
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const shifted = h + l - 7 * m + 114;
  return Date.UTC(year, Math.floor(shifted / 31) - 1, (shifted % 31) + 1) / (24 * MS_PER_HOUR);
}

/** Whether TARGET is open: https://www.ecb.europa.eu/paym/target/tips/profuse/shared/pdf/long-term_calendar.pdf */
export function isTargetDay(day: number): boolean {
  const date = new Date(day * 24 * MS_PER_HOUR);
  const weekday = weekdayOf(day);
  if (weekday === 0 || weekday === 6) return false;
  if (['01-01', '05-01', '12-25', '12-26'].includes(date.toISOString().slice(5, 10))) return false;
  const easter = easterOf(date.getUTCFullYear());
  return day !== easter - 2 && day !== easter + 1;
}

/** The last day that may have rates by now. */
export const lastPublishedDay = (now: Date): number =>
  dayIn(TIME_ZONE, new Date(now.getTime() - PUBLISHED_AT_HOUR * MS_PER_HOUR));

const FIRST_DAY = dayOf('1999-01-04');
const WAVE_DAYS = 180;

/** Returns what one euro is worth, as decimal text; null on a day without a rate. Always the same. */
export function rateOfDay(currency: string, day: number): string | null {
  const quoted = QUOTED[currency];
  if (!quoted || !isTargetDay(day)) return null;
  const { decimals, level, first = FIRST_DAY, last = Number.POSITIVE_INFINITY } = quoted;
  if (day < first || day > last) return null;
  const seed = seedOf(currency);
  // Three percent up and down within half a year, and half a percent from day to day.
  const phase = (day + (seed % WAVE_DAYS)) % WAVE_DAYS;
  const wave = Math.abs(phase - WAVE_DAYS / 2) * 66 - 2_970;
  const noise = seededNumber(seed, day, 501) - 250;
  const pegged = currency === 'BGN' ? 0 : wave + noise;
  const units = Math.round((level * (100_000 + pegged)) / 100_000);
  const digits = String(units).padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** Returns the rates of each currency by date, as published by `now`. */
export function ratesOfDays(
  firstDate: string,
  lastDate: string,
  now: Date,
): { currency: string; days: [number, string][] }[] {
  const first = Math.max(findDay(firstDate) ?? FIRST_DAY, FIRST_DAY);
  const last = Math.min(findDay(lastDate) ?? Number.POSITIVE_INFINITY, lastPublishedDay(now));
  return QUOTED_CURRENCIES.map((currency) => ({
    currency,
    days: Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => first + n).flatMap((day) => {
      const rate = rateOfDay(currency, day);
      return rate === null ? [] : [[day, rate] as [number, string]];
    }),
  }));
}
