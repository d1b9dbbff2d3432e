import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type Stripe from 'stripe';
import { startForTests } from '#simulator/client-for-tests.js';
import type { Simulator } from '#simulator/index.js';
import { stripeClient } from '#simulator/stripe/client-for-tests.js';

const at = (iso: string) => Date.parse(`${iso}Z`) / 1000;

describe('the simulated billing of Stripe', () => {
  let simulator: Simulator;
  let stripe: Stripe;
  let pro: Stripe.Price;
  let starter: Stripe.Price;
  let proYearly: Stripe.Price;

  beforeAll(async () => {
    simulator = await startForTests();
    stripe = stripeClient(simulator);
    const price = (name: string, unit_amount: number, interval: 'month' | 'year' = 'month') =>
      stripe.prices.create({
        product_data: { name },
        currency: 'eur',
        unit_amount,
        tax_behavior: 'exclusive',
        recurring: { interval },
      });
    [starter, pro, proYearly] = await Promise.all([
      price('Starter', 1_900),
      price('Pro', 4_900),
      price('Pro', 49_000, 'year'),
    ]);
  });
  afterAll(() => simulator.close());

  /** A customer on a clock of its own. */
  async function customerAt(iso: string, card: string | null = 'pm_card_visa') {
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: at(iso) });
    const customer = await stripe.customers.create({
      test_clock: clock.id,
      email: 'nora@example.com',
      ...(card && { payment_method: card, invoice_settings: { default_payment_method: card } }),
    });
    return {
      id: customer.id,
      advance: async (to: number) => {
        const advancing = await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: to });
        expect(advancing.status).toBe('advancing');
        expect((await stripe.testHelpers.testClocks.retrieve(clock.id)).status).toBe('ready');
      },
    };
  }

  /** Types of events about a customer, oldest first. */
  async function eventsOf(customer: string): Promise<string[]> {
    const events = await stripe.events.list({ limit: 100 });
    return events.data
      .filter(({ data }) => (data.object as { customer?: string }).customer === customer)
      .map(({ type }) => type)
      .reverse();
  }

  it('renews on the day of the month it began on', async () => {
    const customer = await customerAt('2027-01-31T10:00:00');
    const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: pro.id }] });
    expect(subscription.status).toBe('active');
    expect(subscription.items.data[0]?.current_period_end).toBe(at('2027-02-28T10:00:00'));
    await customer.advance(at('2027-03-01T00:00:00'));
    const renewed = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice.payments'] });
    expect(renewed.items.data[0]?.current_period_end).toBe(at('2027-03-31T10:00:00'));
    const invoice = renewed.latest_invoice as Stripe.Invoice;
    expect(invoice).toMatchObject({ status: 'paid', amount_paid: 4_900, billing_reason: 'subscription_cycle' });
    expect(invoice.payments?.data).toMatchObject([{ status: 'paid', payment: { type: 'payment_intent' } }]);
    expect(await eventsOf(customer.id)).toContain('invoice.upcoming');
    expect([starter.id, proYearly.id]).toHaveLength(2);
  });
});
