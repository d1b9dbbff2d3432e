import {
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import type { CostSchema, FieldCost } from './cost-schema.js';

/** A field that costs something, with its subfields. */
export interface PlannedField {
  name: string;
  cost: FieldCost;
  /** Values of the slicing arguments. */
  slices: ValueNode[];
  /** By response key. */
  fields: Map<string, PlannedField>;
}

/** The fields that cost something; computed once per operation. */
export type CostPlan = PlannedField['fields'];

export type Fragments = Record<string, FragmentDefinitionNode | undefined>;

/** Thrown for an operation whose fragments expand into too many fields. */
export class TooManyFields extends Error {}

const MAX_PLANNED_FIELDS = 10_000;

/** Returns the plan of an operation, fragments expanded. Throws TooManyFields. */
export function planCost(schema: CostSchema, operation: OperationDefinitionNode, fragments: Fragments): CostPlan {
  let planned = 0;

  function addTo(fields: CostPlan, selectionSet: SelectionSetNode, type: string, spread: Set<string>): void {
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments[selection.name.value];
        if (!fragment || spread.has(selection.name.value)) continue;
        spread.add(selection.name.value);
        addTo(fields, fragment.selectionSet, fragment.typeCondition.name.value, spread);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        addTo(fields, selection.selectionSet, selection.typeCondition?.name.value ?? type, spread);
      } else {
        const name = selection.name.value;
        const cost = schema.get(type)?.get(name);
        if (!cost || (!cost.isObject && cost.weight === 0)) continue;
        const key = selection.alias?.value ?? name;
        const field = fields.get(key) ?? { name, cost, slices: slicesOf(cost, selection.arguments), fields: new Map() };
        fields.set(key, field);
        planned += 1;
        if (planned > MAX_PLANNED_FIELDS) throw new TooManyFields();
        if (selection.selectionSet) addTo(field.fields, selection.selectionSet, cost.type, new Set());
      }
    }
  }

  const plan: CostPlan = new Map();
  const root = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' }[operation.operation];
  addTo(plan, operation.selectionSet, root, new Set());
  return plan;
}

function slicesOf(cost: FieldCost, given: readonly { name: { value: string }; value: ValueNode }[] = []): ValueNode[] {
  return cost.slicingArguments.flatMap((name) => {
    const value = given.find((argument) => argument.name.value === name)?.value ?? cost.defaults.get(name);
    return value ? [value] : [];
  });
}
