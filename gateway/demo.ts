import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HttpClient } from '../ops/runtime/http-client.js';
import type { Foundation } from '../ops/runtime/runtime.js';

/** How to sign in to the demo organization. */
export interface Demo {
  email: string;
  password: string;
}

const demo: Demo = { email: 'demo@webmetrics.test', password: 'webmetrics-demo' };
const company = 'Northwind Agency';

interface Account {
  id: string;
  name: string;
}

interface State {
  providers: { id: string; name: string }[];
  organization: {
    connections: { provider: { id: string } }[];
    clients: { edges: unknown[] };
    reports: { edges: unknown[] };
  };
}

/** Someone who uses the API as any client does. */
class Visitor {
  readonly #http: HttpClient;
  readonly #url: string;
  #accessToken: string | undefined;

  constructor(http: HttpClient, url: string) {
    this.#http = http;
    this.#url = url;
  }

  async ask<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
    const { body } = await this.#http.send({
      method: 'POST',
      url: `${this.#url}/graphql`,
      headers: {
        'content-type': 'application/json',
        ...(this.#accessToken && { authorization: `Bearer ${this.#accessToken}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = JSON.parse(body) as { data: Data; errors?: { message: string }[] };
    if (errors?.[0]) throw new Error(errors[0].message);
    return data;
  }

  async signIn(): Promise<void> {
    const signUp = /* GraphQL */ `mutation ($email: String!, $password: String!, $company: String!) {
      signedIn: signUp(name: "Nora Lind", email: $email, password: $password, companyName: $company) { accessToken }
    }`;
    const logIn = /* GraphQL */ `mutation ($email: String!, $password: String!) {
      signedIn: logIn(email: $email, password: $password) { accessToken }
    }`;
    type SignedIn = { signedIn: { accessToken: string } };
    // A first run that was interrupted has signed up already.
    const { signedIn } = await this.ask<SignedIn>(signUp, { ...demo, company }).catch(() =>
      this.ask<SignedIn>(logIn, { ...demo }),
    );
    this.#accessToken = signedIn.accessToken;
  }

  /** Consents at the simulator as a person would: presses Allow and follows the way back. */
  async connect(providerId: string): Promise<void> {
    const { authorizeConnection } = await this.ask<{ authorizeConnection: { authorizeUrl: string } }>(
      /* GraphQL */ `mutation ($providerId: ID!) { authorizeConnection(providerId: $providerId) { authorizeUrl } }`,
      { providerId },
    );
    const consent = await this.#http.send({
      method: 'POST',
      url: authorizeConnection.authorizeUrl,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'decision=allow',
    });
    const { pathname, search } = new URL(String(consent.headers.location));
    const callback = await this.#http.send({ url: `${this.#url}${pathname}${search}` });
    if (callback.status !== 200)
      throw new Error(`connecting ${providerId} answered ${callback.status}: ${callback.body}`);
  }
}

async function fill(visitor: Visitor, now: Date): Promise<void> {
  await visitor.signIn();
  const { providers, organization } = await visitor.ask<State>(/* GraphQL */ `{
    providers { id name }
    organization {
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
}

/**
 * Fills the demo organization through the public API on the first run: an account, both providers connected, clients, a
 * report. Interrupted, it goes on at the next start; done, it never touches the organization again.
 */
export async function makeDemo({ config, http, logger, now }: Foundation, url: string): Promise<Demo | undefined> {
  const marker = join(config.dataDir, 'demo-complete');
  if (existsSync(marker)) return demo;
  try {
    await fill(new Visitor(http, url), now());
    writeFileSync(marker, `${now().toISOString()}\n`);
    return demo;
  } catch (error) {
    logger.warn({ err: error }, 'The demo organization is not complete; the next start goes on with it');
    return undefined;
  }
}
