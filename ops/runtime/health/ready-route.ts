import type { FastifyInstance } from 'fastify';
import type { Readiness } from './readiness.js';

/** `GET /ready`: 200 while requests should be sent here, else 503, with the result of each check. */
export function readyRoute(app: FastifyInstance, readiness: Readiness): void {
  app.get('/ready', { logLevel: 'silent' }, ({ watch }, reply) => {
    const report = readiness.report();
    if (watch) watch.isRoutine = Object.values(report.checks).includes('pending');
    return reply
      .code(report.status === 'ready' ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(report);
  });
}
