import {
  type DocumentNode,
  getOperationAST,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  visit,
} from 'graphql';
import { type Authorized, isIntrospection, OperationFilter } from './operation-filter.js';
import type { RefusedPlace } from './refused-place.js';
import type { Requirement } from './requirement.js';

/** What of an operation is permitted. */
export interface PermittedPart {
  /** Without the refused fields, and without fragments; undefined = nothing is left for a subgraph. */
  document: DocumentNode | undefined;
  refused: RefusedPlace[];
}

/** Returns the operation with the variables that it uses. */
function withUsedVariables(operation: OperationDefinitionNode): OperationDefinitionNode {
  const used = new Set<string>();
  visit({ ...operation, variableDefinitions: [] }, { Variable: ({ name }) => void used.add(name.value) });
  return {
    ...operation,
    variableDefinitions: operation.variableDefinitions?.filter(({ variable }) => used.has(variable.name.value)),
  };
}

function isForNoSubgraph(nodes: readonly SelectionNode[]): boolean {
  return nodes.every((node) =>
    node.kind === Kind.FIELD
      ? isIntrospection(node)
      : 'selectionSet' in node && isForNoSubgraph(node.selectionSet.selections),
  );
}

/**
 * Returns an operation without the fields that are refused. An object of which nothing else is asked for keeps its `__typename`: whether,
 * and how often, it is there decides on the errors.
 */
export function permittedPart(
  authorized: Authorized,
  document: DocumentNode,
  operationName: string | undefined,
  isRefused: (requirement: Requirement) => boolean,
): PermittedPart {
  const operation = getOperationAST(document, operationName);
  const root = operation && authorized.schema.getRootType(operation.operation);
  if (!operation || !isObjectType(root)) throw new Error('There is no such operation.');
  const filter = new OperationFilter(authorized, document, isRefused);
  const selections = filter.permitted(operation.selectionSet, root);
  const { refused } = filter;
  if (isForNoSubgraph(selections)) return { document: undefined, refused };
  const permitted = withUsedVariables({ ...operation, selectionSet: { ...operation.selectionSet, selections } });
  return { document: { kind: Kind.DOCUMENT, definitions: [permitted] }, refused };
}

/** Returns what the fields of an operation demand, each once. */
export function requirementsOf(
  authorized: Authorized,
  document: DocumentNode,
  operationName: string | undefined,
): Requirement[] {
  const found = new Set<Requirement>();
  permittedPart(authorized, document, operationName, (requirement) => {
    found.add(requirement);
    return false;
  });
  return [...found];
}
