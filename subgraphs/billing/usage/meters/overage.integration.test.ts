import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type Stripe from 'stripe';
import { createContext } from '#billing/context.js';
import type { openBillingDatabase } from '#billing/database.js';
import { applyEvents } from '#billing/events/apply-events.js';
import { receiveEvent } from '#billing/events/receive-event.js';
import { registerEndpoint } from '#billing/events/register-endpoint.js';
import { billing } from '#billing/index.js';
import { describeRun } from '#billing/reconciliation/describe-run.js';
import { reconcile } from '#billing/reconciliation/reconcile.js';
import { listDifferences } from '#billing/reconciliation/run-record.js';
import { customerOf } from '#billing/services/customer-of.js';
import { planItemsOf } from '#billing/stripe/catalogue.js';
import { syncCustomer } from '#billing/sync/sync-customer.js';
import { cardNumber } from '#billing/testing/open-lives.js';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { openTestServices } from '#ops/testing/test-services.js';
import { beginTrial } from '#runtime/entitlements/entitlements.js';
import type { BillingInterval } from '#runtime/entitlements/plans.js';
import type { OutboundRequest } from '#runtime/http/http-client.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { admin } from '#simulator/client-for-tests.js';
import { type Simulator, startSimulator } from '#simulator/index.js';
import { payCheckout, stripeClient } from '#simulator/stripe/client-for-tests.js';
import { recordOverage } from './record-overage.js';
import { sendOverage } from './send-overage.js';

type Any = any;

const begun = new Date('2026-11-01T10:00:00Z');
let now = begun;
let simulator: Simulator;
let stripe: Stripe;
let services: Services;
let alerts: string[];
let running: RunningSubgraph;
let database: Awaited<ReturnType<typeof openBillingDatabase>>;
let close: () => Promise<void>;

beforeAll(async () => {
  simulator = await startSimulator({ now: () => now, quiet: true });
  stripe = stripeClient(simulator);
  const opened = await openTestServices({ now: () => now, isSold: true, simulatorUrl: simulator.url });
  close = async () => {
    await opened.lifecycle.close();
    await simulator.close();
  };
  const organization = { name: 'Northwind', billingManagers: [{ email: 'nora@northwind.example' }] };
  const query = (async () => ({ organization })) as Services['graph']['query'];
  const raise: Services['alerts']['raise'] = ({ key }) => void alerts.push(key);
  services = {
    ...opened,
    graph: { ...opened.graph, query },
    alerts: { ...opened.alerts, raise },
    jobs: { ...opened.jobs, enqueue: async () => {} },
  };
  running = await billing.open(services);
  database = services.databases.get('billing') as typeof database;
});
afterAll(() => close());
beforeEach(() => {
  now = new Date(Math.max(now.getTime(), begun.getTime()));
  alerts = [];
});

const owner = (organizationId: string): Identity => ({
  ...{ kind: 'user', userId: randomUUID(), organizationId, role: 'OWNER', scopes: [], requestId: 'test' },
});
const contextOf = (organizationId: string) => createContext(services, database, owner(organizationId));
const at = (text: string) => {
  now = new Date(text);
};

interface Bought {
  planId?: string;
  interval?: BillingInterval;
  currency?: string;
}

/** Returns an organization with a subscription that is charged. */
async function buy({ planId = 'agency', interval = 'MONTH', currency = 'EUR' }: Bought = {}) {
  const organizationId = randomUUID();
  await beginTrial(services.operations, { organizationId, now });
  const { customerId } = await customerOf(contextOf(organizationId), organizationId);
  const { id: method } = await stripe.paymentMethods.attach('pm_card_visa', { customer: customerId });
  await stripe.customers.update(customerId, { invoice_settings: { default_payment_method: method } });
  const items = await planItemsOf(services, { planId, interval, currency });
  await stripe.subscriptions.create({ customer: customerId, items });
  const sync = () => syncCustomer(contextOf(organizationId), { organizationId });
  await sync();
  return { organizationId, customerId, sync };
}

const order = (organizationId: string, orderedAt: Date[], ids = orderedAt.map(() => randomUUID())) =>
  recordOverage(
    { services, database },
    {
      organizationId,
      reports: orderedAt.map((time, index) => ({ reportId: ids[index] ?? '', orderedAt: time.toISOString() })),
    },
  );
