import { useMemo } from 'react';
import { useLocale } from 'use-intl';

interface Money {
  amount: string;
  currency: string;
}

/** A `-` for what is unknown: it is no zero. */
const UNKNOWN = '–';

/** The formats of a locale. A value that is null or undefined is unknown, and shown as a dash. */
export function formatsOf(locale: string) {
  const cached = new Map<string, Intl.NumberFormat>();
  const numbers = (key: string, options: Intl.NumberFormatOptions) => {
    const known = cached.get(key) ?? new Intl.NumberFormat(locale, options);
    cached.set(key, known);
    return known;
  };
  const dates = {
    short: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }),
    long: new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }),
    month: new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }),
    time: new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }),
  };
  type Value = number | null | undefined;
  return {
    /** A count: exactly, or short as on a tile. */
    count: (value: Value, isShort = false) =>
      typeof value !== 'number'
        ? UNKNOWN
        : numbers(`count ${isShort}`, {
            maximumFractionDigits: 1,
            ...(isShort && Math.abs(value) >= 100_000 ? { notation: 'compact' } : {}),
          }).format(value),
    /** An amount: exactly as the API has it, or short as on a tile. */
    money: (value: Money | null | undefined, isShort = false) => {
      if (!value) return UNKNOWN;
      const isLarge = isShort && Math.abs(Number(value.amount)) >= 10_000;
      return numbers(`money ${value.currency} ${isShort} ${isLarge} ${value.amount === '0'}`, {
        style: 'currency',
        currency: value.currency,
        ...(isShort && Number(value.amount) === 0 && { minimumFractionDigits: 0 }),
        ...(isLarge && { notation: 'compact', minimumFractionDigits: 0, maximumFractionDigits: 1 }),
      }).format(value.amount as `${number}`);
    },
    /** A ratio such as a click rate: 0.0342 is 3.42 %. */
    ratio: (value: Value) =>
      typeof value !== 'number'
        ? UNKNOWN
        : numbers('ratio', { style: 'percent', maximumFractionDigits: 2 }).format(value),
    /** A multiple such as ROAS. */
    multiple: (value: Value) =>
      typeof value !== 'number'
        ? UNKNOWN
        : numbers('multiple', { maximumFractionDigits: 2, minimumFractionDigits: 2 }).format(value),
    /** A change in percent, with its sign. */
    change: (percent: Value) =>
      typeof percent !== 'number'
        ? UNKNOWN
        : numbers('change', { style: 'percent', signDisplay: 'exceptZero', maximumFractionDigits: 1 }).format(
            percent / 100,
          ),
    /** A difference, with its sign. */
    difference: (value: Value) =>
      typeof value !== 'number'
        ? UNKNOWN
        : numbers('difference', { signDisplay: 'exceptZero', maximumFractionDigits: 1 }).format(value),
    /** A size, in megabytes. */
    bytes: (value: Value) =>
      typeof value !== 'number'
        ? UNKNOWN
        : numbers('bytes', { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 }).format(value / 1_000_000),
    /** A day `2026-10-31`, which is the same in every time zone. */
    day: (day: string | null | undefined, style: 'short' | 'long' = 'long') =>
      day ? dates[style].format(new Date(`${day}T00:00:00Z`)) : UNKNOWN,
    /** The month of its first day. */
    month: (day: string | null | undefined) => (day ? dates.month.format(new Date(`${day}T00:00:00Z`)) : UNKNOWN),
    /** The days from one to another. */
    days: (start: string, end: string) =>
      dates.long.formatRange(new Date(`${start}T00:00:00Z`), new Date(`${end}T00:00:00Z`)),
    /** A point of time, in the time zone of the browser. */
    time: (time: string | null | undefined) => (time ? dates.time.format(new Date(time)) : UNKNOWN),
  };
}
export type Formats = ReturnType<typeof formatsOf>;

/** The formats of the chosen language. */
export function useFigures(): Formats {
  const locale = useLocale();
  return useMemo(() => formatsOf(locale), [locale]);
}
