import { type Field, findField } from './fields.js';

/** int64 as text, doubles and years as numbers; a field that is not set is left out. */
export type Value = string | number | boolean;

/** One result, by field name. */
export type Row = Record<string, Value | undefined>;

/** Compares two values of a field, numbers by size; a missing value comes first. */
export function compareValues(name: string, a: Value | undefined, b: Value | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  if (isNumeric(findField(name))) return compareNumbers(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

function isNumeric(field: Field | undefined): boolean {
  return field?.type === 'int64' || field?.type === 'double' || field?.type === 'year';
}

// Ids exceed what a JavaScript number holds exactly.
function compareNumbers(a: Value, b: Value): number {
  const whole = /^-?\d+$/;
  if (whole.test(String(a)) && whole.test(String(b))) {
    const difference = BigInt(a) - BigInt(b);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }
  return Number(a) - Number(b);
}
