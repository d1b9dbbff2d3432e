import { readFileSync } from 'node:fs';
import { codegen } from '@graphql-codegen/core';
import * as typescriptPlugin from '@graphql-codegen/typescript';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  buildClientSchema,
  buildSchema,
  type GraphQLSchema,
  getIntrospectionQuery,
  lexicographicSortSchema,
  parse,
  printSchema,
} from 'graphql';
import { auditServer } from 'graphql-http';
import { itInDrills } from '#ops/testing/it-in-drills.js';
import { schemaFile } from '#schema/type-definitions.js';
import { Client } from './client.js';
import { askApollo, askRelay, twoRangesOperations } from './normalizing-clients.js';
import { type OpenTransport, openTransport, type Transport } from './open-transport.js';
import { type SeededAccount, type SeededCampaign, seededAccounts } from './simulator-truth.js';
import { finishedReport } from './tenant.js';

const dashboard = readFileSync(schemaFile('examples/dashboard.graphql'), 'utf8');
const range = { start: '2026-10-01', end: '2026-10-31' };

const EVERY_CAMPAIGN = /* GraphQL */ `
  query EveryCampaign($range: DateRangeInput!) {
    organization {
      accounts {
        externalId
        currency
        status
        provider { id }
        campaigns(range: $range, first: 300) {
          totalCount
          edges { node { externalId name metrics(range: $range) { impressions clicks cost { amount currency } conversions } } }
        }
      }
    }
  }
`;

const GENERATE = /* GraphQL */ `
  mutation Generate($range: DateRangeInput!, $clientIds: [ID!]) {
    generateReport(templateId: "campaign-performance", range: $range, clientIds: $clientIds) { report { id status } }
  }
`;

const ORDER = /* GraphQL */ `
  mutation Order($templateId: ID!, $range: DateRangeInput!, $onUnavailable: OnUnavailable! = FAIL) {
    generateReport(templateId: $templateId, range: $range, onUnavailable: $onUnavailable) { report { id } }
  }
`;

const ROWS = /* GraphQL */ `
  query Rows($id: ID!) {
    report(id: $id) { unavailableAccounts { account { provider { id } } name }
      sections { key kind columns { key } rowCount totalCount sources { state code name } rows(first: 1000) { edges { node { cells } } } } }
  }
`;

const REPORT = /* GraphQL */ `
  query Report($id: ID!) {
    report(id: $id) { status progress rowCount downloadUrl failure { message } clients { name } createdBy { name } }
  }
`;

/** Returns the types that a client's code generator makes of a schema. */
function generateTypes(schema: GraphQLSchema): Promise<string> {
  return codegen({
    schema: parse(printSchema(lexicographicSortSchema(schema))),
    documents: [],
    config: {},
    filename: 'types.ts',
    plugins: [{ typescript: {} }],
    pluginMap: { typescript: typescriptPlugin },
  });
}

/** RFC 4180, as far as the downloads use it. */
function parseCsv(text: string): Record<string, string>[] {
  const lines = text
    .trim()
    .split('\r\n')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      ),
    );
  const [header = [], ...rows] = lines;
  return rows.map((cells) => Object.fromEntries(header.map((key, index) => [key, cells[index] ?? ''])));
}

