import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { limits } from '#gateway/graph/size-limits.js';
import { acceptApiKeys } from '#gateway/identity/accept-api-keys.js';
import { failurePage, sendPageWith } from '#gateway/pages/page.js';
import { type UnexpectedErrors, unexpectedErrors } from '#runtime/alerts/unexpected-errors.js';
import type { TrafficConfig } from '#runtime/config/config.js';
import { AppError } from '#runtime/errors.js';
import { answerProbesFirst } from '#runtime/health/health-route.js';
import { closeGracefully } from '#runtime/http/close-server.js';
import type { ConnectionLimits } from '#runtime/http/connection-limits.js';
import { limitConnections, proxyRule, serverOptions } from '#runtime/http/limit-connections.js';
import { originRule } from '#runtime/http/origin-rule.js';
import { requestIdOf } from '#runtime/http/request-id.js';
import { pathOf, watchRequests } from '#runtime/http/watch-requests.js';
import { anonymous, type Identity } from '#runtime/identity/identity.js';
import type { Logger } from '#runtime/log/logger.js';
import type { BaseServices } from '#runtime/services.js';
import { challengeUnauthenticated } from './challenge.js';
import { describeFailure, recordFailure } from './describe-failure.js';
import { PROBLEM_TYPE, problemOf, sendsProblems } from './problem.js';
import { refuseHeaders } from './refuse-headers.js';
import { refuseMalformed } from './refuse-malformed.js';
import { refuseUnknownRoutes } from './refuse-unknown-routes.js';
import { wantsPage } from './wants-page.js';

declare module 'fastify' {
  interface FastifyRequest {
    identity: Identity;
    /** What a request at `/graphql` is counted under; undefined with credentials. */
    bucket?: string;
    /** Of an admitted request. */
    idempotencyKey?: string;
  }
}

export interface ServerOptions {
  logger: Logger;
  isAllowedOrigin(origin: string): boolean;
  /** Proxies whose `X-Forwarded-For` is trusted. */
  trustedProxies?: TrafficConfig['trustedProxies'];
  bodyLimitBytes?: number;
  /** Absent = what the process's file descriptors allow. */
  connectionLimits?: ConnectionLimits;
  stalledAfterMs?: number;
  unexpected?: UnexpectedErrors;
}

/** Level 1 takes a third of the time of the defaults, for answers that are 5 to 15 % larger. */
const COMPRESSION = {
  encodings: ['br' as const, 'gzip' as const],
  brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } },
  zlibOptions: { level: 1 },
  threshold: 1_024,
  // Larger answers are compressed on a thread.
  syncThreshold: 32_768,
  requestEncodings: ['gzip' as const, 'br' as const, 'deflate' as const, 'identity' as const],
};

/** Of responses, readable for programs of other origins. */
const EXPOSED_HEADERS = [
  ...['x-request-id', 'retry-after', 'idempotent-replayed', 'www-authenticate', 'allow', 'location', 'link', 'etag'],
  ...['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset', 'ratelimit-policy'],
  ...['x-cost', 'x-cost-limit', 'x-cost-remaining', 'x-degraded', 'content-disposition'],
];

/** Returns the HTTP server with request ids, security headers, CORS, JSON errors and an access log. */
export async function createServer({
  logger,
  isAllowedOrigin,
  trustedProxies = false,
  bodyLimitBytes,
  connectionLimits,
  stalledAfterMs,
  unexpected,
}: ServerOptions): Promise<FastifyInstance> {
  const refuse = (error: FastifyError | AppError, requestId: string, reply: FastifyReply) => {
    const { status, retryAfter, body } = describeFailure(error, requestId, logger, unexpected);
    const { code } = body.errors[0].extensions;
    recordFailure(code, reply.request.watch);
    if (retryAfter) void reply.header('retry-after', retryAfter);
    if (error.code === 'FST_CP_ERR_INVALID_CONTENT_ENCODING') {
      void reply.header('accept-encoding', COMPRESSION.requestEncodings.join(', '));
    }
    void reply.header('x-request-id', requestId);
    const [{ message }] = body.errors;
    const details = error instanceof AppError ? error.details : undefined;
    const { url } = reply.request;
    if (sendsProblems(url)) {
      const problem = { ...problemOf(body.errors[0], status), instance: pathOf(url) };
      return reply.code(status).type(`${PROBLEM_TYPE}; charset=utf-8`).send(JSON.stringify(problem));
    }
    if (wantsPage(reply.request))
      return sendPageWith(
        status,
        reply,
        failurePage('That did not work', { code, message, details, retryAfter }, requestId),
      );
    return reply.code(status).send(body);
  };
  const app = fastify({
    ...serverOptions,
    bodyLimit: bodyLimitBytes ?? limits.bodyBytes,
    requestIdHeader: false,
    trustProxy: typeof trustedProxies === 'number' ? (_address, hop) => hop < trustedProxies : trustedProxies,
    genReqId: ({ headers }) => requestIdOf(headers),
    // No hook runs for a URL that cannot be decoded.
    frameworkErrors: (error, request, reply) => {
      logger.info({ requestId: request.id, code: error.code }, 'Malformed request refused');
      void reply.header('x-content-type-options', 'nosniff');
      void refuse(error as FastifyError, request.id, reply as FastifyReply);
    },
    clientErrorHandler: refuseMalformed(logger),
    routerOptions: { ignoreTrailingSlash: true },
  });
  // Before the route of CORS is added, which keeps the handler of that moment.
  app.setErrorHandler((error: FastifyError | AppError, request, reply) => refuse(error, request.id, reply));
  watchRequests(app, 'gateway', logger);
  limitConnections(app, { logger, isProxy: proxyRule(trustedProxies), limits: connectionLimits, stalledAfterMs });
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
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: 600,
    // Other OPTIONS are answered by refuseUnknownRoutes.
    strictPreflight: false,
  });
  await app.register(compress, COMPRESSION);
  refuseHeaders(app);
  refuseUnknownRoutes(app);
  challengeUnauthenticated(app);
  acceptApiKeys(app);
  return app;
}

/** Opens the HTTP server, without routes. */
export async function openHttp(base: BaseServices): Promise<FastifyInstance> {
  const { config, logger, lifecycle } = base;
  const app = await createServer({
    logger,
    isAllowedOrigin: originRule(config),
    trustedProxies: config.traffic.trustedProxies,
    unexpected: unexpectedErrors(base),
  });
  closeGracefully(app, { lifecycle, logger });
  return app;
}
