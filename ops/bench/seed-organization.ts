import type { RunningSubgraph } from '#kit/define-subgraph.js';
import type { SubgraphResponse } from '#kit/executor.js';
import { anonymous, type Identity } from '#runtime/identity/identity.js';
import { type BenchPlatform, type Gateway, ownerOf, queryGateway } from './bench-platform.js';

const SIGN_UP = /* GraphQL */ `
  mutation ($name: String!, $email: String!) {
    signUp(name: $name, email: $email, password: "correct horse battery", companyName: $name) {
      user { id organization { id } }
    }
  }
`;

const AUTHORIZE = /* GraphQL */ `
  mutation ($providerId: ID!) { authorizeConnection(providerId: $providerId) { authorizeUrl } }
`;

const RECEIVE = /* GraphQL */ `
  mutation ($providerId: ID!, $state: String!, $code: String) {
    receiveConsent(providerId: $providerId, state: $state, code: $code) { completionCode }
  }
`;

const COMPLETE = 'mutation ($code: String!) { completeConnection(code: $code) { connection { id } } }';

const REPORT = /* GraphQL */ `
  mutation ($range: DateRangeInput!) {
    generateReport(templateId: "campaign-performance", range: $range) { report { id } }
  }
`;

const PROVIDERS = ['google-ads', 'meta-ads'];
const REPORTS = 5;

/** Consents at the simulator, then passes the redirect to the subgraph as the gateway's callback does. */
async function connect(gateway: Gateway, owner: Identity, integrations: RunningSubgraph, providerId: string) {
  type Authorized = { authorizeConnection: { authorizeUrl: string } };
  const { authorizeConnection } = await queryGateway<Authorized>(gateway, owner, AUTHORIZE, { providerId });
  const body = new URLSearchParams({ decision: 'allow' });
  const decided = await fetch(authorizeConnection.authorizeUrl, { method: 'POST', redirect: 'manual', body });
  const callback = Object.fromEntries(new URL(String(decided.headers.get('location'))).searchParams);
  const service: Identity = { kind: 'service', scopes: [], requestId: 'bench' };
  const variables = { providerId, ...callback };
  const { data, errors }: SubgraphResponse = await integrations.execute({ query: RECEIVE, variables }, service);
  if (errors?.[0]) throw new Error(`${providerId} could not be connected: ${errors[0].message}`);
  const { receiveConsent } = data as { receiveConsent: { completionCode: string } };
  await queryGateway(gateway, owner, COMPLETE, { code: receiveConsent.completionCode });
}

/** Signs a user up, connects every provider and generates reports. */
export async function seedOrganization({ running }: BenchPlatform, gateway: Gateway, name: string): Promise<Identity> {
  const email = `${name.toLowerCase().replaceAll(' ', '-')}@example.com`;
  type SignedUp = { signUp: { user: { id: string; organization: { id: string } } } };
  const { signUp } = await queryGateway<SignedUp>(gateway, anonymous('bench'), SIGN_UP, { name, email });
  const { id: userId, organization } = signUp.user;
  const owner = ownerOf(organization.id, userId);
  const integrations = running.find((subgraph) => subgraph.name === 'integrations') as RunningSubgraph;
  for (const providerId of PROVIDERS) await connect(gateway, owner, integrations, providerId);
  const range = { start: '2026-10-01', end: '2026-10-31' };
  for (let report = 0; report < REPORTS; report += 1) await queryGateway(gateway, owner, REPORT, { range });
  return owner;
}
