import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type Stripe from 'stripe';
import { admin, startForTests } from '#simulator/client-for-tests.js';
import type { Simulator } from '#simulator/index.js';
import { stripeClient } from '#simulator/stripe/client-for-tests.js';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const at = (iso: string) => Date.parse(`${iso}Z`) / 1000;
const iso = (seconds: number | null | undefined) => new Date((seconds ?? 0) * 1000).toISOString().slice(0, 19);

describe('the simulated billing of Stripe', () => {
  let simulator: Simulator;
  let stripe: Stripe;
  let pro: Stripe.Price;
  let starter: Stripe.Price;
  let proYearly: Stripe.Price;

  const makePrice = (name: string, fields: Partial<Stripe.PriceCreateParams> = {}) =>
    stripe.prices.create({
      product_data: { name },
      currency: 'eur',
      tax_behavior: 'exclusive',
      recurring: { interval: 'month' },
      currency_options: { jpy: { unit_amount: 4_900 }, kwd: { unit_amount: 14_990 }, usd: { unit_amount: 4_900 } },
      ...fields,
    });

  beforeAll(async () => {
    simulator = await startForTests();
    stripe = stripeClient(simulator);
    [starter, pro, proYearly] = await Promise.all([
      makePrice('Starter', { unit_amount: 1_900 }),
      makePrice('Pro', { unit_amount: 4_900 }),
      makePrice('Pro', { unit_amount: 49_000, recurring: { interval: 'year' } }),
    ]);
  });
  afterAll(() => simulator.close());

  /** A customer on a clock of its own. */
  async function customerAt(
    moment: string,
    card: string | null = 'pm_card_visa',
    fields: Partial<Stripe.CustomerCreateParams> = {},
  ) {
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: at(moment) });
    const customer = await stripe.customers.create({
      test_clock: clock.id,
      email: 'nora@example.com',
      ...(card && { payment_method: card, invoice_settings: { default_payment_method: card } }),
      ...fields,
    });
    const advance = async (to: number) => {
      const advancing = await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: to });
      expect(advancing.status).toBe('advancing');
      expect(await stripe.testHelpers.testClocks.retrieve(clock.id)).toMatchObject({
        status: 'ready',
        frozen_time: to,
      });
    };
    return { id: customer.id, clock: clock.id, advance, advanceTo: (to: string) => advance(at(to)) };
  }

  const subscribe = (customer: { id: string }, fields: Partial<Stripe.SubscriptionCreateParams> = {}) =>
    stripe.subscriptions.create({ customer: customer.id, items: [{ price: pro.id }], ...fields });

  async function useCard(customer: { id: string }, card: string) {
    const method = await stripe.paymentMethods.attach(card, { customer: customer.id });
    await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: method.id } });
    return method.id;
  }

  /** The events about a customer, oldest first. */
  async function eventsOf(customer: { id: string }): Promise<Stripe.Event[]> {
    const events: Stripe.Event[] = [];
    for await (const event of stripe.events.list({ limit: 100 })) events.unshift(event);
    return events.filter(({ data }) => (data.object as { customer?: string }).customer === customer.id);
  }

  async function typesAfter(customer: { id: string }, mark: number): Promise<string[]> {
    return (await eventsOf(customer)).slice(mark).map(({ type }) => type);
  }

  const invoicesOf = async (customer: { id: string }) =>
    (await stripe.invoices.list({ customer: customer.id, limit: 100 })).data;

  const refusal = async (work: Promise<unknown>) => {
    const error = (await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )) as Stripe.errors.StripeError | undefined;
    return error && { status: error.statusCode, code: error.code, param: error.param, message: error.message };
  };

  it('renews on the day of the month it began on, and says so in order', async () => {
    const customer = await customerAt('2027-12-31T10:00:00');
    const subscription = await subscribe(customer);
    expect(subscription.status).toBe('active');
    expect(await typesAfter(customer, 1)).toEqual([
      'invoice.created',
      'customer.subscription.created',
      'payment_intent.created',
      'invoice.finalized',
      'charge.succeeded',
      'payment_intent.succeeded',
      'invoice.updated',
      'invoice.paid',
      'invoice.payment_succeeded',
      'customer.subscription.updated',
    ]);
    const ends: string[] = [];
    for (const month of ['2028-01-31', '2028-02-29', '2028-03-31', '2028-04-30']) {
      const before = await eventsOf(customer);
      await customer.advanceTo(`${month}T10:00:00`);
      const renewed = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] });
      ends.push(iso(renewed.items.data[0]?.current_period_end));
      const draft = renewed.latest_invoice as Stripe.Invoice;
      expect(draft).toMatchObject({ status: 'draft', amount_due: 4_900, billing_reason: 'subscription_cycle' });
      expect(iso(draft.automatically_finalizes_at)).toBe(`${month}T11:00:00`);
      expect(iso(draft.period_end)).toBe(`${month}T10:00:00`);
      await customer.advanceTo(`${month}T11:00:00`);
      expect(await stripe.invoices.retrieve(draft.id as string)).toMatchObject({ status: 'paid', attempt_count: 1 });
      const after = (await eventsOf(customer)).slice(before.length);
      expect(after.map(({ type }) => type)).toEqual([
        'invoice.upcoming',
        'invoice.created',
        'customer.subscription.updated',
        'payment_intent.created',
        'invoice.finalized',
        'charge.succeeded',
        'payment_intent.succeeded',
        'invoice.updated',
        'invoice.paid',
        'invoice.payment_succeeded',
      ]);
      expect(Object.keys(after[2]?.data.previous_attributes ?? {}).sort()).toEqual(['items', 'latest_invoice']);
    }
    expect(ends).toEqual(['2028-02-29', '2028-03-31', '2028-04-30', '2028-05-31'].map((day) => `${day}T10:00:00`));
    const numbers = (await invoicesOf(customer)).map(({ number }) => number?.split('-')[1]);
    expect(numbers).toEqual(['0005', '0004', '0003', '0002', '0001']);
    expect(
      await refusal(stripe.testHelpers.testClocks.advance(customer.clock, { frozen_time: at('2028-08-01T00:00:00') })),
    ).toMatchObject({ status: 400, param: 'frozen_time' });
  });

  it('announces the end of a trial and charges after it; an extended or ended trial moves everything', async () => {
    const customer = await customerAt('2027-01-10T00:00:00');
    const subscription = await subscribe(customer, { trial_period_days: 14 });
    expect(subscription).toMatchObject({ status: 'trialing', billing_cycle_anchor: at('2027-01-24T00:00:00') });
    expect((await invoicesOf(customer))[0]).toMatchObject({ status: 'paid', total: 0, amount_paid: 0 });
    await stripe.subscriptions.update(subscription.id, { trial_end: at('2027-01-31T00:00:00') });
    await customer.advanceTo('2027-01-28T00:00:00');
    const mark = (await eventsOf(customer)).length;
    const last = (await eventsOf(customer)).at(-1);
    expect(last?.type).toBe('customer.subscription.trial_will_end');
    expect(iso(last?.created)).toBe('2027-01-28T00:00:00');
    await customer.advanceTo('2027-01-31T01:00:00');
    expect((await typesAfter(customer, mark)).slice(0, 2)).toEqual([
      'invoice.created',
      'customer.subscription.updated',
    ]);
    const updated = (await eventsOf(customer))[mark + 1];
    expect(updated?.data.previous_attributes).toMatchObject({ status: 'trialing' });
    const active = await stripe.subscriptions.retrieve(subscription.id);
    expect([active.status, iso(active.items.data[0]?.current_period_end)]).toEqual(['active', '2027-02-28T00:00:00']);
    expect((await invoicesOf(customer))[0]).toMatchObject({ status: 'paid', amount_paid: 4_900 });

    const second = await subscribe(customer, { trial_end: at('2027-03-01T00:00:00') });
    const ended = await stripe.subscriptions.update(second.id, { trial_end: 'now', expand: ['latest_invoice'] });
    expect(ended).toMatchObject({ status: 'active', trial_end: at('2027-01-31T01:00:00') });
    expect(ended.latest_invoice).toMatchObject({ status: 'paid', total: 4_900, billing_reason: 'subscription_update' });
  });

  it.each([
    ['cancel', 'canceled', 'customer.subscription.deleted'],
    ['pause', 'paused', 'customer.subscription.paused'],
    ['create_invoice', 'past_due', 'invoice.payment_failed'],
  ] as const)('a trial that ends without a payment method: %s', async (missing, status, event) => {
    const customer = await customerAt('2027-01-10T00:00:00', null);
    const subscription = await subscribe(customer, {
      trial_period_days: 2,
      trial_settings: { end_behavior: { missing_payment_method: missing } },
    });
    expect((await typesAfter(customer, 0)).at(-1)).toBe('customer.subscription.trial_will_end');
    await customer.advanceTo('2027-01-12T02:00:00');
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe(status);
    const types = await typesAfter(customer, 0);
    expect(types.filter((type) => type === 'customer.subscription.trial_will_end')).toHaveLength(1);
    expect(types).toContain(event);
    if (missing !== 'pause') return;
    expect((await refusal(stripe.subscriptions.resume(subscription.id)))?.code).toBe('resource_missing');
    await useCard(customer, 'pm_card_visa');
    const resumed = await stripe.subscriptions.resume(subscription.id, { expand: ['latest_invoice'] });
    expect(resumed).toMatchObject({ status: 'active', latest_invoice: { status: 'paid', total: 4_900 } });
    expect(await typesAfter(customer, 0)).toContain('customer.subscription.resumed');
  });

  it('previews an upgrade to the cent, and charges exactly that', async () => {
    const customer = await customerAt('2027-04-01T00:00:00');
    const subscription = await subscribe(customer, { items: [{ price: starter.id }] });
    await customer.advanceTo('2027-04-11T12:34:56');
    const change = {
      items: [{ id: subscription.items.data[0]?.id as string, price: pro.id }],
      proration_behavior: 'always_invoice' as const,
      proration_date: at('2027-04-11T12:34:56'),
    };
    const preview = await stripe.invoices.createPreview({
      customer: customer.id,
      subscription: subscription.id,
      subscription_details: change,
    });
    // 19 days 11:25:04 of 30 days.
    expect(preview.lines.data.map(({ amount, description }) => [amount, description])).toEqual([
      [-1_233, 'Unused time on Starter after 11 Apr 2027'],
      [3_181, 'Remaining time on Pro after 11 Apr 2027'],
    ]);
    expect(preview).toMatchObject({ total: 1_948, amount_due: 1_948, status: 'draft' });
    expect(preview.parent?.subscription_details?.subscription_proration_date).toBe(change.proration_date);
    expect(await invoicesOf(customer)).toHaveLength(1);
    const upgraded = await stripe.subscriptions.update(subscription.id, { ...change, expand: ['latest_invoice'] });
    expect(upgraded.latest_invoice).toMatchObject({
      status: 'paid',
      amount_paid: 1_948,
      billing_reason: 'subscription_update',
    });
    const credit = (upgraded.latest_invoice as Stripe.Invoice).lines.data[0]?.parent?.subscription_item_details;
    const first = (await invoicesOf(customer))[1];
    expect(credit?.proration_details?.credited_items).toEqual({
      invoice: first?.id,
      invoice_line_items: [first?.lines.data[0]?.id],
    });

    // Back down: the credit pays a part of the next invoice, and what is left stays.
    const back = [{ id: change.items[0]?.id as string, price: starter.id }];
    const down = await stripe.subscriptions.update(subscription.id, {
      items: back,
      proration_behavior: 'always_invoice',
      expand: ['latest_invoice'],
    });
    expect(down.latest_invoice).toMatchObject({ status: 'paid', total: -1_948, amount_due: 0, ending_balance: -1_948 });
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ balance: -1_948 });
    await customer.advanceTo('2027-05-01T01:00:00');
    expect((await invoicesOf(customer))[0]).toMatchObject({
      status: 'paid',
      total: 1_900,
      starting_balance: -1_948,
      ending_balance: -48,
      amount_due: 0,
    });
    const changes = await stripe.customers.listBalanceTransactions(customer.id);
    expect(changes.data.map(({ amount, type }) => [amount, type])).toEqual([
      [1_900, 'applied_to_invoice'],
      [-1_948, 'applied_to_invoice'],
    ]);

    // Prorations that wait: the next invoice has them.
    await stripe.subscriptions.update(subscription.id, { items: [{ ...back[0], price: pro.id }] });
    const pending = await stripe.invoiceItems.list({ customer: customer.id, pending: true });
    expect(pending.data.reduce((sum, { amount }) => sum + amount, 0)).toBe(2_996);
    const next = await stripe.invoices.createPreview({ subscription: subscription.id });
    expect(next).toMatchObject({ total: 4_900 + 2_996, starting_balance: -48, amount_due: 4_900 + 2_996 - 48 });
  });

  it('a change of interval, or of the anchor, begins a new period at once', async () => {
    const customer = await customerAt('2027-04-01T00:00:00');
    const subscription = await subscribe(customer);
    const item = subscription.items.data[0]?.id as string;
    await customer.advanceTo('2027-04-16T00:00:00');
    const reset = await stripe.subscriptions.update(subscription.id, {
      billing_cycle_anchor: { type: 'now' },
      expand: ['latest_invoice'],
    });
    expect(reset.latest_invoice).toMatchObject({ status: 'paid', total: 4_900 - 2_450 });
    expect(iso(reset.items.data[0]?.current_period_end)).toBe('2027-05-16T00:00:00');
    const yearly = await stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: proYearly.id }],
      expand: ['latest_invoice'],
    });
    expect(yearly.latest_invoice).toMatchObject({ status: 'paid', total: 49_000 - 4_900 });
    expect(iso(yearly.items.data[0]?.current_period_end)).toBe('2028-04-16T00:00:00');
    for (const refused of [
      {
        proration_date: at('2027-04-16T00:00:00'),
        billing_cycle_anchor: { type: 'now' as const },
        items: [{ id: item, quantity: 2 }],
      },
      { proration_date: at('2027-04-15T00:00:00'), items: [{ id: item, quantity: 2 }] },
      {
        proration_date: at('2027-04-16T00:00:00'),
        proration_behavior: 'none' as const,
        items: [{ id: item, quantity: 2 }],
      },
    ]) {
      const [ofChange, ofPreview] = await Promise.all([
        refusal(stripe.subscriptions.update(subscription.id, refused)),
        refusal(stripe.invoices.createPreview({ subscription: subscription.id, subscription_details: refused })),
      ]);
      expect(ofChange).toMatchObject({ status: 400, param: 'proration_date' });
      expect(ofPreview).toEqual(ofChange);
    }
  });

  it('retries a failed payment four times, then gives up as the setting says; a late payment restores', async () => {
    const customer = await customerAt('2027-04-01T00:00:00');
    const subscription = await subscribe(customer);
    await useCard(customer, 'pm_card_chargeCustomerFail');
    const mark = (await eventsOf(customer)).length;
    await customer.advanceTo('2027-05-01T01:00:00');
    expect(await typesAfter(customer, mark)).toEqual([
      'invoice.upcoming',
      'invoice.created',
      'customer.subscription.updated',
      'payment_intent.created',
      'invoice.finalized',
      'charge.failed',
      'payment_intent.payment_failed',
      'invoice.updated',
      'invoice.payment_failed',
      'customer.subscription.updated',
    ]);
    const [open] = await invoicesOf(customer);
    expect(open).toMatchObject({ status: 'open', attempt_count: 1, attempted: true });
    expect(iso(open?.next_payment_attempt)).toBe('2027-05-04T01:00:00');
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ delinquent: true });
    // A request of its own fails too, and leaves the schedule alone.
    expect(await refusal(stripe.invoices.pay(open?.id as string))).toMatchObject({
      status: 402,
      code: 'card_declined',
    });
    await customer.advanceTo('2027-05-04T01:00:00');
    expect((await invoicesOf(customer))[0]).toMatchObject({
      attempt_count: 2,
      next_payment_attempt: at('2027-05-09T01:00:00'),
    });
    await useCard(customer, 'pm_card_visa');
    await stripe.invoices.pay(open?.id as string);
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ delinquent: false });

    const method = await useCard(customer, 'pm_card_chargeCustomerFail');
    await customer.advanceTo('2027-06-01T01:00:00');
    await admin(simulator, 'settings', { stripeAfterRetries: 'unpaid' });
    await customer.advanceTo('2027-06-22T01:00:00');
    const [given] = await invoicesOf(customer);
    expect(given).toMatchObject({ status: 'open', attempt_count: 5, next_payment_attempt: null });
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('unpaid');
    await customer.advanceTo('2027-07-01T02:00:00');
    expect((await invoicesOf(customer))[0]).toMatchObject({ status: 'draft', auto_advance: false });
    await admin(simulator, 'settings', { stripeAfterRetries: 'cancel' });
    await stripe.paymentMethods.detach(method);
    await useCard(customer, 'pm_card_visa');
    await stripe.invoices.pay(given?.id as string);
    const [draft] = await invoicesOf(customer);
    await stripe.invoices.pay(draft?.id as string);
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');

    await useCard(customer, 'pm_card_chargeCustomerFail');
    await customer.advanceTo('2027-08-01T01:00:00');
    await customer.advanceTo('2027-08-22T01:00:00');
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      status: 'canceled',
      ended_at: at('2027-08-22T01:00:00'),
      cancellation_details: { reason: 'payment_failed' },
    });
    expect((await eventsOf(customer)).at(-1)?.type).toBe('customer.subscription.deleted');
    // Paid after all: the invoice is, and the subscription stays what it is.
    const late = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
    const [last] = await invoicesOf(customer);
    expect(await stripe.invoices.pay(last?.id as string, { payment_method: late.id })).toMatchObject({
      status: 'paid',
    });
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('canceled');
  });

  it('begins incomplete while the first payment is not made, and expires after 23 hours', async () => {
    const customer = await customerAt('2027-04-01T00:00:00', 'pm_card_authenticationRequired');
    const waiting = await subscribe(customer, {
      expand: ['latest_invoice.confirmation_secret', 'latest_invoice.payments'],
    });
    const invoice = waiting.latest_invoice as Stripe.Invoice;
    expect(waiting.status).toBe('incomplete');
    expect(invoice.confirmation_secret?.client_secret).toMatch(/^pi_.*_secret_/);
    const intent = invoice.payments?.data[0]?.payment.payment_intent as string;
    expect(await stripe.paymentIntents.retrieve(intent)).toMatchObject({ status: 'requires_action' });
    expect(await typesAfter(customer, 0)).toContain('invoice.payment_action_required');
    await customer.advance(at('2027-04-01T23:00:00') - 1);
    expect((await stripe.subscriptions.retrieve(waiting.id)).status).toBe('incomplete');
    const mark = (await eventsOf(customer)).length;
    await customer.advanceTo('2027-04-01T23:00:00');
    expect((await stripe.subscriptions.retrieve(waiting.id)).status).toBe('incomplete_expired');
    expect((await invoicesOf(customer))[0]).toMatchObject({ status: 'void', amount_paid: 0 });
    expect(await typesAfter(customer, mark)).toEqual([
      'customer.subscription.updated',
      'payment_intent.canceled',
      'invoice.updated',
      'invoice.voided',
    ]);

    const quiet = await subscribe(customer, {
      payment_behavior: 'default_incomplete',
      expand: ['latest_invoice.payments'],
    });
    const payment = (quiet.latest_invoice as Stripe.Invoice).payments?.data[0]?.payment.payment_intent as string;
    expect(await stripe.paymentIntents.retrieve(payment)).toMatchObject({ status: 'requires_payment_method' });
    expect(
      await refusal(
        stripe.paymentIntents.confirm(payment, { payment_method: 'pm_card_chargeDeclinedInsufficientFunds' }),
      ),
    ).toMatchObject({ status: 402, code: 'card_declined' });
    expect((await stripe.subscriptions.retrieve(quiet.id)).status).toBe('incomplete');
    await stripe.paymentIntents.confirm(payment, { payment_method: 'pm_card_visa' });
    expect(await stripe.subscriptions.retrieve(quiet.id, { expand: ['latest_invoice'] })).toMatchObject({
      status: 'active',
      latest_invoice: { status: 'paid', amount_paid: 4_900 },
    });

    const before = (await stripe.subscriptions.list({ customer: customer.id, status: 'all' })).data.length;
    const events = (await eventsOf(customer)).length;
    await useCard(customer, 'pm_card_chargeCustomerFail');
    expect(await refusal(subscribe(customer, { payment_behavior: 'error_if_incomplete' }))).toMatchObject({
      status: 402,
    });
    expect((await stripe.subscriptions.list({ customer: customer.id, status: 'all' })).data).toHaveLength(before);
    expect(await typesAfter(customer, events + 1)).toEqual([]);
  });

  it('changes that cannot be paid: kept, refused, or pending until paid or for 23 hours', async () => {
    const customer = await customerAt('2027-04-01T00:00:00');
    const subscription = await subscribe(customer, { items: [{ price: starter.id }] });
    const items = [{ id: subscription.items.data[0]?.id as string, price: pro.id }];
    await customer.advanceTo('2027-04-16T00:00:00');
    await useCard(customer, 'pm_card_chargeCustomerFail');
    const upgrade = (payment_behavior: Stripe.SubscriptionUpdateParams.PaymentBehavior) =>
      stripe.subscriptions.update(subscription.id, { items, proration_behavior: 'always_invoice', payment_behavior });
    expect(await refusal(upgrade('error_if_incomplete'))).toMatchObject({ status: 402, code: 'card_declined' });
    expect(await invoicesOf(customer)).toHaveLength(1);
    const pending = await upgrade('pending_if_incomplete');
    expect(pending).toMatchObject({ status: 'active', pending_update: { expires_at: at('2027-04-16T23:00:00') } });
    expect(pending.items.data[0]?.price.id).toBe(starter.id);
    await customer.advanceTo('2027-04-16T23:00:00');
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      pending_update: null,
      status: 'active',
    });
    expect(await typesAfter(customer, 0)).toContain('customer.subscription.pending_update_expired');
    const voided = await upgrade('pending_if_incomplete');
    const replaced = await upgrade('pending_if_incomplete');
    expect(await stripe.invoices.retrieve(voided.latest_invoice as string)).toMatchObject({ status: 'void' });
    await stripe.invoices.voidInvoice(replaced.latest_invoice as string);
    expect((await stripe.subscriptions.retrieve(subscription.id)).pending_update).toBeNull();
    const again = await upgrade('pending_if_incomplete');
    await useCard(customer, 'pm_card_visa');
    await stripe.invoices.pay(again.latest_invoice as string);
    const applied = await stripe.subscriptions.retrieve(subscription.id);
    expect([applied.items.data[0]?.price.id, applied.pending_update]).toEqual([pro.id, null]);
    expect(await typesAfter(customer, 0)).toContain('customer.subscription.pending_update_applied');
    await useCard(customer, 'pm_card_chargeCustomerFail');
    const kept = await stripe.subscriptions.update(subscription.id, {
      items: [{ id: items[0]?.id as string, quantity: 3 }],
      proration_behavior: 'always_invoice',
    });
    expect([kept.status, kept.items.data[0]?.quantity]).toEqual(['past_due', 3]);
  });

  it('a schedule takes a subscription down at the end of its period', async () => {
    const customer = await customerAt('2027-01-31T00:00:00');
    const subscription = await subscribe(customer, { items: [{ price: proYearly.id }] });
    const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id });
    expect(schedule).toMatchObject({ status: 'active', end_behavior: 'release', subscription: subscription.id });
    const [current] = schedule.phases;
    const changed = await stripe.subscriptionSchedules.update(schedule.id, {
      end_behavior: 'release',
      phases: [
        { items: [{ price: proYearly.id, quantity: 1 }], start_date: current?.start_date, end_date: current?.end_date },
        { items: [{ price: starter.id, quantity: 1 }], duration: { interval: 'month' } },
      ],
    });
    expect(changed.phases.map(({ end_date }) => iso(end_date))).toEqual(['2028-01-31T00:00:00', '2028-02-29T00:00:00']);
    expect(await refusal(stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true }))).toMatchObject({
      status: 400,
    });
    await customer.advanceTo('2028-01-31T01:00:00');
    const down = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] });
    expect(down.items.data.map(({ price }) => price.id)).toEqual([starter.id]);
    expect(iso(down.items.data[0]?.current_period_end)).toBe('2028-02-29T00:00:00');
    expect(down.latest_invoice).toMatchObject({ status: 'paid', total: 1_900 });
    await customer.advanceTo('2028-02-29T02:00:00');
    expect(await stripe.subscriptionSchedules.retrieve(schedule.id)).toMatchObject({
      status: 'released',
      released_subscription: subscription.id,
    });
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({ schedule: null, status: 'active' });
    const types = await typesAfter(customer, 0);
    expect(types.filter((type) => type.startsWith('subscription_schedule'))).toEqual([
      'subscription_schedule.created',
      'subscription_schedule.updated',
      'subscription_schedule.updated',
      'subscription_schedule.released',
    ]);
  });

  it('cancels at the end, takes it back, pauses the collection, and ends with the customer', async () => {
    const customer = await customerAt('2027-04-01T00:00:00');
    const subscription = await subscribe(customer);
    const leaving = await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
    expect(leaving).toMatchObject({
      cancel_at: at('2027-05-01T00:00:00'),
      cancel_at_period_end: true,
      canceled_at: at('2027-04-01T00:00:00'),
      cancellation_details: { reason: 'cancellation_requested' },
    });
    expect((await refusal(stripe.invoices.createPreview({ subscription: subscription.id })))?.code).toBe(
      'invoice_upcoming_none',
    );
    const staying = await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: false });
    expect(staying).toMatchObject({ cancel_at: null, canceled_at: null, cancellation_details: { reason: null } });
    await stripe.subscriptions.update(subscription.id, {
      pause_collection: { behavior: 'void', resumes_at: at('2027-05-10T00:00:00') },
    });
    await customer.advanceTo('2027-05-01T02:00:00');
    expect((await invoicesOf(customer))[0]).toMatchObject({ status: 'void' });
    await customer.advanceTo('2027-05-10T00:00:00');
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      pause_collection: null,
      status: 'active',
    });
    await stripe.subscriptions.update(subscription.id, { cancel_at: at('2027-05-20T00:00:00') });
    await customer.advanceTo('2027-05-21T00:00:00');
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      status: 'canceled',
      ended_at: at('2027-05-20T00:00:00'),
    });
    expect(await refusal(stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true }))).toMatchObject({
      code: 'invalid_canceled_subscription_fields',
    });
    expect(await refusal(stripe.subscriptions.cancel(subscription.id))).toMatchObject({ status: 404 });

    const other = await subscribe(customer);
    const prorated = await stripe.subscriptions.cancel(other.id, { invoice_now: true, prorate: true });
    expect(prorated.status).toBe('canceled');
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ balance: -4_900 });
    const third = await subscribe(customer);
    await stripe.customers.del(customer.id);
    expect((await stripe.subscriptions.retrieve(third.id)).status).toBe('canceled');
  });

  it('takes discounts off, puts taxes on, and counts in currencies of no and of three decimals', async () => {
    const coupon = await stripe.coupons.create({ percent_off: 25, duration: 'repeating', duration_in_months: 2 });
    const code = await stripe.promotionCodes.create({
      promotion: { type: 'coupon', coupon: coupon.id },
      code: 'SPRING',
    });
    const customer = await customerAt('2027-04-01T00:00:00', 'pm_card_visa', {
      address: { country: 'FR', postal_code: '75001' },
    });
    const subscription = await subscribe(customer, {
      automatic_tax: { enabled: true },
      discounts: [{ promotion_code: code.id }],
      expand: ['latest_invoice', 'discounts.source.coupon'],
    });
    expect(subscription.latest_invoice).toMatchObject({ subtotal: 4_900, total: 4_410, total_excluding_tax: 3_675 });
    const [line] = (subscription.latest_invoice as Stripe.Invoice).lines.data;
    expect(line).toMatchObject({
      discount_amounts: [{ amount: 1_225 }],
      taxes: [{ amount: 735, tax_behavior: 'exclusive' }],
    });
    expect((subscription.discounts[0] as Stripe.Discount).source.coupon).toMatchObject({ percent_off: 25 });
    const half = await stripe.invoices.createPreview({
      subscription: subscription.id,
      subscription_details: {
        items: [{ id: subscription.items.data[0]?.id as string, quantity: 2 }],
        proration_behavior: 'always_invoice',
      },
    });
    expect(half.lines.data.map(({ amount, discountable }) => [amount, discountable])).toEqual([
      [-3_675, false],
      [7_350, false],
    ]);
    const recurring = await stripe.invoices.createPreview({
      subscription: subscription.id,
      preview_mode: 'recurring',
      subscription_details: { items: [{ id: subscription.items.data[0]?.id as string, quantity: 2 }] },
    });
    expect(recurring).toMatchObject({ subtotal: 9_800, total: 8_820, lines: { data: [{ quantity: 2 }] } });
    await customer.advanceTo('2027-05-01T02:00:00');
    await customer.advanceTo('2027-06-01T02:00:00');
    expect((await invoicesOf(customer)).map(({ total }) => total)).toEqual([5_880, 4_410, 4_410]);
    expect((await stripe.subscriptions.retrieve(subscription.id)).discounts).toEqual([]);

    const nowhere = await customerAt('2027-04-01T00:00:00');
    expect(await refusal(subscribe(nowhere, { automatic_tax: { enabled: true } }))).toMatchObject({
      code: 'customer_tax_location_invalid',
    });
    const yen = await subscribe(nowhere, { currency: 'jpy', expand: ['latest_invoice'] });
    expect(yen.latest_invoice).toMatchObject({ currency: 'jpy', amount_paid: 4_900 });
    expect((await refusal(subscribe(nowhere)))?.message).toContain('cannot combine currencies');
    const dinars = await customerAt('2027-04-01T00:00:00');
    const gulf = await subscribe(dinars, { currency: 'kwd', expand: ['latest_invoice'] });
    expect(gulf.latest_invoice).toMatchObject({ amount_paid: 14_990 });
    await dinars.advanceTo('2027-04-11T00:00:00');
    const preview = await stripe.invoices.createPreview({
      subscription: gulf.id,
      subscription_details: {
        items: [{ id: gulf.items.data[0]?.id as string, quantity: 2 }],
        proration_behavior: 'always_invoice',
      },
    });
    expect(preview.lines.data.map(({ amount }) => amount)).toEqual([-9_990, 19_990]);
  });

  it('invoices what meters counted, once', async () => {
    const meter = await stripe.billing.meters.create({
      display_name: 'API requests',
      event_name: 'api_requests',
      default_aggregation: { formula: 'sum' },
    });
    const overage = await makePrice('Overage', {
      currency_options: {},
      unit_amount_decimal: '0.5' as never,
      recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
    });
    const customer = await customerAt('2027-04-01T00:00:00');
    const subscription = await subscribe(customer, { items: [{ price: pro.id }, { price: overage.id }] });
    expect((await invoicesOf(customer))[0]).toMatchObject({ total: 4_900 });
    await customer.advanceTo('2027-04-10T00:00:00');
    const report = (identifier: string, value: string, timestamp = at('2027-04-09T00:00:00')) =>
      stripe.billing.meterEvents.create({
        event_name: 'api_requests',
        identifier,
        timestamp,
        payload: { stripe_customer_id: customer.id, value },
      });
    await report('one', '1001');
    expect(await refusal(report('one', '1001'))).toMatchObject({ status: 400, param: 'identifier' });
    expect((await refusal(report('two', '5', at('2027-03-01T00:00:00'))))?.code).toBe('timestamp_too_far_in_past');
    expect((await refusal(report('two', '5', at('2027-04-10T00:05:01'))))?.code).toBe('timestamp_in_future');
    expect((await refusal(report('two', '-5')))?.code).toBe('meter_event_invalid_value');
    await report('two', '10', at('2027-04-10T00:05:00'));
    await stripe.billing.meterEventAdjustments.create({
      event_name: 'api_requests',
      type: 'cancel',
      cancel: { identifier: 'two' },
    });
    const summaries = await stripe.billing.meters.listEventSummaries(meter.id, {
      customer: customer.id,
      start_time: at('2027-04-01T00:00:00'),
      end_time: at('2027-05-01T00:00:00'),
    });
    expect(summaries.data.map(({ aggregated_value }) => aggregated_value)).toEqual([1_001]);
    const upcoming = await stripe.invoices.createPreview({ subscription: subscription.id });
    expect(upcoming.lines.data.map(({ amount, quantity }) => [amount, quantity])).toEqual([
      [501, 1_001],
      [4_900, 1],
    ]);
    await customer.advanceTo('2027-05-01T01:00:00');
    expect((await invoicesOf(customer))[0]).toMatchObject({ status: 'paid', amount_paid: 5_401 });
    await customer.advanceTo('2027-06-01T01:00:00');
    expect((await invoicesOf(customer))[0]).toMatchObject({ status: 'paid', amount_paid: 4_900 });
    await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
    await report('three', '200', at('2027-06-01T00:30:00'));
    await customer.advanceTo('2027-07-01T01:00:00');
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('canceled');
    expect((await invoicesOf(customer))[0]).toMatchObject({ status: 'paid', amount_paid: 100 });
  });

  it('refuses what Stripe refuses', async () => {
    const customer = await customerAt('2027-04-01T00:00:00');
    const poor = await customerAt('2027-04-01T00:00:00', null);
    const archived = await makePrice('Old', { unit_amount: 900 });
    await stripe.prices.update(archived.id, { active: false });
    const once = await makePrice('Once', { unit_amount: 900, recurring: undefined as never });
    const other = await customerAt('2027-04-01T00:00:00');
    const foreign = (await stripe.paymentMethods.list({ customer: other.id })).data[0]?.id as string;
    const yesterday = at('2027-03-31T00:00:00');
    expect(
      await Promise.all(
        [
          subscribe(customer, { items: [{ price: archived.id }] }),
          subscribe(customer, { items: [{ price: once.id }] }),
          subscribe(customer, { items: [{ price: 'price_none' }] }),
          subscribe(customer, { items: [{ price: pro.id }, { price: pro.id }] }),
          subscribe(customer, { items: [{ price: pro.id }, { price: proYearly.id }] }),
          subscribe(customer, { currency: 'gbp' }),
          subscribe(customer, { default_payment_method: foreign }),
          subscribe(customer, { trial_end: yesterday }),
          subscribe(customer, { trial_end: at('2027-05-01T00:00:00'), trial_period_days: 3 }),
          subscribe(customer, { billing_cycle_anchor: at('2027-06-01T00:00:00') }),
          subscribe(customer, { payment_behavior: 'pending_if_incomplete' }),
          subscribe(customer, { items: [{ price: pro.id, colour: 'red' } as never] }),
          subscribe(poor),
          subscribe({ id: 'cus_none' }),
        ].map(async (work) => {
          const { status, code, param } = (await refusal(work)) ?? {};
          return [status, code, param];
        }),
      ),
    ).toEqual([
      [400, undefined, 'items[0][price]'],
      [400, undefined, 'items[0][price]'],
      [400, 'resource_missing', 'items[0][price]'],
      [400, undefined, 'items'],
      [400, undefined, 'items'],
      [400, undefined, 'items'],
      [400, 'resource_missing', 'default_payment_method'],
      [400, undefined, 'trial_end'],
      [400, 'parameters_exclusive', 'trial_end'],
      [400, undefined, 'billing_cycle_anchor'],
      [400, undefined, 'payment_behavior'],
      [400, 'parameter_unknown', 'items[0][colour]'],
      [400, 'resource_missing', undefined],
      [400, 'resource_missing', 'customer'],
    ]);
    expect(await invoicesOf(customer)).toEqual([]);
    const partial = await subscribe(customer, {
      billing_cycle_anchor: at('2027-04-16T00:00:00'),
      expand: ['latest_invoice'],
    });
    // Half of the month that ends on the anchor has 31 days.
    expect(partial.latest_invoice).toMatchObject({ status: 'paid', total: 2_371 });
  });

  it('without a test clock, time is that of the simulator', async () => {
    const customer = await stripe.customers.create({
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    });
    const subscription = await subscribe(customer);
    await admin(simulator, 'clock', { advanceSeconds: 70 * DAY });
    const now = await stripe.subscriptions.retrieve(subscription.id);
    expect(now.items.data[0]?.current_period_end).toBeGreaterThan(subscription.created + 70 * DAY);
    expect((await invoicesOf(customer)).map(({ status }) => status)).toEqual(['paid', 'paid', 'paid']);
  });
});
