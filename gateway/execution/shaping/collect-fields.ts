import {
  type CompositeType,
  type FieldSelection,
  isSubtype,
  isVariable,
  type NamedType,
  type OperationElement,
  type Schema,
  type SelectionSet,
} from '@apollo/federation-internals';
import { GraphQLError } from 'graphql';

/** The variables of an operation, with their defaults. */
export type Variables = Readonly<Record<string, unknown>>;

/** A selection of fields of an object, and the type it was written for. */
export interface TypedSelection {
  selectionSet: SelectionSet;
  type: CompositeType;
}

/** A field of an answer: what all selections of that name ask for. */
export interface CollectedField {
  /** The first of them, which decides on arguments and type. */
  selection: FieldSelection;
  /** The type that selects the first. */
  parentType: CompositeType;
  selections: TypedSelection[];
}

function isTrue(value: unknown, variables: Variables): boolean {
  if (!isVariable(value)) return value === true;
  const given = variables[value.name];
  if (typeof given === 'boolean') return given;
  throw new GraphQLError(`The variable $${value.name} of a condition is ${String(given)}, not true or false.`);
}

/** Returns the arguments `if` of `@skip` or `@include` at an element. */
export function conditionsAt(element: OperationElement, directive: 'skip' | 'include', schema: Schema): unknown[] {
  if (element.appliedDirectives.length === 0) return [];
  const definition = directive === 'skip' ? schema.skipDirective() : schema.includeDirective();
  return element.appliedDirectivesOf(definition).map((applied) => applied.arguments().if);
}

function isSkipped(element: OperationElement, schema: Schema, variables: Variables): boolean {
  return (
    conditionsAt(element, 'skip', schema).some((value) => isTrue(value, variables)) ||
    conditionsAt(element, 'include', schema).some((value) => !isTrue(value, variables))
  );
}

/**
 * Returns the fields of an object in the order of its answer: those of the selections that apply to its type, when the variables are
 * these. `typename` is what the subgraphs call it; undefined = they did not say.
 */
export function collectFields(
  selections: readonly TypedSelection[],
  typename: string | undefined,
  variables: Variables,
  schema: Schema,
): Map<string, CollectedField> {
  const fields = new Map<string, CollectedField>();
  const objectType = typename === undefined ? undefined : schema.type(typename);
  const applies = (condition: CompositeType, parentType: CompositeType): boolean => {
    const type: NamedType | undefined = typename === undefined ? parentType : objectType;
    return type !== undefined && isSubtype(condition, type);
  };
  const collect = (selectionSet: SelectionSet, parentType: CompositeType): void => {
    for (const selection of selectionSet.selections()) {
      const { element } = selection;
      if (isSkipped(element, schema, variables)) continue;
      if (selection.kind === 'FieldSelection') {
        const name = selection.element.responseName();
        const field = fields.get(name) ?? { selection, parentType, selections: [] };
        fields.set(name, field);
        if (selection.selectionSet) {
          field.selections.push({ selectionSet: selection.selectionSet, type: selection.selectionSet.parentType });
        }
      } else {
        const { typeCondition } = selection.element;
        if (!typeCondition || applies(typeCondition, parentType)) {
          collect(selection.selectionSet, typeCondition ?? parentType);
        }
      }
    }
  };
  for (const { selectionSet, type } of selections) {
    collect(selectionSet, (objectType as CompositeType | undefined) ?? type);
  }
  return fields;
}
