import type { ServerResponse } from 'node:http';
import type { FastifyInstance, RouteHandlerMethod } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers instead of the route's handler, before anything else is done for the request. */
    answerAtOnce?: (response: ServerResponse, requestId: string) => void;
  }
}

/**
 * Answers routes that have `answerAtOnce` before any other hook of the server runs. Whether the process is alive is
 * asked all the time, and in particular while it has too much to do.
 */
export function answerProbesFirst(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { answerAtOnce } = request.routeOptions.config;
    if (!answerAtOnce) return done();
    reply.hijack();
    answerAtOnce(reply.raw, request.id);
  });
}

const unreachable: RouteHandlerMethod = () => {
  throw new Error('a route that answers at once needs a server with answerProbesFirst()');
};

/** `GET /health`: whether the process is alive. Touches nothing else, so that a database outage restarts no gateway. */
export function healthRoute(app: FastifyInstance, environment: string, isLoaded: () => boolean = () => true): void {
  const answerAtOnce = (response: ServerResponse, requestId: string) => {
    const isAlive = isLoaded();
    const body = JSON.stringify({
      status: isAlive ? 'ok' : 'starting',
      timestamp: new Date().toISOString(),
      environment,
      uptime: Math.round(process.uptime() * 1000) / 1000,
    });
    response.writeHead(isAlive ? 200 : 503, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': body.length,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': requestId,
    });
    response.end(body);
  };
  app.get('/health', { logLevel: 'silent', config: { answerAtOnce } }, unreachable);
}