const send = () => sendOverage({ services, database });
const ask = async (of: string, query: string, variables: Record<string, unknown> = {}): Promise<Any> => {
  const { data, errors } = await running.execute({ query, variables }, owner(of));
  expect(errors).toBeUndefined();
  return JSON.parse(JSON.stringify(data));
};
const overageOf = async (of: string) =>
  (
    await ask(
      of,
      `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Organization { subscription {
        overage { limit units unitPrice { amount currency } amount { amount currency } } } } } }`,
      { of: [{ __typename: 'Organization', id: of, createdAt: begun.toISOString() }] },
    )
  )._entities[0].subscription.overage;
const change = (of: string, planId: string) =>
  ask(of, 'mutation ($planId: ID!) { changePlan(planId: $planId) { subscription { plan { id } } } }', { planId });
const states = async (of: string) =>
  (
    await database.query('SELECT state FROM billing.meter_event WHERE organization_id = $1 ORDER BY ordered_at', [of])
  ).map(({ state }: { state: string }) => state);
/** What the newest invoice says of reports: quantity and amount, and its status. */
async function invoicedTo(customer: string) {
  const [invoice] = (await stripe.invoices.list({ customer, limit: 1 })).data;
  const line = invoice?.lines.data.find(({ pricing }) => pricing?.price_details?.product === 'webmetrics-reports');
  return [invoice?.status, line?.quantity, line?.amount];
}

