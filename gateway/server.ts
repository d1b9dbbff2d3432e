import { randomUUID } from 'node:crypto';
import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { AppError, type ErrorCode } from '../ops/runtime/errors.js';
import { anonymous, type Identity } from '../ops/runtime/identity.js';
import type { Logger } from '../ops/runtime/logger.js';
import type { Authenticate } from './authenticate.js';
import type { GatewayContext } from './context.js';
import { httpStatusOf } from './http-status.js';
import { limits } from './limits.js';

declare module 'fastify' {
  interface FastifyRequest {
    identity: Identity;
  }
}

export interface ServerOptions {
  logger: Logger;
  /** Whether an origin's pages may call the API. */
  isAllowedOrigin(origin: string): boolean;
  bodyLimitBytes?: number;
}

const CLIENT_REQUEST_ID = /^[\w.-]{8,100}$/;

// Fastify's own refusals, in the words of this API.
const requestErrors: Record<string, { code: string; message: string }> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'REQUEST_TOO_LARGE', message: 'The request body is too large.' },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'BAD_REQUEST', message: 'The request body is not valid JSON.' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'BAD_REQUEST', message: 'The request body is empty.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { code: 'BAD_REQUEST', message: 'Send JSON with "Content-Type: application/json".' },
};

function describeFailure(error: FastifyError | AppError, logger: Logger, requestId: string) {
  if (error instanceof AppError) {
    const { message, code, details, retryAfter } = error;
    return { status: httpStatusOf(code), message, extensions: { code, details, retryAfter } };
  }
  const known =
    requestErrors[error.code] ?? (error instanceof SyntaxError && requestErrors.FST_ERR_CTP_INVALID_JSON_BODY);
  const status = error.statusCode ?? 500;
  if (known) return { status, message: known.message, extensions: { code: known.code } };
  if (status < 500) return { status, message: error.message, extensions: { code: 'BAD_REQUEST' } };
  logger.error({ err: error, requestId }, 'Unexpected error in a route');
  return { status: 500, message: 'Internal error', extensions: { code: 'INTERNAL_SERVER_ERROR' satisfies ErrorCode } };
}

/** Returns the HTTP server with what every route shares: request ids, security headers, CORS, errors as JSON, a log line each. */
export async function createServer({
  logger,
  isAllowedOrigin,
  bodyLimitBytes,
}: ServerOptions): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: bodyLimitBytes ?? limits.bodyBytes,
    requestIdHeader: false,
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && CLIENT_REQUEST_ID.test(given) ? given : randomUUID();
    },
    routerOptions: { ignoreTrailingSlash: true },
    // Requests in flight are finished on close; idle keep-alive connections are not waited for.
    forceCloseConnections: 'idle',
  });
  app.decorateRequest('identity', undefined as unknown as Identity);
  app.addHook('onRequest', async (request, reply) => {
    request.identity = anonymous(request.id);
    void reply.header('x-request-id', request.id);
  });
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    frameguard: { action: 'deny' },
  });
  await app.register(cors, {
    origin: (origin, done) => done(null, origin !== undefined && isAllowedOrigin(origin)),
    credentials: true,
    exposedHeaders: ['x-request-id', 'retry-after'],
    maxAge: 600,
  });
  app.setErrorHandler((error: FastifyError | AppError, request, reply) => {
    const { status, message, extensions } = describeFailure(error, logger, request.id);
    if ('retryAfter' in extensions && extensions.retryAfter) void reply.header('retry-after', extensions.retryAfter);
    return reply.code(status).send({ errors: [{ message, extensions: { ...extensions, requestId: request.id } }] });
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({
      errors: [
        {
          message: `There is nothing at ${request.url.split('?')[0]}.`,
          extensions: { code: 'NOT_FOUND', requestId: request.id },
        },
      ],
    }),
  );
  app.addHook('onResponse', async ({ id, method, url, identity }, { statusCode, elapsedTime }) => {
    const path = url.split('?')[0];
    if (path === '/health' || path === '/ready') return;
    const { organizationId } = identity;
    logger.info(
      { requestId: id, organizationId, method, path, status: statusCode, durationMs: Math.round(elapsedTime) },
      `${method} ${path} ${statusCode}`,
    );
  });
  return app;
}

/**
 * Puts the graph of a started server at `/graphql`, answering each request for the identity its credentials stand for. A page that Apollo
 * shows there is sent with `pagePolicy` as its Content-Security-Policy.
 */
export function serveGraph(
  app: FastifyInstance,
  apollo: ApolloServer<GatewayContext>,
  authenticate: Authenticate,
  pagePolicy: string,
): void {
  app.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    preHandler: async (request) => {
      request.identity = await authenticate(request.headers.authorization, request.id);
    },
    onSend: async (_request, reply) => {
      const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
      if (isPage) void reply.header('content-security-policy', pagePolicy);
    },
    handler: fastifyApolloHandler(apollo, { context: async ({ identity }) => ({ identity }) }),
  });
}
