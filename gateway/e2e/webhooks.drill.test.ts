import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { mailedToken } from '#gateway/demo/mailed-token.js';
import { eventually } from '#ops/testing/eventually.js';
import { type ReceivedWebhook, startWebhookReceiver, type WebhookReceiver } from '#ops/testing/webhook-receiver.js';
import { type WebhookEventType, webhookEventTypes } from '#runtime/webhooks/event-types.js';
import { Client } from './client.js';
import { databaseRows } from './database-rows.js';
import { type OpenTransport, openTransport } from './open-transport.js';
import { finishedReport } from './tenant.js';

const CREATE = /* GraphQL */ `mutation ($url: String!, $eventTypes: [String!]! = ["*"]) {
  createWebhookEndpoint(url: $url, eventTypes: $eventTypes) { secret endpoint { id } }
}`;
const ENDPOINT = /* GraphQL */ `query ($id: ID!, $eventType: String) {
  webhookEndpoint(id: $id) {
    isEnabled disabledReason failingSince
    deliveries(eventType: $eventType, first: 1) {
      edges { node { id eventId state attemptCount nextAttemptAt payload attempts { status error responseExcerpt durationMs } } }
    }
  }
}`;
const TEST = 'mutation ($id: ID!) { sendTestWebhook(endpointId: $id) { delivery { id eventId } } }';
const ROTATE =
  'mutation ($id: ID!, $hours: Int!) { rotateWebhookSecret(endpointId: $id, overlapHours: $hours) { secret } }';

