import type { FastifyInstance } from 'fastify';
import type { Readiness } from './readiness.js';

/** `GET /ready`: 200 while requests should be sent here, else 503, with what works and what does not. */
export function readyRoute(app: FastifyInstance, readiness: Readiness): void {
  app.get('/ready', { logLevel: 'silent' }, (_request, reply) =>
    reply
      .code(readiness.isReady() ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(readiness.report()),
  );
}
