import type { FastifyInstance, preHandlerAsyncHookHandler } from 'fastify';
import { z } from 'zod';
import { askSubgraph } from '#gateway/federation/ask-subgraph.js';
import type { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import { clientOf } from '#gateway/http/client-of.js';
import { wantsPage } from '#gateway/http/wants-page.js';
import { consentPage, type ReceivedConsent } from '#gateway/pages/consent-page.js';
import { connectionsLink } from '#gateway/pages/dashboard-links.js';
import { failurePage, sendPage } from '#gateway/pages/page.js';
import { AppError, InvalidInput } from '#runtime/errors.js';

const RECEIVE_CONSENT = /* GraphQL */ `
  mutation ReceiveConsent($providerId: ID!, $state: String!, $code: String, $error: String) {
    receiveConsent(providerId: $providerId, state: $state, code: $code, error: $error) {
      consent { provider { id name } organizationId userId expiresAt }
      completionCode
      error
      returnTo
    }
  }
`;

/** Either the first two or `error`; without `returnTo` never `error`. */
interface Received {
  receiveConsent: {
    consent: (ReceivedConsent & { expiresAt: string }) | null;
    completionCode: string | null;
    error: string | null;
    returnTo: string | null;
  };
}

// A repeated parameter is an array and refused.
const callback = z.object({ state: z.string(), code: z.string().optional(), error: z.string().optional() });

/**
 * `GET /oauth/:provider/callback`, and the same below `/api`: the OAuth redirect URI. It connects nothing, as any user's browser
 * may have been sent here: this one is given the completion code. It is redirected to a page of the dashboard, else sees the
 * gateway's own page, or JSON where it does not ask for HTML.
 */
export function oauthCallbackRoute(
  app: FastifyInstance,
  { auth, integrations }: { auth: SubgraphDataSource; integrations: SubgraphDataSource },
  limit: preHandlerAsyncHookHandler,
): void {
  for (const url of ['/oauth/:provider/callback', '/api/oauth/:provider/callback']) {
    app.get<{ Params: { provider: string } }>(url, { preHandler: limit }, async (request, reply) => {
      const requestId = request.id;
      void reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
      try {
        const query = callback.safeParse(request.query);
        if (!query.success) throw new InvalidInput([{ argument: 'state', problem: 'is missing or given twice' }]);
        const { receiveConsent } = await askSubgraph<Received>(
          integrations,
          { query: RECEIVE_CONSENT, variables: { providerId: request.params.provider, ...query.data } },
          { kind: 'service', scopes: [], requestId, client: clientOf(request) },
        );
        const { consent, completionCode, error, returnTo } = receiveConsent;
        if (returnTo) {
          const outcome = new URLSearchParams(completionCode ? { code: completionCode } : { error: error ?? '' });
          return reply.redirect(`${returnTo}#${outcome}`, 303);
        }
        if (!consent || !completionCode) throw new Error('A consent without a page has neither a code nor an error');
        if (wantsPage(request)) return sendPage(reply, await consentPage(auth, consent, { completionCode, requestId }));
        const { provider, expiresAt } = consent;
        return reply.send({ consent: { provider: provider.id, expiresAt }, code: completionCode });
      } catch (error) {
        if (!wantsPage(request) || !(error instanceof AppError)) throw error;
        const page = failurePage('Not connected', error, requestId);
        return sendPage(reply, { ...page, ...connectionsLink(app) }, error);
      }
    });
  }
}
