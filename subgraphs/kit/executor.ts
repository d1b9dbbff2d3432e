import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  parse,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { UnexpectedErrors } from '#runtime/alerts/unexpected-errors.js';
import { formatError } from '#runtime/format-error.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Logger } from '#runtime/log/logger.js';
import { type CachePolicy, cachePolicyOf } from './cache-policy.js';
import { type CompiledOperation, compileOperation } from './compile-operation.js';

export interface SubgraphRequest {
  query: string;
  variables?: Record<string, unknown> | null;
  operationName?: string | null;
}

export interface SubgraphResponse {
  data?: Record<string, unknown> | null;
  errors?: GraphQLFormattedError[];
  cachePolicy: CachePolicy;
}

export type Executor = (request: SubgraphRequest, identity: Identity) => Promise<SubgraphResponse>;

type Variables = Record<string, unknown>;
type Run = (context: unknown, variables: Variables) => ExecutionResult | Promise<ExecutionResult>;

interface Prepared {
  run: Run;
  cachePolicy: CachePolicy;
}

const MAX_PREPARED_OPERATIONS = 1_000;
const WRONG_VARIABLE = { extensions: { code: 'BAD_USER_INPUT' } };
const NOT_CACHEABLE: CachePolicy = { maxAge: 0, scope: 'PRIVATE' };

function refuse(errors: readonly GraphQLError[]): Prepared {
  return { run: () => ({ errors }), cachePolicy: NOT_CACHEABLE };
}

/** Compiles an operation on its second use: that pays only for repeated ones, which run several times faster. */
function runnerOf(schema: GraphQLSchema, document: DocumentNode, operationName?: string): Run {
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  let uses = 0;
  let compiled: CompiledOperation | undefined;
  return (contextValue, variables) => {
    // Always by graphql-js: compiled code loses defaults of required variables and the messages of scalars.
    const { errors, coerced } = getVariableValues(schema, definitions, variables);
    if (errors) return { errors: errors.map(({ message }) => new GraphQLError(message, WRONG_VARIABLE)) };
    uses += 1;
    if (uses === 2) compiled = compileOperation(schema, document, operationName);
    if (!compiled) return execute({ schema, document, contextValue, variableValues: variables, operationName });
    return compiled(contextValue, { ...coerced, ...variables });
  };
}

function prepare(schema: GraphQLSchema, query: string, operationName?: string): Prepared {
  let document: DocumentNode;
  try {
    document = parse(query, { noLocation: true });
  } catch (error) {
    return refuse([error as GraphQLError]);
  }
  const errors = validate(schema, document);
  if (errors.length > 0) return refuse(errors);
  return {
    run: runnerOf(schema, document, operationName),
    cachePolicy: cachePolicyOf(schema, document, operationName),
  };
}

/**
 * Returns a function that runs operations against one schema. Distinct operations are few: they are cached parsed, validated
 * and compiled. Every call gets a context of its own: loaders and permission verdicts belong to one identity.
 */
export function createExecutor<Context>(
  schema: GraphQLSchema,
  createContext: (identity: Identity) => Context,
  logger: Logger,
  unexpected?: UnexpectedErrors,
): Executor {
  const prepared = new LRUCache<string, Prepared>({ max: MAX_PREPARED_OPERATIONS });
  return async ({ query, variables, operationName }, identity) => {
    const key = operationName ? `${operationName}\n${query}` : query;
    let operation = prepared.get(key);
    if (!operation) {
      operation = prepare(schema, query, operationName ?? undefined);
      prepared.set(key, operation);
    }
    const given = Object.entries(variables ?? {}).filter(([, value]) => value !== undefined);
    const result = await operation.run(createContext(identity), Object.fromEntries(given));
    const errors = result.errors?.map((error) => formatError(error, identity.requestId, logger, unexpected));
    return {
      data: result.data,
      ...(errors && { errors }),
      cachePolicy: errors ? NOT_CACHEABLE : operation.cachePolicy,
    };
  };
}
