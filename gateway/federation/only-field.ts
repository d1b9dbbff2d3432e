import { type FieldNode, Kind, type OperationDefinitionNode } from 'graphql';

/** Returns the field of an operation that has one, besides `__typename` and not within a fragment; undefined for others. */
export function onlyField({ selectionSet: { selections } }: OperationDefinitionNode): FieldNode | undefined {
  const [field, ...others] = selections.filter(
    (selection) => selection.kind !== Kind.FIELD || selection.name.value !== '__typename',
  );
  return others.length === 0 && field?.kind === Kind.FIELD ? field : undefined;
}
