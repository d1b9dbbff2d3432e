import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  parse,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { UnexpectedErrors } from '#runtime/alerts/unexpected-errors.js';
import { formatError } from '#runtime/format-error.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Logger } from '#runtime/log/logger.js';
import { type CachePolicy, cachePolicyOf } from './cache-policy.js';
import { type CompiledOperation, compiledBytes, compileOperation } from './compile-operation.js';
import { fillDefaults } from './fill-defaults.js';
import { findNonNullPlaces } from './non-null-places.js';

export interface SubgraphRequest {
  query: string;
  variables?: Record<string, unknown> | null;
  operationName?: string | null;
}

export interface SubgraphResponse {
  data?: Record<string, unknown> | null;
  errors?: GraphQLFormattedError[];
  /** Whether it is the answer to an earlier request with the same idempotency key. */
  isReplayed?: boolean;
  /** How many stored rows were read for it; absent = none that count. */
  rowsRead?: number;
  /** The access token that its one sign-in has issued: what other subgraphs add below is read with it. Of the subgraph auth only. */
  accessToken?: string;
  cachePolicy: CachePolicy;
}

/** What an operation used, counted by its services. */
export interface OperationUsage {
  /** Stored rows that were read. */
  rowsRead: number;
}

/** The access tokens that an operation has issued. */
export interface IssuedTokens {
  accessTokens: string[];
}

/** `reads` is what a call has in common with other calls of one query; absent = nothing, as those of a mutation. */
export type Executor = (request: SubgraphRequest, identity: Identity, reads?: object) => Promise<SubgraphResponse>;

type Variables = Record<string, unknown>;

/** A validated operation, or why it is refused. */
interface Prepared {
  document: DocumentNode;
  errors: readonly GraphQLError[];
  cachePolicy: CachePolicy;
  uses: number;
  compiled?: CompiledOperation;
  /** Variables that must not be null, which compiled code does not see. */
  neverNull: string[];
  /** Memory it takes. */
  bytes: number;
}

/** The most that the operations of one subgraph may take. */
const MAX_PREPARED_BYTES = 32 * 1024 * 1024;
/** Of a parsed document for each character of its text: 40 to 55 bytes, measured on Node 22. */
const BYTES_PER_CHARACTER = 60;
const ENTRY_BYTES = 1024;
/** Compiling takes as long as running it several times. */
const USES_BEFORE_COMPILING = 5;
const WRONG_VARIABLE = { extensions: { code: 'BAD_USER_INPUT' } };
const NOT_CACHEABLE: CachePolicy = { maxAge: 0, scope: 'PRIVATE' };
const EMPTY: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

function prepare(schema: GraphQLSchema, query: string, operationName?: string): Prepared {
  const bytes = ENTRY_BYTES + query.length * BYTES_PER_CHARACTER;
  const refused = (errors: readonly GraphQLError[]): Prepared => ({
    document: EMPTY,
    errors,
    cachePolicy: NOT_CACHEABLE,
    uses: 0,
    neverNull: [],
    bytes,
  });
  let document: DocumentNode;
  try {
    document = parse(query, { noLocation: true });
  } catch (error) {
    return refused([error as GraphQLError]);
  }
  const errors = validate(schema, document);
  if (errors.length > 0) return refused(errors);
  return {
    document,
    errors,
    cachePolicy: cachePolicyOf(schema, document, operationName),
    uses: 0,
    neverNull: [],
    bytes,
  };
}

/** Compiles an operation that repeats and is small, which then runs several times faster. Returns whether it did. */
function compileRepeated(schema: GraphQLSchema, operation: Prepared, operationName?: string): boolean {
  operation.uses += 1;
  if (operation.uses !== USES_BEFORE_COMPILING || operation.errors.length > 0) return false;
  const bytes = compiledBytes(schema, operation.document);
  if (bytes === undefined) return false;
  const definition = getOperationAST(operation.document, operationName);
  const places = definition ? findNonNullPlaces(schema, operation.document, definition) : [];
  operation.neverNull = places.map(({ variable }) => variable);
  operation.compiled = compileOperation(schema, operation.document, operationName);
  operation.bytes += bytes;
  return true;
}

function run(
  schema: GraphQLSchema,
  { document, errors, compiled, neverNull }: Prepared,
  contextValue: unknown,
  variableValues: Variables,
  operationName?: string,
): ExecutionResult | Promise<ExecutionResult> {
  if (errors.length > 0) return { errors };
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  // Always by graphql-js: compiled code loses defaults of required variables and the messages of scalars.
  const variables = getVariableValues(schema, definitions, variableValues);
  if (variables.errors)
    return { errors: variables.errors.map(({ message }) => new GraphQLError(message, WRONG_VARIABLE)) };
  const mustInterpret = !compiled || neverNull.some((name) => variableValues[name] === null);
  if (mustInterpret) return execute({ schema, document, contextValue, variableValues, operationName });
  return compiled(contextValue, { ...variables.coerced, ...fillDefaults(schema, definitions, variableValues) });
}

/**
 * Returns a function that runs operations against one schema. Distinct operations are few: they are cached parsed, validated
 * and compiled, up to the memory they take. Every call gets a context of its own: loaders and permission verdicts belong to
 * one identity, and loaders at most to the calls of one query.
 */
export function createExecutor<Context>(
  schema: GraphQLSchema,
  createContext: (identity: Identity, reads?: object) => Context,
  logger: Logger,
  unexpected?: UnexpectedErrors,
): Executor {
  const prepared = new LRUCache<string, Prepared>({
    maxSize: MAX_PREPARED_BYTES,
    sizeCalculation: ({ bytes }) => bytes,
  });
  return async ({ query, variables, operationName: name }, identity, reads) => {
    const operationName = name ?? undefined;
    const key = operationName ? `${operationName}\n${query}` : query;
    const operation = prepared.get(key) ?? prepare(schema, query, operationName);
    const isCompiled = compileRepeated(schema, operation, operationName);
    // The cache reads the size of a value when it is new.
    if (isCompiled) prepared.delete(key);
    if (isCompiled || operation.uses === 1) prepared.set(key, operation);
    const given = Object.entries(variables ?? {}).filter(([, value]) => value !== undefined);
    const context = createContext(identity, reads);
    const result = await run(schema, operation, context, Object.fromEntries(given), operationName);
    const { usage, issued } = context as { usage?: OperationUsage; issued?: IssuedTokens };
    const rowsRead = usage?.rowsRead ?? 0;
    const [accessToken, ...others] = issued?.accessTokens ?? [];
    const errors = result.errors?.map((error) => formatError(error, identity.requestId, logger, unexpected));
    return {
      data: result.data,
      ...(errors && { errors }),
      ...(rowsRead > 0 && { rowsRead }),
      ...(accessToken !== undefined && others.length === 0 && { accessToken }),
      cachePolicy: errors ? NOT_CACHEABLE : operation.cachePolicy,
    };
  };
}
