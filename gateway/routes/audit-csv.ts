import { Readable } from 'node:stream';
import type { FastifyInstance, preHandlerAsyncHookHandler } from 'fastify';
import type { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import { clientOf } from '#gateway/http/client-of.js';
import { InvalidInput, Unauthenticated } from '#runtime/errors.js';

type Filter = Record<string, string | string[]>;

const FILTERS = ['actorId', 'targetType', 'targetId', 'since', 'until', 'outcome'];

/** Throws InvalidInput for an unknown filter: a misspelt one must not export everything. */
function filterOf(query: Record<string, string | string[]>): Filter {
  const filter: Filter = {};
  for (const [name, value] of Object.entries(query)) {
    if (name === 'action') filter.actions = [value].flat();
    else if (FILTERS.includes(name) && typeof value === 'string') filter[name] = value;
    else
      throw new InvalidInput([{ argument: name, problem: `must be one of action, ${FILTERS.join(', ')}, given once` }]);
  }
  return filter;
}

/**
 * `GET /api/audit.csv?action=session.*&since=…`: the audit log of the organization, newest first, for administrators, as one request,
 * whatever its size. Filters as in `AuditLogFilter`. A failure after the first byte cuts the connection, so that no part passes for the
 * whole.
 */
export function auditCsvRoute(
  app: FastifyInstance,
  { auth, limit }: { auth: SubgraphDataSource; limit: preHandlerAsyncHookHandler },
): void {
  app.get<{ Querystring: Record<string, string | string[]> }>(
    '/api/audit.csv',
    { preHandler: limit },
    async (request, reply) => {
      const { query, method, watch } = request;
      const identity = { ...request.identity, client: clientOf(request) };
      if (!identity.organizationId) throw new Unauthenticated();
      const isHead = method === 'HEAD';
      const parameters = { filter: JSON.stringify(filterOf(query)) };
      const { type, body } = await auth.openFile({ kind: 'audit', parameters, isHead }, { identity, watch });
      return (
        reply
          .type(type)
          .header('content-disposition', 'attachment; filename="audit.csv"')
          .header('cache-control', 'private, no-store')
          // Without a stream, HEAD would say that the file is empty.
          .send(body ?? Readable.from([]))
      );
    },
  );
}
