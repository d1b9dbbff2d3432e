import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import type { GatewayContext } from '#gateway/context.js';
import { AppError, type ErrorCode, type Problem } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';

interface Operation {
  query: string;
  variables: Record<string, unknown>;
}

interface SubgraphError {
  message: string;
  extensions?: { code?: ErrorCode; retryAfter?: number; details?: Problem[] };
}

/**
 * Runs an operation directly at one subgraph, over whichever transport leads there: for what the gateway itself needs and
 * clients cannot see. Throws AppError with the subgraph's code when it answers with an error.
 */
export async function askSubgraph<Data>(
  dataSource: GraphQLDataSource<GatewayContext>,
  operation: Operation,
  identity: Identity,
): Promise<Data> {
  const options = {
    // Not part of a client's operation, whose cache policy it would change. The library does not export the enum.
    kind: 'loading schema',
    request: operation,
    context: { identity },
  } as unknown as GraphQLDataSourceProcessOptions<GatewayContext>;
  const { data, errors } = await dataSource.process(options);
  const [error] = (errors ?? []) as SubgraphError[];
  if (error) {
    const { code = 'INTERNAL_SERVER_ERROR', retryAfter, details } = error.extensions ?? {};
    throw new AppError(error.message, code, { retryAfter, details });
  }
  return data as Data;
}
