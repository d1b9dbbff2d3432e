import type { FastifyInstance, FastifyRequest } from 'fastify';
import { answerMetrics } from './answer-metrics.js';

/** `GET /metrics`: what this process counts, for Prometheus. `allow` throws for whom it is not meant. */
export function metricsRoute(app: FastifyInstance, allow: (request: FastifyRequest) => void | Promise<void>): void {
  app.get('/metrics', async (request, reply) => {
    await allow(request);
    const { contentType, body } = await answerMetrics();
    return reply.header('cache-control', 'no-store').type(contentType).send(body);
  });
}
