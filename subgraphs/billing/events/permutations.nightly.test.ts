import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';
import type { DataSource } from 'typeorm';
import { InvoiceEntity } from '#billing/entities/invoice.js';
import { PaymentEntity } from '#billing/entities/payment.js';
import { PaymentMethodEntity } from '#billing/entities/payment-method.js';
import { SubscriptionEntity } from '#billing/entities/subscription.js';
import { billing } from '#billing/index.js';
import { priceIdOf } from '#billing/stripe/catalogue.js';
import { syncCustomer } from '#billing/sync/sync-customer.js';
import { type LifeStep, type RecordedLife, ReplayedStripe, recordLife } from '#billing/testing/recorded-life.js';
import { seededRandom } from '#ops/testing/seeded-random.js';
import { openTestServices } from '#ops/testing/test-services.js';
import { standingAt } from '#runtime/entitlements/entitlement.js';
import { beginTrial, readEntitlement } from '#runtime/entitlements/entitlements.js';
import type { HttpClient } from '#runtime/http/http-client.js';
import type { Services } from '#runtime/services.js';
import { type Simulator, startSimulator } from '#simulator/index.js';
import { stripeClient } from '#simulator/stripe/client-for-tests.js';
import { applyEvents } from './apply-events.js';
import { receiveEvent } from './receive-event.js';
import { registerEndpoint } from './register-endpoint.js';
import { signingSecrets } from './signing-secrets.js';

const PERMUTATIONS_EACH = 100;
const TRIAL = { trial_period_days: 14 };

type Prices = Record<'starter' | 'pro', string>;
type Live = (step: LifeStep, prices: Prices) => Promise<void>;

async function subscribe(
  { stripe, customerId, record }: LifeStep,
  price: string,
  more: Partial<Stripe.SubscriptionCreateParams> = {},
): Promise<Stripe.Subscription> {
  const created = await stripe.subscriptions.create({ customer: customerId, items: [{ price }], ...more });
  await record();
  return created;
}

async function useCard({ stripe, customerId, record }: LifeStep, card: string): Promise<void> {
  const { id } = await stripe.paymentMethods.attach(card, { customer: customerId });
  await record();
  await stripe.customers.update(customerId, { invoice_settings: { default_payment_method: id } });
  await record();
}

async function lastCharge({ stripe, customerId }: LifeStep): Promise<string> {
  const { data } = await stripe.charges.list({ customer: customerId });
  return data[0]?.id ?? '';
}

const dispute =
  (evidence: string): Live =>
  async (step, { pro }) => {
    await subscribe(step, pro);
    await step.advance(3);
    const { data } = await step.stripe.disputes.list({ charge: await lastCharge(step) });
    await step.stripe.disputes.update(data[0]?.id ?? '', { evidence: { uncategorized_text: evidence } });
    await step.record();
    await step.advance(2);
    if (evidence !== 'losing_evidence') return;
    await step.stripe.subscriptions.cancel((await step.subscription()).id, { prorate: false });
    await step.record();
  };

