import {
  type ASTNode,
  type DocumentNode,
  type GraphQLSchema,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  separateOperations,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

type Above = ASTNode | readonly ASTNode[];

/** Returns the place of a value as `argument.field`, or the variable whose default it is, from the nodes above it. */
export function placeOf(ancestors: readonly Above[], parent: Above | undefined): string {
  return [...ancestors, parent]
    .flatMap((node) => {
      if (!node || !('kind' in node)) return [];
      if (node.kind === Kind.VARIABLE_DEFINITION) return [node.variable.name.value];
      return node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD ? [node.name.value] : [];
    })
    .join('.');
}

/** A place that takes no null, and the nullable variable that stands there. */
export interface Place {
  variable: string;
  argument: string;
}

/**
 * Returns the places of an operation where a nullable variable stands and null is not allowed: valid where there is a default,
 * so that only its value shows the mistake.
 */
export function findNonNullPlaces(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Place[] {
  const nullable = new Set(
    operation.variableDefinitions
      ?.filter(({ type }) => type.kind !== Kind.NON_NULL_TYPE)
      .map(({ variable }) => variable.name.value),
  );
  if (nullable.size === 0) return [];
  const places: Place[] = [];
  const typeInfo = new TypeInfo(schema);
  const separate = separateOperations(document)[operation.name?.value ?? ''] ?? document;
  visit(
    separate,
    visitWithTypeInfo(typeInfo, {
      VariableDefinition: () => false,
      Variable: ({ name }, _key, parent, _path, ancestors) => {
        if (!nullable.has(name.value) || !isNonNullType(typeInfo.getInputType())) return;
        places.push({ variable: name.value, argument: placeOf(ancestors, parent) });
      },
    }),
  );
  return places;
}
