import { Kind, type ValueNode } from 'graphql';
import type { CostPlan, PlannedField } from './cost-plan.js';

type Variables = Record<string, unknown>;

/** The largest page any list returns. */
const MAX_ITEMS = 1_000;

function sizeIn(value: ValueNode, variables: Variables): number | undefined {
  if (value.kind === Kind.INT) return Math.max(0, Number(value.value));
  if (value.kind !== Kind.VARIABLE) return undefined;
  const given = variables[value.name.value];
  return typeof given === 'number' ? Math.max(0, given) : undefined;
}

function sizeOf({ cost, slices }: PlannedField, variables: Variables): number {
  const sizes = slices.flatMap((slice) => sizeIn(slice, variables) ?? []);
  return Math.min(MAX_ITEMS, sizes.length > 0 ? Math.max(...sizes) : cost.assumedSize);
}

/** A list size that a parent decides: `first` of a Relay connection for its edges. */
interface SizeFromAbove {
  fields: string[];
  size: number;
}

function estimateField(field: PlannedField, variables: Variables, above?: SizeFromAbove): number {
  const { name, cost, fields } = field;
  const below = cost.sizedFields.length > 0 && { fields: cost.sizedFields, size: sizeOf(field, variables) };
  const each = (cost.isObject ? 1 : 0) + estimateFields(fields, variables, below || undefined);
  if (above?.fields.includes(name)) return cost.weight + above.size * each;
  return cost.weight + (cost.isList && !below ? sizeOf(field, variables) : 1) * each;
}

function estimateFields(fields: CostPlan, variables: Variables, above?: SizeFromAbove): number {
  let sum = 0;
  for (const field of fields.values()) sum += estimateField(field, variables, above);
  return sum;
}

/** Returns the upper bound of the cost of an operation with these variables. */
export function estimateCost(plan: CostPlan, variables: Variables): number {
  return estimateFields(plan, variables);
}

function costOfObject(fields: CostPlan, object: Record<string, unknown>): number {
  let sum = 1;
  for (const [key, field] of fields) sum += costOfValue(field, object[key]);
  return sum;
}

function costOfValue({ cost, fields }: PlannedField, value: unknown): number {
  if (!cost.isObject || value === null || value === undefined) return cost.weight;
  if (!Array.isArray(value)) return cost.weight + costOfObject(fields, value as Record<string, unknown>);
  let sum = cost.weight;
  for (const item of value) if (item) sum += costOfObject(fields, item as Record<string, unknown>);
  return sum;
}

/** Returns the cost of an answer: its objects plus the weights of its fields. */
export function actualCost(plan: CostPlan, data: Record<string, unknown> | null | undefined): number {
  let sum = 0;
  for (const [key, field] of plan) sum += costOfValue(field, data?.[key]);
  return sum;
}
