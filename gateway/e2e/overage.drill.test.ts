import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type Stripe from 'stripe';
import { eventually } from '#ops/testing/eventually.js';
import { admin } from '#simulator/client-for-tests.js';
import { payCheckout, stripeClient } from '#simulator/stripe/client-for-tests.js';
import { Client } from './client.js';
import { databaseRows } from './database-rows.js';
import { type OpenTransport, openTransport } from './open-transport.js';

const CHECKOUT = `mutation ($currency: String!) {
  startCheckout(planId: "agency", interval: MONTH, currency: $currency) { url } }`;
const ORDER = `mutation { generateReport(templateId: "campaign-performance", period: LAST_7_DAYS) { report { id } } }`;
const READ = `{ organization { subscription { status plan { id } overage { units amount { amount currency } } }
  invoices(first: 1) { edges { node { status subtotal { amount } } } } } }`;
const ORDERS = 2_003;
const INCLUDED = 2_000;
const WITHIN_MS = 180_000;

describe('reports beyond the plan', () => {
  let transport: OpenTransport;
  let stripe: Stripe;
  beforeAll(async () => {
    transport = await openTransport('in-process', { RATE_LIMIT_SIGNED_IN: '0' });
    stripe = stripeClient({ url: transport.simulatorUrl } as never);
  });
  afterAll(() => transport?.close());

  const done = async (client: Client, query: string, variables: Record<string, unknown> = {}) => {
    const { data, errors } = await client.ask(query, variables);
    expect(errors).toBeUndefined();
    return data;
  };

  /** With a card of its own: one that had a trial elsewhere has none. */
  async function subscribe(currency: string, card: string) {
    const { client, organizationId, userId } = await new Client(transport.url).signUp(currency);
    await databaseRows(transport, 'UPDATE auth.person SET email_verified_at = now() WHERE id = $1', [userId]);
    expect((await client.connect('google-ads')).status).toBe(200);
    const { startCheckout } = await done(client, CHECKOUT, { currency });
    expect((await payCheckout(startCheckout.url, { card })).error).toBeNull();
    const subscription = async () => (await done(client, READ)).organization.subscription;
    await eventually('the purchase', async () => (await subscription()).plan.id === 'agency', WITHIN_MS);
    const [{ id, customer }] = await databaseRows(
      transport,
      'SELECT stripe_subscription_id AS id, customer_id AS customer FROM billing.subscription WHERE organization_id = $1',
      [organizationId],
    );
    // A trial is free.
    await stripe.subscriptions.update(id, { trial_end: 'now' });
    await eventually('the end of the trial', async () => (await subscription()).status === 'ACTIVE', WITHIN_MS);
    return { client, organizationId, customer: customer as string, subscription };
  }

  it(`of ${ORDERS} orders, those beyond ${INCLUDED} are on the final invoice to the cent, in currencies with and without cents`, async () => {
    const expected = {
      EUR: { overage: '0.60', line: 60, subtotal: '299.60' },
      JPY: { overage: '99', line: 99, subtotal: '49599' },
    };
    const buyers = [];
    const cards = { EUR: '4242424242424242', JPY: '5555555555554444' };
    for (const currency of ['EUR', 'JPY'] as const)
      buyers.push({ currency, ...(await subscribe(currency, cards[currency])) });
    for (const { client, organizationId } of buyers) {
      await databaseRows(
        transport,
        `INSERT INTO reporting.report_order (organization_id, report_id, ordered_at)
         SELECT $1, gen_random_uuid(), now() FROM generate_series(1, $2::int)`,
        [organizationId, INCLUDED],
      );
      for (let order = INCLUDED; order < ORDERS; order += 1) await done(client, ORDER);
    }
    for (const { currency, organizationId, subscription } of buyers) {
      const isSent = async () => {
        const rows = await databaseRows(
          transport,
          "SELECT FROM billing.meter_event WHERE organization_id = $1 AND state = 'SENT'",
          [organizationId],
        );
        return rows.length === ORDERS - INCLUDED;
      };
      await eventually('each report beyond the plan is sent to the meter', isSent, WITHIN_MS);
      expect((await subscription()).overage).toEqual({
        units: ORDERS - INCLUDED,
        amount: { amount: expected[currency].overage, currency },
      });
    }
    // The period ends, and an hour later its invoice is final.
    await admin({ url: transport.simulatorUrl } as never, 'clock', { advanceSeconds: 32 * 24 * 3_600 });
    for (const { currency, client, customer } of buyers) {
      const [invoice] = (await stripe.invoices.list({ customer, limit: 1 })).data;
      const line = invoice?.lines.data.find(({ pricing }) => pricing?.price_details?.product === 'webmetrics-reports');
      expect([invoice?.status, line?.quantity, line?.amount]).toEqual([
        ...['paid', ORDERS - INCLUDED, expected[currency].line],
      ]);
      const ours = async () => (await done(client, READ)).organization.invoices.edges[0].node;
      // It is open first, and then paid.
      await eventually('the invoice', async () => {
        const { status, subtotal } = await ours();
        return status === 'PAID' && subtotal.amount === expected[currency].subtotal;
      });
    }
  });
});
