import fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify';
import { AppError, Unauthenticated } from '../ops/runtime/errors.js';
import type { Identity, IdentitySigner } from '../ops/runtime/identity.js';
import type { Logger } from '../ops/runtime/logger.js';
import { requestIdOf } from '../ops/runtime/request-id.js';
import { requireOperatorToken } from '../ops/runtime/telemetry/answer-metrics.js';
import { metricsRoute } from '../ops/runtime/telemetry/metrics-route.js';
import { watchRequests } from '../ops/runtime/watch-requests.js';
import type { CachePolicy } from './cache-policy.js';
import type { SubgraphRequest } from './executor.js';
import type { RunningSubgraph } from './subgraph.js';
import { watchExecutor } from './watch-executor.js';

// The gateway sends keys of up to a thousand entities in one call.
const BODY_LIMIT_BYTES = 8 * 1024 * 1024;

function cacheControlOf({ maxAge, scope }: CachePolicy): string {
  return maxAge > 0 ? `max-age=${maxAge}, ${scope.toLowerCase()}` : 'no-store';
}

/** Says on whose behalf the gateway asks, on every line that is written for it. */
function noteOperation({ watch }: FastifyRequest, { requestId, organizationId }: Identity, name?: string | null): void {
  if (!watch) return;
  if (requestId) watch.context.requestId = requestId;
  watch.context.organizationId = organizationId;
  watch.operation = { name: name ?? undefined };
}

/**
 * Returns an HTTP server that answers operations for one subgraph. It answers nobody but the gateway: whatever comes
 * without an identity the gateway signed for this very subgraph gets 401, also `_entities` and `_service`. Its figures are
 * for who has the operator token, where one is set.
 */
export function createSubgraphServer(
  subgraph: RunningSubgraph,
  signer: IdentitySigner,
  logger: Logger,
  operatorToken?: string,
): FastifyInstance {
  const app = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: 'idle',
    requestIdHeader: false,
    genReqId: ({ headers }) => requestIdOf(headers),
  });
  watchRequests(app, subgraph.name, logger);
  const execute = watchExecutor(subgraph.name, subgraph.execute);
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const isAppError = error instanceof AppError;
    const status = isAppError ? 401 : (error.statusCode ?? 500);
    if (status >= 500) logger.error({ err: error, requestId: request.id }, 'Unexpected error in a subgraph server');
    const code = isAppError ? error.code : 'BAD_REQUEST';
    const message = status >= 500 ? 'Internal error' : error.message;
    if (request.watch) request.watch.errorCodes = [code];
    return reply.code(status).send({ errors: [{ message, extensions: { code } }] });
  });
  app.get('/health', async () => ({ status: 'ok' }));
  app.get('/ready', async (_request, reply) => {
    await subgraph.checkReady().catch(() => void reply.code(503));
    return { status: reply.statusCode === 200 ? 'ready' : 'not ready' };
  });
  metricsRoute(app, ({ headers }) => requireOperatorToken(headers.authorization, operatorToken));
  app.post<{ Body: SubgraphRequest | null }>('/graphql', async (request, reply) => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (!token) throw new Unauthenticated('Only the gateway may ask this subgraph.');
    const identity = await signer.verify(token, subgraph.name);
    const { query, variables, operationName } = request.body ?? { query: '' };
    noteOperation(request, identity, operationName);
    const { cachePolicy, ...response } = await execute({ query, variables, operationName }, identity);
    if (request.watch) request.watch.errorCodes = response.errors?.map(({ extensions }) => String(extensions?.code));
    return reply.header('cache-control', cacheControlOf(cachePolicy)).send(response);
  });
  return app;
}
