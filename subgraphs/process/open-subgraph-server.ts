import type { FastifyInstance } from 'fastify';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { unexpectedErrors } from '#runtime/alerts/unexpected-errors.js';
import { openReadiness } from '#runtime/health/readiness.js';
import { closeGracefully } from '#runtime/http/close-server.js';
import type { Services } from '#runtime/services.js';
import { processChecks } from './process-checks.js';
import { createSubgraphReports } from './subgraph-report.js';
import { createSubgraphServer } from './subgraph-server.js';

/** Opens the server of one subgraph, ready to listen, and its readiness checks, until the lifecycle closes. */
export async function openSubgraphServer(services: Services, subgraph: RunningSubgraph): Promise<FastifyInstance> {
  const { config, internalSigner, logger, lifecycle } = services;
  const checks = processChecks(services, [subgraph], { areJobsRequired: false });
  const readiness = await openReadiness({ checks, logger, lifecycle });
  const readReport = createSubgraphReports(services);
  const app = createSubgraphServer({
    subgraph,
    signer: internalSigner,
    logger,
    readiness,
    readReport: () => readReport(subgraph),
    environment: config.environment,
    unexpected: unexpectedErrors(services),
    operatorToken: config.operator.token,
  });
  closeGracefully(app, { lifecycle, logger });
  return app;
}
