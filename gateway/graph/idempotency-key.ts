import { createHash } from 'node:crypto';
import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyRequest } from 'fastify';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLErrorExtensions,
  Kind,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import type { GatewayContext } from '#gateway/context.js';
import { onlyField } from '#gateway/federation/only-field.js';
import { InvalidInput } from '#runtime/errors.js';

/** The header of an answer that an earlier request with the same key got. */
export const IDEMPOTENT_REPLAYED = 'idempotent-replayed';

const HEADER = 'idempotency-key';
const KEY = /^[\x21-\x7e]{1,255}$/;
const PROBLEM = 'must be 1 to 255 visible ASCII characters';

/**
 * Returns the `Idempotency-Key` of a request (draft-ietf-httpapi-idempotency-key-header-07, without the quotation marks of a
 * structured field); undefined without one. Throws InvalidInput for one that is empty, sent twice, longer than 255
 * characters, or not of visible ASCII ones.
 */
export function readIdempotencyKey({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const key = headers[HEADER];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && KEY.test(key)) return key;
  throw new InvalidInput([{ argument: 'Idempotency-Key', problem: PROBLEM }]);
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

const ARGUMENT = 'idempotencyKey';

/** These keep the argument themselves, with what they have created and for as long. */
const KEPT_BY_SUBGRAPH = new Set(['generateReport']);

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** Returns the fields of a mutation itself, those of its fragments included. */
function rootFields({ selectionSet }: { selectionSet: SelectionSetNode }, fragments: Fragments): FieldNode[] {
  return selectionSet.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    return fragment ? rootFields(fragment, fragments) : [];
  });
}

function fragmentsOf({ definitions }: DocumentNode): Fragments {
  const fragments = definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION) as FragmentDefinitionNode[];
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}

/** Returns the argument `idempotencyKey` of a field that leaves it to the gateway; undefined without one. */
function keyGiven({ name, arguments: given = [] }: FieldNode, variables: Record<string, unknown>): unknown {
  if (KEPT_BY_SUBGRAPH.has(name.value)) return undefined;
  const argument = given.find((one) => one.name.value === ARGUMENT);
  return (argument && valueFromASTUntyped(argument.value, variables)) ?? undefined;
}

function refused(message: string, extensions: GraphQLErrorExtensions): GraphQLError {
  return new GraphQLError(message, { extensions: { ...extensions, http: { status: 400 } } });
}

/** Returns the key of a mutation, by its argument or the header of its request. Throws for one that is not valid, and for two. */
function keyOf(header: string | undefined, argument: unknown): string | undefined {
  if (argument === undefined) return header;
  if (typeof argument !== 'string' || !KEY.test(argument)) {
    const details = [{ argument: ARGUMENT, problem: PROBLEM }];
    throw refused(`${ARGUMENT} ${PROBLEM}.`, { code: 'BAD_USER_INPUT', details });
  }
  if (!header || header === argument) return argument;
  throw refused('The header Idempotency-Key and the argument idempotencyKey differ: send one.', {
    code: 'BAD_REQUEST',
  });
}

/**
 * Passes the `Idempotency-Key` of a mutation, or its argument `idempotencyKey`, on to its subgraph, and says when an answer is an
 * earlier one.
 */
export const carryIdempotencyKey: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation, document, request: { variables = {} }, contextValue }) => {
      if (operation?.operation !== 'mutation') return;
      const fields = rootFields(operation, fragmentsOf(document));
      const argument = fields.map((field) => keyGiven(field, variables)).find((key) => key !== undefined);
      contextValue.idempotencyKey = keyOf(contextValue.idempotencyKey, argument);
      // An answer is repeated as a whole: of two mutations, one may have been refused.
      if (!contextValue.idempotencyKey || onlyField(operation)) return;
      throw refused('With an idempotency key, send one mutation, as a field of the operation itself.', {
        code: 'BAD_REQUEST',
      });
    },
    // After the identity was read again.
    executionDidStart: async ({ operation, operationName, source = '', request, contextValue }) => {
      const { idempotencyKey: key } = contextValue;
      if (operation?.operation !== 'mutation' || !key) return;
      const idempotency = { key, request: hashOf(source, request.variables, operationName) };
      contextValue.identity = { ...contextValue.identity, idempotency };
    },
    willSendResponse: async ({ response, contextValue: { isReplayed } }) => {
      if (isReplayed) response.http.headers.set(IDEMPOTENT_REPLAYED, 'true');
    },
  }),
};
