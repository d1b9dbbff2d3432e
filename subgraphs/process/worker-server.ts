import fastify, { type FastifyInstance } from 'fastify';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { Unauthenticated } from '#runtime/errors.js';
import { answerProbesFirst, healthRoute } from '#runtime/health/health-route.js';
import type { Readiness } from '#runtime/health/readiness.js';
import { readyRoute } from '#runtime/health/ready-route.js';
import { closeGracefully } from '#runtime/http/close-server.js';
import { limitConnections, serverOptions } from '#runtime/http/limit-connections.js';
import type { Services } from '#runtime/services.js';
import { metricsRoute, requireOperatorToken } from '#runtime/telemetry/metrics-route.js';
import { openProcessReadiness } from './process-checks.js';

/**
 * Opens the HTTP server of a worker: `/health`, `/ready` and `/metrics`. To be opened before the jobs begin, so that it
 * still answers while the last ones finish.
 */
export async function openWorkerServer(
  services: Services,
  running: RunningSubgraph[],
  opened?: Readiness,
): Promise<FastifyInstance> {
  const { config, logger, lifecycle } = services;
  const readiness = opened ?? (await openProcessReadiness(services, running, { areJobsRequired: true }));
  const app = fastify({ ...serverOptions });
  limitConnections(app, { logger, isProxy: () => true });
  app.setErrorHandler((error, { id: requestId }, reply) => {
    if (!(error instanceof Unauthenticated)) throw error;
    const { message, code } = error;
    void reply.code(401).header('www-authenticate', 'Bearer realm="WebMetrics"');
    return reply.send({ errors: [{ message, extensions: { code, requestId } }] });
  });
  answerProbesFirst(app);
  healthRoute(app, config.environment);
  readyRoute(app, readiness);
  metricsRoute(app, ({ headers }) => requireOperatorToken(headers.authorization, config));
  closeGracefully(app, { lifecycle, logger });
  return app;
}
