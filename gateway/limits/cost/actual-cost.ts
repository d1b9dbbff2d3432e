import type { CostPlan, PlannedField } from './cost-plan.js';

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
