import { askSubgraph } from '#gateway/federation/ask-subgraph.js';
import type { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import type { Field, Page } from './page.js';

/** A consent that its user can complete. */
export interface ReceivedConsent {
  provider: { id: string; name: string };
  organizationId: string;
  userId: string;
}

interface Asker {
  organization: { name: string; caretakers: { name: string; email: string }[] };
}

const ASKER = /* GraphQL */ `
  query ConsentAsker($userId: ID!) { organization { name caretakers(userId: $userId) { name email } } }
`;

const PASSWORD: Field = {
  name: 'password',
  label: 'Your WebMetrics password',
  type: 'password',
  autocomplete: 'current-password',
};

const CODE: Field = {
  name: 'secondFactor',
  label: 'Your code',
  type: 'text',
  autocomplete: 'one-time-code',
  hint: 'Of the authenticator app, or a recovery code.',
};

/**
 * Returns the page that completes a consent: it names provider, organization and initiator, and takes the password of
 * that user only. Throws AppError when that user has left.
 */
export async function consentPage(
  auth: SubgraphDataSource,
  consent: ReceivedConsent,
  {
    completionCode,
    requestId,
    ...form
  }: { completionCode: string; requestId: string } & {
    needsSecondFactor?: boolean;
    problem?: string;
  },
): Promise<Page> {
  const { provider, organizationId, userId } = consent;
  const { organization } = await askSubgraph<Asker>(
    auth,
    { query: ASKER, variables: { userId } },
    { kind: 'service', scopes: [], organizationId, requestId },
  );
  const [asker] = organization.caretakers;
  const who = asker ? `${asker.name} (${asker.email})` : 'A user who has left';
  return {
    title: `Connect ${provider.name} to “${organization.name}”?`,
    text: `${who} requested this connection. If that is you, and your accounts at ${provider.name} belong to “${organization.name}”, enter your password. If not, close this page: nothing was connected, and your accounts cannot be read.`,
    form: {
      action: 'complete',
      token: completionCode,
      fields: form.needsSecondFactor ? [PASSWORD, CODE] : [PASSWORD],
      button: `Connect ${provider.name}`,
      problem: form.problem,
    },
  };
}
