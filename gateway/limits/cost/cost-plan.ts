import {
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import type { CostSchema, FieldCost } from './cost-schema.js';

/** A field that costs something, with its subfields. */
export interface PlannedField {
  cost: FieldCost;
  name: string;
  /** What decides its size: the given value and the default for it. */
  sizes: { given?: ValueNode; usual?: ValueNode }[];
  /** The given arguments, or their defaults, of a field whose days have a weight. */
  days: ReadonlyMap<string, ValueNode>;
  below: CostPlan;
}

/** What an object or the operation costs, by response key; computed once per operation. */
export interface CostPlan {
  /** Fields that are objects or have a weight. */
  fields: Map<string, PlannedField>;
  /** Bytes as JSON of the others. */
  leaves: Map<string, number>;
  /** `__schema` and `__type`. */
  introspection: FieldNode[];
}

export type Fragments = Record<string, FragmentDefinitionNode | undefined>;

/** Thrown for an operation whose fragments expand into too many fields. */
export class TooManyFields extends Error {}

const MAX_PLANNED_FIELDS = 10_000;
const TYPENAME_BYTES = 32;

const emptyPlan = (): CostPlan => ({ fields: new Map(), leaves: new Map(), introspection: [] });

/** Returns the plan of an operation, fragments expanded. Throws TooManyFields. */
export function planCost(schema: CostSchema, operation: OperationDefinitionNode, fragments: Fragments): CostPlan {
  let planned = 0;

  function addField(plan: CostPlan, field: FieldNode, type: string): void {
    const name = field.name.value;
    if (name === '__schema' || name === '__type') {
      plan.introspection.push(field);
      return;
    }
    const key = field.alias?.value ?? name;
    const cost = schema.get(type)?.get(name);
    planned += 1;
    if (planned > MAX_PLANNED_FIELDS) throw new TooManyFields();
    if (!cost?.isObject) plan.leaves.set(key, cost ? leafBytes(cost) : TYPENAME_BYTES);
    if (!cost || (!cost.isObject && cost.weight === 0)) return;
    const known = plan.fields.get(key) ?? {
      name,
      cost,
      sizes: sizesOf(cost, field.arguments),
      days: daysOf(cost, field.arguments),
      below: emptyPlan(),
    };
    plan.fields.set(key, known);
    if (field.selectionSet) addTo(known.below, field.selectionSet, cost.type, new Set());
  }

  function addTo(plan: CostPlan, selectionSet: SelectionSetNode, type: string, spread: Set<string>): void {
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments[selection.name.value];
        if (!fragment || spread.has(selection.name.value)) continue;
        spread.add(selection.name.value);
        addTo(plan, fragment.selectionSet, fragment.typeCondition.name.value, spread);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        addTo(plan, selection.selectionSet, selection.typeCondition?.name.value ?? type, spread);
      } else {
        addField(plan, selection, type);
      }
    }
  }

  const plan = emptyPlan();
  const root = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' }[operation.operation];
  addTo(plan, operation.selectionSet, root, new Set());
  return plan;
}

function daysOf(
  { dayWeight, defaults }: FieldCost,
  given: readonly { name: { value: string }; value: ValueNode }[] = [],
): PlannedField['days'] {
  if (dayWeight === 0) return new Map();
  return new Map<string, ValueNode>([...defaults, ...given.map(({ name, value }) => [name.value, value] as const)]);
}

function leafBytes({ isList, assumedSize, valueBytes }: FieldCost): number {
  return isList ? 2 + assumedSize * (valueBytes + 1) : valueBytes;
}

function sizesOf(
  cost: FieldCost,
  given: readonly { name: { value: string }; value: ValueNode }[] = [],
): PlannedField['sizes'] {
  return cost.sizingArguments.map((name) => ({
    given: given.find((argument) => argument.name.value === name)?.value,
    usual: cost.defaults.get(name),
  }));
}
