import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { openTestServices } from '#ops/testing/test-services.js';
import { apiKeyScopes } from '#runtime/identity/api-key-scopes.js';
import type { Identity, Role } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { describeWebhookEventTypes } from '#runtime/webhooks/event-types.js';
import { queueWebhookEvent } from '#runtime/webhooks/queue-event.js';
import { auth } from './index.js';
import { openPeople, PASSWORD, type TestPerson } from './testing/open-people.js';

const HOUR_MS = 60 * 60 * 1000;

const ENDPOINT =
  'id url description eventTypes isEnabled disabledReason disabledAt failingSince previousSecretUntil createdBy { id }';
const DELIVERY = 'id eventId eventType state attemptCount nextAttemptAt finishedAt occurredAt endpoint { id }';
const CREATE = `mutation ($url: String!, $eventTypes: [String!]! = ["*"], $description: String! = "") {
  createWebhookEndpoint(url: $url, eventTypes: $eventTypes, description: $description) { secret endpoint { ${ENDPOINT} } }
}`;
const UPDATE = `mutation ($id: ID!, $url: String, $eventTypes: [String!], $description: String) {
  updateWebhookEndpoint(endpointId: $id, url: $url, eventTypes: $eventTypes, description: $description) { endpoint { ${ENDPOINT} } }
}`;
const DELETE = 'mutation ($id: ID!) { deleteWebhookEndpoint(endpointId: $id) { endpointId } }';
const ENABLE = `mutation ($id: ID!) { enableWebhookEndpoint(endpointId: $id) { endpoint { ${ENDPOINT} } } }`;
const DISABLE = `mutation ($id: ID!) { disableWebhookEndpoint(endpointId: $id) { endpoint { ${ENDPOINT} } } }`;
const ROTATE = `mutation ($id: ID!, $hours: Int! = 24) {
  rotateWebhookSecret(endpointId: $id, overlapHours: $hours) { secret endpoint { ${ENDPOINT} } }
}`;
const TEST = `mutation ($id: ID!) { sendTestWebhook(endpointId: $id) { delivery { ${DELIVERY} } } }`;
const REPLAY = `mutation ($id: ID!) { replayWebhookDelivery(deliveryId: $id) { delivery { ${DELIVERY} } } }`;
const REPLAY_FAILED =
  'mutation ($id: ID!, $since: DateTime!) { replayFailedWebhooks(endpointId: $id, since: $since) { count hasMore } }';
const CANCEL = `mutation ($id: ID!) { cancelWebhookDelivery(deliveryId: $id) { delivery { ${DELIVERY} } } }`;
const READ = `query ($id: ID!) { webhookEndpoint(id: $id) { ${ENDPOINT} } }`;
const READ_DELIVERY = `query ($id: ID!) { webhookDelivery(id: $id) { ${DELIVERY} payload attempts { status error responseExcerpt durationMs } } }`;
const LIST = `{ organization { webhookEndpoints { ${ENDPOINT} } } }`;
const DELIVERIES = `query ($id: ID!, $first: Int! = 50, $after: String, $state: WebhookDeliveryState, $eventType: String) {
  webhookEndpoint(id: $id) {
    deliveries(first: $first, after: $after, state: $state, eventType: $eventType) {
      edges { cursor node { ${DELIVERY} } } pageInfo { hasNextPage }
    }
  }
}`;