describe('reports beyond the plan', () => {
  it('are sent once by two workers, shown, and invoiced with the period they were ordered in, also just after its end', async () => {
    at('2026-11-01T10:00:00Z');
    const { organizationId, customerId, sync } = await buy();
    expect(await overageOf(organizationId)).toMatchObject({ units: 0, amount: { amount: '0.00', currency: 'EUR' } });
    at('2026-11-20T10:00:00Z');
    const ids = [randomUUID(), randomUUID()];
    const times = [new Date('2026-11-20T09:00:00.400Z'), new Date('2026-11-20T09:30:00Z')];
    await order(organizationId, times, ids);
    await order(organizationId, times, ids);
    await Promise.all([send(), send(), send()]);
    // A worker that vanished before it recorded the answer.
    await database.query("UPDATE billing.meter_event SET state = 'WAITING' WHERE report_id = $1", [ids[0]]);
    await send();
    expect(await states(organizationId)).toEqual(['SENT', 'SENT']);
    expect(await overageOf(organizationId)).toEqual({
      limit: 'REPORTS_PER_MONTH',
      units: 2,
      unitPrice: { amount: '0.20', currency: 'EUR' },
      amount: { amount: '0.40', currency: 'EUR' },
    });

    at('2026-12-01T10:30:00Z');
    await sync();
    await order(organizationId, [new Date('2026-12-01T09:59:59Z')]);
    await order(organizationId, [new Date('2026-12-01T10:00:00Z')]);
    await send();
    expect(await overageOf(organizationId)).toMatchObject({ units: 1 });
    at('2026-12-01T11:01:00Z');
    expect(await invoicedTo(customerId)).toEqual(['paid', 3, 60]);
    // Too late for its invoice: the next one.
    await order(organizationId, [new Date('2026-12-01T09:59:58Z')]);
    await send();
    await sync();
    expect(await overageOf(organizationId)).toMatchObject({ units: 2 });
    at('2027-01-01T11:01:00Z');
    expect(await invoicedTo(customerId)).toEqual(['paid', 2, 40]);
    expect(alerts).toEqual([]);
  });

  it('wait while Stripe is away, are tried again when it refuses them, and are not sent again once it may have forgotten them', async () => {
    const { organizationId, customerId } = await buy({ currency: 'JPY' });
    const fail = (away: boolean) => ({ ...services, ...(away && { simulatorUrl: 'http://127.0.0.1:9' }) }) as Services;
    const ordered = now;
    now = new Date(now.getTime() + 60_000);
    await order(organizationId, [ordered, now]);
    await sendOverage({ services: fail(true), database });
    expect(await states(organizationId)).toEqual(['WAITING', 'WAITING']);
    expect(await overageOf(organizationId)).toMatchObject({ units: 2, amount: { amount: '66', currency: 'JPY' } });
    now = new Date(now.getTime() + 3 * 3_600_000);
    await send();
    expect(await states(organizationId)).toEqual(['SENT', 'SENT']);

    const ahead = new Date(now.getTime() + 10 * 60_000);
    await order(organizationId, [ahead]);
    await send();
    expect([(await states(organizationId)).at(-1), alerts]).toEqual(['WAITING', ['meter-event-refused']]);
    now = new Date(now.getTime() + 3_700_000);
    await send();
    expect((await states(organizationId)).at(-1)).toBe('SENT');

    await order(organizationId, [now]);
    await sendOverage({ services: fail(true), database });
    now = new Date(now.getTime() + 24 * 3_600_000);
    await send();
    expect((await states(organizationId)).at(-1)).toBe('UNCERTAIN');
    expect(alerts.at(-1)).toBe('meter-event-uncertain');
    const upcoming = await stripe.invoices.createPreview({ customer: customerId });
    expect(upcoming.lines.data.map(({ quantity, amount }) => [quantity, amount])).toContainEqual([3, 99]);
  });

  it('are invoiced although their item is removed at Stripe: reconciliation adds it once and says so; a refusal is an alert', async () => {
    const { organizationId, customerId, sync } = await buy();
    const itemsOf = async () => (await stripe.subscriptions.list({ customer: customerId })).data[0]?.items.data ?? [];
    const remove = async () => {
      const items = (await itemsOf()).filter(({ price }) => price.recurring?.usage_type === 'metered');
      const { id = '' } = (await stripe.subscriptions.list({ customer: customerId })).data[0] ?? {};
      await stripe.subscriptions.update(id, { items: items.map((item) => ({ id: item.id, deleted: true })) });
      expect(await itemsOf()).toHaveLength(1);
    };
    await remove();
    const { signal } = new AbortController();
    const report = async () => {
      const run = (await reconcile({ services, database }, { signal }))?.at(-1);
      if (!run) throw new Error('Another reconciliation is running.');
      return describeRun(run, await listDifferences(database, run.id)).join('\n');
    };
    expect(await report()).toMatch(/MONEY subscription sub_\S+ was corrected at Stripe: "METERED_ITEM_ADDED"/);
    expect(await itemsOf()).toHaveLength(2);
    expect(alerts.sort()).toEqual(['metered-item-added', 'reconciliation-money']);
    expect(await report()).not.toMatch(/corrected|METERED/);

    await remove();
    alerts = [];
    const refused = {
      ...services,
      http: {
        send: async (request: OutboundRequest) =>
          request.method === 'POST'
            ? { status: 400, headers: {}, body: '{"error":{"type":"invalid_request_error","message":"no"}}' }
            : services.http.send(request),
      },
    } as unknown as Services;
    await syncCustomer({ services: refused, database }, { organizationId });
    expect(alerts).toEqual(['metered-item-missing']);
    await Promise.all([sync(), sync()]);
    expect(await itemsOf()).toHaveLength(2);
    await order(organizationId, [now]);
    await send();
    now = new Date(now.getTime() + 32 * 24 * 3_600_000);
    expect(await invoicedTo(customerId)).toEqual(['paid', 1, 20]);
  });

  it('are sent again under another identifier when Stripe rejects them after accepting them, twice at most, and are reported', async () => {
    const bodies: { body: string; signature: string }[] = [];
    const receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        bodies.push({ body, signature: String(request.headers['stripe-signature']) });
        response.end();
      });
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const publicUrl = () => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    const context = { services, database };
    const at = { url: `${publicUrl()}/webhooks/stripe` };
    await Promise.all([registerEndpoint(context, at), registerEndpoint(context, at)]);
    expect((await stripe.webhookEndpoints.list()).data).toHaveLength(1);
    const { signal } = new AbortController();
    const settle = async () => {
      now = new Date(now.getTime() + 10_000);
      await admin(simulator, 'stripe/webhooks', {});
      const thin = bodies.splice(0).filter(({ body }) => body.includes('v2.core.event'));
      for (const one of thin) await receiveEvent(context, one);
      await applyEvents(context, { signal });
      return thin.length;
    };
    try {
      const { organizationId, customerId } = await buy();
      await settle();
      const reject = (stripeMeterRejection: string | null) => admin(simulator, 'settings', { stripeMeterRejection });
      const times = Array.from({ length: 7 }, (_, index) => new Date(now.getTime() + index * 1000));
      now = new Date(now.getTime() + 60_000);
      await order(organizationId, times);
      await reject('archived_meter');
      await send();
      await reject(null);
      expect(await states(organizationId)).toEqual(Array(7).fill('SENT'));
      expect(await settle()).toBe(1);
      // Stripe names five.
      expect((await states(organizationId)).sort()).toEqual([...Array(2).fill('SENT'), ...Array(5).fill('WAITING')]);
      expect(alerts).toEqual(['meter-events-rejected']);
      await database.query("UPDATE billing.stripe_event SET state = 'RECEIVED', settled_at = NULL, due_at = $1", [now]);
      await settle();
      await send();
      expect((await states(organizationId)).filter((state: string) => state === 'WAITING')).toHaveLength(5);
      const again = async () => {
        now = new Date(now.getTime() + 3_700_000);
        await send();
        return settle();
      };
      await reject('no_meter');
      const waiting = "UPDATE billing.meter_event SET state = 'REFUSED' WHERE state = 'WAITING' AND report_id <> $1";
      const [{ report_id: one }] = await database.query(
        "SELECT report_id FROM billing.meter_event WHERE state = 'WAITING' LIMIT 1",
      );
      // One of them three times.
      await database.query(waiting, [one]);
      expect([await again(), await again(), await again()]).toEqual([1, 1, 0]);
      const [row] = await database.query(
        'SELECT state, rejections, problem FROM billing.meter_event WHERE report_id = $1',
        [one],
      );
      expect(row).toEqual({ state: 'REFUSED', rejections: 3, problem: 'no_meter: no meter' });
      await reject(null);
      await database.query("UPDATE billing.meter_event SET state = 'WAITING' WHERE state = 'REFUSED'");
      await again();
      expect(await states(organizationId)).toEqual(Array(7).fill('SENT'));
      const upcoming = await stripe.invoices.createPreview({ customer: customerId });
      // All but the two that Stripe has not named.
      expect(upcoming.lines.data.map(({ quantity }) => quantity)).toContain(5);
      const summary = await database.query('SELECT DISTINCT state, ignored_because FROM billing.stripe_event');
      expect(summary).toEqual([{ state: 'APPLIED', ignored_because: null }]);
    } finally {
      receiver.close();
    }
  });

  it('are charged to those who pay for them only: neither in a trial, nor with another plan', async () => {
    const pro = await buy({ planId: 'pro' });
    await order(pro.organizationId, [now]);
    await order(randomUUID(), [now]);
    expect(await states(pro.organizationId)).toEqual([]);
    expect(await overageOf(pro.organizationId)).toBeNull();

    const organizationId = randomUUID();
    await beginTrial(services.operations, { organizationId, now });
    const { startCheckout } = await ask(
      organizationId,
      'mutation { startCheckout(planId: "agency", interval: YEAR) { url } }',
    );
    await payCheckout(startCheckout.url, { card: cardNumber(77) });
    await syncCustomer(contextOf(organizationId), { organizationId });
    expect(await overageOf(organizationId)).toBeNull();
    const inTrial = now;
    now = new Date(now.getTime() + 15 * 24 * 3_600_000);
    await syncCustomer(contextOf(organizationId), { organizationId });
    await order(organizationId, [inTrial, now]);
    await send();
    expect(await states(organizationId)).toEqual(['SENT']);
    expect(await overageOf(organizationId)).toMatchObject({ units: 1 });
  });

  it('follow the plan: with an upgrade they are metered, with a downgrade the last ones are invoiced, and with a cancellation at once', async () => {
    const { organizationId, customerId, sync } = await buy({ planId: 'pro' });
    const { previewPlanChange } = await ask(
      organizationId,
      '{ previewPlanChange(planId: "agency") { previewId amountDue { amount } } }',
    );
    expect(Number(previewPlanChange.amountDue.amount)).toBeGreaterThan(0);
    await change(organizationId, 'agency');
    await order(organizationId, [now]);
    await send();
    expect(await overageOf(organizationId)).toMatchObject({ units: 1 });
    await change(organizationId, 'starter');
    const [{ period_end: end }] = await database.query(
      'SELECT period_end FROM billing.subscription WHERE organization_id = $1',
      [organizationId],
    );
    now = new Date(end.getTime() + 2 * 3_600_000);
    await sync();
    expect(await invoicedTo(customerId)).toEqual(['paid', 1, 20]);
    expect(await overageOf(organizationId)).toBeNull();
    const { data } = await stripe.subscriptions.list({ customer: customerId });
    expect(data[0]?.items.data).toHaveLength(1);

    const canceled = await buy({ interval: 'YEAR' });
    await order(canceled.organizationId, [now]);
    now = new Date(now.getTime() + 60_000);
    await ask(
      canceled.organizationId,
      'mutation { cancelSubscription(atPeriodEnd: false) { subscription { status } } }',
    );
    expect(await invoicedTo(canceled.customerId)).toEqual(['paid', 1, 20]);
  });
});
