import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import type { ResponsePath } from '@apollo/query-planner';
import type { OperationTypeNode } from 'graphql';
import type { Execution } from './execution.js';
import { type Data, ownValue } from './merge-data.js';

/** An operation for a subgraph. */
export interface Fetch {
  serviceName: string;
  operation: string;
  operationName: string | undefined;
  operationKind: OperationTypeNode;
  variableUsages: readonly string[];
}

/** Apollo Gateway exports the type of this enumeration only. */
const INCOMING_OPERATION = 'incoming operation' as GraphQLDataSourceProcessOptions['kind'];

export type SubgraphAnswer = Awaited<ReturnType<GraphQLDataSource['process']>>;

/** Returns the variables of the client that a fetch uses. */
export function variablesOf({ variableUsages }: Fetch, { variables }: Execution): Data {
  const used: Data = Object.create(null);
  for (const name of variableUsages) {
    const value = ownValue(variables, name);
    if (value !== undefined) used[name] = value;
  }
  return used;
}

/** Asks a subgraph. Rejects when it does not answer. */
export async function sendFetch(
  { serviceName, operation, operationName }: Fetch,
  { request, dataSourceOf }: Execution,
  variables: Data,
  path: ResponsePath,
): Promise<SubgraphAnswer> {
  const dataSource = dataSourceOf(serviceName);
  if (!dataSource) throw new Error(`Couldn't find service with name "${serviceName}"`);
  return dataSource.process({
    kind: INCOMING_OPERATION,
    request: { query: operation, variables, operationName },
    incomingRequestContext: request,
    context: request.context,
    pathInIncomingRequest: path,
  });
}

/** Returns the errors of an answer. Throws TypeError for anything but a list. */
export function errorsOf({ errors }: SubgraphAnswer): NonNullable<SubgraphAnswer['errors']> {
  if (!errors) return [];
  if (!Array.isArray(errors)) throw new TypeError('The errors of a subgraph are not a list.');
  return errors;
}

/** Codes with which an operation is refused before any part of it runs; not every server gives one. */
const REFUSALS = new Set<unknown>([undefined, 'GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED', 'BAD_USER_INPUT']);

/** Whether a subgraph has refused an operation as such: it has no data, and all errors are of none of its parts. */
export function isRefusal(answer: SubgraphAnswer): boolean {
  const errors = errorsOf(answer);
  if (answer.data || errors.length === 0) return false;
  return errors.every(({ path, extensions }) => !path && REFUSALS.has(extensions?.code));
}
