import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema, type GraphQLObjectType, getNamedType, isEnumType } from 'graphql';
import { resources } from '#gateway/rest/resources.js';
import { eventually } from '#ops/testing/eventually.js';
import { schemaFile } from '#schema/type-definitions.js';
import { Client } from './client.js';
import { databaseRows } from './database-rows.js';
import { type OpenTransport, openTransport, transports } from './open-transport.js';
import { finishedReport, openMember, openTenant, type Tenant } from './tenant.js';

const range = { start: '2026-09-01', end: '2026-09-07' };

describe.each(transports)('a member limited to clients over the transport %s', (transportName) => {
  let transport: OpenTransport;
  let agency: Tenant;
  let member: Client;
  let memberId: string;
  /** Everything that is not the member's, so that it is recognized in any answer. */
  let hidden: string[];
  /** A client of the same accounts. */
  let shadowId: string;
  let own: { clientId: string; accountId: string; reportId: string; downloadUrl: string };
  let other: { clientId: string; accountId: string; externalId: string; providerId: string; reportId: string };

  const send = (client: Client, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    fetch(new URL(path, transport.url), {
      method,
      headers: {
        ...client.headers,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  const limitPath = () => `/api/organization/members/${memberId}/clients`;
  const asked = async (client: Client, query: string, variables: Record<string, unknown> = {}) => {
    const { data, errors } = await client.ask(query, variables);
    expect(errors).toBeUndefined();
    return data;
  };

  async function order(clientIds: string[]) {
    const { generateReport } = await asked(
      agency.client,
      `mutation ($range: DateRangeInput!, $of: [ID!]) {
        generateReport(templateId: "campaign-performance", range: $range, clientIds: $of) { report { id } } }`,
      { range, of: clientIds },
    );
    return finishedReport(agency.client, generateReport.report.id);
  }

  beforeAll(async () => {
    transport = await openTransport(transportName, { RATE_LIMIT_SIGNED_IN: '100000' });
    agency = await openTenant(new Client(transport.url), 'Agency');
    const viewer = await openMember(transport, agency, 'VIEWER');
    member = viewer.client;
    memberId = viewer.identity.userId as string;
    for (const id of ['search-console', 'google-analytics', 'business-profile', 'x']) await agency.client.connect(id);
    const { organization } = await asked(
      agency.client,
      '{ organization { accounts { id externalId name provider { id } } connections { id grantedBy } } }',
    );
    const [mine, theirs] = organization.accounts.filter(({ provider }: any) => provider.id === 'google-ads');
    const others = ['search-console', 'google-analytics', 'business-profile', 'x'].flatMap(
      (id) => organization.accounts.find(({ provider }: any) => provider.id === id)?.id ?? [],
    );
    const create = async (name: string) => {
      const query =
        'mutation ($name: String!, $ids: [ID!]!) { createClient(name: $name, accountIds: $ids) { client { id } } }';
      return (await asked(agency.client, query, { name, ids: [mine.id, ...others] })).createClient.client.id;
    };
    const clientId = await create('Acme');
    shadowId = await create('Shadow');
    const { id: reportId } = await order([clientId]);
    const both = await order([clientId, agency.clientId]);
    const { report } = await asked(member, 'query ($id: ID!) { report(id: $id) { downloadUrl } }', { id: reportId });
    own = { clientId, accountId: mine.id, reportId, downloadUrl: report.downloadUrl };
    other = {
      clientId: agency.clientId,
      accountId: theirs.id,
      externalId: theirs.externalId,
      providerId: theirs.provider.id,
      reportId: both.id,
    };
    const accounts = organization.accounts.filter(({ id }: any) => id !== mine.id && !others.includes(id));
    // Some names are also of an account that is seen, or a part of such a name.
    const ownNames = organization.accounts.filter((one: any) => !accounts.includes(one)).map(({ name }: any) => name);
    hidden = [
      ...accounts.flatMap(({ id, externalId, name }: any) => [id, externalId, name]),
      ...organization.connections.flatMap(({ id, grantedBy }: any) => [id, grantedBy]),
      agency.clientId,
      shadowId,
      'Shadow',
      'Customer of Agency',
      agency.reportId,
      both.id,
      agency.userId,
      agency.subscriptionId,
    ].filter((text) => !ownNames.some((name: string) => name.includes(text)));
  }, 180_000);
  afterAll(() => transport.close());

  /** A process that shares no cache with auth keeps the rights of a session for 10 seconds. */
  const takesEffect = (count: number) =>
    eventually('the member sees as many clients', async () => {
      const { organization } = await asked(member, '{ organization { clients { edges { node { id } } } } }');
      return organization.clients.edges.length === count;
    });
  const foundIn = (text: string) => hidden.filter((secret) => text.includes(secret));

  it('is limited by an administrator to clients of the organization, which are read through the graph', async () => {
    const stranger = await openTenant(new Client(transport.url), 'Stranger');
    for (const clientIds of [[randomUUID()], [stranger.clientId], [own.clientId, stranger.clientId]]) {
      const refused = await send(agency.client, 'PUT', limitPath(), { clientIds });
      expect([refused.status, ((await refused.json()) as any).detail]).toEqual([
        404,
        'There is no client with this id.',
      ]);
    }
    const before = await send(member, 'GET', '/api/clients');
    expect(((await before.json()) as any).data).toHaveLength(3);
    const limited = await send(agency.client, 'PUT', limitPath(), { clientIds: [own.clientId] });
    expect(await limited.json()).toMatchObject({
      data: { clients: [{ id: own.clientId, name: 'Acme' }], role: 'VIEWER' },
    });
    await takesEffect(1);
    const { me } = await asked(member, '{ me { memberships { isLimited } } }');
    expect(me.memberships.filter(({ isLimited }: any) => isLimited)).toHaveLength(1);
  }, 60_000);

  it.each<[string, string, string]>([
    ['an account by id', 'account(id: $account) { name }', 'NOT_FOUND'],
    ['an account by its id at the provider', 'account(id: $external, providerId: $provider) { name }', 'NOT_FOUND'],
    ['a client', 'client(id: $client) { name accounts { name } }', 'NOT_FOUND'],
    [
      'a report that covers more',
      'report(id: $report) { title sections { rows { edges { node { cells } } } } downloadUrl }',
      'NOT_FOUND',
    ],
    ['a connection', 'connection(id: $connection) { grantedBy accounts { name } }', 'FORBIDDEN'],
    ['connections', 'organization { connections { grantedBy accounts { name } } }', 'FORBIDDEN'],
    ['counts of connections', 'organization { connectionHealth { total accounts failingAccounts } }', 'FORBIDDEN'],
    [
      'the connection below',
      'organization { clients { edges { node { accounts { connection { accounts { name } } } } } } }',
      'FORBIDDEN',
    ],
    ['members', 'organization { members { edges { node { user { name } } } } }', 'FORBIDDEN'],
    ['invitations', 'organization { invitations { email } }', 'FORBIDDEN'],
    ['the audit trail', 'organization { auditLog { edges { node { action } } } }', 'FORBIDDEN'],
    ['the subscription', 'organization { subscription { plan { name } } }', 'FORBIDDEN'],
    ['webhooks', 'webhookEventTypes { name }', 'FORBIDDEN'],
    ['accounts of a client', 'organization { accounts(clientIds: [$client]) { name } }', 'NOT_FOUND'],
    [
      'campaigns of an account by its id at the provider',
      'organization { campaigns(range: $range, accountIds: [$external]) { totalCount } }',
      'NOT_FOUND',
    ],
    [
      'campaigns of a client',
      'organization { campaigns(range: $range, clientId: $client) { totalCount } }',
      'NOT_FOUND',
    ],
    [
      'campaigns of an account',
      'organization { campaigns(range: $range, accountIds: [$account]) { totalCount } }',
      'NOT_FOUND',
    ],
    [
      'the days of an account',
      'organization { days(period: YESTERDAY, accountIds: [$account]) { start } }',
      'NOT_FOUND',
    ],
    [
      'performance of a client',
      'organization { performance(filter: { clientIds: [$client] }) { totalCount } }',
      'NOT_FOUND',
    ],
  ])('does not reach %s, like one that does not exist', async (_what, selection, code) => {
    const names: Record<string, string> = {
      range: 'DateRangeInput!',
      account: 'ID!',
      external: 'ID!',
      provider: 'ID!',
      client: 'ID!',
      report: 'ID!',
      connection: 'ID!',
    };
    const used = Object.keys(names).filter((name) => selection.includes(`$${name}`));
    const query = `query Q${used.length > 0 ? `(${used.map((name) => `$${name}: ${names[name]}`).join(', ')})` : ''} { ${selection} }`;
    const hiddenIds = {
      account: other.accountId,
      external: other.externalId,
      client: other.clientId,
      report: other.reportId,
      connection: agency.connectionId,
    };
    const unknownIds = Object.fromEntries(Object.keys(hiddenIds).map((name) => [name, randomUUID()]));
    const ask = async (ids: object) => {
      const variables = { range, provider: other.providerId, ...ids };
      const { data, errors } = await member.ask(
        query,
        Object.fromEntries(used.map((name) => [name, (variables as any)[name]])),
      );
      return {
        data,
        errors: errors?.map(({ message, path, extensions }: any) => ({ message, path, code: extensions.code })),
      };
    };
    const answer = await ask(hiddenIds);
    expect(answer.errors?.[0]?.code).toBe(code);
    expect(foundIn(JSON.stringify(answer.data))).toEqual([]);
    expect(answer).toEqual(await ask(unknownIds));
  });

  it('has figures of its accounts alone, in every sum and count', async () => {
    const query = `query ($range: DateRangeInput!) { organization {
      accounts { id }
      campaigns(range: $range, first: 1000) { totalCount totals { impressions clicks } edges { node { account { id } } } }
      performance(range: $range, groupBy: [CLIENT]) { totalCount totals { metrics { impressions clicks } } edges { node { client { id } } } sources { account { id } } }
      reports { edges { node { id createdBy { id } clients { id } } } }
    } }`;
    const { organization: seen } = await asked(member, query, { range });
    const byOwner = await asked(
      agency.client,
      `query ($range: DateRangeInput!, $of: [ID!]) { organization {
        campaigns(range: $range, accountIds: $of, first: 1000) { totalCount totals { impressions clicks } } } }`,
      { range, of: [own.accountId] },
    );
    const { totalCount, totals } = byOwner.organization.campaigns;
    expect(totalCount).toBeGreaterThan(0);
    expect(seen.accounts.map(({ id }: any) => id)).toContain(own.accountId);
    expect(seen.campaigns).toMatchObject({ totalCount, totals });
    expect(seen.performance).toMatchObject({
      totalCount: 1,
      totals: [{ metrics: totals[0] }],
      edges: [{ node: { client: { id: own.clientId } } }],
      sources: [{ account: { id: own.accountId } }],
    });
    const report = { id: own.reportId, createdBy: null, clients: [{ id: own.clientId }] };
    expect(seen.reports.edges).toEqual([{ node: report }]);
    expect(foundIn(JSON.stringify(seen))).toEqual([]);
  });

  it('has rows of its clients only in every list that groups by client, though they share the accounts', async () => {
    const api = buildSchema(readFileSync(schemaFile('api.graphql'), 'utf8'));
    const fields = Object.values((api.getType('Organization') as GraphQLObjectType).getFields()).filter(({ args }) => {
      const dimensions = getNamedType(args.find(({ name }) => name === 'groupBy')?.type);
      return isEnumType(dimensions) && dimensions.getValue('CLIENT') !== undefined;
    });
    expect(fields.length).toBeGreaterThan(1);
    for (const { name } of fields) {
      const query = `query ($range: DateRangeInput!) { organization {
        ${name}(range: $range, groupBy: [CLIENT]) { totalCount edges { node { client { id } } } } } }`;
      const seen = async (client: Client) => (await asked(client, query, { range })).organization[name];
      const byOwner = (await seen(agency.client)).edges.map(({ node }: any) => node.client?.id ?? null);
      expect([name, byOwner]).toEqual([name, expect.arrayContaining([own.clientId, shadowId])]);
      expect([name, await seen(member)]).toEqual([
        name,
        { totalCount: 1, edges: [{ node: { client: { id: own.clientId } } }] },
      ]);
    }
  }, 60_000);

  it('has the notes about its clients and accounts, and not who wrote them', async () => {
    const write = `mutation ($range: DateRangeInput!, $text: String!, $client: ID, $account: ID) {
      createAnnotation(range: $range, text: $text, clientId: $client, accountId: $account) { annotation { id } } }`;
    const about = [
      { text: 'Its client', client: own.clientId },
      { text: 'Its account', account: own.accountId },
      { text: 'A client of its accounts', client: shadowId },
      { text: 'Another account', account: other.accountId },
      { text: 'Everyone' },
    ];
    for (const given of about) await asked(agency.client, write, { range, ...given });
    const fields = 'text createdBy { id name }';
    const query = `query ($range: DateRangeInput!) { organization {
      annotations { edges { node { ${fields} } } }
      performance(range: $range) { annotations { ${fields} } } } }`;
    const { organization } = await asked(member, query, { range });
    const expected = about.slice(0, 2).map(({ text }) => ({ text, createdBy: null }));
    const notes = organization.annotations.edges.map(({ node }: any) => node);
    expect(notes).toHaveLength(2);
    expect(notes).toEqual(expect.arrayContaining(expected));
    expect(organization.performance.annotations).toHaveLength(2);
    expect(organization.performance.annotations).toEqual(expect.arrayContaining(expected));
  });

  it('meets the same in REST and MCP: own things, or a refusal', async () => {
    const statuses: Record<string, number> = {};
    for (const { method, path } of resources.filter((resource) => resource.method === 'GET')) {
      const ids: Record<string, string> = path.startsWith('/api/reports')
        ? { id: other.reportId }
        : { id: path.startsWith('/api/clients') ? other.clientId : other.accountId, accountId: other.accountId };
      const address = path.replace(/\{(\w+)\}/g, (_all, name) => ids[name] ?? randomUUID());
      const days = 'startDate=2026-09-01&endDate=2026-09-07';
      for (const query of ['', `?${days}`]) {
        const response = await send(member, method, address + query);
        // A problem names the address it is about.
        const text = (await response.text()).replaceAll(address, '');
        expect({ address, found: foundIn(text) }).toEqual({ address, found: [] });
        if (response.status !== 400) statuses[path] = response.status;
      }
    }
    expect(statuses).toMatchObject({
      '/api/accounts': 200,
      '/api/clients': 200,
      '/api/campaigns': 200,
      '/api/reports': 200,
      '/api/connections': 403,
      '/api/organization/members': 403,
      '/api/organization/subscription': 403,
      '/api/accounts/{id}': 404,
      '/api/clients/{id}': 404,
      '/api/reports/{id}': 404,
    });
    expect(Object.values(statuses).filter((status) => status >= 500)).toEqual([]);
    for (const [path, id] of [
      ['accounts', own.accountId],
      ['clients', own.clientId],
      ['reports', own.reportId],
    ])
      expect((await send(member, 'GET', `/api/${path}/${id}`)).status).toBe(200);

    const call = async (name: string, args: object) => {
      const params = { name, arguments: args };
      const headers = { accept: 'application/json, text/event-stream' };
      const answer = await send(
        member,
        'POST',
        '/mcp',
        { jsonrpc: '2.0', id: 1, method: 'tools/call', params },
        headers,
      );
      return answer.text();
    };
    const performance = await call('get_campaign_performance', { startDate: range.start, endDate: range.end });
    expect(performance).toContain('rows');
    for (const text of [performance, await call('list_reports', {}), await call('list_connections', {})])
      expect(foundIn(text)).toEqual([]);
  }, 60_000);

  it('is never answered from what others have read, nor they from theirs', async () => {
    const path = '/api/clients';
    const theirs = await send(agency.client, 'GET', path);
    const etag = theirs.headers.get('etag');
    const conditional = await send(member, 'GET', path, undefined, etag ? { 'if-none-match': etag } : {});
    expect([conditional.status, foundIn(await conditional.text())]).toEqual([200, []]);
    expect(foundIn(await (await send(agency.client, 'GET', path)).text())).not.toEqual([]);
    // The only list that is kept for members of a role.
    const cached = '{ providers { id } organization { clients { edges { node { name } } } } }';
    for (const [client, count] of [
      [agency.client, 3],
      [member, 1],
      [agency.client, 3],
    ] as const)
      expect((await asked(client, cached)).organization.clients.edges).toHaveLength(count);
  });

  it('cannot use links and streams for more than it sees now', async () => {
    const download = await fetch(own.downloadUrl);
    expect(download.status).toBe(200);
    await download.text();
    for (const [path, status] of [
      [`/reports/${other.reportId}/download.csv`, 404],
      [`/api/reports/${other.reportId}/events`, 404],
      ['/api/connections/events', 403],
    ] as const)
      expect([path, (await send(member, 'GET', path)).status]).toEqual([path, status]);

    await send(agency.client, 'DELETE', limitPath());
    await takesEffect(3);
    const { report } = await asked(member, 'query ($id: ID!) { report(id: $id) { downloadUrl } }', {
      id: other.reportId,
    });
    await send(agency.client, 'PUT', limitPath(), { clientIds: [own.clientId] });
    expect((await fetch(report.downloadUrl)).status).toBe(404);
    await takesEffect(1);
  });

  it('sees nothing once its only client is deleted, and is still limited', async () => {
    await asked(agency.client, 'mutation ($id: ID!) { deleteClient(clientId: $id) { clientId } }', {
      id: own.clientId,
    });
    const seen = () => asked(member, '{ organization { accounts { id } clients { edges { node { id } } } } }');
    expect(await seen()).toEqual({ organization: { accounts: [], clients: { edges: [] } } });
    const limit = 'SELECT client_ids FROM auth.membership WHERE person_id = $1 AND organization_id = $2';
    await eventually('the limit has lost the client', async () => {
      const [row] = await databaseRows(transport, limit, [memberId, agency.organizationId]);
      return row.client_ids.length === 0;
    });
    expect(await seen()).toEqual({ organization: { accounts: [], clients: { edges: [] } } });
    const reportsAreGone = async () => {
      const { organization } = await asked(member, '{ organization { reports { edges { node { id } } } } }');
      return organization.reports.edges.length === 0;
    };
    await eventually('its reports are gone', reportsAreGone);
    expect((await member.ask('query ($id: ID!) { report(id: $id) { title } }', { id: own.reportId })).code).toBe(
      'NOT_FOUND',
    );
    const { organization: ours } = await asked(
      agency.client,
      '{ organization { members { edges { node { user { id } clients { id } } } } } }',
    );
    expect(ours.members.edges.find(({ node }: any) => node.user.id === memberId).node.clients).toEqual([]);
  });
});
