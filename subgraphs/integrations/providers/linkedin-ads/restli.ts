import { z } from 'zod';
import type { DayRange } from '#integrations/calendar-day.js';

// Rest.li 2.0 literals: `List(a,b)`, `(key:value)`. Reserved characters are percent-encoded inside values.
// https://linkedin.github.io/rest.li/spec/protocol

/** A numeric id; long ones arrive as text (parse-exactly.ts). */
export const numericId = z.union([z.number().int().nonnegative().transform(String), z.string().regex(/^\d+$/)]);

/** Returns an encoded value. */
export function encodeValue(value: string): string {
  return encodeURIComponent(value).replace(/[()']/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Returns an encoded list. */
export function listOf(values: string[]): string {
  return `List(${values.map(encodeValue).join(',')})`;
}

/** Returns an encoded range of days. */
export function dateRangeOf({ start, end }: DayRange): string {
  const dateOf = (day: string) => {
    const [year, month, dayOfMonth] = day.split('-').map(Number);
    return `(year:${year},month:${month},day:${dayOfMonth})`;
  };
  return `(start:${dateOf(start)},end:${dateOf(end)})`;
}
