import { createHash } from 'node:crypto';
import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyRequest } from 'fastify';
import { GraphQLError, Kind, type OperationDefinitionNode } from 'graphql';
import type { GatewayContext } from '#gateway/context.js';
import { InvalidInput } from '#runtime/errors.js';

/** The header of an answer that an earlier request with the same key got. */
export const IDEMPOTENT_REPLAYED = 'idempotent-replayed';

const HEADER = 'idempotency-key';
const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Returns the `Idempotency-Key` of a request (draft-ietf-httpapi-idempotency-key-header-07, without the quotation marks of a
 * structured field); undefined without one. Throws InvalidInput for one that is empty, sent twice, longer than 255
 * characters, or not of visible ASCII ones.
 */
export function readIdempotencyKey({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const key = headers[HEADER];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && KEY.test(key)) return key;
  throw new InvalidInput([{ argument: 'Idempotency-Key', problem: 'must be 1 to 255 visible ASCII characters' }]);
}

/** Writes the keys of objects in order: two clients that send the same variables send the same request. */
function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function hashOf(text: string, variables: unknown, operationName: string | null): string {
  return createHash('sha256')
    .update(JSON.stringify([text, operationName, variables], inOrder))
    .digest('base64url');
}

/** An answer is repeated as a whole: of two mutations, one may have been refused. */
function isSingle({ selectionSet: { selections } }: OperationDefinitionNode): boolean {
  const fields = selections.filter((field) => field.kind !== Kind.FIELD || field.name.value !== '__typename');
  return fields.length === 1 && fields[0]?.kind === Kind.FIELD;
}

/** Passes the `Idempotency-Key` of a mutation on to its subgraph, and says when an answer is an earlier one. */
export const carryIdempotencyKey: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: async ({ contextValue: { idempotencyKey } }) => {
    if (!idempotencyKey) return;
    return {
      didResolveOperation: async ({ operation }) => {
        if (operation?.operation !== 'mutation' || isSingle(operation)) return;
        throw new GraphQLError('With an Idempotency-Key, send one mutation, as a field of the operation itself.', {
          extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
        });
      },
      // After the identity was read again.
      executionDidStart: async ({ operation, operationName, source = '', request, contextValue }) => {
        if (operation?.operation !== 'mutation') return;
        const idempotency = { key: idempotencyKey, request: hashOf(source, request.variables, operationName) };
        contextValue.identity = { ...contextValue.identity, idempotency };
      },
      willSendResponse: async ({ response, contextValue: { isReplayed } }) => {
        if (isReplayed) response.http.headers.set(IDEMPOTENT_REPLAYED, 'true');
      },
    };
  },
};
