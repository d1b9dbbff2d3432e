import type { FastifyInstance, preHandlerAsyncHookHandler } from 'fastify';
import { z } from 'zod';
import { askSubgraph } from '#gateway/federation/ask-subgraph.js';
import type { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import { clientOf } from '#gateway/http/client-of.js';
import { failurePage, type Page, sendPage } from '#gateway/pages/page.js';
import { AppError, InvalidInput } from '#runtime/errors.js';

const COMPLETE_CONNECTION = /* GraphQL */ `
  mutation CompleteConnection($providerId: ID!, $state: String!, $code: String, $error: String) {
    completeConnection(providerId: $providerId, state: $state, code: $code, error: $error) {
      connection { id provider { name } accounts { name } }
    }
  }
`;

interface Completed {
  completeConnection: { connection: { id: string; provider: { name: string }; accounts: { name: string }[] } };
}

// A repeated parameter is an array and refused.
const callback = z.object({ state: z.string(), code: z.string().optional(), error: z.string().optional() });

function successPage({ provider, accounts }: Completed['completeConnection']['connection']): Page {
  const count = accounts.length === 1 ? '1 account' : `${accounts.length} accounts`;
  return { title: `${provider.name} is connected`, text: `WebMetrics can read ${count} now. You can close this page.` };
}

/**
 * `GET /oauth/:provider/callback`: the OAuth redirect URI. The single-use `state` identifies the connection. Answers
 * HTML to browsers, else JSON.
 */
export function oauthCallbackRoute(
  app: FastifyInstance,
  integrations: SubgraphDataSource,
  limit: preHandlerAsyncHookHandler,
): void {
  app.get<{ Params: { provider: string } }>(
    '/oauth/:provider/callback',
    { preHandler: limit },
    async (request, reply) => {
      const wantsPage = request.headers.accept?.includes('text/html') ?? false;
      void reply.header('cache-control', 'no-store');
      try {
        const query = callback.safeParse(request.query);
        if (!query.success) throw new InvalidInput([{ argument: 'state', problem: 'is missing or given twice' }]);
        const { completeConnection } = await askSubgraph<Completed>(
          integrations,
          { query: COMPLETE_CONNECTION, variables: { providerId: request.params.provider, ...query.data } },
          { kind: 'service', scopes: [], requestId: request.id, client: clientOf(request) },
        );
        const { connection } = completeConnection;
        return wantsPage
          ? sendPage(reply, successPage(connection))
          : reply.send({
              connection: { id: connection.id, provider: request.params.provider, accounts: connection.accounts },
            });
      } catch (error) {
        if (!wantsPage || !(error instanceof AppError)) throw error;
        return sendPage(reply, failurePage('Not connected', error, request.id), error);
      }
    },
  );
}
