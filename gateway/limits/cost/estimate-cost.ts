import { Kind, type ValueNode } from 'graphql';
import type { CostPlan, PlannedField } from './cost-plan.js';

type Variables = Record<string, unknown>;

/** No list returns more: who asks for more is told so where it is read. */
const MAX_ITEMS = 1_000;

/** Returns how many items an argument asks for; undefined when it does not say. */
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

/** The size of a list that an argument further up decides: of the edges of a Relay connection, its `first`. */
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

/** Returns what an operation costs at most with these variables: objects in its answer, and what its fields weigh. */
export function estimateCost(plan: CostPlan, variables: Variables): number {
  return estimateFields(plan, variables);
}
