import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Config } from '#runtime/config/config.js';
import { Unauthenticated } from '#runtime/errors.js';
import { isSameSecret } from '#runtime/same-secret.js';
import './observe-alerts.js';
import './observe-billing.js';
import './observe-cache.js';
import './observe-calls.js';
import './observe-clients.js';
import './observe-connections.js';
import './observe-execution.js';
import './observe-http.js';
import './observe-installation.js';
import './observe-jobs.js';
import './observe-machine.js';
import './observe-operation.js';
import './observe-pools.js';
import { watchProcess } from './observe-process.js';
import './observe-readiness.js';
import './observe-security.js';
import './observe-streams.js';
import './observe-tool-calls.js';
import './observe-webhooks.js';
import { collectMetrics, registry } from './registry.js';

/** Returns all metrics of this program in the text format of Prometheus. */
export async function renderMetrics(): Promise<{ contentType: string; body: string }> {
  watchProcess();
  return { contentType: registry.contentType, body: await collectMetrics() };
}

/** Serves `GET /metrics` for Prometheus. `allow` throws when the caller may not read it. */
export function metricsRoute(app: FastifyInstance, allow: (request: FastifyRequest) => void | Promise<void>): void {
  app.get('/metrics', async (request, reply) => {
    await allow(request);
    const { contentType, body } = await renderMetrics();
    return reply.header('cache-control', 'no-store').type(contentType).send(body);
  });
}

/**
 * Throws Unauthenticated unless a request carries the operator token. Where none is set, requests need none outside production, and in
 * production all are refused. For ports that are not public.
 */
export function requireOperatorToken(
  authorization: string | undefined,
  { operator: { token: operatorToken }, isProduction }: Pick<Config, 'operator' | 'isProduction'>,
): void {
  if (!operatorToken && !isProduction) return;
  if (!operatorToken)
    throw new Unauthenticated(
      'There is no operator token: set OPERATOR_TOKEN, and send it as "Authorization: Bearer <token>".',
    );
  const given = /^Bearer ([^\s]+)$/i.exec(authorization ?? '')?.[1] ?? '';
  if (!isSameSecret(given, operatorToken)) {
    throw new Unauthenticated('Send the operator token as "Authorization: Bearer <token>".');
  }
}
