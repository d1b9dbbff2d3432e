import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from './client.js';
import { databaseRows } from './database-rows.js';
import { type OpenTransport, openTransport, transports } from './open-transport.js';

const password = 'correct horse battery';
const range = '{ start: "2026-09-01", end: "2026-09-07" }';

/** Mutations, and the same over REST, unless they ask for a password again. */
const CREATING: [name: string, given: string, selection: string, rest?: [path: string, body: object]][] = [
  ['createApiKey', `password: "${password}", name: "Program", scopes: ["read:reports"]`, 'secret apiKey { id }'],
  [
    'inviteMember',
    'email: "guest@example.com", role: VIEWER',
    'invitation { id }',
    ['/api/organization/invitations', { email: 'other@example.com', role: 'VIEWER' }],
  ],
  [
    'createOrganization',
    'name: "Second"',
    'accessToken user { organization { id subscription { status } } }',
    ['/api/organizations', { name: 'Third' }],
  ],
  [
    'createClient',
    'name: "Acme", accountIds: []',
    'client { id }',
    ['/api/clients', { name: 'Other', accountIds: [] }],
  ],
  [
    'createAnnotation',
    `range: ${range}, text: "Sale"`,
    'annotation { id }',
    ['/api/annotations', { startDate: '2026-09-01', endDate: '2026-09-07', text: 'Sale' }],
  ],
  ['createAlertRule', 'kind: OVER_PACE', 'rule { id }', ['/api/alert-rules', { kind: 'UNDER_PACE' }]],
  [
    'createSavedView',
    'name: "Mine", performance: {}',
    'savedView { id }',
    ['/api/saved-views', { name: 'Ours', performance: {} }],
  ],
  ['createReportTemplate', 'name: "Ours"', 'template { id }', ['/api/report-templates', { name: 'Theirs' }]],
  [
    'createReportSchedule',
    'templateId: "campaign-performance", recurrence: { every: MONTHLY }, recipients: ["a@example.com"]',
    'schedule { id }',
    [
      '/api/report-schedules',
      {
        templateId: 'campaign-performance',
        recurrence: { every: 'MONTHLY' },
        recipients: ['a@example.com'],
      },
    ],
  ],
  [
    'generateReport',
    `templateId: "campaign-performance", range: ${range}`,
    'report { id }',
    ['/api/reports/generate', { templateId: 'campaign-performance', startDate: '2026-09-01', endDate: '2026-09-07' }],
  ],
];

describe.each(transports)('a mutation that creates, sent again over the transport %s', (transportName) => {
  let transport: OpenTransport;
  let client: Client;

  beforeAll(async () => {
    transport = await openTransport(transportName, { RATE_LIMIT_SIGNED_IN: '10000' });
    ({ client } = await new Client(transport.url).signUp('Ada'));
    await databaseRows(transport, 'UPDATE auth.person SET email_verified_at = now()');
  });
  afterAll(() => transport.close());

  it.each(CREATING)('%s: is answered as the first, for its argument', async (name, given, selection) => {
    const mutation = `mutation ($key: String) { ${name}(${given}, idempotencyKey: $key) { ${selection} } }`;
    const key = crypto.randomUUID();
    const [first, again] = [await client.post(mutation, { key }), await client.post(mutation, { key })];
    expect(first.body).toMatchObject({ data: { [name]: expect.any(Object) } });
    expect(first.body.errors).toBeUndefined();
    expect(again.body).toMatchObject({ data: first.body.data });
    const other = await client.post(mutation, { key: crypto.randomUUID() });
    expect(other.body.data).not.toEqual(first.body.data);
  });

  it.each(CREATING.filter(({ 3: rest }) => rest))(
    '%s: is answered as the first, for the header of its REST resource',
    async (_name, _given, _selection, rest) => {
      const [path, body] = rest as [string, object];
      const key = crypto.randomUUID();
      const send = async () => {
        const response = await fetch(`${transport.url}${path}`, {
          method: 'POST',
          headers: { ...client.headers, 'content-type': 'application/json', 'idempotency-key': key },
          body: JSON.stringify(body),
        });
        return { isReplayed: response.headers.get('idempotent-replayed'), body: await response.json() };
      };
      const first = await send();
      expect(first).toEqual({ isReplayed: null, body: { data: expect.any(Object) } });
      expect(await send()).toEqual({ isReplayed: 'true', body: first.body });
    },
  );

  it('shows the secret of an API key once more, and makes no second key', async () => {
    const create = `mutation ($name: String!) { createApiKey(password: "${password}", name: $name, scopes: ["read:reports"],
      idempotencyKey: "secret") { secret apiKey { id } } }`;
    const first = await client.ask(create, { name: 'Once' });
    expect((await client.ask(create, { name: 'Once' })).data).toEqual(first.data);
    expect((await client.ask(create, { name: 'Other' })).code).toBe('IDEMPOTENCY_KEY_REUSED');
    const rows = await databaseRows(transport, "SELECT FROM auth.api_key WHERE name = 'Once'");
    expect(rows).toHaveLength(1);
    const kept = await databaseRows(transport, 'SELECT answer FROM operations.idempotency_key');
    expect(JSON.stringify(kept)).not.toContain(first.data.createApiKey.secret);
  });
});
