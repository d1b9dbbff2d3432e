import type { FastifyInstance } from 'fastify';
import { unexpectedErrors } from '#runtime/alerts/unexpected-errors.js';
import { closeGracefully } from '#runtime/http/close-server.js';
import type { BaseServices } from '#runtime/services.js';
import { createServer, originRule } from './server.js';

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
