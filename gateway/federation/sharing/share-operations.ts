import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import { type DocumentNode, GraphQLError } from 'graphql';
import type { GatewayContext } from '#gateway/context.js';
import { observeSharedWork } from '#runtime/telemetry/observe-calls.js';
import { copyJson } from './copy-json.js';
import { identityKey } from './identity-key.js';
import { InFlight } from './in-flight.js';
import { shareData } from './shared-data.js';

type GatewayInterface = ApolloServerOptionsWithGateway<GatewayContext>['gateway'];
type Execute = NonNullable<Awaited<ReturnType<GatewayInterface['load']>>['executor']>;
type RequestContext = Parameters<Execute>[0];
type Result = Awaited<ReturnType<Execute>>;

/** What the parts of an operation recorded in its context. */
type Record = Pick<GatewayContext, 'rowsRead' | 'degraded'>;

interface Answer {
  result: Result;
  record: Record;
  policy: { maxAge?: number; scope?: string };
}

/** Each request adds its own id to its errors. */
function copyError(error: GraphQLError): GraphQLError {
  const { message, nodes, source, positions, path, originalError, extensions } = error;
  return new GraphQLError(message, { nodes, source, positions, path, originalError, extensions: copyJson(extensions) });
}

/** Copies all that is changed for a reader: with hundreds of them, copies of the data would be most of the work. */
function copyAnswer({ result, record, policy }: Answer): Answer {
  const { data, errors, extensions } = result;
  const copied: Result = { ...result, data: shareData(data) };
  if (errors) copied.errors = errors.map(copyError);
  if (extensions) copied.extensions = copyJson(extensions);
  return { result: copied, record: copyJson(record), policy };
}

/** Of all on which an answer depends, besides document and variables. */
function keyOf({ request, context }: RequestContext): string {
  const { identity, generation, isTrusted, clientName } = context as GatewayContext;
  return JSON.stringify([identityKey(identity), generation, request.operationName, isTrusted, clientName]);
}

async function run(execute: Execute, requestContext: RequestContext, signal: AbortSignal): Promise<Answer> {
  const given = requestContext.context as GatewayContext;
  const watch = given.watch && { ...given.watch, disconnection: { signal } as AbortController };
  // Not that of one reader, who may disconnect.
  const context: GatewayContext = { ...given, watch, rowsRead: undefined, degraded: undefined };
  const result = await execute({ ...requestContext, context });
  const { rowsRead, degraded } = context;
  const { maxAge, scope } = requestContext.overallCachePolicy;
  return { result, record: { rowsRead, degraded }, policy: { maxAge, scope } };
}

/**
 * Returns the gateway, which executes equal queries of one caller once while they are in flight: of one document, with equal variables,
 * identity, client and generation of data. Each was counted before, and is charged for itself; all have the same data, which none can
 * change. Operations whose context has no generation, as mutations, are executed each.
 */
export function shareOperations(gateway: GatewayInterface): GatewayInterface {
  const inFlight = new WeakMap<DocumentNode, InFlight<Answer>>();

  function sharesOf(document: DocumentNode): InFlight<Answer> {
    const known = inFlight.get(document);
    if (known) return known;
    const added = new InFlight<Answer>({ copy: copyAnswer, onShared: () => observeSharedWork('operation') });
    inFlight.set(document, added);
    return added;
  }

  function share(execute: Execute): Execute {
    return async (requestContext) => {
      const { document, operation, request, overallCachePolicy } = requestContext;
      const context = requestContext.context as GatewayContext;
      if (context.generation === undefined || operation?.operation !== 'query') return execute(requestContext);
      const { result, record, policy } = await sharesOf(document).share({
        key: keyOf(requestContext),
        variables: request.variables ?? {},
        signal: context.watch?.disconnection.signal,
        ask: (signal) => run(execute, requestContext, signal),
      });
      Object.assign(context, record);
      overallCachePolicy.restrict(policy);
      return result;
    };
  }

  return {
    onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
    load: async (options) => {
      const loaded = await gateway.load(options);
      return { ...loaded, executor: loaded.executor && share(loaded.executor) };
    },
    stop: () => gateway.stop(),
  };
}
