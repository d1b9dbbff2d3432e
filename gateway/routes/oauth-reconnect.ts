import type { FastifyInstance, preHandlerAsyncHookHandler } from 'fastify';
import { z } from 'zod';
import { askSubgraph } from '#gateway/federation/ask-subgraph.js';
import type { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import { wantsPage } from '#gateway/http/wants-page.js';
import { connectionsLink } from '#gateway/pages/dashboard-links.js';
import { failurePage, sendPage } from '#gateway/pages/page.js';
import { AppError, InvalidInput } from '#runtime/errors.js';

const BEGIN_RECONNECT = /* GraphQL */ `
  mutation BeginReconnect($ticket: String!, $returnTo: String) {
    beginReconnect(ticket: $ticket, returnTo: $returnTo) { authorizeUrl }
  }
`;

interface Begun {
  beginReconnect: { authorizeUrl: string };
}

const query = z.object({ ticket: z.string(), returnTo: z.string().optional() });

/**
 * `GET /oauth/:provider/reconnect`: where `Integration.reconnectUrl` leads. Exchanges its ticket for a redirect to the
 * consent page; `returnTo` says where the browser goes after it.
 */
export function oauthReconnectRoute(
  app: FastifyInstance,
  integrations: SubgraphDataSource,
  limit: preHandlerAsyncHookHandler,
): void {
  app.get('/oauth/:provider/reconnect', { preHandler: limit }, async (request, reply) => {
    // Keeps the ticket in the URL out of referrers.
    void reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
    try {
      const given = query.safeParse(request.query);
      if (!given.success) throw new InvalidInput([{ argument: 'ticket', problem: 'is missing or given twice' }]);
      const { beginReconnect } = await askSubgraph<Begun>(
        integrations,
        { query: BEGIN_RECONNECT, variables: given.data },
        { kind: 'service', scopes: [], requestId: request.id },
      );
      return reply.redirect(beginReconnect.authorizeUrl, 303);
    } catch (error) {
      if (!wantsPage(request) || !(error instanceof AppError)) throw error;
      const page = failurePage('Not connected', error, request.id);
      return sendPage(reply, { ...page, ...connectionsLink(app) }, error);
    }
  });
}
