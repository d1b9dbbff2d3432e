import type { ServerResponse } from 'node:http';
import type { FastifyInstance, RouteHandlerMethod } from 'fastify';
import { healthAnswer } from './health-answer.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers instead of the route's handler, before all other hooks. */
    answerAtOnce?: (response: ServerResponse, requestId: string) => void;
  }
}

/**
 * Answers routes that have `answerAtOnce` before any hook that is added later, as probes are repeated while the process is
 * overloaded.
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

/** `GET /health`: whether the process is alive. Depends on nothing else, so that a database outage restarts no gateway. */
export function healthRoute(app: FastifyInstance, environment: string, isLoaded: () => boolean = () => true): void {
  const answerAtOnce = (response: ServerResponse, requestId: string) => {
    const { status, headers, body } = healthAnswer(environment, requestId, !isLoaded());
    response.writeHead(status, headers).end(body);
  };
  app.get('/health', { logLevel: 'silent', config: { answerAtOnce } }, unreachable);
}
