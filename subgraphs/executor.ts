import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { formatError } from '../ops/runtime/format-error.js';
import type { Identity } from '../ops/runtime/identity.js';
import type { Logger } from '../ops/runtime/logger.js';
import { type CachePolicy, cachePolicyOf } from './cache-policy.js';

/** One operation for one subgraph. */
export interface SubgraphRequest {
  query: string;
  variables?: Record<string, unknown> | null;
  operationName?: string | null;
}

/** What a subgraph answers, the same on both roads. */
export interface SubgraphResponse {
  data?: Record<string, unknown> | null;
  errors?: GraphQLFormattedError[];
  cachePolicy: CachePolicy;
}

export type Executor = (request: SubgraphRequest, identity: Identity) => Promise<SubgraphResponse>;

interface Prepared {
  document?: DocumentNode;
  errors: readonly GraphQLError[];
  cachePolicy: CachePolicy;
}

const MAX_PREPARED_DOCUMENTS = 1_000;
const NOT_CACHEABLE: CachePolicy = { maxAge: 0, scope: 'PRIVATE' };

function prepare(schema: GraphQLSchema, query: string, operationName?: string): Prepared {
  try {
    const document = parse(query, { noLocation: true });
    const errors = validate(schema, document);
    const cachePolicy = errors.length > 0 ? NOT_CACHEABLE : cachePolicyOf(schema, document, operationName);
    return { document, errors, cachePolicy };
  } catch (error) {
    return { errors: [error as GraphQLError], cachePolicy: NOT_CACHEABLE };
  }
}

/**
 * Returns a function that runs operations against one schema. The gateway repeats few distinct operations, so parsed
 * and validated documents are kept. Every call gets a context of its own: loaders and permission verdicts are made for
 * one identity and must not outlive it.
 */
export function createExecutor<Context>(
  schema: GraphQLSchema,
  createContext: (identity: Identity) => Context,
  logger: Logger,
): Executor {
  const prepared = new LRUCache<string, Prepared>({ max: MAX_PREPARED_DOCUMENTS });
  return async ({ query, variables, operationName }, identity) => {
    const key = operationName ? `${operationName}\n${query}` : query;
    let operation = prepared.get(key);
    if (!operation) {
      operation = prepare(schema, query, operationName ?? undefined);
      prepared.set(key, operation);
    }
    const { document, errors: invalid, cachePolicy } = operation;
    const result: ExecutionResult =
      !document || invalid.length > 0
        ? { errors: invalid }
        : await execute({
            schema,
            document,
            contextValue: createContext(identity),
            variableValues: variables,
            operationName,
          });
    const errors = result.errors?.map((error) => formatError(error, identity.requestId, logger));
    return { data: result.data, ...(errors && { errors }), cachePolicy: errors ? NOT_CACHEABLE : cachePolicy };
  };
}
