import { type ValueNode, valueFromASTUntyped } from 'graphql';
import type { CostPlan, PlannedField } from './cost-plan.js';

type Variables = Record<string, unknown>;

/** What an operation requests or received: objects with the weights of fields, and bytes as JSON. */
export interface Usage {
  objects: number;
  bytes: number;
}

const BYTES_PER_POINT = 1024;

/** The largest page any list returns. */
const MAX_ITEMS = 1_000;
const MAX_DAYS = 366;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Quotation marks, colon and comma of a field; comma and brackets of an object. */
const PUNCTUATION = 4;

/** Returns the cost: one for each object, the weights of fields, and one for each KiB. */
export function costOfUsage({ objects, bytes }: Usage): number {
  return objects + Math.floor(bytes / BYTES_PER_POINT);
}

function daysIn({ start, end }: Record<string, unknown>): number {
  const days = (Date.parse(String(end)) - Date.parse(String(start))) / DAY_MS + 1;
  // What is not a range is refused later.
  return days >= 1 && days <= MAX_DAYS ? Math.ceil(days) : MAX_DAYS;
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

/** A list size that a parent decides: `first` of a Relay connection for its edges. */
interface SizeFromAbove {
  fields: string[];
  size: number;
}

function estimateField(field: PlannedField, variables: Variables, above?: SizeFromAbove): Usage {
  const { name, cost, below } = field;
  const sized = cost.sizedFields.length > 0 && { fields: cost.sizedFields, size: sizeOf(field, variables) };
  const each = estimateUsage(below, variables, sized || undefined);
  const fromAbove = above?.fields.includes(name) ? above.size : undefined;
  const count = fromAbove ?? (cost.isList && !sized ? sizeOf(field, variables) : 1);
  if (!cost.isObject) return { objects: cost.weight, bytes: 0 };
  return { objects: cost.weight + count * (1 + each.objects), bytes: 2 + count * (3 + each.bytes) };
}

/** Returns the upper bound of what an operation uses with these variables, without introspection. */
export function estimateUsage({ fields, leaves }: CostPlan, variables: Variables, above?: SizeFromAbove): Usage {
  let objects = 0;
  let bytes = 0;
  for (const [key, leaf] of leaves) bytes += key.length + PUNCTUATION + leaf;
  for (const [key, field] of fields) {
    const part = estimateField(field, variables, above);
    objects += part.objects;
    bytes += part.bytes + key.length + PUNCTUATION;
  }
  return { objects, bytes };
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
