import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#ops/testing/eventually.js';
import { itInDrills } from '#ops/testing/it-in-drills.js';
import { type LimitName, limitNames, limitOf } from '#runtime/entitlements/plans.js';
import { Client } from './client.js';
import { databaseRows } from './database-rows.js';
import { type OpenTransport, openTransport, transports } from './open-transport.js';
import { openMember, openTenant, type Tenant } from './tenant.js';

const ENTITLEMENTS = `{ organization { name entitlements {
  plan { id } access limits { name limit used remaining }
} } }`;
const CREATE_CLIENT = 'mutation ($name: String!) { createClient(name: $name, accountIds: []) { client { id } } }';
const range = { start: '2026-09-01', end: '2026-09-07' };

describe.each(transports)('what an organization may use over the transport %s', (transportName) => {
  let transport: OpenTransport;
  let agency: Tenant;
  /** Its trial is over. */
  let late: Tenant;
  /** On the plan Free, with nothing yet. */
  let small: Client;

  const rows = (statement: string, values: unknown[]) => databaseRows(transport, statement, values);
  const limitsOf = async (client: Client) => {
    const { data, errors } = await client.ask(ENTITLEMENTS);
    const { limits, ...rest } = data.organization.entitlements;
    const named = limits.map(({ name, ...limit }: { name: LimitName }) => [name, limit]);
    return { ...rest, limits: Object.fromEntries(named), errors };
  };
  const rest = async (client: Client, method: string, path: string, body?: object) => {
    const headers = { ...client.headers, ...(body && { 'content-type': 'application/json' }) };
    const response = await fetch(`${transport.url}${path}`, { method, headers, body: body && JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  beforeAll(async () => {
    transport = await openTransport(transportName, { RATE_LIMIT_SIGNED_IN: '100000' });
    const anyone = new Client(transport.url);
    late = await openTenant(anyone, 'Late');
    // By the clock alone: no process is notified.
    await rows('UPDATE operations.entitlement SET next_at = now() WHERE organization_id = $1', [late.organizationId]);
    agency = await openTenant(anyone, 'Agency');
    const { client, organizationId } = await anyone.signUp('Small');
    await rows(
      "UPDATE operations.entitlement SET plan_id = 'free', next_at = NULL, next_plan_id = NULL, next_access = NULL WHERE organization_id = $1",
      [organizationId],
    );
    small = client;
    await eventually('its plan is in effect', async () => (await limitsOf(small)).plan.id === 'free');
  });
  afterAll(() => transport.close());

  it('is shown with what is used, counted by the parts that own it', async () => {
    await openMember(transport, agency, 'VIEWER');
    const [{ accounts }] = await rows(
      'SELECT count(*)::int AS accounts FROM integrations.account WHERE organization_id = $1 AND access IS NOT NULL',
      [agency.organizationId],
    );
    const { plan, access, limits, errors } = await limitsOf(agency.client);
    expect([errors, plan.id, access]).toEqual([undefined, 'pro', 'FULL']);
    expect(Object.keys(limits)).toEqual([...limitNames]);
    const used = Object.fromEntries(limitNames.map((name) => [name, limits[name].used]));
    expect(used).toEqual({
      CONNECTIONS: 2,
      ACCOUNTS: accounts,
      MEMBERS: 2,
      CLIENTS: 1,
      REPORTS_PER_MONTH: 1,
      SCHEDULES: 1,
      HISTORY_DAYS: null,
      REQUESTS_PER_MINUTE: null,
      COST_PER_MINUTE: null,
    });
    for (const name of limitNames) {
      const limit = limitOf('pro', name) as number;
      expect(limits[name]).toMatchObject({ limit, remaining: used[name] === null ? null : limit - used[name] });
    }
    const { status, body } = await rest(new Client('').as(agency.apiKey), 'GET', '/api/organization/entitlements');
    expect([status, (body.data as { access: string }).access]).toEqual([200, 'FULL']);
  });

  itInDrills(
    'has been used by day: requests and cost as the gateway charges them, reports and accounts as their owners count',
    async () => {
      const { client, organizationId } = await new Client(transport.url).signUp('Frugal');
      const isStored = (isAsExpected: (requests: number, cost: number) => boolean) =>
        eventually('what was used', async () => {
          const [row] = await rows(
            'SELECT requests::int, cost::int FROM billing.usage_day WHERE organization_id = $1',
            [organizationId],
          );
          return row !== undefined && isAsExpected(row.requests as number, row.cost as number);
        });
      let charged = 0;
      for (let index = 0; index < 2; index += 1) {
        const { body } = await client.post('{ organization { name entitlements { access } } }');
        const { actual, newDocument = 0 } = body.extensions.cost;
        charged += actual + newDocument;
      }
      await isStored((requests, cost) => requests === 2 && cost === charged);
      const { status, body } = await rest(new Client('').as(agency.apiKey), 'GET', '/api/organization/usage');
      expect([status, (body.data as unknown[]).length]).toEqual([200, 30]);
      await rest(client.at(''), 'GET', '/api/organization/usage');
      await isStored((requests, cost) => requests === 3 && cost > charged);

      const usageOf = async (of: Client) => {
        const { data, errors } = await of.ask('{ organization { usage { requests cost reports accounts } } }');
        expect(errors).toBeUndefined();
        return data.organization.usage;
      };
      const { requests, ...today } = (await usageOf(client)).at(-1);
      expect(today).toEqual({ cost: expect.any(Number), reports: 0, accounts: 0 });
      // This question may be stored before it is answered.
      expect([3, 4]).toContain(requests);
      await isStored((stored) => stored === 4);
      const [{ accounts }] = await rows(
        'SELECT count(*)::int AS accounts FROM integrations.account WHERE organization_id = $1 AND access IS NOT NULL',
        [agency.organizationId],
      );
      const days = await usageOf(agency.client);
      expect([days.length, days[0], days.at(-1)]).toEqual([
        30,
        { requests: 0, cost: 0, reports: 0, accounts: 0 },
        { requests: expect.any(Number), cost: expect.any(Number), reports: 1, accounts },
      ]);
    },
  );

  it('is refused beyond a limit with its name, what is used, and the plan that allows more', async () => {
    expect((await small.ask(CREATE_CLIENT, { name: 'First' })).errors).toBeUndefined();
    const limit = { name: 'CLIENTS', used: 1, allowed: 1, planId: 'starter' };
    const { errors } = await small.ask(CREATE_CLIENT, { name: 'Second' });
    expect(errors).toMatchObject([{ path: ['createClient'], extensions: { code: 'LIMIT_REACHED', limit } }]);
    const refused = await rest(small, 'POST', '/api/clients', { name: 'Second', accountIds: [] });
    expect(refused).toMatchObject({ status: 403, body: { code: 'LIMIT_REACHED', status: 403, limit } });
    expect((await limitsOf(small)).limits.CLIENTS).toEqual({ limit: 1, used: 1, remaining: 0 });
  });

  it('is reading and export after the trial, for its people and its keys, and what leaves less', async () => {
    const key = new Client(transport.url).as(late.apiKey);
    await eventually('the trial is over in every process', async () => {
      const { plan, access } = await limitsOf(late.client);
      const codes = [
        (await late.client.ask('mutation { updateOrganization(name: "Late") { organization { id } } }')).code,
        (await key.ask(CREATE_CLIENT, { name: crypto.randomUUID() })).code,
        (await late.client.ask('mutation { createReportTemplate(name: "Late") { template { id } } }')).code,
      ];
      return access === 'READ_ONLY' && plan.id === 'free' && codes.every((code) => code === 'SUBSCRIPTION_REQUIRED');
    });
    const refused = await rest(late.client, 'POST', '/api/clients', { name: 'Second', accountIds: [] });
    expect(refused).toMatchObject({ status: 402, body: { code: 'SUBSCRIPTION_REQUIRED', status: 402 } });
    const read = await late.client.ask(
      `query ($range: DateRangeInput!, $report: ID!) { organization { clients(first: 1000) { edges { node { name } } }
        campaigns(range: $range, first: 1) { edges { node { id } } } } report(id: $report) { downloadUrl } }`,
      { range, report: late.reportId },
    );
    expect(read.errors).toBeUndefined();
    const names = read.data.organization.clients.edges.map(({ node }: { node: { name: string } }) => node.name);
    expect(names).toContain('Customer of Late');
    const file = await fetch(new URL(read.data.report.downloadUrl, transport.url));
    expect([file.status, (await file.text()).length > 0]).toEqual([200, true]);
    const tool = await fetch(`${transport.url}/mcp`, {
      method: 'POST',
      headers: { ...key.headers, 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'list_accounts', arguments: {} },
      }),
    });
    expect(await tool.text()).toMatch(/^(?!.*"isError":true).*"structuredContent"/ms);
    const { data, errors } = await late.client.ask(
      `mutation ($client: ID!, $key: ID!) { exportMyData { downloadUrl }
        deleteClient(clientId: $client) { clientId } revokeApiKey(apiKeyId: $key) { __typename } }`,
      { client: late.clientId, key: late.apiKeyId },
    );
    expect(errors).toBeUndefined();
    expect(data.deleteClient.clientId).toBe(late.clientId);
  });

  it('is shown without what cannot be counted, and with the reason', async () => {
    await rows('ALTER TABLE integrations.client RENAME TO client_away', []);
    const { plan, limits, errors } = await limitsOf(agency.client);
    await rows('ALTER TABLE integrations.client_away RENAME TO client', []);
    expect(errors).toHaveLength(1);
    expect(plan.id).toBe('pro');
    expect(limits.CLIENTS).toEqual({ limit: 250, used: null, remaining: null });
    expect([limits.CONNECTIONS.used, limits.MEMBERS.used, limits.SCHEDULES.used]).toEqual([2, 2, 1]);
    const usageOf = async () => {
      const { data, errors } = await agency.client.ask('{ organization { usage { requests reports accounts } } }');
      return { today: data.organization.usage.at(-1), codes: errors?.map((error: any) => error.extensions.code) };
    };
    await rows('ALTER TABLE integrations.account_day RENAME TO account_day_away', []);
    const partly = await usageOf();
    await rows('ALTER TABLE integrations.account_day_away RENAME TO account_day', []);
    expect(partly.today).toEqual({ requests: expect.any(Number), reports: 1, accounts: null });
    if (transportName === 'in-process') return;
    const reporting = transport.served.find(({ lifecycle: _, ...services }) =>
      (services as { databases?: Map<string, unknown> }).databases?.has('reporting'),
    );
    await reporting?.lifecycle.close();
    const away = await limitsOf(agency.client);
    expect(away.errors).toMatchObject([
      { extensions: { code: 'SUBGRAPH_UNAVAILABLE', requestId: expect.any(String) } },
    ]);
    expect([away.limits.SCHEDULES.used, away.limits.REPORTS_PER_MONTH.remaining]).toEqual([null, null]);
    const { today, codes } = await usageOf();
    expect(today).toEqual({ requests: expect.any(Number), reports: null, accounts: expect.any(Number) });
    expect(codes).toEqual(['SUBGRAPH_UNAVAILABLE']);
    expect([away.plan.id, away.limits.CLIENTS.used, away.limits.SCHEDULES.limit]).toEqual(['pro', 1, 100]);
  });
});