const lives: [name: string, given: { beginsAt?: string; card?: string }, Live][] = [
  [
    'trial → paid',
    {},
    async (step, { pro }) => {
      await subscribe(step, pro, TRIAL);
      await step.advance(16);
    },
  ],
  [
    'trial → declined → recovered',
    { card: 'pm_card_chargeCustomerFail' },
    async (step, { pro }) => {
      await subscribe(step, pro, TRIAL);
      await step.advance(17);
      await useCard(step, 'pm_card_visa');
      const { data } = await step.stripe.invoices.list({ customer: step.customerId, status: 'open' });
      await step.stripe.invoices.pay(data[0]?.id ?? '');
      await step.record();
      await step.advance(2);
    },
  ],
  [
    'upgrade',
    {},
    async (step, { starter, pro }) => {
      const { id, items } = await subscribe(step, starter);
      await step.advance(10);
      const item = items.data[0]?.id;
      await step.stripe.subscriptions.update(id, {
        items: [{ id: item, price: pro }],
        proration_behavior: 'always_invoice',
      });
      await step.record();
      await step.advance(22);
    },
  ],
  [
    'downgrade at period end',
    {},
    async (step, { starter, pro }) => {
      const { id } = await subscribe(step, pro);
      await step.advance(10);
      const schedule = await step.stripe.subscriptionSchedules.create({ from_subscription: id });
      await step.record();
      const [phase] = schedule.phases;
      await step.stripe.subscriptionSchedules.update(schedule.id, {
        end_behavior: 'release',
        phases: [
          { items: [{ price: pro, quantity: 1 }], start_date: phase?.start_date, end_date: phase?.end_date },
          { items: [{ price: starter, quantity: 1 }], duration: { interval: 'month', interval_count: 1 } },
        ],
      });
      await step.record();
      await step.advance(24);
    },
  ],
  [
    'cancelled right after the trial',
    {},
    async (step, { pro }) => {
      await subscribe(step, pro, TRIAL);
      await step.advance(15);
      await step.stripe.subscriptions.cancel((await step.subscription()).id);
      await step.record();
      await step.advance(2);
    },
  ],
  [
    'extended trial',
    {},
    async (step, { pro }) => {
      const { id } = await subscribe(step, pro, TRIAL);
      await step.advance(12);
      const { trial_end: end } = await step.subscription();
      await step.stripe.subscriptions.update(id, { trial_end: (end ?? 0) + 10 * 86_400, proration_behavior: 'none' });
      await step.record();
      await step.advance(14);
    },
  ],
  [
    'refunds, in part and the rest',
    {},
    async (step, { pro }) => {
      await subscribe(step, pro);
      await step.advance(2);
      const charge = await lastCharge(step);
      await step.stripe.refunds.create({ charge, amount: 1_000 });
      await step.record();
      await step.advance(1);
      await step.stripe.refunds.create({ charge });
      await step.record();
    },
  ],
  ['dispute won', { card: 'pm_card_createDispute' }, dispute('winning_evidence')],
  ['dispute lost', { card: 'pm_card_createDispute' }, dispute('losing_evidence')],
  [
    'begun on the 31st',
    { beginsAt: '2027-12-31T10:00:00Z' },
    async (step, { starter }) => {
      await subscribe(step, starter);
      await step.advance(95);
    },
  ],
];

