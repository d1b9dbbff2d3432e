import { randomUUID } from 'node:crypto';
import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type RouteHandlerMethod } from 'fastify';
import type { UnexpectedErrors } from '../ops/runtime/alerts/unexpected-errors.js';
import type { AppError } from '../ops/runtime/errors.js';
import { anonymous, type Identity } from '../ops/runtime/identity.js';
import type { Logger } from '../ops/runtime/logger.js';
import type { Authenticate } from './authenticate.js';
import type { GatewayContext } from './context.js';
import { describeFailure, nothingAt } from './describe-failure.js';
import { limits } from './limits.js';
import { refuseMalformed } from './refuse-malformed.js';

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
  unexpected?: UnexpectedErrors;
}

const CLIENT_REQUEST_ID = /^[\w.-]{8,100}$/;
const QUIET_PATHS = new Set(['/health', '/ready']);

const pathOf = (url: string) => url.split('?')[0] ?? url;

/** Logs every request once it is answered, but for the probes. */
function logRequests(app: FastifyInstance, logger: Logger): void {
  app.addHook('onResponse', async ({ id: requestId, method, url, identity }, { statusCode: status, elapsedTime }) => {
    const path = pathOf(url);
    if (QUIET_PATHS.has(path)) return;
    const { organizationId } = identity;
    const durationMs = Math.round(elapsedTime);
    logger.info({ requestId, organizationId, method, path, status, durationMs }, `${method} ${path} ${status}`);
  });
}

/** Returns the HTTP server with what every route shares: request ids, security headers, CORS, errors as JSON, a log line each. */
export async function createServer({
  logger,
  isAllowedOrigin,
  bodyLimitBytes,
  unexpected,
}: ServerOptions): Promise<FastifyInstance> {
  const refuse = (error: FastifyError | AppError, requestId: string, reply: FastifyReply) => {
    const { status, retryAfter, body } = describeFailure(error, requestId, logger, unexpected);
    if (retryAfter) void reply.header('retry-after', retryAfter);
    return reply.code(status).header('x-request-id', requestId).send(body);
  };
  const app = fastify({
    bodyLimit: bodyLimitBytes ?? limits.bodyBytes,
    requestIdHeader: false,
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && CLIENT_REQUEST_ID.test(given) ? given : randomUUID();
    },
    // A URL that cannot be decoded is refused before any hook runs, also the one that logs.
    frameworkErrors: (error, request, reply) => {
      logger.info({ requestId: request.id, code: error.code }, 'A request could not be read');
      void refuse(error as FastifyError, request.id, reply as FastifyReply);
    },
    clientErrorHandler: refuseMalformed(logger),
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
  app.setErrorHandler((error: FastifyError | AppError, request, reply) => refuse(error, request.id, reply));
  app.setNotFoundHandler((request, reply) => reply.code(404).send(nothingAt(pathOf(request.url), request.id)));
  logRequests(app, logger);
  return app;
}

/** Names the request in refusals Apollo makes before its plugins run: a body that is no operation, a missing CSRF header. */
function withRequestId(payload: unknown, requestId: string): unknown {
  if (typeof payload !== 'string' || !payload.startsWith('{"errors"')) return payload;
  const answer = JSON.parse(payload) as { errors: { extensions?: object }[] };
  for (const error of answer.errors) error.extensions = { ...error.extensions, requestId };
  return JSON.stringify(answer);
}

/**
 * Puts the graph at `/graphql`, answering each request for the identity its credentials stand for. A page that Apollo
 * shows there is sent with `pagePolicy` as its Content-Security-Policy. The server may be started later, but before
 * `authenticate` lets the first request through.
 */
export function serveGraph(
  app: FastifyInstance,
  apollo: ApolloServer<GatewayContext>,
  authenticate: Authenticate,
  pagePolicy?: string,
): void {
  let answer: RouteHandlerMethod | undefined;
  app.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    preHandler: async (request) => {
      request.identity = await authenticate(request.headers.authorization, request.id);
    },
    onSend: async (request, reply, payload) => {
      const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
      if (isPage && pagePolicy) void reply.header('content-security-policy', pagePolicy);
      return reply.statusCode >= 400 ? withRequestId(payload, request.id) : payload;
    },
    handler: function (request, reply) {
      answer ??= fastifyApolloHandler(apollo, {
        context: async ({ identity }) => ({ identity }),
      }) as RouteHandlerMethod;
      return answer.call(this, request, reply);
    },
  });
}
