import { AppError, type ErrorCode, type Problem, type ReachedLimit } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { SubgraphDataSource } from './data-sources/subgraph-data-source.js';

interface Operation {
  query: string;
  variables: Record<string, unknown>;
}

interface SubgraphErrorExtensions {
  code?: ErrorCode;
  retryAfter?: number;
  details?: Problem[];
  limit?: ReachedLimit;
}

/** Runs an operation of the gateway itself in one subgraph. Throws AppError with the code of its first error. */
export async function askSubgraph<Data>(
  subgraph: Pick<SubgraphDataSource, 'execute'>,
  operation: Operation,
  identity: Identity,
): Promise<Data> {
  const { data, errors } = await subgraph.execute(operation, { identity });
  const [error] = errors ?? [];
  if (error) {
    const { code = 'INTERNAL_SERVER_ERROR', ...options } = (error.extensions ?? {}) as SubgraphErrorExtensions;
    throw new AppError(error.message, code, options);
  }
  return data as Data;
}
