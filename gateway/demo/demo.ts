import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '#runtime/config/config.js';
import { AppError } from '#runtime/errors.js';
import type { BaseServices } from '#runtime/services.js';
import { mailedToken } from './mailed-token.js';
import { Visitor } from './visitor.js';

/** How to sign in to the demo organization. */
export interface Demo {
  email: string;
  password: string;
  organizationId: string;
}

const credentials = { email: 'demo@webmetrics.test', password: 'webmetrics-demo' };
const RETRY_MS = 1_000;
const MAX_ATTEMPTS = 30;
/** How often it is looked whether the mail with the link is there. */
const LOOK_MS = 100;
const MAX_LOOKS = 20;

interface Account {
  id: string;
  name: string;
}

interface State {
  me: { emailVerifiedAt: string | null };
  providers: { id: string; name: string }[];
  organization: {
    id: string;
    connections: { provider: { id: string } }[];
    clients: { edges: unknown[] };
    reports: { edges: unknown[] };
  };
}

/** Uses the link that was mailed, where mail is written to a folder: who has not confirmed an address invites nobody. */
async function confirmAddress(visitor: Visitor, { dataDir, mail }: Config): Promise<void> {
  for (let look = 1; !mail.smtpUrl && look <= MAX_LOOKS; look += 1) {
    const token = await mailedToken(dataDir, credentials.email, 'verify-email');
    if (token) {
      await visitor.ask('mutation ($token: String!) { verifyEmail(token: $token) }', { token });
      return;
    }
    await wait(LOOK_MS);
  }
}

/** Returns the id of the demo organization. */
async function fill(visitor: Visitor, config: Config, now: Date): Promise<string> {
  await visitor.signIn({ ...credentials, name: 'Nora Lind', company: 'Northwind Agency' });
  const { me, providers, organization } = await visitor.ask<State>(/* GraphQL */ `{
    me { emailVerifiedAt }
    providers { id name }
    organization {
      id
      connections { provider { id } }
      clients(first: 1) { edges { cursor } }
      reports(first: 1) { edges { cursor } }
    }
  }`);
  const connected = new Set(organization.connections.map(({ provider }) => provider.id));
  for (const { id } of providers) if (!connected.has(id)) await visitor.connect(id);

  if (organization.clients.edges.length === 0) {
    const { organization: connectedOrganization } = await visitor.ask<{ organization: { accounts: Account[] } }>(
      '{ organization { accounts { id name } } }',
    );
    const [first, ...others] = connectedOrganization.accounts;
    const createClient = /* GraphQL */ `mutation ($name: String!, $accountIds: [ID!]!) {
      createClient(name: $name, accountIds: $accountIds) { client { id } }
    }`;
    if (first) await visitor.ask(createClient, { name: first.name, accountIds: [first.id] });
    if (others.length > 0) {
      await visitor.ask(createClient, { name: 'All other brands', accountIds: others.map(({ id }) => id) });
    }
  }

  if (organization.reports.edges.length === 0) {
    const day = (ago: number) => new Date(now.getTime() - ago * 86_400_000).toISOString().slice(0, 10);
    await visitor.ask(
      /* GraphQL */ `mutation ($range: DateRangeInput!) {
        generateReport(templateId: "campaign-performance", range: $range) { report { id } }
      }`,
      { range: { start: day(30), end: day(1) } },
    );
  }
  if (!me.emailVerifiedAt) await confirmAddress(visitor, config);
  return organization.id;
}

/** Subgraphs of their own may be started together with the gateway and need a moment longer. */
async function fillOnceReachable(visitor: Visitor, config: Config, now: Date): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fill(visitor, config, now);
    } catch (error) {
      const isAway = error instanceof AppError && error.code === 'SUBGRAPH_UNAVAILABLE';
      if (!isAway || attempt === MAX_ATTEMPTS) throw error;
      await wait(RETRY_MS);
    }
  }
}

/**
 * Fills the demo organization through the public API on the first run: an account with a confirmed address, every
 * provider connected, clients, a report. Interrupted, it goes on at the next start; done, it never touches the organization again.
 */
export async function makeDemo({ config, http, logger, now }: BaseServices, url: string): Promise<Demo | undefined> {
  const marker = join(config.dataDir, 'demo-complete');
  try {
    const known = existsSync(marker) && /^organization (.+)$/m.exec(readFileSync(marker, 'utf8'))?.[1];
    if (known) return { ...credentials, organizationId: known };
    const organizationId = await fillOnceReachable(new Visitor(http, url), config, now());
    writeFileSync(marker, `organization ${organizationId}\n`);
    return { ...credentials, organizationId };
  } catch (error) {
    logger.warn({ err: error }, 'The demo organization is not complete; the next start goes on with it');
    return undefined;
  }
}
