import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '#runtime/config/config.js';
import type { ApiClient, NewAccount } from './api-client.js';
import { mailedToken } from './mailed-token.js';

/** The demo organization's owner. */
export const demoAccount: NewAccount = {
  email: 'demo@webmetrics.test',
  password: 'webmetrics-demo',
  name: 'Nora Lind',
  company: 'Northwind Agency',
};

export interface DemoState {
  me: { emailVerifiedAt: string | null };
  providers: { id: string; name: string }[];
  organization: {
    id: string;
    connections: { provider: { id: string } }[];
    accounts: { id: string; name: string }[];
    clients: { edges: { node: { name: string; accounts: { id: string }[] } }[] };
    reports: { edges: unknown[] };
  };
}

const OTHERS = 'All other brands';
/** How often the mail is looked for. */
const LOOK_MS = 100;
const MAX_LOOKS = 20;

/** Returns the present state of the demo organization. */
export function readState(api: ApiClient): Promise<DemoState> {
  return api.ask<DemoState>(/* GraphQL */ `{
    me { emailVerifiedAt }
    providers { id name }
    organization {
      id
      connections { provider { id } }
      accounts { id name }
      clients(first: 100) { edges { node { name accounts { id } } } }
      reports(first: 2) { edges { cursor } }
    }
  }`);
}

/** What the demo organization has subscribed to. */
export interface DemoSubscription {
  status: string;
  trialEndsAt: string;
  plan: { name: string };
}

/** Returns what the demo organization has subscribed to. */
export async function readSubscription(api: ApiClient): Promise<DemoSubscription> {
  type Answer = { organization: { subscription: DemoSubscription } };
  const query = '{ organization { subscription { status trialEndsAt plan { name } } } }';
  return (await api.ask<Answer>(query)).organization.subscription;
}

/** Connects a provider unless an earlier attempt, whose answer was lost, did. */
export async function connectProvider(api: ApiClient, providerId: string): Promise<void> {
  const { organization } = await api.ask<Pick<DemoState, 'organization'>>(
    '{ organization { connections { provider { id } } } }',
  );
  if (organization.connections.some(({ provider }) => provider.id === providerId)) return;
  await api.connect(providerId);
}

/** Groups accounts without a client: the first into one of its own, all others into a second one. */
export async function createClients(api: ApiClient): Promise<void> {
  const { accounts, clients } = (await readState(api)).organization;
  const grouped = new Set(clients.edges.flatMap(({ node }) => node.accounts.map(({ id }) => id)));
  const names = new Set(clients.edges.map(({ node }) => node.name));
  const create = (name: string, accountIds: string[]) =>
    api.ask(
      /* GraphQL */ `mutation ($name: String!, $accountIds: [ID!]!) {
        createClient(name: $name, accountIds: $accountIds) { client { id } }
      }`,
      { name, accountIds },
    );
  const left = accounts.filter(({ id }) => !grouped.has(id));
  const first = names.size === 0 ? left.shift() : undefined;
  if (first) await create(first.name, [first.id]);
  // Providers that were connected at a later start.
  const name = names.has(OTHERS) ? `${OTHERS} (${names.size})` : OTHERS;
  if (left.length > 0)
    await create(
      name,
      left.map(({ id }) => id),
    );
}

const DEMO_TEMPLATES = ['performance-overview', 'campaign-performance'];

/** Orders reports on the last 30 days, compared with those before, unless they are there. */
export async function orderReports(api: ApiClient): Promise<void> {
  const { reports } = (await readState(api)).organization;
  for (const templateId of DEMO_TEMPLATES.slice(reports.edges.length)) {
    await api.ask(
      /* GraphQL */ `mutation ($templateId: ID!) {
        generateReport(templateId: $templateId, period: LAST_30_DAYS, compareTo: PREVIOUS_PERIOD) { report { id } }
      }`,
      { templateId },
    );
  }
}

/** Confirms the address by the mailed link, where mail is written to files. */
export async function confirmAddress(api: ApiClient, { dataDir, mail }: Config): Promise<void> {
  if (mail.smtpUrl || (await readState(api)).me.emailVerifiedAt) return;
  for (let look = 1; look <= MAX_LOOKS; look += 1) {
    const token = await mailedToken(dataDir, demoAccount.email, 'verify-email');
    if (token) {
      await api.ask('mutation ($token: String!) { verifyEmail(token: $token) }', { token });
      return;
    }
    await wait(LOOK_MS);
  }
}
