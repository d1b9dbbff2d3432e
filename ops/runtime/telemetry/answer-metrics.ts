import { Unauthenticated } from '#runtime/errors.js';
import { isSameSecret } from '#runtime/same-secret.js';
import './observe-cache.js';
import './observe-http.js';
import './observe-jobs.js';
import './observe-operation.js';
import './observe-pools.js';
import './observe-provider.js';
import './observe-subgraph.js';
import { watchProcess } from './observe-process.js';
import { registry } from './registry.js';

/** The answer to `GET /metrics`, for whatever server sends it. */
export interface MetricsAnswer {
  contentType: string;
  body: string;
}

/** Returns everything this process counts, in the text format of Prometheus. */
export async function answerMetrics(): Promise<MetricsAnswer> {
  watchProcess();
  return { contentType: registry.contentType, body: await registry.metrics() };
}

/**
 * Throws Unauthenticated unless a request carries the operator token, where there is one: for ports inside the
 * installation, where nobody else signs in.
 */
export function requireOperatorToken(authorization: string | undefined, operatorToken: string | undefined): void {
  if (!operatorToken) return;
  const given = /^Bearer ([^\s]+)$/i.exec(authorization ?? '')?.[1] ?? '';
  if (!isSameSecret(given, operatorToken)) {
    throw new Unauthenticated('Send the operator token as "Authorization: Bearer <token>".');
  }
}
