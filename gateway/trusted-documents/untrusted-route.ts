import type { FastifyInstance } from 'fastify';
import type { RequireOperator } from '#gateway/identity/operator.js';
import type { TrustMode } from './trust-documents.js';
import type { UntrustedDocuments } from './untrusted-documents.js';

/**
 * Serves `GET /api/untrusted-documents` for operators: what `require` would refuse, or refuses, of the requests to this
 * process since it started.
 */
export function untrustedDocumentsRoute(
  app: FastifyInstance,
  requireOperator: RequireOperator,
  mode: TrustMode,
  untrusted: UntrustedDocuments,
  since: Date,
): void {
  app.get('/api/untrusted-documents', async ({ headers, id, ip }, reply) => {
    await requireOperator(headers.authorization, id, ip);
    return reply.header('cache-control', 'no-store').send({ mode, since, documents: untrusted.list() });
  });
}
