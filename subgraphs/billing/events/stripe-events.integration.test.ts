import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';
import type { DataSource } from 'typeorm';
import { StripeEventEntity } from '#billing/entities/stripe-event.js';
import { SubscriptionEntity } from '#billing/entities/subscription.js';
import { billing } from '#billing/index.js';
import { customerOf } from '#billing/services/customer-of.js';
import { askStripe } from '#billing/stripe/ask-stripe.js';
import { priceIdOf } from '#billing/stripe/catalogue.js';
import { syncCustomer } from '#billing/sync/sync-customer.js';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { openTestServices } from '#ops/testing/test-services.js';
import type { Alert } from '#runtime/alert.js';
import { beginTrial } from '#runtime/entitlements/entitlements.js';
import type { HttpClient, OutboundRequest } from '#runtime/http/http-client.js';
import { anonymous, type Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { admin } from '#simulator/client-for-tests.js';
import { type Simulator, startSimulator } from '#simulator/index.js';
import { stripeClient } from '#simulator/stripe/client-for-tests.js';
import { applyEvents } from './apply-events.js';
import { deleteExpired, keepRecords } from './keep-records.js';

const SECRET = 'whsec_0123456789abcdef';
const OLD_SECRET = 'whsec_fedcba9876543210';
const service: Identity = { kind: 'service', scopes: [], requestId: 'test' };
const begins = new Date('2026-11-20T12:00:00Z');
const signer = new Stripe('sk_test_0123456789', { telemetry: false }).webhooks;
const signal = new AbortController().signal;
let now = begins;
let simulator: Simulator;
let stripe: Stripe;
let services: Services;
let running: RunningSubgraph;
let database: DataSource;
let alerts: Alert[];
let close: () => Promise<void>;

beforeAll(async () => {
  simulator = await startSimulator({ now: () => now, quiet: true });
  stripe = stripeClient(simulator);
  const opened = await openTestServices({ now: () => now, isSold: true, simulatorUrl: simulator.url });
  const { http } = opened;
  // With a key, as at Stripe itself, whose host is the simulator's here.
  const toSimulator = (outbound: OutboundRequest) =>
    http.send({ ...outbound, url: outbound.url.replace('https://api.stripe.com', `${simulator.url}/api.stripe.com`) });
  services = {
    ...opened,
    http: { send: toSimulator } as unknown as HttpClient,
    jobs: { ...opened.jobs, enqueue: async () => {} },
    alerts: { raise: (alert) => void alerts.push(alert), close: async () => {} },
    config: {
      ...opened.config,
      stripe: {
        secretKey: 'sk_test_webmetricssimulator',
        webhookSecrets: [OLD_SECRET, SECRET],
        isLive: false,
      },
    },
  };
  running = await billing.open(services);
  database = services.databases.get('billing') as DataSource;
  close = async () => {
    await opened.lifecycle.close();
    await simulator.close();
  };
});
afterAll(() => close());
beforeEach(async () => {
  now = new Date(now.getTime() + 60_000);
  alerts = [];
  await database.query('DELETE FROM billing.stripe_event');
  await fetch(`${simulator.url}/_simulator/faults`, { method: 'DELETE' });
});

const RECEIVE =
  'mutation ($body: String!, $signature: String!) { receiveStripeEvent(body: $body, signature: $signature) }';

function bodyOf(object: object, more: object = {}): string {
  const id = `evt_${randomUUID().replaceAll('-', '')}`;
  const event = {
    id,
    object: 'event',
    type: 'invoice.paid',
    created: Math.floor(now.getTime() / 1000),
    livemode: false,
  };
  return JSON.stringify({ ...event, data: { object }, ...more }, null, 2);
}

async function receive(
  body: string,
  { identity = service, secret = SECRET }: { identity?: Identity; secret?: string } = {},
): Promise<unknown> {
  const timestamp = Math.floor(now.getTime() / 1000);
  const signature = signer.generateTestHeaderString({ payload: body, secret, timestamp });
  const { data, errors } = await running.execute({ query: RECEIVE, variables: { body, signature } }, identity);
  return errors?.[0]?.extensions?.code ?? data?.receiveStripeEvent;
}

const apply = () => applyEvents({ database, services }, { signal });
const stored = () => database.manager.find(StripeEventEntity, { order: { receivedAt: 'ASC', id: 'ASC' } });

async function signUp(): Promise<{ organizationId: string; customerId: string }> {
  const organizationId = randomUUID();
  await beginTrial(services.operations, { organizationId, now });
  const { customerId } = await customerOf({ database, services }, organizationId);
  return { organizationId, customerId };
}

async function subscribe(customerId: string, planId = 'pro'): Promise<Stripe.Subscription> {
  const price = await priceIdOf(services, { planId, interval: 'MONTH', currency: 'EUR' });
  const { id } = await stripe.paymentMethods.attach('pm_card_visa', { customer: customerId });
  const settings = { invoice_settings: { default_payment_method: id } };
  await stripe.customers.update(customerId, settings);
  return stripe.subscriptions.create({ customer: customerId, items: [{ price }] });
}

const subscriptionOf = (organizationId: string) =>
  database.manager.findOneByOrFail(SubscriptionEntity, { organizationId });

describe('an event of Stripe', () => {
  it('is stored once, however often and by whichever process it is received', async () => {
    const body = bodyOf({ object: 'invoice', customer: 'cus_unknown' }, { metadata: { note: 'x'.repeat(300_000) } });
    const answers = await Promise.all(Array.from({ length: 20 }, () => receive(body)));
    expect(new Set(answers)).toEqual(new Set([true]));
    expect(await receive(body, { secret: OLD_SECRET })).toBe(true);
    expect(await stored()).toMatchObject([{ body, state: 'RECEIVED', customerId: 'cus_unknown' }]);
  });

  it('is refused with a signature of another secret, and from anyone but the gateway', async () => {
    const body = bodyOf({ object: 'invoice', customer: 'cus_1' });
    expect(await receive(body, { secret: 'whsec_another_secret_' })).toBe('SIGNATURE_INVALID');
    expect(await receive(body, { identity: anonymous('test') })).toBe('FORBIDDEN');
    const owner: Identity = {
      ...service,
      kind: 'user',
      userId: randomUUID(),
      organizationId: randomUUID(),
      role: 'OWNER',
    };
    expect(await receive(body, { identity: owner })).toBe('FORBIDDEN');
    expect(await stored()).toEqual([]);
  });

  it('of an unknown customer, type or of the other mode is kept and ignored', async () => {
    await receive(bodyOf({ object: 'invoice', customer: 'cus_of_another_installation' }));
    await receive(bodyOf({ object: 'hologram' }, { type: 'hologram.projected' }));
    await receive(bodyOf({ object: 'dispute', charge: 'ch_unknown' }, { type: 'charge.dispute.created' }));
    await receive(bodyOf({ object: 'customer', id: 'cus_1' }, { livemode: true }));
    await apply();
    const reasons = (await stored()).map(({ state, ignoredBecause }) => `${state}: ${ignoredBecause}`).sort();
    expect(reasons).toEqual([
      'IGNORED: it is about no customer',
      'IGNORED: it is about no customer',
      'IGNORED: it is of the live mode',
      'IGNORED: no organization has this customer',
    ]);
  });

  it('only says which customer to read: many are one reading, also by two workers', async () => {
    const { organizationId, customerId } = await signUp();
    await subscribe(customerId);
    const claim = { object: 'subscription', customer: customerId, status: 'canceled' };
    for (let count = 0; count < 12; count += 1) await receive(bodyOf(claim));
    await Promise.all([apply(), apply()]);
    expect((await stored()).map(({ state }) => state)).toEqual(Array(12).fill('APPLIED'));
    const { status, planId, syncs } = await subscriptionOf(organizationId);
    expect([status, planId]).toEqual(['active', 'pro']);
    expect(syncs).toBeLessThanOrEqual(4);
    expect(await services.entitlements.of(organizationId)).toMatchObject({ planId: 'pro', access: 'FULL' });
  });

  it('waits while Stripe is away, for as long as it takes, and is applied then; after an hour it is an alert', async () => {
    const { organizationId, customerId } = await signUp();
    await subscribe(customerId);
    await receive(bodyOf({ object: 'subscription', customer: customerId }));
    for (let hour = 0; hour < 3; hour += 1) {
      await admin(simulator, 'faults', { provider: 'stripe', kind: 'status', status: 503, times: 50 });
      await apply();
      now = new Date(now.getTime() + 60 * 60_000 + 1_000);
    }
    expect(await stored()).toMatchObject([
      { state: 'RECEIVED', attempts: 3, error: expect.stringContaining('Stripe') },
    ]);
    expect(alerts.map(({ key }) => key)).toContain('stripe-events-stuck');
    await fetch(`${simulator.url}/_simulator/faults`, { method: 'DELETE' });
    await apply();
    expect(await stored()).toMatchObject([{ state: 'APPLIED', error: null }]);
    expect(await subscriptionOf(organizationId)).toMatchObject({ status: 'active' });
  });

  it('is applied by another process once the lease of one that was killed has expired', async () => {
    const { organizationId, customerId } = await signUp();
    await subscribe(customerId);
    await receive(bodyOf({ object: 'subscription', customer: customerId }));
    let lose = () => {};
    const lost = new Promise<never>((_resolve, reject) => {
      lose = () => reject(new Error('The connection is lost.'));
    });
    let ask = () => {};
    const asked = new Promise<void>((resolve) => {
      ask = resolve;
    });
    const send = () => {
      ask();
      return lost;
    };
    const killed = applyEvents(
      { database, services: { ...services, http: { send } as unknown as HttpClient } },
      { signal },
    );
    await asked;
    await apply();
    expect(await stored()).toMatchObject([{ state: 'RECEIVED', attempts: 1 }]);
    now = new Date(now.getTime() + 4 * 60_000);
    await apply();
    expect(await subscriptionOf(organizationId)).toMatchObject({ status: 'active' });
    // It was not killed, but hung.
    lose();
    await killed;
    expect(await stored()).toMatchObject([{ state: 'APPLIED', attempts: 2, error: null }]);
  });
});

describe('a synchronization', () => {
  it('never stores an older reading over a newer one', async () => {
    const { organizationId, customerId } = await signUp();
    const { id } = await subscribe(customerId);
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let asked = 0;
    // It has read the subscription, and waits for its answer about payments.
    const slow = {
      send: async (outbound: OutboundRequest) => {
        const answer = await services.http.send(outbound);
        asked += 1;
        if (asked <= 5) await held;
        return answer;
      },
    } as unknown as HttpClient;
    const older = syncCustomer({ database, services: { ...services, http: slow } }, { organizationId });
    while (asked < 5) await new Promise((resolve) => setImmediate(resolve));
    await stripe.subscriptions.cancel(id);
    await syncCustomer({ database, services }, { organizationId });
    release();
    await older;
    expect(await subscriptionOf(organizationId)).toMatchObject({ status: 'canceled', endedBy: null });
    const again = await syncCustomer({ database, services }, { organizationId });
    expect(again?.differences).toEqual([]);
  });

  it('forgets a customer that was deleted at Stripe, and refuses one that Stripe never had', async () => {
    const { organizationId, customerId } = await signUp();
    await subscribe(customerId);
    await syncCustomer({ database, services }, { organizationId });
    const { version } = await subscriptionOf(organizationId);
    await stripe.customers.del(customerId);
    await syncCustomer({ database, services }, { customerId });
    const deleted = await subscriptionOf(organizationId);
    expect(deleted).toMatchObject({ status: 'canceled', customerId: null, formerCustomerIds: [customerId] });
    expect(deleted.version).toBe(version + 1);
    const [one, other] = await Promise.all([
      customerOf({ database, services }, organizationId),
      customerOf({ database, services }, organizationId),
    ]);
    expect(one.customerId).toBe(other.customerId);
    expect(one.customerId).not.toBe(customerId);
    expect(await subscriptionOf(organizationId)).toMatchObject({ status: 'canceled', customerId: one.customerId });
    await database.manager.update(SubscriptionEntity, { organizationId }, { customerId: 'cus_of_another_account' });
    await expect(syncCustomer({ database, services }, { organizationId })).rejects.toMatchObject({
      code: 'CONFIGURATION',
    });
    expect(await subscriptionOf(organizationId)).toMatchObject({ customerId: 'cus_of_another_account' });
  });

  it('leaves invoices and payments behind an erased organization, and nothing that names a person', async () => {
    const { organizationId, customerId } = await signUp();
    await subscribe(customerId);
    await receive(bodyOf({ object: 'customer', id: customerId, email: 'ada@example.com' }));
    await apply();
    for (let time = 0; time < 2; time += 1) await keepRecords({ database, services }, { organizationId });
    const kept = await database.query<object[]>('SELECT * FROM billing.invoice WHERE customer_id = $1', [customerId]);
    expect(kept).toMatchObject([{ organization_id: null, total: '9900', hosted_url: null, pdf_url: null }]);
    const paid = await database.query<object[]>('SELECT * FROM billing.payment WHERE customer_id = $1', [customerId]);
    expect(paid).toMatchObject([{ organization_id: null, amount: '9900', card_last4: null, receipt_url: null }]);
    expect(await stored()).toEqual([]);
    const at = now;
    now = new Date(`${at.getUTCFullYear() + 11}-01-01T00:00:00Z`);
    await deleteExpired({ database, services });
    expect(await database.query('SELECT FROM billing.invoice WHERE customer_id = $1', [customerId])).toEqual([]);
    now = at;
  });
});

describe('a request to Stripe', () => {
  const json = (error: object) => JSON.stringify({ error: { message: 'So it is.', ...error } });

  it.each<[number, string, Record<string, string>, object]>([
    [
      402,
      json({ type: 'card_error', code: 'card_declined', decline_code: 'insufficient_funds' }),
      {},
      { code: 'PAYMENT_FAILED', payment: { declineCode: 'insufficient_funds', url: null } },
    ],
    [
      402,
      json({ type: 'card_error', code: 'authentication_required', decline_code: 'authentication_required' }),
      {},
      { code: 'PAYMENT_ACTION_REQUIRED' },
    ],
    [
      402,
      json({ type: 'card_error', code: 'card_declined', decline_code: 'generic_decline' }),
      {},
      { payment: { declineCode: 'card_declined', url: null } },
    ],
    [
      429,
      json({ type: 'invalid_request_error', code: 'rate_limit' }),
      { 'retry-after': '7' },
      { code: 'PROVIDER_UNAVAILABLE', retryAfter: 7 },
    ],
    [
      409,
      json({ type: 'idempotency_error', code: 'idempotency_key_in_use' }),
      {},
      { code: 'PROVIDER_UNAVAILABLE', retryAfter: 5 },
    ],
    [400, json({ type: 'idempotency_error' }), {}, { code: 'CONFLICT' }],
    [401, json({ type: 'invalid_request_error' }), {}, { code: 'CONFIGURATION' }],
    [403, json({ type: 'invalid_request_error' }), {}, { code: 'CONFIGURATION' }],
    [500, json({ type: 'api_error' }), {}, { code: 'PROVIDER_UNAVAILABLE', retryAfter: 30 }],
    [503, '<html>', {}, { code: 'PROVIDER_UNAVAILABLE', retryAfter: 30 }],
    [200, '{"id":', {}, { code: 'PROVIDER_UNAVAILABLE', retryAfter: 30 }],
  ])('that is answered with %d %s is an error of ours', async (status, body, headers, expected) => {
    const keys: unknown[] = [];
    const server = createServer((request, response) => {
      keys.push(request.headers['idempotency-key']);
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const simulatorUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { config, ...rest } = services;
    const given = { ...rest, simulatorUrl, config: { ...config, stripe: undefined } };
    const ask = askStripe(given, (client) => client.customers.create({}, { idempotencyKey: 'one key' }));
    await expect(ask).rejects.toMatchObject(expected);
    server.close();
    // What is repeated has the same key.
    expect(new Set(keys)).toEqual(new Set(['one key']));
    expect(keys.length).toBeLessThanOrEqual(2);
  });

  it('without an answer, or without a key in production, is an error of ours', async () => {
    const { config, ...rest } = services;
    const away = { ...rest, simulatorUrl: 'http://127.0.0.1:1', config: { ...config, stripe: undefined } };
    const ask = (given: typeof away) => askStripe(given, (client) => client.balance.retrieve());
    await expect(ask(away)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE', retryAfter: 30 });
    const nothing = { ...away, config: { ...away.config, isProduction: true } };
    await expect(ask(nothing)).rejects.toMatchObject({ code: 'CONFIGURATION' });
  });
});