describe('events in any order', () => {
  let simulator: Simulator;
  let services: Services;
  let database: DataSource;
  let prices: Prices;
  let secret: string;
  let close: () => Promise<void>;
  const signer = new Stripe('sk_test_0123456789', { telemetry: false }).webhooks;
  const begins = new Date('2026-11-20T12:00:00Z');
  let now = begins;

  beforeAll(async () => {
    simulator = await startSimulator({ now: () => begins, quiet: true });
    const opened = await openTestServices({ now: () => now, isSold: true, simulatorUrl: simulator.url });
    // Whoever applies what is stored is this test.
    services = { ...opened, jobs: { ...opened.jobs, enqueue: async () => {} } };
    close = async () => {
      await opened.lifecycle.close();
      await simulator.close();
    };
    await billing.open(services);
    database = services.databases.get('billing') as DataSource;
    const priceOf = (planId: string) => priceIdOf(services, { planId, interval: 'MONTH', currency: 'EUR' });
    prices = { starter: await priceOf('starter'), pro: await priceOf('pro') };
    const at = { url: `${services.publicUrl()}/webhooks/stripe` };
    await Promise.all([registerEndpoint({ database, services }, at), registerEndpoint({ database, services }, at)]);
    [secret = ''] = await signingSecrets({ database, services });
    const { data } = await stripeClient(simulator).webhookEndpoints.list();
    expect(data).toHaveLength(1);
    // Events of the lives are delivered by this test.
    await stripeClient(simulator).webhookEndpoints.update(data[0]?.id ?? '', { disabled: true });
  });
  afterAll(() => close());

  /** Empties what billing has of customers. Deleting a few rows is faster than truncating, which makes new files for tables and indexes. */
  async function forgetAll(): Promise<void> {
    const tables = await database.query<{ name: string }[]>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'billing'
       AND tablename NOT IN ('migration', 'installation', 'webhook_endpoint') ORDER BY tablename = 'subscription'`,
    );
    const names = ['operations.entitlement', ...tables.map(({ name }) => name)];
    await database.query(names.map((name) => `DELETE FROM ${name}`).join('; '));
  }

  async function rowsOf(organizationId: string): Promise<unknown> {
    const { manager } = database;
    const {
      id: _id,
      version: _version,
      syncs: _syncs,
      syncedAt: _at,
      ...subscription
    } = await manager.findOneByOrFail(SubscriptionEntity, { organizationId });
    const order = { order: { id: 'ASC' as const } };
    const stored = await readEntitlement(manager, { organizationId });
    return {
      subscription,
      entitlement: stored && standingAt(stored, now),
      invoices: await manager.find(InvoiceEntity, order),
      payments: await manager.find(PaymentEntity, order),
      methods: await manager.find(PaymentMethodEntity, order),
    };
  }

  async function beginAgain(life: RecordedLife, organizationId: string): Promise<ReplayedStripe> {
    await forgetAll();
    now = life.moments[0]?.now as Date;
    await beginTrial(services.operations, { organizationId, now });
    const trialEndsAt = new Date(now.getTime() + 14 * 86_400_000);
    await database.manager.insert(SubscriptionEntity, {
      ...{ organizationId, customerId: life.customerId, trialEndsAt, createdAt: now },
    });
    return new ReplayedStripe(life);
  }

  interface Count {
    deliveries: number;
    duplicates: number;
    lost: number;
    readings: number;
  }

  /** Delivers the events of a life in an order of the seed, some more than once, some not at all, while the life goes on. */
  async function liveThrough(
    life: RecordedLife,
    organizationId: string,
    { seed, losesEvents }: { seed: number; losesEvents: boolean },
  ): Promise<Count> {
    const random = seededRandom(seed);
    const stripe = await beginAgain(life, organizationId);
    const context = { database, services: { ...services, http: stripe as unknown as HttpClient } };
    const signal = new AbortController().signal;
    const last = life.moments.length - 1;
    const count: Count = { deliveries: 0, duplicates: 0, lost: 0, readings: 0 };
    const deliveries = life.events.flatMap((event) => {
      if (losesEvents && random() < 0.3) {
        count.lost += 1;
        return [];
      }
      const times = random() < 0.25 ? 2 + Math.floor(random() * 2) : 1;
      count.duplicates += times - 1;
      // At once, soon, or at any later time.
      const delay = () => (random() < 0.4 ? 0 : Math.floor(random() * (random() < 0.5 ? 4 : last + 2)));
      return Array.from({ length: times }, () => ({
        ...{ event, at: Math.min(event.moment + delay(), last), order: random() },
      }));
    });
    count.deliveries = deliveries.length;
    for (let moment = 0; moment <= last; moment += 1) {
      stripe.moment = Math.max(stripe.moment, moment);
      now = life.moments[moment]?.now as Date;
      const arriving = deliveries.filter(({ at }) => at === moment).sort((one, other) => one.order - other.order);
      for (const { event } of arriving) {
        const timestamp = Math.floor(now.getTime() / 1000);
        const signature = signer.generateTestHeaderString({ payload: event.body, secret, timestamp });
        await receiveEvent(context, { body: event.body, signature });
        if (random() < 0.15) await applyEvents(context, { signal });
      }
      // Two workers at times, and none for a while at others.
      if (random() < 0.2) await Promise.all([applyEvents(context, { signal }), applyEvents(context, { signal })]);
    }
    await applyEvents(context, { signal });
    if (losesEvents) await syncCustomer(context, { organizationId });
    const [{ waiting } = { waiting: -1 }] = await database.query<{ waiting: number }[]>(
      `SELECT count(*)::int AS waiting FROM billing.stripe_event WHERE state = 'RECEIVED'`,
    );
    expect(waiting).toBe(0);
    const { syncs } = await database.manager.findOneByOrFail(SubscriptionEntity, { organizationId });
    count.readings = syncs;
    return count;
  }

  it.each(lives)('%s: every permutation ends in the same rows', async (name, { beginsAt, card }, live) => {
    const stripe = stripeClient(simulator);
    const given = { name, beginsAt: beginsAt ?? '2027-01-15T09:00:00Z', card: card ?? 'pm_card_visa' };
    const life = await recordLife({ services, stripe }, given, (step) => live(step, prices));
    const organizationId = randomUUID();
    const replayed = await beginAgain(life, organizationId);
    replayed.moment = life.moments.length - 1;
    now = life.moments.at(-1)?.now as Date;
    await syncCustomer(
      { database, services: { ...services, http: replayed as unknown as HttpClient } },
      { organizationId },
    );
    const expected = await rowsOf(organizationId);
    const total: Count = { deliveries: 0, duplicates: 0, lost: 0, readings: 0 };
    for (let permutation = 0; permutation < PERMUTATIONS_EACH; permutation += 1) {
      const seed = permutation * 7_919 + name.length;
      const count = await liveThrough(life, organizationId, { seed, losesEvents: permutation % 2 === 1 });
      for (const key of Object.keys(total) as (keyof Count)[]) total[key] += count[key];
      expect({ seed, rows: await rowsOf(organizationId) }).toEqual({ seed, rows: expected });
    }
    const { subscription } = expected as { subscription: { status: string; planId: string } };
    process.stdout.write(
      `${name}: ${PERMUTATIONS_EACH} permutations of ${life.events.length} events over ${life.moments.length} moments, ` +
        `${total.deliveries} deliveries (${total.duplicates} repeated, ${total.lost} lost), ${total.readings} readings: ` +
        `all end ${subscription.status} ${subscription.planId}\n`,
    );
  });
});