// Each subgraph is a process of its own: three of them queue what the fourth delivers.
describe('webhooks over the transport http', () => {
  let transport: OpenTransport;
  let receiver: WebhookReceiver;
  let owner: Client;
  let everything: { id: string; secret: string };
  let reportsOnly: { id: string; secret: string };

  beforeAll(async () => {
    receiver = await startWebhookReceiver();
    transport = await openTransport('http');
    ({ client: owner } = await new Client(transport.url).signUp('Owner'));
    // Inviting requires a confirmed address.
    await databaseRows(transport, 'UPDATE auth.person SET email_verified_at = now()');
    everything = await create({ url: `${receiver.url}/everything` });
    reportsOnly = await create({ url: `${receiver.url}/reports`, eventTypes: ['report.ready'] });
  });
  afterAll(async () => {
    await transport.close();
    await receiver.close();
  });

  async function asked(query: string, variables: Record<string, unknown> = {}) {
    const { data, errors } = await owner.ask(query, variables);
    expect(errors).toBeUndefined();
    return data;
  }
  async function create(given: Record<string, unknown>) {
    const { secret, endpoint } = (await asked(CREATE, given)).createWebhookEndpoint;
    return { id: endpoint.id, secret };
  }
  async function logOf(id: string, eventType: WebhookEventType) {
    const { deliveries, ...endpoint } = (await asked(ENDPOINT, { id, eventType })).webhookEndpoint;
    return { ...endpoint, delivery: deliveries.edges[0]?.node };
  }
  const typeOf = ({ body }: ReceivedWebhook) => JSON.parse(body).type as WebhookEventType;
  const got = (path: string, type: WebhookEventType) =>
    receiver.received.filter((webhook) => webhook.path === `/hooks/${path}` && typeOf(webhook) === type);

  /** Returns the newest event of a type, of so many, verified as its receiver would. */
  async function verified(path: string, type: WebhookEventType, secret: string, count = 1): Promise<any> {
    await eventually(`${type} arrives at ${path}`, () => got(path, type).length >= count);
    const requests = got(path, type);
    expect(requests).toHaveLength(count);
    const { body, headers } = requests[count - 1] as ReceivedWebhook;
    const event: any = new Webhook(secret).verify(body, headers as Record<string, string>);
    expect(webhookEventTypes[type].data.strict().safeParse(event.data).error).toBeUndefined();
    expect(Number.isNaN(Date.parse(event.timestamp))).toBe(false);
    return event.data;
  }
  const happened = (type: WebhookEventType) => verified('everything', type, everything.secret);

  it('report a connection from its first day over its failure to its end', async () => {
    expect((await owner.connect('google-ads')).status).toBe(200);
    const [{ id: connectionId }] = (await asked('{ organization { connections { id } } }')).organization.connections;
    const connection = { connectionId, providerId: 'google-ads' };
    expect(await happened('connection.connected')).toEqual({ ...connection, accountCount: expect.any(Number) });

    await fetch(`${transport.simulatorUrl}/_simulator/grants/revoke`, {
      method: 'POST',
      body: JSON.stringify({ provider: 'google' }),
    });
    // A renewed access token shows that the consent is gone.
    await databaseRows(transport, 'UPDATE integrations.connection SET expires_at = now()');
    await owner.ask('mutation ($id: ID!) { checkConnection(connectionId: $id) { connection { id } } }', {
      id: connectionId,
    });
    expect(await happened('connection.broken')).toMatchObject({ ...connection, fault: 'TOKEN_REVOKED' });

    expect((await owner.connect('google-ads')).status).toBe(200);
    expect(await happened('connection.recovered')).toMatchObject(connection);
    await owner.connect('meta-ads');
    const order = await asked(
      `mutation { generateReport(templateId: "campaign-performance", range: { start: "2026-09-01", end: "2026-09-07" }) { report { id } } }`,
    );
    const { id: reportId } = order.generateReport.report;
    const { status, rowCount } = await finishedReport(owner, reportId);
    expect(status).toBe('READY');
    expect(await happened('report.ready')).toMatchObject({ reportId, rowCount, unavailableAccountCount: 0 });
    expect(await verified('reports', 'report.ready', reportsOnly.secret)).toMatchObject({ reportId });
    // The same event for both endpoints, each with a signature of its own.
    const [[all], [some]] = [got('everything', 'report.ready'), got('reports', 'report.ready')];
    expect([some?.id, some?.body]).toEqual([all?.id, all?.body]);
    expect(some?.headers['webhook-signature']).not.toBe(all?.headers['webhook-signature']);

    await asked('mutation ($id: ID!) { disconnect(connectionId: $id) { connection { id } } }', { id: connectionId });
    expect(await happened('connection.removed')).toEqual(connection);
    const ofConnection = receiver.received.filter(({ body }) => JSON.parse(body).data.connectionId === connectionId);
    expect(ofConnection.map(typeOf)).toEqual(
      ['connected', 'broken', 'recovered', 'removed'].map((what) => `connection.${what}`),
    );
  });

  it('report members, keys and the trial', async () => {
    await asked('{ organization { subscription { status } } }');
    expect(await happened('subscription.changed')).toMatchObject({ status: 'TRIALING' });
    const email = `new-${crypto.randomUUID()}@example.com`;
    await asked('mutation ($email: String!) { inviteMember(email: $email, role: ANALYST) { invitation { id } } }', {
      email,
    });
    const folders = [transport.base, ...transport.served].map(({ config }) => config.dataDir);
    const find = async () => {
      const found = await Promise.all(folders.map((folder) => mailedToken(folder, email, 'accept-invitation')));
      return found.find((one) => one !== undefined);
    };
    await eventually('the invitation is mailed', async () => (await find()) !== undefined);
    const token = await find();
    const accepted = await new Client(transport.url).ask(
      'mutation ($token: String!) { acceptInvitation(token: $token, name: "New", password: "correct horse battery") { email } }',
      { token },
    );
    expect(accepted.errors).toBeUndefined();
    const [{ id: userId }] = await databaseRows(transport, 'SELECT id FROM auth.person WHERE email = $1', [email]);
    expect(await happened('member.joined')).toEqual({ userId, role: 'ANALYST' });
    const { createApiKey } = await asked(
      'mutation { createApiKey(name: "Warehouse", scopes: ["read:reports"], password: "correct horse battery") { secret apiKey { id } } }',
    );
    expect(await happened('api_key.created')).toMatchObject({ apiKeyId: createApiKey.apiKey.id, name: 'Warehouse' });
    const bodies = receiver.received.map(({ body }) => body).join();
    for (const secret of [createApiKey.secret, email]) expect(bodies).not.toContain(secret);
    expect(got('reports', 'member.joined')).toEqual([]);
  });

  it('are managed over REST by an API key, for what its scopes open', async () => {
    const { createApiKey } = await asked(
      'mutation { createApiKey(name: "Integration", scopes: ["read:webhooks", "write:webhooks", "read:reports"], password: "correct horse battery") { secret } }',
    );
    const rest = async (method: string, path: string, body?: object) => {
      const response = await fetch(`${transport.url}/api/webhooks${path}`, {
        method,
        headers: { 'x-api-key': createApiKey.secret, ...(body && { 'content-type': 'application/json' }) },
        body: body && JSON.stringify(body),
      });
      return { status: response.status, body: response.status === 204 ? null : ((await response.json()) as any) };
    };
    const created = await rest('POST', '/endpoints', { url: `${receiver.url}/rest`, eventTypes: ['report.failed'] });
    expect(created.status).toBe(201);
    const { secret, endpoint } = created.body.data;
    expect((await rest('GET', `/endpoints/${endpoint.id}`)).body.data).toEqual(endpoint);
    const refused = await rest('PATCH', `/endpoints/${endpoint.id}`, { eventTypes: ['connection.broken'] });
    expect(refused).toMatchObject({ status: 403, body: { code: 'FORBIDDEN', requiredScope: 'read:connections' } });
    const unsafe = await rest('PATCH', `/endpoints/${endpoint.id}`, { url: 'https://169.254.169.254/latest' });
    expect(unsafe).toMatchObject({ status: 400, body: { code: 'BAD_USER_INPUT' } });
    expect((await rest('POST', '/endpoints', { url: null })).status).toBe(400);

    const tested = await rest('POST', `/endpoints/${endpoint.id}/test`);
    expect(tested.status).toBe(202);
    await verified('rest', 'webhook.test', secret);
    const { data } = (await rest('GET', `/endpoints/${endpoint.id}/deliveries?eventType=webhook.test`)).body;
    expect(data).toMatchObject([{ id: tested.body.data.id, eventType: 'webhook.test' }]);
    // What events say is for people.
    expect((await rest('GET', `/deliveries/${data[0].id}/payload`)).status).toBe(403);
    expect((await rest('GET', '/event-types')).body.data.map(({ name }: any) => name)).toEqual(
      Object.keys(webhookEventTypes),
    );
    expect((await rest('DELETE', `/endpoints/${endpoint.id}`)).status).toBe(204);
    expect((await rest('GET', `/endpoints/${endpoint.id}`)).status).toBe(404);
  });

  it('are tested, and sent again with the same id and body', async () => {
    const { id } = reportsOnly;
    const { eventId } = (await asked(TEST, { id })).sendTestWebhook.delivery;
    expect(await verified('reports', 'webhook.test', reportsOnly.secret)).toEqual({ endpointId: id });
    const [first] = got('reports', 'webhook.test');
    expect(first?.id).toBe(eventId);
    await eventually('it is logged', async () => (await logOf(id, 'webhook.test')).delivery.state === 'DELIVERED');
    const { delivery, failingSince } = await logOf(id, 'webhook.test');
    expect([delivery, failingSince]).toMatchObject([
      { eventId, attemptCount: 1, nextAttemptAt: null, attempts: [{ status: 204, error: null }] },
      null,
    ]);
    expect(delivery.payload).toEqual(JSON.parse(first?.body ?? ''));
    await asked('mutation ($id: ID!) { replayWebhookDelivery(deliveryId: $id) { delivery { id } } }', {
      id: delivery.id,
    });
    await verified('reports', 'webhook.test', reportsOnly.secret, 2);
    const [, second] = got('reports', 'webhook.test');
    expect([second?.id, second?.body]).toEqual([first?.id, first?.body]);
  });

  it('are signed with both secrets while a rotation overlaps', async () => {
    const { id, secret } = everything;
    const rotate = async (hours: number) => (await asked(ROTATE, { id, hours })).rotateWebhookSecret.secret;
    const next = await rotate(1);
    await asked(TEST, { id });
    await verified('everything', 'webhook.test', secret);
    await verified('everything', 'webhook.test', next);
    const last = await rotate(0);
    await asked(TEST, { id });
    await verified('everything', 'webhook.test', last, 2);
    await expect(verified('everything', 'webhook.test', next, 2)).rejects.toThrow(/signature/i);
    everything = { id, secret: last };
  });

  it('that fail are in the log with what was answered, and can be cancelled', async () => {
    const { id } = reportsOnly;
    // No second attempt comes while the first one is looked at.
    receiver.answer = (_webhook, response) =>
      void response.writeHead(500, { 'retry-after': '3600' }).end('out of order');
    await asked(TEST, { id });
    await eventually('the failure is logged', async () => (await logOf(id, 'webhook.test')).failingSince !== null);
    const { delivery } = await logOf(id, 'webhook.test');
    expect(delivery).toMatchObject({
      state: 'PENDING',
      attempts: [{ status: 500, error: expect.any(String), responseExcerpt: 'out of order' }],
    });
    expect(Date.parse(delivery.nextAttemptAt)).toBeGreaterThan(Date.now() - 60_000);
    const cancel = 'mutation ($id: ID!) { cancelWebhookDelivery(deliveryId: $id) { delivery { state } } }';
    expect((await asked(cancel, { id: delivery.id })).cancelWebhookDelivery.delivery.state).toBe('SKIPPED');
  });

  it('end at an endpoint that answers 410, with a mail, until it is enabled and gets what it missed', async () => {
    const { id, secret } = await create({ url: `${receiver.url}/gone`, eventTypes: ['report.ready'] });
    receiver.answer = (_webhook, response) => void response.writeHead(410).end();
    const since = new Date().toISOString();
    await asked(TEST, { id });
    await eventually('it is disabled', async () => !(await logOf(id, 'webhook.test')).isEnabled);
    expect((await logOf(id, 'webhook.test')).disabledReason).toBe('GONE');
    const mails = await databaseRows(transport, "SELECT subject FROM operations.mail WHERE kind = 'webhook-disabled'");
    expect(mails).toEqual([{ subject: expect.stringContaining(new URL(receiver.url).host) }]);
    expect((await owner.ask(TEST, { id })).code).toBe('CONFLICT');

    receiver.answer = (_webhook, response) => void response.writeHead(204).end();
    await asked('mutation ($id: ID!) { enableWebhookEndpoint(endpointId: $id) { endpoint { isEnabled } } }', { id });
    const replay =
      'mutation ($id: ID!, $since: DateTime!) { replayFailedWebhooks(endpointId: $id, since: $since) { count hasMore } }';
    expect((await asked(replay, { id, since })).replayFailedWebhooks).toEqual({ count: 1, hasMore: false });
    await verified('gone', 'webhook.test', secret, 2);
  });
});
