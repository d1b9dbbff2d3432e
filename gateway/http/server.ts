import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { limits } from '#gateway/graph/size-limits.js';
import { acceptApiKeyHeader } from '#gateway/identity/accept-api-key-header.js';
import type { UnexpectedErrors } from '#runtime/alerts/unexpected-errors.js';
import type { Config, TrafficConfig } from '#runtime/config/config.js';
import type { AppError } from '#runtime/errors.js';
import { answerProbesFirst } from '#runtime/health/health-route.js';
import { requestIdOf } from '#runtime/http/request-id.js';
import { pathOf, watchRequests } from '#runtime/http/watch-requests.js';
import { anonymous, type Identity } from '#runtime/identity/identity.js';
import type { Logger } from '#runtime/log/logger.js';
import { observeError } from '#runtime/telemetry/observe-operation.js';
import { describeFailure, nothingAt } from './describe-failure.js';
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
  /** Proxies whose word on where a request comes from is believed. */
  trustedProxies?: TrafficConfig['trustedProxies'];
  bodyLimitBytes?: number;
  unexpected?: UnexpectedErrors;
}

/** How long a request may take to arrive. */
const REQUEST_TIMEOUT_MS = 60_000;

const RATE_LIMIT_HEADERS = ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset', 'ratelimit-policy'];

const LOOPBACK = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** Returns whether an origin's pages may call the API: the listed ones, or any page of this machine when none is listed. */
export function originRule({ allowedOrigins, isProduction }: Config): (origin: string) => boolean {
  if (allowedOrigins.length > 0 || isProduction) return (origin) => allowedOrigins.includes(origin);
  return (origin) => LOOPBACK.test(origin);
}

/** Returns the HTTP server with what every route shares: request ids, security headers, CORS, errors as JSON, a log line each. */
export async function createServer({
  logger,
  isAllowedOrigin,
  trustedProxies = false,
  bodyLimitBytes,
  unexpected,
}: ServerOptions): Promise<FastifyInstance> {
  const refuse = (error: FastifyError | AppError, requestId: string, reply: FastifyReply) => {
    const { status, retryAfter, body } = describeFailure(error, requestId, logger, unexpected);
    const { code } = body.errors[0].extensions;
    observeError(code);
    const { watch } = reply.request;
    if (watch) watch.errorCodes = [code];
    if (retryAfter) void reply.header('retry-after', retryAfter);
    return reply.code(status).header('x-request-id', requestId).send(body);
  };
  const app = fastify({
    bodyLimit: bodyLimitBytes ?? limits.bodyBytes,
    // Or a client that sends a byte now and then keeps its connection for ever.
    requestTimeout: REQUEST_TIMEOUT_MS,
    requestIdHeader: false,
    trustProxy: typeof trustedProxies === 'number' ? (_address, hop) => hop < trustedProxies : trustedProxies,
    genReqId: ({ headers }) => requestIdOf(headers),
    // A URL that cannot be decoded is refused before any hook runs, also the one that logs.
    frameworkErrors: (error, request, reply) => {
      logger.info({ requestId: request.id, code: error.code }, 'A request could not be read');
      void reply.header('x-content-type-options', 'nosniff');
      void refuse(error as FastifyError, request.id, reply as FastifyReply);
    },
    clientErrorHandler: refuseMalformed(logger),
    routerOptions: { ignoreTrailingSlash: true },
    // What still arrives on a kept-alive connection while the server closes is answered like anything else.
    return503OnClosing: false,
    // Requests in flight are finished on close; idle keep-alive connections are not waited for.
    forceCloseConnections: 'idle',
  });
  watchRequests(app, 'gateway', logger);
  app.decorateRequest('identity', undefined as unknown as Identity);
  app.addHook('onRequest', async (request, reply) => {
    request.identity = anonymous(request.id);
    void reply.header('x-request-id', request.id);
  });
  answerProbesFirst(app);
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    frameguard: { action: 'deny' },
  });
  await app.register(cors, {
    origin: (origin, done) => done(null, origin !== undefined && isAllowedOrigin(origin)),
    credentials: true,
    exposedHeaders: ['x-request-id', 'retry-after', ...RATE_LIMIT_HEADERS],
    maxAge: 600,
  });
  acceptApiKeyHeader(app);
  app.setErrorHandler((error: FastifyError | AppError, request, reply) => refuse(error, request.id, reply));
  app.setNotFoundHandler((request, reply) => reply.code(404).send(nothingAt(pathOf(request.url), request.id)));
  return app;
}
