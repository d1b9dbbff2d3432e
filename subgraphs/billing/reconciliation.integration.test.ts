import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type Stripe from 'stripe';
import type { DataSource } from 'typeorm';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { openTestServices } from '#ops/testing/test-services.js';
import type { Alert } from '#runtime/alert.js';
import { beginTrial } from '#runtime/entitlements/entitlements.js';
import type { OutboundResponse } from '#runtime/http/http-client.js';
import type { Services } from '#runtime/services.js';
import { renderMetrics } from '#runtime/telemetry/metrics-route.js';
import { type Simulator, startSimulator } from '#simulator/index.js';
import { stripeClient } from '#simulator/stripe/client-for-tests.js';
import { billing } from './index.js';
import { describeRun } from './reconciliation/describe-run.js';
import { reconcile } from './reconciliation/reconcile.js';
import { listDifferences, type Reconciliation } from './reconciliation/run-record.js';
import { customerOf } from './services/customer-of.js';
import { priceIdOf } from './stripe/catalogue.js';
import { syncCustomer } from './sync/sync-customer.js';

const DAY_MS = 24 * 60 * 60 * 1000;
let now = new Date('2026-10-01T09:30:00Z');
let simulator: Simulator;
let stripe: Stripe;
let services: Services;
let running: RunningSubgraph;
let database: DataSource;
let close: () => Promise<void>;
let alerts: Alert[] = [];
/** Called before each request to Stripe; what it returns is the answer. */
let beforeRequest: (url: string) => OutboundResponse | undefined = () => undefined;

beforeAll(async () => {
  simulator = await startSimulator({ now: () => now, quiet: true });
  stripe = stripeClient(simulator);
  const opened = await openTestServices({ now: () => now, isSold: true, simulatorUrl: simulator.url });
  close = async () => {
    await opened.lifecycle.close();
    await simulator.close();
  };
  const send = opened.http.send.bind(opened.http);
  opened.http.send = async (request) => beforeRequest(request.url) ?? send(request);
  services = { ...opened, alerts: { ...opened.alerts, raise: (alert) => void alerts.push(alert) } };
  running = await billing.open(services);
  database = services.databases.get('billing') as DataSource;
});
afterAll(() => close());
beforeEach(() => {
  alerts = [];
  beforeRequest = () => undefined;
});

const context = () => ({ services, database });
const signal = () => new AbortController().signal;

async function buy(card = 'pm_card_visa') {
  const organizationId = randomUUID();
  await beginTrial(services.operations, { organizationId, now });
  const { customerId } = await customerOf(context(), organizationId);
  const { id: method } = await stripe.paymentMethods.attach(card, { customer: customerId });
  await stripe.customers.update(customerId, { invoice_settings: { default_payment_method: method } });
  const price = await priceIdOf(services, { planId: 'pro', interval: 'MONTH', currency: 'EUR' });
  const subscription = await stripe.subscriptions.create({ customer: customerId, items: [{ price }] });
  await syncCustomer(context(), { organizationId });
  return { organizationId, customerId, subscription };
}

async function run(): Promise<Reconciliation> {
  const done = (await reconcile(context(), { signal: signal() }))?.at(-1);
  if (!done) throw new Error('Another reconciliation is running.');
  return done;
}

const found = async ({ id }: Reconciliation) =>
  (await listDifferences(database, id)).map(({ organizationId, kind, field, ours, theirs, isMoney }) => ({
    ...{ organizationId, what: `${kind}.${field}`, isMoney },
    change: field === '*' ? null : `${JSON.stringify(ours)} -> ${JSON.stringify(theirs)}`,
  }));

