import type { ApolloServer } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import type { GatewayContext } from '#gateway/context.js';
import { copyJson } from '#gateway/federation/sharing/copy-json.js';
import { isShared } from '#gateway/federation/sharing/shared-data.js';
import { AppError, type ErrorCode } from '#runtime/errors.js';
import { readTrustedOperations } from '#schema/trusted-operations.js';
import { IDEMPOTENT_REPLAYED } from './idempotency-key.js';

/** What an operation returned. */
export interface OperationAnswer<Data = Record<string, unknown>> {
  /** null = nothing was executed, or a field that cannot be null failed. */
  data: Data | null;
  errors: readonly GraphQLFormattedError[];
  /** As in a GraphQL response: the cost, for example. */
  extensions: Record<string, unknown>;
  /** Whether it is the answer to an earlier request with the same `Idempotency-Key`: sent as `Idempotent-Replayed: true`. */
  isReplayed?: boolean;
}

/**
 * Runs an operation of `schema/operations` with the rights and at the expense of the context's caller. Never rejects for an
 * error of the operation.
 */
export type RunOperation = <Data = Record<string, unknown>>(
  name: string,
  variables: Record<string, unknown>,
  context: GatewayContext,
  /** A part of its document, instead of the whole. */
  part?: string,
) => Promise<OperationAnswer<Data>>;

/** Returns the runner of trusted operations, once `apollo` has started. */
export function createRunOperation(apollo: ApolloServer<GatewayContext>): RunOperation {
  const operations = readTrustedOperations();
  return async <Data>(name: string, variables: Record<string, unknown>, context: GatewayContext, part?: string) => {
    const operation = operations.get(name);
    if (!operation) throw new Error(`There is no trusted operation ${name}`);
    const { body, http } = await apollo.executeOperation<Record<string, unknown>>(
      { query: part ?? operation.text, operationName: name, variables },
      { contextValue: { ...context, isTrusted: true, isPart: part !== undefined } },
    );
    if (body.kind !== 'single') throw new Error('An operation was answered in parts.');
    const { data, errors = [], extensions = {} } = body.singleResult;
    return {
      data: (data && isShared(data) ? copyJson(data) : (data ?? null)) as Data | null,
      errors,
      extensions,
      isReplayed: http.headers.has(IDEMPOTENT_REPLAYED),
    };
  };
}

/** Returns the part of a value at a path such as `organization.campaigns`; null where there is none. */
export function valueAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((part, name) => (part as Record<string, unknown> | null | undefined)?.[name] ?? null, value);
}

/** Returns the error because of which the value at a path is null: one at it or above, else the first. */
export function causeOfNull(
  { errors }: Pick<OperationAnswer, 'errors'>,
  path: string,
): GraphQLFormattedError | undefined {
  const names = path.split('.');
  const isAbove = (error: GraphQLFormattedError) => error.path?.every((name, index) => name === names[index]);
  return errors.find(isAbove) ?? errors[0];
}

/** Returns an error of an operation as one of ours. */
export function appErrorOf({ message, extensions = {} }: GraphQLFormattedError): AppError {
  const { code, ...options } = extensions as { code: ErrorCode };
  return new AppError(message, code, options);
}

/** Returns the data of an answer. Throws its first error. */
export function dataOf<Data>({ data, errors: [error] }: OperationAnswer<Data>): Data {
  if (error) throw appErrorOf(error);
  if (!data) throw new Error('An operation was answered with neither data nor an error.');
  return data;
}
