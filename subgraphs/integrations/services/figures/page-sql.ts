import { z } from 'zod';
import { type PageArguments, readCursor } from '#kit/page.js';
import { storableText } from '#runtime/database/storable-text.js';
import type { Parameters } from './parameters.js';

/** Where a page starts: after the row with this value and key. */
export type AfterRow = [value: string | null, key: string];

const position = z.tuple([
  z
    .string()
    .regex(/^-?\d{1,1000}(\.\d{1,1000})?$/)
    .nullable(),
  storableText,
]);

/** Returns the position that a cursor marks; null without one. Throws InvalidInput. */
export function positionOf({ after }: Pick<PageArguments, 'after'>): AfterRow | null {
  return after ? readCursor(position, after) : null;
}

/** Returns the expression of a row's key, unique among rows of the same dimensions. */
export const rowKey = (expressions: string[]): string =>
  `concat_ws(chr(31), ${["''", ...expressions.map((one) => `coalesce(${one}::text, '')`)].join(', ')})`;

/** Returns the order of rows that have `sorted_by` and `key`: those without the value come last. */
export const rowOrder = (direction: 'ASC' | 'DESC'): string =>
  `ORDER BY sorted_by IS NULL, sorted_by ${direction}, key`;

/** Returns the condition of the rows after one, in the order of `rowOrder`. */
export function rowsAfter(after: AfterRow | null, direction: 'ASC' | 'DESC', parameters: Parameters): string {
  if (!after) return 'true';
  const [value, key] = after;
  const isLater = `key > ${parameters.add(key)}`;
  if (value === null) return `sorted_by IS NULL AND ${isLater}`;
  const given = `${parameters.add(value)}::numeric`;
  return `(sorted_by IS NULL OR sorted_by ${direction === 'DESC' ? '<' : '>'} ${given} OR (sorted_by = ${given} AND ${isLater}))`;
}
