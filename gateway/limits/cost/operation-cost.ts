import { type ValueNode, valueFromASTUntyped } from 'graphql';
import type { CostPlan, PlannedField } from './cost-plan.js';

type Variables = Record<string, unknown>;

/** What an operation requests or received: objects with the weights of fields, bytes as JSON, and stored rows that are read. */
export interface Usage {
  objects: number;
  bytes: number;
  /** None by default. */
  rows?: number;
}

const BYTES_PER_POINT = 1024;
const ROWS_PER_POINT = 100;

/** The largest page any list returns. */
const MAX_ITEMS = 1_000;
const MAX_DAYS = 366;
/** The most days figures are summed over, and those of `LAST_30_DAYS`, when none are given. */
const MAX_SUMMED_DAYS = 800;
const USUAL_SUMMED_DAYS = 30;
/** Whole months are compared with whole months, which may be longer. */
const LONGER_BEFORE = 3;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Quotation marks, colon and comma of a field; comma and brackets of an object. */
const PUNCTUATION = 4;

/** Returns the cost: one for each object, the weights of fields, one for each KiB, and one for each 100 rows. */
export function costOfUsage({ objects, bytes, rows = 0 }: Usage): number {
  return objects + Math.floor(bytes / BYTES_PER_POINT) + Math.floor(rows / ROWS_PER_POINT);
}

function daysIn({ start, end }: Record<string, unknown>, most = MAX_DAYS): number {
  const days = (Date.parse(String(end)) - Date.parse(String(start))) / DAY_MS + 1;
  // What is not a range is refused later.
  return days >= 1 && days <= most ? Math.ceil(days) : most;
}

/** Returns the size a value stands for: a number of items, a list of keys, or a range of days. */
function sizeIn(value: unknown): number | undefined {
  if (typeof value === 'number') return Math.max(0, value);
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? daysIn(value as Record<string, unknown>) : undefined;
}

function sizeOf({ cost, sizes }: PlannedField, variables: Variables): number {
  const read = (node: ValueNode | undefined) => node && valueFromASTUntyped(node, variables);
  const known = sizes.flatMap(({ given, usual }) => sizeIn(read(given) ?? read(usual)) ?? []);
  return Math.min(MAX_ITEMS, known.length > 0 ? Math.max(...known) : cost.assumedSize);
}

/** The longest that periods are. */
const periodDays: [RegExp, number][] = [
  [/^(?:TO|YESTER)DAY$/, 1],
  [/_WEEK$/, 7],
  [/_MONTH$/, 31],
  [/_QUARTER$/, 92],
  [/_(?:YEAR|12_MONTHS)$/, MAX_DAYS],
];

function daysOfPeriod(period: unknown): number {
  const [, days = MAX_DAYS] =
    /_(\d+)_DAYS$/.exec(String(period)) ?? periodDays.find(([pattern]) => pattern.test(String(period))) ?? [];
  return Number(days);
}

/** Returns the rows that are reserved for a field: those of its days, of the days they are compared with, and others. */
function rowsOf({ cost, days }: PlannedField, variables: Variables): number {
  const others = cost.rowWeight * ROWS_PER_POINT;
  if (cost.dayWeight === 0) return others;
  const read = (name: string) => {
    const node = days.get(name);
    return node ? (valueFromASTUntyped(node, variables) ?? undefined) : undefined;
  };
  const daysOf = (name: string) => {
    const range = read(name);
    return range === undefined ? undefined : daysIn(range as Record<string, unknown>, MAX_SUMMED_DAYS);
  };
  const period = read('period');
  const current = daysOf('range') ?? (period === undefined ? USUAL_SUMMED_DAYS : daysOfPeriod(period));
  const before = read('compareTo') === undefined ? 0 : current + LONGER_BEFORE;
  return others + cost.dayWeight * (current + (daysOf('compareRange') ?? before)) * ROWS_PER_POINT;
}

/** A list size that a parent decides: `first` of a Relay connection for its edges. */
interface SizeFromAbove {
  fields: string[];
  size: number;
}

function estimateField(field: PlannedField, variables: Variables, above?: SizeFromAbove): Required<Usage> {
  const { name, cost, below } = field;
  const sized = cost.sizedFields.length > 0 && { fields: cost.sizedFields, size: sizeOf(field, variables) };
  const each = estimateUsage(below, variables, sized || undefined);
  const fromAbove = above?.fields.includes(name) ? above.size : undefined;
  const count = fromAbove ?? (cost.isList && !sized ? sizeOf(field, variables) : 1);
  const rows = rowsOf(field, variables);
  if (!cost.isObject) return { objects: cost.weight, bytes: 0, rows };
  return {
    objects: cost.weight + count * (1 + each.objects),
    bytes: 2 + count * (3 + each.bytes),
    rows: rows + count * each.rows,
  };
}

/** Returns the upper bound of what an operation uses with these variables, without introspection. */
export function estimateUsage(
  { fields, leaves }: CostPlan,
  variables: Variables,
  above?: SizeFromAbove,
): Required<Usage> {
  let objects = 0;
  let bytes = 0;
  let rows = 0;
  for (const [key, leaf] of leaves) bytes += key.length + PUNCTUATION + leaf;
  for (const [key, field] of fields) {
    const part = estimateField(field, variables, above);
    objects += part.objects;
    rows += part.rows;
    bytes += part.bytes + key.length + PUNCTUATION;
  }
  return { objects, bytes, rows };
}

function countObject({ fields }: CostPlan, object: Record<string, unknown>): number {
  let sum = 1;
  for (const [key, field] of fields) sum += countValue(field, object[key]);
  return sum;
}

function countValue({ cost, below }: PlannedField, value: unknown): number {
  if (!cost.isObject || value === null || value === undefined) return cost.weight;
  if (!Array.isArray(value)) return cost.weight + countObject(below, value as Record<string, unknown>);
  let sum = cost.weight;
  for (const item of value) if (item) sum += countObject(below, item as Record<string, unknown>);
  return sum;
}

/** Returns the objects of an answer plus the weights of its fields. */
export function countObjects({ fields }: CostPlan, data: Record<string, unknown> | null | undefined): number {
  let sum = 0;
  for (const [key, field] of fields) sum += countValue(field, data?.[key]);
  return sum;
}
