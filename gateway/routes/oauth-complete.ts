import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import { z } from 'zod';
import { askSubgraph } from '#gateway/federation/ask-subgraph.js';
import type { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import { clientOf } from '#gateway/http/client-of.js';
import { consentPage, type ReceivedConsent } from '#gateway/pages/consent-page.js';
import { connectionsLink } from '#gateway/pages/dashboard-links.js';
import { failurePage, type Page, sendPage } from '#gateway/pages/page.js';
import { AppError, InvalidInput } from '#runtime/errors.js';
import type { Role } from '#runtime/identity/identity.js';

const MAX_BODY_BYTES = 10_000;

const RECEIVED = /* GraphQL */ `
  query ReceivedConsent($code: String!) { receivedConsent(code: $code) { provider { id name } organizationId userId } }
`;

const CONFIRM = /* GraphQL */ `
  mutation ConfirmMember($userId: ID!, $organizationId: ID!, $password: String!, $code: String) {
    confirmMember(userId: $userId, organizationId: $organizationId, password: $password, code: $code) { role }
  }
`;

const COMPLETE = /* GraphQL */ `
  mutation CompleteConnection($code: String!) {
    completeConnection(code: $code) { connection { accounts { id } } }
  }
`;

interface Completed {
  completeConnection: { connection: { accounts: unknown[] } };
}

// A repeated field is an array and refused.
const submission = z.object({
  token: z.string().min(1).max(200),
  password: z.string().max(1_000).default(''),
  secondFactor: z.string().max(100).optional(),
});

type Submission = z.output<typeof submission>;

/** What the user can correct; the completion code is not used up yet. */
const problems: Partial<Record<string, string>> = {
  BAD_USER_INPUT: 'That is not the password of this account.',
  TWO_FACTOR_REQUIRED: 'This account needs a code as well. Give the password again, and the code.',
  TWO_FACTOR_INVALID: 'The code is wrong, or was used before: wait for the next one.',
  TWO_FACTOR_LOCKED: 'There were a hundred wrong codes in a row: only a recovery code is accepted now.',
};

function successPage({ provider }: ReceivedConsent, { completeConnection }: Completed): Page {
  const { length } = completeConnection.connection.accounts;
  const count = length === 1 ? '1 account' : `${length} accounts`;
  return { title: `${provider.name} is connected`, text: `WebMetrics can read ${count} now. You can close this page.` };
}

interface Subgraphs {
  auth: SubgraphDataSource;
  integrations: SubgraphDataSource;
}

async function complete({ auth, integrations }: Subgraphs, request: FastifyRequest, given: Submission): Promise<Page> {
  const requestId = request.id;
  const client = clientOf(request);
  const service = { kind: 'service' as const, scopes: [], requestId, client };
  const { token: code, password, secondFactor } = given;
  const { receivedConsent } = await askSubgraph<{ receivedConsent: ReceivedConsent }>(
    integrations,
    { query: RECEIVED, variables: { code } },
    service,
  );
  const { userId, organizationId } = receivedConsent;
  const confirmed = await askSubgraph<{ confirmMember: { role: Role } }>(
    auth,
    { query: CONFIRM, variables: { userId, organizationId, password, code: secondFactor || null } },
    service,
  ).catch((error: unknown) => {
    if (error instanceof AppError && (problems[error.code] || error.code === 'RATE_LIMITED')) return error;
    throw error;
  });
  if (confirmed instanceof AppError) {
    const problem = problems[confirmed.code] ?? confirmed.message;
    const needsSecondFactor = secondFactor !== undefined || confirmed.code === 'TWO_FACTOR_REQUIRED';
    return consentPage(auth, receivedConsent, { completionCode: code, requestId, needsSecondFactor, problem });
  }
  const { role } = confirmed.confirmMember;
  const completed = await askSubgraph<Completed>(
    integrations,
    { query: COMPLETE, variables: { code } },
    { kind: 'user', userId, organizationId, role, scopes: [], requestId, client },
  );
  return successPage(receivedConsent, completed);
}

/**
 * `POST /oauth/:provider/complete`: the form of the gateway's own page after a consent. It takes the password of the user
 * who initiated it, and begins no session.
 */
export function oauthCompleteRoute(
  app: FastifyInstance,
  subgraphs: Subgraphs,
  limit: preHandlerAsyncHookHandler,
): void {
  void app.register(async (scope) => {
    // Other routes refuse forms.
    await scope.register(formbody, { bodyLimit: MAX_BODY_BYTES });
    scope.post('/oauth/:provider/complete', { preHandler: limit }, async (request, reply): Promise<FastifyReply> => {
      void reply.headers({ 'referrer-policy': 'no-referrer' });
      try {
        const given = submission.safeParse(request.body);
        if (!given.success) throw new InvalidInput([{ argument: 'code', problem: 'is missing or given twice' }]);
        const page = await complete(subgraphs, request, given.data);
        return sendPage(reply, page.form ? page : { ...page, ...connectionsLink(app) });
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        const page = failurePage('Not connected', error, request.id);
        return sendPage(reply, { ...page, ...connectionsLink(app) }, error);
      }
    });
  });
}