describe('webhooks', () => {
  let clock = new Date('2026-11-01T09:00:00.000Z');
  let services: Services;
  let people: ReturnType<typeof openPeople>;
  let owner: TestPerson;
  let stranger: TestPerson;

  beforeAll(async () => {
    services = await openTestServices({ now: () => clock });
    people = openPeople(services, await auth.open(services));
    [owner, stranger] = [await people.signUp('Ada'), await people.signUp('Bea')];
  });
  afterAll(() => services.lifecycle.close());

  const ask = (query: string, variables: Record<string, unknown> = {}, as = owner.identity) =>
    people.ask(query, variables, as);
  const as = (role: Role): Identity => ({ ...owner.identity, role });
  const key = (scopes: string[], role: Role = 'ANALYST'): Identity => ({
    kind: 'apiKey',
    apiKeyId: randomUUID(),
    organizationId: owner.organizationId,
    role,
    scopes,
    requestId: 'as-key',
  });
  const detailsOf = ({ errors }: any) => errors?.[0]?.extensions?.details;
  // Names are not resolved here: loopback addresses are allowed outside production.
  const newUrl = () => `http://127.0.0.1:9/hooks/${randomUUID()}?token=secret`;

  async function asked(query: string, variables: Record<string, unknown> = {}, identity = owner.identity) {
    const { data, errors } = await ask(query, variables, identity);
    expect(errors).toBeUndefined();
    return data;
  }
  async function created(given: Record<string, unknown> = {}, identity = owner.identity) {
    const { createWebhookEndpoint } = await asked(CREATE, { url: newUrl(), ...given }, identity);
    return createWebhookEndpoint as { secret: string; endpoint: any };
  }
  const happened = () =>
    queueWebhookEvent(services.operations, {
      organizationId: owner.organizationId,
      type: 'member.removed',
      data: { userId: randomUUID() },
      occurredAt: clock,
    });
  async function deliveriesOf(id: string, given: Record<string, unknown> = {}) {
    const { webhookEndpoint } = await asked(DELIVERIES, { id, ...given });
    const { edges, pageInfo } = webhookEndpoint.deliveries;
    return { nodes: edges.map(({ node }: any) => node), cursor: edges.at(-1)?.cursor, ...pageInfo };
  }
  const fail = (id: string) =>
    people.rows("UPDATE operations.webhook_delivery SET state = 'FAILED', finished_at = $2 WHERE id = $1", [id, clock]);

  it('are created with a secret that is shown once, and never what is after the host', async () => {
    const { secret, endpoint } = await created({ eventTypes: ['report.ready', 'report.failed', 'report.ready'] });
    expect(new Webhook(secret).sign('msg_1', clock, '{}')).toMatch(/^v1,/);
    expect(endpoint).toMatchObject({
      description: '',
      eventTypes: ['report.failed', 'report.ready'],
      isEnabled: true,
      disabledReason: null,
      failingSince: null,
      previousSecretUntil: null,
      createdBy: { id: owner.userId },
    });
    expect((await asked(LIST)).organization.webhookEndpoints).toContainEqual(endpoint);
    expect((await asked(READ, { id: endpoint.id })).webhookEndpoint).toEqual(endpoint);
    const [event] = await people.trail(owner.organizationId, 'webhook.created');
    expect(event).toMatchObject({ target_id: endpoint.id, after: { origin: 'http://127.0.0.1:9' } });
    const stored = JSON.stringify([await people.rows('SELECT * FROM operations.webhook_endpoint'), event]);
    expect(stored).not.toContain(secret.slice('whsec_'.length));
    expect(JSON.stringify(event)).not.toContain('token=secret');
  });

  it.each([
    [{ url: 'http://example.com/hooks' }, 'url'],
    [{ url: 'https://10.0.0.1/hooks' }, 'url'],
    [{ url: 'https://[::ffff:169.254.169.254]/latest' }, 'url'],
    [{ url: 'https://user:password@example.com/hooks' }, 'url'],
    [{ url: 'ftp://example.com' }, 'url'],
    [{ url: 'hooks' }, 'url'],
    [{ url: '' }, 'url'],
    [{ url: `https://example.com/${'x'.repeat(3_000)}` }, 'url'],
    [{ url: 'https://webhooks.invalid.' }, 'url'],
    [{ eventTypes: [] }, 'eventTypes'],
    [{ eventTypes: ['report.ready', 'report.lost'] }, 'eventTypes.1'],
    [{ eventTypes: ['webhook.test'] }, 'eventTypes.0'],
    [{ eventTypes: ['constructor'] }, 'eventTypes.0'],
    [{ description: 'x'.repeat(201) }, 'description'],
    [{ description: 'zero \0' }, 'description'],
  ])('are refused with a reason for %j', async (given, argument) => {
    const refused = await ask(CREATE, { url: newUrl(), ...given });
    expect(refused.code).toBe('BAD_USER_INPUT');
    expect(detailsOf(refused)).toEqual([{ argument, problem: expect.any(String) }]);
    const { endpoint } = await created();
    const update = await ask(UPDATE, { id: endpoint.id, ...given });
    expect(detailsOf(update)).toEqual(detailsOf(refused));
    await asked(DELETE, { id: endpoint.id });
  });

  it('change as far as is given: null and what is left out stay', async () => {
    const { endpoint } = await created({ eventTypes: ['report.ready'], description: 'Reports' });
    const { id, url } = endpoint;
    const update = async (given: object) => (await asked(UPDATE, { id, ...given })).updateWebhookEndpoint.endpoint;
    expect(await update({})).toEqual(endpoint);
    expect(await update({ url: null, eventTypes: null, description: null })).toEqual(endpoint);
    expect(await update({ eventTypes: ['report.ready', '*'] })).toEqual({ ...endpoint, eventTypes: ['*'] });
    expect(await update({ description: '' })).toMatchObject({ url, eventTypes: ['*'], description: '' });
    const other = newUrl();
    expect(await update({ url: other, eventTypes: ['member.joined'] })).toMatchObject({
      url: other,
      eventTypes: ['member.joined'],
    });
    const events = await people.trail(owner.organizationId, 'webhook.updated');
    expect(events.at(-1)).toMatchObject({ before: { eventTypes: ['*'] }, after: { eventTypes: ['member.joined'] } });
  });

  it('have one endpoint for each URL, and at most 20', async () => {
    const { url } = (await created()).endpoint;
    expect((await ask(CREATE, { url })).code).toBe('CONFLICT');
    const { endpoint } = await created();
    expect((await ask(UPDATE, { id: endpoint.id, url })).code).toBe('CONFLICT');
    const { identity } = await people.signUp('Cleo');
    expect((await created({ url }, identity)).endpoint.url).toBe(url);
    const more = await Promise.all(Array.from({ length: 21 }, () => ask(CREATE, { url: newUrl() }, identity)));
    expect(more.filter(({ code }) => code === undefined)).toHaveLength(19);
    expect(more.filter(({ code }) => code === 'CONFLICT')).toHaveLength(2);
  });

  it('are changed a limited number of times in an hour', async () => {
    const { identity } = await people.signUp('Dora');
    const { endpoint } = await created({}, identity);
    let last: any;
    for (let attempt = 0; attempt < 120; attempt += 1) {
      last = await ask(UPDATE, { id: endpoint.id }, identity);
    }
    expect(last).toMatchObject({ code: 'RATE_LIMITED', errors: [{ extensions: { retryAfter: expect.any(Number) } }] });
  });

  it('are for administrators', async () => {
    const { endpoint } = await created();
    await happened();
    const [{ id: deliveryId }] = (await deliveriesOf(endpoint.id)).nodes;
    const operations: [string, Record<string, unknown>][] = [
      [CREATE, { url: newUrl() }],
      ...[READ, UPDATE, DELETE, ENABLE, DISABLE, ROTATE, TEST].map((query): [string, Record<string, unknown>] => [
        query,
        { id: endpoint.id },
      ]),
      [REPLAY_FAILED, { id: endpoint.id, since: clock.toISOString() }],
      ...[READ_DELIVERY, REPLAY, CANCEL].map((query): [string, Record<string, unknown>] => [query, { id: deliveryId }]),
    ];
    for (const [query, variables] of operations) {
      for (const role of ['ANALYST', 'VIEWER'] as const)
        expect([query, (await ask(query, variables, as(role))).code]).toEqual([query, 'FORBIDDEN']);
      // To another organization, they do not exist.
      if (query === CREATE) continue;
      for (const id of [variables.id, randomUUID(), 'nonsense'])
        expect([query, (await ask(query, { ...variables, id }, stranger.identity)).code]).toEqual([query, 'NOT_FOUND']);
    }
    expect((await ask(LIST, {}, as('ANALYST'))).code).toBe('FORBIDDEN');
    expect((await asked(READ, { id: endpoint.id }, as('ADMIN'))).webhookEndpoint).toEqual(endpoint);
  });

  describe('by an API key', () => {
    it('are managed with its scopes, for events that its other scopes open', async () => {
      const writer = key(['write:webhooks', 'read:reports', 'read:organization']);
      const { endpoint } = await created({ eventTypes: ['report.ready'] }, writer);
      expect(endpoint.createdBy).toBeNull();
      for (const eventTypes of [['connection.broken'], ['report.ready', 'subscription.changed'], ['*']]) {
        const refused = await ask(CREATE, { url: newUrl(), eventTypes }, writer);
        expect(refused.code).toBe('FORBIDDEN');
      }
      const lacking = await ask(CREATE, { url: newUrl(), eventTypes: ['connection.broken'] }, writer);
      expect(lacking.errors[0].extensions.requiredScope).toBe('read:connections');
      // Not even with all scopes, as keys cannot read keys.
      const every = key(apiKeyScopes.map(({ name }) => name));
      expect((await ask(CREATE, { url: newUrl(), eventTypes: ['api_key.created'] }, every)).code).toBe('FORBIDDEN');

      // Another's endpoint cannot be led elsewhere by a key that may not have its events.
      const all = (await created()).endpoint;
      expect((await ask(UPDATE, { id: all.id, url: newUrl() }, writer)).code).toBe('FORBIDDEN');
      const ofReports = (await created({ eventTypes: ['report.ready'] })).endpoint;
      expect((await ask(UPDATE, { id: ofReports.id, url: newUrl() }, writer)).code).toBe('FORBIDDEN');
      expect((await asked(UPDATE, { id: endpoint.id, url: newUrl() }, writer)).updateWebhookEndpoint).toBeTruthy();
      await asked(DELETE, { id: endpoint.id }, writer);
    });

    it('end with the key, when it is revoked', async () => {
      const issue =
        'mutation ($password: String!) { createApiKey(password: $password, name: "Hooks", scopes: ["write:webhooks", "read:organization"], isTest: false) { apiKey { id } } }';
      const { createApiKey } = await asked(issue, { password: PASSWORD });
      const apiKeyId = createApiKey.apiKey.id;
      const eventTypes = ['member.removed'];
      const { endpoint } = await created({ eventTypes }, { ...key(['write:webhooks', 'read:organization']), apiKeyId });
      const other = (await created({ eventTypes })).endpoint;
      await happened();
      await asked('mutation ($id: ID!) { revokeApiKey(apiKeyId: $id) { apiKeyId } }', { id: apiKeyId });
      const after = await asked(READ, { id: endpoint.id });
      expect(after.webhookEndpoint).toMatchObject({ isEnabled: false, disabledReason: 'KEY_REVOKED' });
      expect((await deliveriesOf(endpoint.id)).nodes.map(({ state }: any) => state)).toEqual(['SKIPPED']);
      expect((await asked(READ, { id: other.id })).webhookEndpoint).toMatchObject({ disabledReason: null });
      expect(await people.trail(owner.organizationId, 'webhook.disabled')).toMatchObject([
        expect.objectContaining({ after: { disabledReason: 'KEY_REVOKED' } }),
      ]);
    });

    it('are read with read:webhooks, without payloads and creators', async () => {
      const reader = key(['read:webhooks'], 'VIEWER');
      const { endpoint } = await created();
      await happened();
      const [{ id }] = (await deliveriesOf(endpoint.id)).nodes;
      expect(
        (await ask('query ($id: ID!) { webhookEndpoint(id: $id) { url } }', { id: endpoint.id }, reader)).errors,
      ).toBeUndefined();
      expect((await ask(READ, { id: endpoint.id }, reader)).errors[0].extensions.requiredScope).toBe(
        'read:organization',
      );
      const { data, code } = await ask(READ_DELIVERY, { id }, reader);
      expect([data.webhookDelivery.eventType, data.webhookDelivery.payload, code]).toEqual([
        'member.removed',
        null,
        'FORBIDDEN',
      ]);
      expect((await ask(DISABLE, { id: endpoint.id }, reader)).errors[0].extensions.requiredScope).toBe(
        'write:webhooks',
      );
      expect((await ask(LIST, {}, key(['read:reports']))).errors[0].extensions.requiredScope).toBe('read:webhooks');
    });
  });

  it('get a new secret, and sign with the previous one for the overlap', async () => {
    const { secret, endpoint } = await created();
    const rotate = async (hours: number) => (await asked(ROTATE, { id: endpoint.id, hours })).rotateWebhookSecret;
    const rotated = await rotate(2);
    expect(rotated.secret).not.toBe(secret);
    expect(rotated.endpoint.previousSecretUntil).toBe(new Date(clock.getTime() + 2 * HOUR_MS).toISOString());
    clock = new Date(clock.getTime() + 3 * HOUR_MS);
    expect((await asked(READ, { id: endpoint.id })).webhookEndpoint.previousSecretUntil).toBeNull();
    expect((await rotate(0)).endpoint.previousSecretUntil).toBeNull();
    for (const hours of [-1, 169]) expect((await ask(ROTATE, { id: endpoint.id, hours })).code).toBe('BAD_USER_INPUT');
    const [event] = await people.trail(owner.organizationId, 'webhook.secret-rotated');
    expect(JSON.stringify(event)).not.toContain(rotated.secret);
  });

  it('are switched off and on, which skips what is pending and what happens meanwhile', async () => {
    const since = clock.toISOString();
    const { endpoint } = await created();
    const { id } = endpoint;
    await happened();
    const { disableWebhookEndpoint } = await asked(DISABLE, { id });
    expect(disableWebhookEndpoint.endpoint).toMatchObject({
      isEnabled: false,
      disabledReason: 'BY_USER',
      disabledAt: clock.toISOString(),
    });
    await happened();
    expect((await deliveriesOf(id)).nodes.map(({ state }: any) => state)).toEqual(['SKIPPED', 'SKIPPED']);
    const [{ id: deliveryId }] = (await deliveriesOf(id)).nodes;
    for (const [query, variables] of [
      [TEST, { id }],
      [REPLAY, { id: deliveryId }],
      [REPLAY_FAILED, { id, since }],
      [CANCEL, { id: deliveryId }],
    ] as const)
      expect([query, (await ask(query, variables)).code]).toEqual([query, 'CONFLICT']);

    // A second click changes nothing.
    expect((await asked(DISABLE, { id })).disableWebhookEndpoint).toEqual(disableWebhookEndpoint);
    expect((await asked(ENABLE, { id })).enableWebhookEndpoint.endpoint).toEqual(endpoint);
    expect((await asked(ENABLE, { id })).enableWebhookEndpoint.endpoint).toEqual(endpoint);
    expect((await asked(REPLAY_FAILED, { id, since })).replayFailedWebhooks).toEqual({ count: 2, hasMore: false });
    expect((await asked(REPLAY_FAILED, { id, since })).replayFailedWebhooks).toEqual({ count: 0, hasMore: false });
    const switched = await people.rows(
      "SELECT action FROM operations.audit_event WHERE target_id = $1 AND action ~ 'abled$' ORDER BY sequence",
      [id],
    );
    expect(switched.map(({ action }) => action)).toEqual(['webhook.disabled', 'webhook.enabled']);
  });

  it('are tested, ten times a minute', async () => {
    const { identity, organizationId } = await people.signUp('Eve');
    const { endpoint } = await created({ eventTypes: ['report.ready'] }, identity);
    const test = () => ask(TEST, { id: endpoint.id }, identity);
    const { delivery } = (await test()).data.sendTestWebhook;
    expect(delivery).toMatchObject({ eventType: 'webhook.test', state: 'PENDING', endpoint: { id: endpoint.id } });
    expect(delivery.eventId).toMatch(/^msg_/);
    const { webhookDelivery } = await asked(READ_DELIVERY, { id: delivery.id }, identity);
    expect(webhookDelivery.payload).toEqual({
      type: 'webhook.test',
      timestamp: clock.toISOString(),
      data: { endpointId: endpoint.id },
    });
    for (let times = 1; times < 10; times += 1) expect((await test()).code).toBeUndefined();
    expect((await test()).code).toBe('RATE_LIMITED');
    expect(await people.trail(organizationId, 'webhook-delivery.tested')).toHaveLength(10);
  });

  it('are sent again and cancelled, each unless that is pointless', async () => {
    const { endpoint } = await created();
    await happened();
    const [{ id }] = (await deliveriesOf(endpoint.id)).nodes;
    expect((await ask(REPLAY, { id })).code).toBe('CONFLICT');
    const { delivery } = (await asked(CANCEL, { id })).cancelWebhookDelivery;
    expect(delivery).toMatchObject({ id, state: 'SKIPPED', nextAttemptAt: null, finishedAt: clock.toISOString() });
    expect((await ask(CANCEL, { id })).code).toBe('CONFLICT');
    const replayed = (await asked(REPLAY, { id })).replayWebhookDelivery.delivery;
    expect(replayed).toMatchObject({ id, eventId: delivery.eventId, state: 'PENDING', finishedAt: null });
    await fail(id);
    expect((await asked(REPLAY, { id })).replayWebhookDelivery.delivery.state).toBe('PENDING');
    const actions = (action: string) => people.trail(owner.organizationId, action);
    expect((await actions('webhook-delivery.replayed')).filter(({ target_id }) => target_id === id)).toHaveLength(2);
    expect((await actions('webhook-delivery.cancelled')).filter(({ target_id }) => target_id === id)).toHaveLength(1);
  });

  it('have a log, in pages and filtered', async () => {
    const { endpoint } = await created();
    const { id } = endpoint;
    for (let times = 0; times < 3; times += 1) await happened();
    await asked(TEST, { id });
    const all = (await deliveriesOf(id)).nodes;
    expect(all.map(({ eventType }: any) => eventType)).toEqual(['webhook.test', ...Array(3).fill('member.removed')]);
    await fail(all[3].id);
    const first = await deliveriesOf(id, { first: 3 });
    expect([first.nodes, first.hasNextPage]).toEqual([all.slice(0, 3), true]);
    const second = await deliveriesOf(id, { first: 3, after: first.cursor });
    expect(second.nodes.map((node: any) => node.id)).toEqual([all[3].id]);
    const ids = async (given: Record<string, unknown>) =>
      (await deliveriesOf(id, given)).nodes.map((node: any) => node.id);
    expect(await ids({ state: 'FAILED' })).toEqual([all[3].id]);
    expect(await ids({ eventType: 'webhook.test' })).toEqual([all[0].id]);
    expect(await ids({ eventType: 'report.ready' })).toEqual([]);
    expect(await ids({ eventType: '*' })).toEqual(await ids({}));
    for (const [given, argument] of [
      [{ first: 0 }, 'first'],
      [{ after: 'nonsense' }, 'after'],
      [{ after: Buffer.from('["99999999999999999999"]').toString('base64url') }, 'after'],
      [{ eventType: 'report.lost' }, 'eventType'],
    ] as const)
      expect(detailsOf(await ask(DELIVERIES, { id, ...given }))).toMatchObject([{ argument }]);
    await people.rows(
      `INSERT INTO operations.webhook_attempt (organization_id, delivery_id, started_at, duration_ms, status, error, response_excerpt)
       VALUES ($1, $2, $3, 12, 500, 'It answered 500', 'oops'), ($1, $2, $3, 8, NULL, 'timeout', NULL)`,
      [owner.organizationId, all[0].id, clock],
    );
    expect((await asked(READ_DELIVERY, { id: all[0].id })).webhookDelivery.attempts).toEqual([
      { status: 500, error: 'It answered 500', responseExcerpt: 'oops', durationMs: 12 },
      { status: null, error: 'timeout', responseExcerpt: null, durationMs: 8 },
    ]);
    // A receiver may repeat the payload, which is closed to keys.
    const forKey = READ_DELIVERY.replace(' payload ', ' ');
    const { attempts } = (await asked(forKey, { id: all[0].id }, key(['read:webhooks']))).webhookDelivery;
    expect(attempts.map(({ responseExcerpt }: any) => responseExcerpt)).toEqual([null, null]);
  });

  it('publish the types of events', async () => {
    const { webhookEventTypes } = await asked('{ webhookEventTypes { name description scope schema example } }');
    expect(webhookEventTypes).toEqual(describeWebhookEventTypes());
    expect((await ask('{ webhookEventTypes { name } }', {}, key([]))).errors).toBeUndefined();
    expect((await ask('{ webhookEventTypes { name } }', {}, people.noCredentials)).code).toBe('UNAUTHENTICATED');
  });
});
