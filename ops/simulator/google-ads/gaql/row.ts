import { type Field, findField } from './fields.js';
import type { Query } from './query.js';

/** int64 as text, doubles and years as numbers; unset fields are absent. */
export type Value = string | number | boolean;

export type Row = Record<string, Value | undefined>;

/** Compares values of a field, numerically where it is numeric; missing ones come first. */
export function compareValues(name: string, a: Value | undefined, b: Value | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  if (isNumeric(findField(name))) return compareNumbers(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

function isNumeric(field: Field | undefined): boolean {
  return field?.type === 'int64' || field?.type === 'double' || field?.type === 'year';
}

// Ids exceed Number.MAX_SAFE_INTEGER.
function compareNumbers(a: Value, b: Value): number {
  const whole = /^-?\d+$/;
  if (whole.test(String(a)) && whole.test(String(b))) {
    const difference = BigInt(a) - BigInt(b);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }
  return Number(a) - Number(b);
}

/** Turns `campaign.start_date_time` into `campaign.startDateTime`. */
export function camelPath(name: string): string {
  return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

/** Returns a printer of rows as JSON: selected fields and the resource names Google adds. */
export function rowPrinter(query: Query): (row: Row) => Record<string, Record<string, Value>> {
  const shown = [...resourceNames(query), ...query.select];
  const paths = [...new Set(shown)].map((name) => ({ name, path: camelPath(name).split('.') as [string, string] }));
  return (row) => {
    const printed: Record<string, Record<string, Value>> = {};
    for (const {
      name,
      path: [resource, column],
    } of paths) {
      const value = row[name];
      if (value === undefined) continue;
      printed[resource] ??= {};
      printed[resource][column] = value;
    }
    return printed;
  };
}

function resourceNames(query: Query): string[] {
  if (query.parameters.omit_unselected_resource_names === 'true') return [];
  const resources = new Set([query.from, ...query.select.map((name) => name.split('.')[0] ?? '')]);
  return [...resources]
    .filter((resource) => resource !== 'metrics' && resource !== 'segments')
    .map((resource) => `${resource}.resource_name`);
}
