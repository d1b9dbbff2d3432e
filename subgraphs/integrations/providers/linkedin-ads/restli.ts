import { z } from 'zod';
import type { DayRange } from '#integrations/calendar-day.js';

// Rest.li 2.0 writes lists and objects into addresses: `List(a,b)`, `(key:value)`. Their brackets, colons and commas stand
// as they are; inside a value the same characters are percent-encoded. https://linkedin.github.io/rest.li/spec/protocol

/** An id that LinkedIn writes as a number; long ones arrive as text (parse-exactly.ts). */
export const numericId = z.union([z.number().int().nonnegative().transform(String), z.string().regex(/^\d+$/)]);

/** Returns a value as it stands inside a list or object. */
export function encodeValue(value: string): string {
  return encodeURIComponent(value).replace(/[()']/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Returns a list of values. */
export function listOf(values: string[]): string {
  return `List(${values.map(encodeValue).join(',')})`;
}

/** Returns a range of days as the reports take it. */
export function dateRangeOf({ start, end }: DayRange): string {
  const dateOf = (day: string) => {
    const [year, month, dayOfMonth] = day.split('-').map(Number);
    return `(year:${year},month:${month},day:${dayOfMonth})`;
  };
  return `(start:${dateOf(start)},end:${dateOf(end)})`;
}
