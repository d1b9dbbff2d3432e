import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { UnexpectedErrors } from '../ops/runtime/alerts/unexpected-errors.js';
import { AppError, Unauthenticated } from '../ops/runtime/errors.js';
import type { IdentitySigner } from '../ops/runtime/identity.js';
import type { Logger } from '../ops/runtime/logger.js';
import { requestIdOf } from '../ops/runtime/request-id.js';
import type { CachePolicy } from './cache-policy.js';
import type { SubgraphRequest } from './executor.js';
import type { RunningSubgraph } from './subgraph.js';

// The gateway sends keys of up to a thousand entities in one call.
const BODY_LIMIT_BYTES = 8 * 1024 * 1024;

function cacheControlOf({ maxAge, scope }: CachePolicy): string {
  return maxAge > 0 ? `max-age=${maxAge}, ${scope.toLowerCase()}` : 'no-store';
}

/**
 * Returns an HTTP server that answers operations for one subgraph. It answers nobody but the gateway: whatever comes
 * without an identity the gateway signed for this very subgraph gets 401, also `_entities` and `_service`.
 */
export function createSubgraphServer(
  subgraph: RunningSubgraph,
  signer: IdentitySigner,
  logger: Logger,
  unexpected?: UnexpectedErrors,
): FastifyInstance {
  const app = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: 'idle',
    requestIdHeader: false,
    genReqId: ({ headers }) => requestIdOf(headers),
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const isAppError = error instanceof AppError;
    const status = isAppError ? 401 : (error.statusCode ?? 500);
    const isUnexpected = status >= 500;
    if (isUnexpected) {
      logger.error({ err: error, requestId: request.id }, 'Unexpected error in a subgraph server');
      unexpected?.raise(error, request.id);
    }
    const code = isAppError ? error.code : 'BAD_REQUEST';
    const message = isUnexpected ? 'Internal error' : error.message;
    const more = isUnexpected ? unexpected?.extensionsOf(error) : undefined;
    return reply.code(status).send({ errors: [{ message, extensions: { code, requestId: request.id, ...more } }] });
  });
  app.get('/health', async () => ({ status: 'ok' }));
  app.get('/ready', async (_request, reply) => {
    await subgraph.checkReady().catch(() => void reply.code(503));
    return { status: reply.statusCode === 200 ? 'ready' : 'not ready' };
  });
  app.post<{ Body: SubgraphRequest | null }>('/graphql', async (request, reply) => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (!token) throw new Unauthenticated('Only the gateway may ask this subgraph.');
    const identity = await signer.verify(token, subgraph.name);
    const { query, variables, operationName } = request.body ?? { query: '' };
    const { cachePolicy, ...response } = await subgraph.execute({ query, variables, operationName }, identity);
    return reply.header('cache-control', cacheControlOf(cachePolicy)).send(response);
  });
  return app;
}
