import type { FieldSelection } from '@apollo/federation-internals';
import {
  type DocumentNode,
  executeSync,
  type FieldNode,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
  type VariableDefinitionNode,
  visit,
} from 'graphql';

/** Returns the value of a field `__schema` or `__type` for these variables. */
export type Introspect = (variables: Readonly<Record<string, unknown>>) => unknown;

function variablesIn(node: FieldNode): Set<string> {
  const names = new Set<string>();
  visit(node, { Variable: ({ name }) => void names.add(name.value) });
  return names;
}

/** Compiles a field of introspection, which graphql-js answers from the schema that clients see. */
export function compileIntrospection(
  selection: FieldSelection,
  schema: GraphQLSchema,
  variableDefinitions: readonly VariableDefinitionNode[],
): Introspect {
  const field = selection.expandFragments().toSelectionNode();
  const used = variablesIn(field);
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        kind: Kind.OPERATION_DEFINITION,
        operation: OperationTypeNode.QUERY,
        variableDefinitions: variableDefinitions.filter(({ variable }) => used.has(variable.name.value)),
        selectionSet: { kind: Kind.SELECTION_SET, selections: [field] },
      },
    ],
  };
  const name = (field.alias ?? field.name).value;
  return (variableValues) => {
    const { data, errors } = executeSync({ schema, document, rootValue: {}, variableValues });
    if (!data || errors?.length) throw new Error(`The introspection of ${name} failed: ${errors?.[0]?.message}`);
    return data[name];
  };
}