describe('a reconciliation', () => {
  it('finds, repairs and reports what ten lost events were about, and raises an alert for the money', async () => {
    const renewed = await buy();
    const refunded = await buy();
    const canceled = await buy();
    const untouched = await buy();
    expect(await found(await run())).toEqual([]);
    expect(alerts).toEqual([]);

    const lost = async () => (await stripe.events.list({ limit: 100 })).data.length;
    const before = await lost();
    const [charge] = (await stripe.charges.list({ customer: refunded.customerId })).data;
    await stripe.refunds.create({ charge: charge?.id ?? '', amount: 1500 });
    await stripe.subscriptions.update(canceled.subscription.id, { cancel_at_period_end: true });
    await stripe.subscriptions.update(renewed.subscription.id, { metadata: { note: 'no difference' } });
    const price = await priceIdOf(services, { planId: 'agency', interval: 'MONTH', currency: 'EUR' });
    const item = renewed.subscription.items.data[0]?.id;
    await stripe.subscriptions.update(renewed.subscription.id, {
      items: [{ id: item, price }],
      proration_behavior: 'always_invoice',
    });
    expect((await lost()) - before).toBeGreaterThanOrEqual(10);

    const reconciliation = await run();
    const differences = await found(reconciliation);
    const of = ({ organizationId }: { organizationId: string }) =>
      differences.filter((one) => one.organizationId === organizationId);
    expect(of(untouched)).toEqual([]);
    expect(of(refunded)).toEqual(
      expect.arrayContaining([
        { organizationId: refunded.organizationId, what: 'payment.amountRefunded', isMoney: true, change: '0 -> 1500' },
      ]),
    );
    expect(of(canceled).every(({ isMoney }) => !isMoney)).toBe(true);
    expect(of(canceled).map(({ what }) => what)).toEqual(expect.arrayContaining(['subscription.cancelAt']));
    expect(of(renewed)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ what: 'subscription.planId', change: '"pro" -> "agency"', isMoney: false }),
        expect.objectContaining({ what: 'invoice.*', isMoney: true }),
        expect.objectContaining({ what: 'payment.*', isMoney: true }),
      ]),
    );
    // The plan was changed at Stripe without the item of what is used beyond it.
    expect(alerts.map(({ category, key }) => `${category} ${key}`)).toEqual([
      'payment metered-item-added',
      'payment reconciliation-money',
    ]);
    expect((await services.entitlements.of(renewed.organizationId)).planId).toBe('agency');

    const report = describeRun(reconciliation, await listDifferences(database, reconciliation.id));
    expect(report).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^4 organizations compared with Stripe, 0 could not be; 8 customers and subscriptions/),
        `organization ${refunded.organizationId}, customer ${refunded.customerId}`,
        expect.stringMatching(/^ {2}MONEY payment ch_\S+ amountRefunded: 0 -> 1500$/),
      ]),
    );
    const status = await running.status();
    expect(status).toMatchObject({
      isSold: true,
      reconciliation: { organizations: 4, failed: 0, problem: null, differences: differences.length },
    });
    const { body } = await renderMetrics();
    expect(body).toMatch(new RegExp(`^webmetrics_reconciliation_differences ${differences.length}$`, 'm'));

    alerts = [];
    expect(await found(await run())).toEqual([]);
    expect(alerts).toEqual([]);
  });

  it('goes on where it was when Stripe is away, two at once compare everything once, and a clock an hour off changes nothing', async () => {
    const bought = [await buy(), await buy(), await buy()];
    const [{ count }] = await database.query('SELECT count(*)::int AS count FROM billing.subscription');
    await Promise.all(
      bought.map(async ({ customerId }) => {
        const [charge] = (await stripe.charges.list({ customer: customerId })).data;
        await stripe.refunds.create({ charge: charge?.id ?? '' });
      }),
    );
    let left = 3;
    beforeRequest = (url) => {
      if (/\/v1\/customers\/cus_\w+$/.test(url)) left -= 1;
      if (left < 0) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      return undefined;
    };
    const interrupted = await run();
    expect(interrupted).toMatchObject({ finishedAt: null, step: 'ORGANIZATIONS', organizationCount: 3 });
    expect(interrupted.problem).toMatch(/Stripe cannot be reached/);
    beforeRequest = () => undefined;

    now = new Date(now.getTime() + 60 * 60 * 1000);
    const both = await Promise.all([0, 1].map(() => reconcile(context(), { signal: signal(), continueOnly: true })));
    const [done, ...none] = both.sort((one, other) => Number(one === null) - Number(other === null));
    expect(none).toEqual([null]);
    expect(done).toHaveLength(1);
    expect(done?.[0]).toMatchObject({ id: interrupted.id, organizationCount: count, failedCount: 0, problem: null });
    const refunds = (await found(interrupted)).filter(({ what }) => what === 'payment.amountRefunded');
    expect(refunds.map(({ organizationId }) => organizationId).sort()).toEqual(
      bought.map(({ organizationId }) => organizationId).sort(),
    );
    expect(await reconcile(context(), { signal: signal(), continueOnly: true })).toEqual([]);

    now = new Date(now.getTime() - 2 * 60 * 60 * 1000);
    expect(await found(await run())).toEqual([]);
    now = new Date(now.getTime() + 60 * 60 * 1000);
  });

  it('gives customers back to organizations that lost them, and reports subscriptions that no organization has', async () => {
    const restored = await buy();
    await database.query(
      'UPDATE billing.subscription SET customer_id = NULL, status = NULL, stripe_subscription_id = NULL WHERE organization_id = $1',
      [restored.organizationId],
    );
    for (const table of ['invoice', 'payment', 'payment_method']) {
      await database.query(`DELETE FROM billing.${table} WHERE organization_id = $1`, [restored.organizationId]);
    }
    const price = await priceIdOf(services, { planId: 'pro', interval: 'MONTH', currency: 'EUR' });
    const strangers = await Promise.all(
      ['organization_id', 'note', 'other'].map(async (name) => {
        const metadata = { [name]: randomUUID() };
        const { id: customer } = await stripe.customers.create({ metadata });
        const { id: method } = await stripe.paymentMethods.attach('pm_card_visa', { customer });
        await stripe.customers.update(customer, { invoice_settings: { default_payment_method: method } });
        return customer;
      }),
    );
    for (const customer of strangers.slice(0, 2)) await stripe.subscriptions.create({ customer, items: [{ price }] });
    const reconciliation = await run();
    const differences = await listDifferences(database, reconciliation.id);
    expect(differences.filter(({ organizationId }) => organizationId === null)).toEqual([
      expect.objectContaining({ kind: 'customer', customerId: strangers[0], isMoney: true }),
      expect.objectContaining({ kind: 'subscription', customerId: strangers[1], isMoney: true }),
      expect.objectContaining({ kind: 'subscription', customerId: strangers[0], isMoney: true }),
    ]);
    expect(differences.some(({ organizationId }) => organizationId === restored.organizationId)).toBe(true);
    const [row] = await database.query(
      'SELECT customer_id, status FROM billing.subscription WHERE organization_id = $1',
      [restored.organizationId],
    );
    expect(row).toEqual({ customer_id: restored.customerId, status: 'active' });
    for (const customer of strangers) await stripe.customers.del(customer);
  });

  it('does not alarm about what a waiting event would repair, and names organizations that it could not compare', async () => {
    const { organizationId, customerId } = await buy();
    now = new Date(now.getTime() + DAY_MS);
    const [charge] = (await stripe.charges.list({ customer: customerId })).data;
    await stripe.refunds.create({ charge: charge?.id ?? '' });
    await database.query(
      `INSERT INTO billing.stripe_event (id, type, customer_id, is_live, created_at, received_at, body, state, due_at)
       VALUES ('evt_waiting', 'charge.refunded', $1, false, $2, $2, '{}', 'RECEIVED', $2)`,
      [customerId, now],
    );
    const reconciliation = await run();
    const differences = await listDifferences(database, reconciliation.id);
    expect(differences.map((one) => [one.organizationId, one.isAwaited])).toEqual(
      differences.map(() => [organizationId, true]),
    );
    expect(differences.length).toBeGreaterThan(0);
    expect(alerts).toEqual([]);
    expect(await running.status()).toMatchObject({ events: { waiting: 1, oldestWaitingSince: now } });
    await database.query(`DELETE FROM billing.stripe_event`);

    const body = JSON.stringify({ error: { type: 'invalid_request_error', message: 'a fault of this customer' } });
    beforeRequest = (url) =>
      url.includes(`/v1/customers/${customerId}`) ? { status: 400, headers: {}, body } : undefined;
    expect(await run()).toMatchObject({ failedCount: 1, finishedAt: now });
    expect(alerts).toEqual([expect.objectContaining({ key: 'reconciliation-failed' })]);
  });
});