/** Follows a new customer over a transport, from the sign-up to a report. */
export function describeJourney(transport: Transport): void {
  describe(`the journey of a new customer, subgraphs ${transport}`, () => {
    let open: OpenTransport;
    let client: Client;
    let organizationId: string;
    const truth = new Map<string, Map<string, SeededAccount>>();

    beforeAll(async () => {
      open = await openTransport(transport);
      ({ client, organizationId } = await new Client(open.url).signUp('Ada'));
      truth.set('google-ads', await seededAccounts(open.simulatorUrl, 'google-ads', range));
      truth.set('meta-ads', await seededAccounts(open.simulatorUrl, 'meta', range));
    });
    afterAll(() => open.close());

    it('begins with an empty dashboard and a trial of 14 days', async () => {
      const { data, errors } = await client.ask(dashboard, { range });
      expect(errors).toBeUndefined();
      const { organization, name } = data.me;
      expect(name).toBe('Ada');
      expect(organization).toMatchObject({ name: 'Company', connections: [], reports: { edges: [] } });
      expect(organization.subscription).toMatchObject({ status: 'TRIALING', plan: { name: expect.any(String) } });
      const createdAt = (await client.ask('{ organization { createdAt } }')).data.organization.createdAt;
      expect(Date.parse(organization.subscription.trialEndsAt) - Date.parse(createdAt)).toBe(14 * 24 * 60 * 60 * 1000);
    });

    it('connects Google Ads and Meta Ads through their consent pages', async () => {
      for (const providerId of ['google-ads', 'meta-ads']) {
        const callback = await client.connect(providerId);
        expect([callback.status, await callback.json()]).toEqual([
          200,
          { connection: expect.objectContaining({ provider: { id: providerId } }) },
        ]);
      }
      const { data } = await client.ask(
        '{ organization { connections { provider { id } status accounts { name } } } }',
      );
      expect(
        data.organization.connections.map((connection: any) => [connection.provider.id, connection.status]),
      ).toEqual([
        ['google-ads', 'ACTIVE'],
        ['meta-ads', 'ACTIVE'],
      ]);
    });

    it('returns from a consent to the page that was asked for, with the code or the error in the fragment', async () => {
      const { client: ada } = await new Client(open.url).signUp('Ada');
      const page = 'http://localhost:3000/connected?from=settings';
      const returned = async (decision: string) => {
        const location = await ada.consent('meta-ads', { decision }, page);
        const response = await fetch(location, { redirect: 'manual', headers: { accept: 'text/html' } });
        expect([response.status, response.headers.get('referrer-policy')]).toEqual([303, 'no-referrer']);
        const [address, fragment] = String(response.headers.get('location')).split('#');
        expect(address).toBe(page);
        return Object.fromEntries(new URLSearchParams(fragment));
      };
      expect(await returned('deny')).toEqual({ error: 'access_denied' });
      const { code = '' } = await returned('allow');
      const { client: victim } = await new Client(open.url).signUp('Victim');
      expect((await new Client(open.url).complete(code)).status).toBe(401);
      expect((await victim.complete(code)).status).toBe(403);
      expect((await ada.complete(code)).status).toBe(400);
      const again = await returned('allow');
      expect((await ada.complete(String(again.code))).status).toBe(200);
    });

    it("completes a consent on the gateway's page with the password of the user who initiated it, and not without", async () => {
      const mallory = await new Client(open.url).signUp('Mallory');
      const { data } = await mallory.client.ask('{ me { email } }');
      // The victim's browser follows the link with no session of Mallory's.
      const location = await mallory.client.consent('meta-ads');
      const opened = await fetch(location, { headers: { accept: 'text/html' } });
      const page = await opened.text();
      expect([opened.status, opened.headers.get('cache-control'), opened.headers.get('referrer-policy')]).toEqual([
        200,
        'no-store',
        'no-referrer',
      ]);
      for (const named of ['Meta Ads', '“Company”', 'Mallory', data.me.email]) expect(page).toContain(named);
      const target = new URL(/action="([^"]+)"/.exec(page)?.[1] as string, location);
      const token = /name="token" value="([^"]+)"/.exec(page)?.[1] as string;
      const submit = async (form: Record<string, string>) => {
        const response = await fetch(target, { method: 'POST', body: new URLSearchParams(form) });
        return { status: response.status, text: await response.text() };
      };
      const connected = async () =>
        (await mallory.client.ask('{ organization { connections { status } } }')).data.organization.connections;
      for (const password of ['', 'the password of the victim']) {
        const refused = await submit({ token, password });
        expect(refused.text).toContain('That is not the password of this account.');
        expect(refused.text).toContain('<form');
      }
      expect(await connected()).toEqual([]);
      const completed = await submit({ token, password: 'correct horse battery' });
      expect([completed.status, completed.text]).toEqual([200, expect.stringContaining('Meta Ads is connected')]);
      expect(await connected()).toEqual([{ status: 'ACTIVE' }]);
      expect((await submit({ token, password: 'correct horse battery' })).status).toBe(400);
    });

    it('shows every number of every campaign exactly as the providers have it', async () => {
      const { data, errors } = await client.ask(EVERY_CAMPAIGN, { range });
      expect(errors).toBeUndefined();
      let compared = 0;
      for (const account of data.organization.accounts) {
        const seeded = truth.get(account.provider.id)?.get(account.externalId) as SeededAccount;
        expect(account.currency).toBe(seeded.currency);
        expect(account.campaigns.totalCount).toBe(account.campaigns.edges.length);
        for (const { node } of account.campaigns.edges) {
          const { impressions, clicks, cost, conversions, name } = seeded.campaigns.get(
            node.externalId,
          ) as never as Record<string, unknown>;
          expect(node).toMatchObject({
            name,
            metrics: { impressions, clicks, conversions, cost: { amount: cost, currency: seeded.currency } },
          });
          compared += 1;
        }
      }
      expect(compared).toBeGreaterThan(150);
    });

    it('answers the dashboard from all four subgraphs at once', async () => {
      const { data, errors } = await client.ask(dashboard, { range });
      expect(errors).toBeUndefined();
      const accounts = data.me.organization.connections.flatMap((connection: any) => connection.accounts);
      const { channels, campaigns } = data.me.organization;
      expect(accounts.length).toBeGreaterThan(5);
      expect(new Set(channels.edges.map(({ node }: any) => node.provider.name))).toEqual(
        new Set(['Google Ads', 'Meta Ads']),
      );
      expect([campaigns.edges.length, campaigns.totalCount > 100]).toEqual([10, true]);
      const { data: listed } = await client.ask(
        '{ organization { accounts(providers: ["google-ads", "meta-ads"]) { externalId status provider { id } } } }',
      );
      expect(channels.sources).toHaveLength(listed.organization.accounts.length);
      const impressions = listed.organization.accounts
        .filter(({ status }: any) => status === 'ACTIVE')
        .flatMap(({ externalId, provider }: any) => [
          ...(truth.get(provider.id)?.get(externalId)?.campaigns.values() ?? []),
        ]);
      expect(channels.totals.reduce((sum: number, { metrics }: any) => sum + metrics.impressions, 0)).toBe(
        impressions.reduce((sum: number, campaign: SeededCampaign) => sum + campaign.impressions, 0),
      );
    });

    it('makes a report for one client and offers exactly its campaigns as CSV', async () => {
      const { data: listed } = await client.ask(
        '{ organization { accounts { id externalId provider { id } currency } } }',
      );
      const account = listed.organization.accounts.find(({ currency }: any) => currency === 'JPY');
      const { data: created } = await client.ask(
        'mutation ($ids: [ID!]!) { createClient(name: "Tokyo office", accountIds: $ids) { client { id } } }',
        { ids: [account.id] },
      );
      const { data: ordered, errors } = await client.ask(GENERATE, {
        range,
        clientIds: [created.createClient.client.id],
      });
      expect(errors).toBeUndefined();
      const { id } = ordered.generateReport.report;

      let report: any;
      for (let attempt = 0; attempt < 1_200 && !['READY', 'FAILED'].includes(report?.status); attempt += 1) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        report = (await client.ask(REPORT, { id })).data.report;
      }
      expect(report).toMatchObject({
        status: 'READY',
        progress: 100,
        clients: [{ name: 'Tokyo office' }],
        createdBy: { name: 'Ada' },
      });

      const download = await fetch(report.downloadUrl);
      expect([download.status, download.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
      const all = parseCsv(await download.text());
      const rows = all.filter(({ section }) => section === 'performance-2');
      const seeded = truth.get(account.provider.id)?.get(account.externalId) as SeededAccount;
      const byName = new Map([...seeded.campaigns.values()].map((campaign) => [campaign.name, campaign]));
      for (const row of rows) {
        // A name a spreadsheet would run as a formula comes as text.
        const { impressions, clicks, cost, conversions } = byName.get(
          (row.campaign as string).replace(/^'/, ''),
        ) as never as Record<string, unknown>;
        expect(row).toMatchObject({
          account: seeded.name,
          currency: 'JPY',
          impressions: String(impressions),
          clicks: String(clicks),
          cost,
          conversions: conversions === null ? '' : String(conversions),
        });
      }
      expect(rows.length).toBeGreaterThan(5);
    });

    let connecting: Promise<void> | undefined;
    /** Connects the providers that the cases above do not, once. */
    function connectOthers(): Promise<void> {
      connecting ??= (async () => {
        for (const { id } of (await client.ask('{ providers { id } }')).data.providers) {
          if (!['google-ads', 'meta-ads'].includes(id)) expect((await client.connect(id)).status).toBe(200);
        }
      })();
      return connecting;
    }

    /** Orders a report and returns it finished. */
    async function orderReport(variables: Record<string, unknown>) {
      const { data, errors } = await client.ask(ORDER, variables);
      expect(errors).toBeUndefined();
      return finishedReport(client, data.generateReport.report.id);
    }

    itInDrills('makes every report over the accounts of all providers, with every row in the CSV', async () => {
      await connectOthers();
      const { data: listed } = await client.ask(
        '{ reportTemplates { id } organization { accounts { provider { id } } } }',
      );
      const { reportTemplates, organization } = listed;
      expect(new Set(organization.accounts.map(({ provider }: any) => provider.id)).size).toBe(7);
      const asked = /* GraphQL */ `query ($range: DateRangeInput!) { organization {
        byProvider: performance(range: $range, groupBy: [PROVIDER], first: 1000) { edges { node { provider { id } currency metrics { cost { amount } clicks } } } }
        queries: searchQueries(range: $range, first: 1000) { edges { node { query metrics { clicks } } } }
        places(range: $range, first: 1000) { edges { node { place { externalId } metrics { interactions } } } }
        posts(range: $range, first: 1000) { totalCount }
      } }`;
      const { data: graph } = await client.ask(asked, { range });
      const seen = new Map<string, Record<string, any>[]>();
      for (const { id: templateId } of reportTemplates) {
        const report = await orderReport({ range, templateId });
        expect(report).toMatchObject({ status: 'READY', failure: null });
        const { data, errors } = await client.ask(ROWS, { id: report.id });
        expect(errors).toBeUndefined();
        for (const { key, kind, columns, rows, rowCount } of data.report.sections) {
          const read = rows.edges.map(({ node }: any) =>
            Object.fromEntries(columns.map((column: any, index: number) => [column.key, node.cells[index]])),
          );
          expect(read).toHaveLength(Math.min(1_000, rowCount));
          if (kind !== 'BUDGETS') expect([templateId, key, rowCount > 0]).toEqual([templateId, key, true]);
          seen.set(`${templateId} ${key}`, read);
        }
        const printed = parseCsv(await (await fetch(report.downloadUrl)).text());
        const sections = new Set(data.report.sections.map(({ key }: any) => key));
        expect(printed.filter(({ section }) => sections.has(section))).toHaveLength(report.rowCount);
      }
      // The same figures as the graph has.
      const { byProvider, queries, places, posts } = graph.organization;
      const rowsOf = (name: string) => seen.get(name) as Record<string, any>[];
      expect(
        rowsOf('campaign-performance performance').map((row) => [row.provider_id, row.currency, row.cost, row.clicks]),
      ).toEqual(
        byProvider.edges.map(({ node: { provider, currency, metrics } }: any) => [
          ...[provider.id, currency, metrics.cost.amount, String(metrics.clicks)],
        ]),
      );
      expect(rowsOf('search-queries search-queries-2').map((row) => [row.query, row.clicks])).toEqual(
        queries.edges.map(({ node }: any) => [node.query, String(node.metrics.clicks)]),
      );
      expect(rowsOf('local-presence places-2').map((row) => [row.place_id, row.interactions])).toEqual(
        places.edges.map(({ node }: any) => [node.place.externalId, String(node.metrics.interactions)]),
      );
      expect(rowsOf('posts posts-2')).toHaveLength(Math.min(1_000, posts.totalCount));
    });

    // The transport of the subgraphs is of no importance to clients.
    const itOnce = transport === 'in-process' ? itInDrills : it.skip;
    itOnce('shows two ranges in one operation as they are, in Apollo Client and in Relay', async () => {
      await connectOthers();
      const schema = buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8'));
      const operations = twoRangesOperations(schema);
      const ranges = {
        now: { start: '2026-10-01', end: '2026-10-07' },
        before: { start: '2026-09-01', end: '2026-09-07' },
      };
      const { data } = await client.ask('{ organization { accounts(hasFault: false) { id provider { id } } } }');
      const oneOfEach = new Map<string, string>(
        data.organization.accounts.map(({ id, provider }: any) => [provider.id, id]),
      );
      expect(oneOfEach.size).toBe(7);
      const warnings = jest.spyOn(console, 'error').mockImplementation(() => {});
      const endpoint = { url: open.url, headers: client.headers };
      const readAsReceived = async (operation: string, variables: Record<string, unknown>) => {
        const apollo = await askApollo(endpoint, operation, variables);
        const relay = await askRelay(endpoint, schema, operation, variables);
        expect(apollo.read).toEqual(apollo.received);
        expect(relay.read).toEqual(relay.received);
        return apollo.read as any;
      };
      const { errors } = await client.ask(
        'mutation { createSavedView(name: "Channels", performance: { groupBy: [PROVIDER] }) { savedView { id } } }',
      );
      expect(errors).toBeUndefined();
      for (const operation of operations.organization) await readAsReceived(operation, ranges);
      const { organization } = await readAsReceived(operations.views, ranges);
      expect(organization.savedViews.edges).toHaveLength(1);
      let differing = 0;
      for (const id of oneOfEach.values()) {
        const { account } = await readAsReceived(operations.account, { ...ranges, account: id });
        const clicksOf = (list: string) => account[list].edges.map(({ node }: any) => [node.id, node.metrics.clicks]);
        const [campaign] = account.now_campaigns.edges;
        if (campaign) await readAsReceived(operations.campaign, { ...ranges, campaign: campaign.node.id });
        const before = new Map<string, number>(clicksOf('before_campaigns'));
        for (const [campaign, clicks] of clicksOf('now_campaigns')) {
          if (before.has(campaign) && clicks !== before.get(campaign)) differing += 1;
        }
      }
      expect(warnings.mock.calls).toEqual([]);
      warnings.mockRestore();
      expect(differing).toBeGreaterThan(5);
    });

    it('names the accounts that a provider no longer lets it read, and makes the report without them when asked to', async () => {
      await connectOthers();
      const { status } = await fetch(`${open.simulatorUrl}/_simulator/grants/revoke`, {
        method: 'POST',
        body: JSON.stringify({ provider: 'linkedin' }),
      });
      expect(status).toBe(200);
      // Days that nothing has remembered yet.
      const order = { templateId: 'account-summary', range: { start: '2026-09-01', end: '2026-09-03' } };
      const failed = await orderReport(order);
      expect(failed).toMatchObject({ status: 'FAILED', failure: { code: 'RECONNECT_REQUIRED' } });
      const made = await orderReport({ ...order, onUnavailable: 'LEAVE_OUT' });
      const { unavailableAccounts, sections } = (await client.ask(ROWS, { id: made.id })).data.report;
      const named = unavailableAccounts.map(({ name }: any) => name);
      expect(new Set(unavailableAccounts.map(({ account }: any) => account.provider.id))).toEqual(
        new Set(['linkedin-ads']),
      );
      for (const name of named) expect(failed.failure.message).toContain(name);
      const missing = sections[0].sources.filter(({ state }: any) => state === 'MISSING');
      const missingFor = (reason: string) =>
        missing.flatMap(({ code, name }: any) => (code === reason ? [name] : [])).sort();
      expect(missingFor('RECONNECT_REQUIRED')).toEqual([...named].sort());
      // An account closed at its provider has no figures to leave out.
      expect(missingFor('ACCOUNT_CLOSED')).toHaveLength(missing.length - named.length);
      expect(named.length).toBeGreaterThan(1);
    });

    it('gives code generators the same from the file and by introspection', async () => {
      const query = getIntrospectionQuery({
        ...{ specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true },
        oneOf: true,
      });
      const { data, errors } = await new Client(open.url).ask(query);
      expect(errors).toBeUndefined();
      const generated = await generateTypes(buildClientSchema(data));
      expect(generated).toBe(await generateTypes(buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8'))));
      expect(generated).toContain('export type Organization = {');
    });

    it('passes the audit of GraphQL over HTTP without a failed MUST', async () => {
      const results = await auditServer({ url: `${open.url}/graphql` });
      expect(results.filter(({ status }) => status === 'error').map(({ name }) => name)).toEqual([]);
      expect(results.length).toBeGreaterThan(50);
    });

    it('ends at the log-out: the same token is refused at once', async () => {
      const { client: other } = await new Client(open.url).signUp('Grace');
      expect((await other.ask('{ me { name } }')).data.me.name).toBe('Grace');
      expect((await other.ask('mutation { logOut }')).data.logOut).toBe(true);
      const refused = await other.ask('{ me { name } }');
      // On the HTTP transport without Redis the gateway may believe what it read for some seconds more.
      if (transport === 'in-process') expect([refused.status, refused.code]).toEqual([401, 'UNAUTHENTICATED']);
      expect(organizationId).toEqual(expect.any(String));
    });
  });
}
