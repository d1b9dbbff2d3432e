import { type Field, findField } from './fields.js';
import type { Query } from './query.js';

/** int64 as text, doubles and years as numbers, messages as they are; unset fields are absent. */
export type Value = string | number | boolean | readonly Readonly<Record<string, string>>[];

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
    const difference = BigInt(String(a)) - BigInt(String(b));
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }
  return Number(a) - Number(b);
}

/** Turns `campaign.start_date_time` into `campaign.startDateTime`. */
export function camelPath(name: string): string {
  return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

/** Returns a printer of rows as JSON: selected fields and the resource names Google adds. */
export function rowPrinter(query: Query): (row: Row) => Record<string, unknown> {
  const shown = [...resourceNames(query), ...query.select];
  const paths = [...new Set(shown)].map((name) => ({ name, path: camelPath(name).split('.') }));
  return (row) => {
    const printed: Record<string, unknown> = {};
    for (const { name, path } of paths) {
      if (row[name] !== undefined) setAt(printed, path, row[name]);
    }
    return printed;
  };
}

function setAt(target: Record<string, unknown>, [name = '', ...rest]: string[], value: Value): void {
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  target[name] ??= {};
  setAt(target[name] as Record<string, unknown>, rest, value);
}

function resourceNames(query: Query): string[] {
  if (query.parameters.omit_unselected_resource_names === 'true') return [];
  const resources = new Set([query.from, ...query.select.map((name) => name.split('.')[0] ?? '')]);
  const names = [...resources]
    .filter((resource) => resource !== 'metrics' && resource !== 'segments')
    .map((resource) => `${resource}.resource_name`);
  const hasAd = query.select.some((name) => name.startsWith('ad_group_ad.ad.'));
  return hasAd ? [...names, 'ad_group_ad.ad.resource_name'] : names;
}
