import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type Stripe from 'stripe';
import { admin, call, NOW, startForTests } from '#simulator/client-for-tests.js';
import type { Simulator } from '#simulator/index.js';
import { actInPortal, payCheckout, payInvoice, stripeClient, submitPage } from './client-for-tests.js';

const DAY = 24 * 60 * 60;
const now = NOW.getTime() / 1000;

describe('the hosted pages of the simulated Stripe', () => {
  let simulator: Simulator;
  let stripe: Stripe;
  let pro: Stripe.Price;
  let starter: Stripe.Price;

  beforeAll(async () => {
    simulator = await startForTests();
    stripe = stripeClient(simulator);
    const plan = async (name: string, unit_amount: number) => {
      const product = await stripe.products.create({ name });
      return stripe.prices.create({
        product: product.id,
        currency: 'eur',
        unit_amount,
        recurring: { interval: 'month' },
        currency_options: { jpy: { unit_amount: unit_amount * 2 } },
      });
    };
    pro = await plan('Pro', 9_900);
    starter = await plan('Starter', 2_900);
  });
  afterAll(() => simulator.close());

  const newCustomer = async (email = 'nora@northwind.example') => (await stripe.customers.create({ email })).id;
  const checkout = (parameters: Partial<Stripe.Checkout.SessionCreateParams> = {}) =>
    stripe.checkout.sessions.create({
      mode: 'subscription',
      ui_mode: 'hosted_page',
      line_items: [{ price: pro.id, quantity: 1 }],
      success_url: 'http://app.example/done?session={CHECKOUT_SESSION_ID}',
      cancel_url: 'http://app.example/plans',
      ...parameters,
    });
  const urlOf = (session: Stripe.Checkout.Session) => String(session.url);

  it('pays a subscription once, however often the page is submitted', async () => {
    const customer = await newCustomer();
    const session = await checkout({
      customer,
      client_reference_id: 'o1',
      subscription_data: { metadata: { organization: 'o1' } },
    });
    expect(session).toMatchObject({
      status: 'open',
      payment_status: 'unpaid',
      amount_total: 9_900,
      subscription: null,
    });
    const arrivals = await Promise.all([payCheckout(urlOf(session)), payCheckout(urlOf(session))]);
    for (const { location } of arrivals) expect(location).toBe(`http://app.example/done?session=${session.id}`);
    expect((await stripe.subscriptions.list({ customer })).data).toHaveLength(1);
    const done = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['subscription', 'invoice', 'line_items'],
    });
    expect(done).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      url: null,
      subscription: { status: 'active', metadata: { organization: 'o1' }, default_payment_method: expect.any(String) },
      invoice: { status: 'paid', amount_paid: 9_900, billing_reason: 'subscription_create' },
      line_items: { data: [{ amount_total: 9_900, price: { id: pro.id } }] },
    });
    const [event] = (await stripe.events.list({ type: 'checkout.session.completed', limit: 1 })).data;
    expect(event!.data.object).toMatchObject({ id: session.id, status: 'complete' });
    await expect(stripe.checkout.sessions.expire(session.id)).rejects.toThrow(/status of complete/);
  });

  it.each([
    ['4000000000000002', 'Your card was declined.'],
    ['4000000000009995', 'Your card has insufficient funds.'],
    ['4242424242424241', 'Your card number is incorrect.'],
    ['4111111111111111', /in test mode, but used a non test card/],
  ])('card %s is refused, and nothing is made; another card pays', async (card, message) => {
    const customer = await newCustomer();
    const url = urlOf(await checkout({ customer }));
    const refused = await payCheckout(url, { card });
    expect([refused.status, refused.location]).toEqual([402, null]);
    expect(refused.error).toMatch(message);
    expect((await stripe.subscriptions.list({ customer, status: 'all' })).data).toEqual([]);
    expect((await payCheckout(url)).location).toMatch(/done/);
  });

  it('asks the bank: failed, then completed', async () => {
    const customer = await newCustomer();
    const url = urlOf(await checkout({ customer }));
    const card = '4000002760003184';
    expect(await payCheckout(url, { card, authenticate: 'fail' })).toMatchObject({
      location: null,
      error: expect.stringContaining('unable to authenticate'),
    });
    expect((await stripe.subscriptions.list({ customer, status: 'all' })).data).toEqual([]);
    expect((await payCheckout(url, { card })).location).toMatch(/done/);
    expect((await stripe.subscriptions.list({ customer })).data).toMatchObject([{ status: 'active' }]);
  });

  it('starts a trial whose end is given, with a promotion code that was typed, tax and a tax ID', async () => {
    const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'forever' });
    await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'HALF' });
    const customer = await newCustomer();
    const session = await checkout({
      customer,
      allow_promotion_codes: true,
      automatic_tax: { enabled: true },
      tax_id_collection: { enabled: true },
      customer_update: { address: 'auto', name: 'auto' },
      subscription_data: { trial_end: now + 10 * DAY },
    });
    expect(await submitPage(urlOf(session), { action: 'apply', promotion_code: 'none' })).toMatchObject({
      status: 400,
    });
    expect((await submitPage(urlOf(session), { action: 'apply', promotion_code: 'half' })).error).toBeNull();
    const form = { name: 'Northwind GmbH', taxId: { type: 'eu_vat', value: 'DE123456789' } };
    expect((await payCheckout(urlOf(session), form)).location).toMatch(/done/);
    const done = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['subscription.discounts', 'customer.tax_ids'],
    });
    expect(done).toMatchObject({
      payment_status: 'no_payment_required',
      amount_total: 0,
      subscription: { status: 'trialing', trial_end: now + 10 * DAY, discounts: [{ source: { coupon: coupon.id } }] },
      customer: { name: 'Northwind GmbH', address: { country: 'DE' }, tax_ids: { data: [{ value: 'DE123456789' }] } },
    });
  });

  it.each([
    ['trial_end too near', { subscription_data: { trial_end: now + 2 * DAY - 1 } }, 'subscription_data[trial_end]'],
    ['no success URL', { success_url: undefined }, 'success_url'],
    ['a URL that is none', { success_url: 'done' }, 'success_url'],
    ['two discounts', { discounts: [{ coupon: 'a' }, { coupon: 'b' }] }, 'discounts'],
    ['discount and codes', { discounts: [{ coupon: 'a' }], allow_promotion_codes: true }, 'allow_promotion_codes'],
    ['expires at once', { expires_at: now + 60 }, 'expires_at'],
    ['customer_update without customer', { customer_update: { name: 'auto' } }, 'customer_update'],
    ['no quantity', { line_items: [{ price: 'pro' }] }, 'line_items[0][quantity]'],
    ['another currency', { currency: 'gbp' }, 'line_items[0][price]'],
    ['an old ui_mode', { ui_mode: 'hosted' }, 'ui_mode'],
  ])('refuses sessions: %s', async (_name, parameters, param) => {
    const given = JSON.parse(JSON.stringify(parameters).replace('"price":"pro"', `"price":"${pro.id}"`));
    await expect(
      checkout({ ...('success_url' in parameters && { success_url: undefined }), ...given }),
    ).rejects.toMatchObject({
      statusCode: 400,
      param,
    });
  });

  it('refuses tax without an address, an archived price, a deleted customer; expires after a day', async () => {
    const customer = await newCustomer();
    await expect(checkout({ customer, automatic_tax: { enabled: true } })).rejects.toMatchObject({
      code: 'customer_tax_location_invalid',
    });
    await expect(checkout({ customer, tax_id_collection: { enabled: true } })).rejects.toMatchObject({
      param: 'tax_id_collection',
    });
    const session = await checkout({ customer, currency: 'jpy' });
    expect(session).toMatchObject({ currency: 'jpy', amount_total: 19_800 });
    const archived = await stripe.prices.create({
      product: String(pro.product),
      currency: 'eur',
      unit_amount: 1,
      active: false,
      recurring: { interval: 'month' },
    });
    await expect(checkout({ line_items: [{ price: archived.id, quantity: 1 }] })).rejects.toThrow(/inactive/);
    await stripe.customers.del(customer);
    await expect(checkout({ customer })).rejects.toMatchObject({ code: 'resource_missing', param: 'customer' });
    expect((await payCheckout(urlOf(session))).location).toBeNull();

    const late = await checkout();
    await admin(simulator, 'clock', { advanceSeconds: DAY });
    expect(await stripe.checkout.sessions.retrieve(late.id)).toMatchObject({ status: 'expired', url: null });
    expect(await payCheckout(urlOf(late))).toMatchObject({ status: 404, location: null });
    expect((await stripe.events.list({ type: 'checkout.session.expired', limit: 1 })).data[0]).toMatchObject({
      created: now + DAY,
      data: { object: { id: late.id } },
    });
    await admin(simulator, 'clock', { advanceSeconds: -DAY });
  });

  it('portal: cancel, resume, another plan, cards, details and invoices, as configured', async () => {
    const customer = await newCustomer();
    await expect(stripe.billingPortal.sessions.create({ customer })).rejects.toThrow(/No configuration provided/);
    await payCheckout(urlOf(await checkout({ customer })));
    const products = [
      { product: String(pro.product), prices: [pro.id] },
      { product: String(starter.product), prices: [starter.id] },
    ];
    const configuration = await stripe.billingPortal.configurations.create({
      features: {
        customer_update: { enabled: true, allowed_updates: ['email', 'tax_id'] },
        invoice_history: { enabled: true },
        payment_method_update: { enabled: true },
        subscription_cancel: { enabled: true, mode: 'at_period_end' },
        subscription_update: {
          enabled: true,
          default_allowed_updates: ['price'],
          products,
          proration_behavior: 'always_invoice',
          schedule_at_period_end: { conditions: [{ type: 'decreasing_item_amount' }] },
        },
      },
    });
    const session = await stripe.billingPortal.sessions.create({
      customer,
      configuration: configuration.id,
      return_url: 'http://app.example/billing',
    });
    const act = (action: string, fields = {}) => actInPortal(session.url, action, fields);
    const subscription = async () =>
      (await stripe.subscriptions.list({ customer, status: 'all', expand: ['data.schedule'] })).data[0]!;

    expect((await act('cancel')).error).toBeNull();
    expect(await subscription()).toMatchObject({ cancel_at_period_end: true, status: 'active' });
    expect((await act('resume')).error).toBeNull();
    expect(await subscription()).toMatchObject({ cancel_at_period_end: false });

    expect((await act('card', { card_number: '5555555555554444' })).error).toBeNull();
    expect(await act('card', { card_number: '4000000000000002' })).toMatchObject({
      status: 402,
      error: 'Your card was declined.',
    });
    expect((await act('card', { card_number: '4000002500003155', authenticate: 'complete' })).error).toBeNull();
    const card = (await stripe.paymentMethods.list({ customer })).data[0]!;
    expect(card.card).toMatchObject({ last4: '3155' });
    expect((await subscription()).default_payment_method).toBe(card.id);

    expect(
      (await act('details', { email: 'billing@northwind.example', tax_id_type: 'eu_vat', tax_id: 'DE123456789' }))
        .error,
    ).toBeNull();
    expect((await act('details', { name: 'not allowed' })).error).toMatch(/not configured/);
    expect(await stripe.customers.retrieve(customer)).toMatchObject({ email: 'billing@northwind.example' });

    expect((await act('switch', { price: starter.id })).error).toBeNull();
    expect(await subscription()).toMatchObject({
      items: { data: [{ price: { id: pro.id } }] },
      schedule: { phases: [{}, { items: [{ price: starter.id }] }] },
    });

    const [invoice] = (await stripe.invoices.list({ customer })).data;
    const html = (await act('default', { payment_method: card.id })).html;
    expect(html).toContain(invoice!.number);
    expect(await call(String(invoice!.hosted_invoice_url))).toMatchObject({
      status: 200,
      body: expect.stringContaining('€99.00'),
    });
    const pdf = await call(String(invoice!.invoice_pdf));
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    expect(pdf.body).toMatch(/^%PDF-1\.4[\s\S]*EUR 99\.00[\s\S]*%%EOF/);

    await admin(simulator, 'clock', { advanceSeconds: 3_600 });
    expect(await act('cancel')).toMatchObject({ status: 404 });
  });

  it('a renewal that the owner of the card must confirm waits for it on the page of its invoice', async () => {
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: now });
    const { id: customer } = await stripe.customers.create({ test_clock: clock.id });
    const card = '4000002760003184';
    await payCheckout(urlOf(await checkout({ customer, subscription_data: { trial_end: now + 10 * DAY } })), { card });
    await expect(checkout({ customer, currency: 'jpy' })).rejects.toThrow(/combine currencies/);
    await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: now + 10 * DAY + 7_200 });
    const subscription = async () => (await stripe.subscriptions.list({ customer })).data[0]!;
    expect(await subscription()).toMatchObject({ status: 'past_due' });
    const types = (await stripe.events.list({ limit: 100 })).data.map(({ type }) => type);
    expect(types).toContain('invoice.payment_action_required');
    const url = String((await stripe.invoices.list({ customer, status: 'open' })).data[0]!.hosted_invoice_url);
    expect((await payInvoice(url, { card, authenticate: 'fail' })).html).toContain('open');
    expect((await payInvoice(url, { card, authenticate: 'complete' })).html).toContain('paid');
    expect(await subscription()).toMatchObject({ status: 'active' });
  });

  it('an open invoice is paid on its page: declined, authenticated', async () => {
    const customer = await newCustomer();
    await stripe.subscriptions.create({ customer, items: [{ price: pro.id }], payment_behavior: 'default_incomplete' });
    const invoice = async () => (await stripe.invoices.list({ customer })).data[0]!;
    const url = String((await invoice()).hosted_invoice_url);
    expect(await payInvoice(url, { card: '4000000000000341' })).toMatchObject({
      status: 402,
      error: 'Your card was declined.',
    });
    expect((await payInvoice(url, { card: '4000002760003184' })).html).toContain('paid');
    expect(await invoice()).toMatchObject({ status: 'paid' });
    expect((await stripe.subscriptions.list({ customer })).data).toMatchObject([{ status: 'active' }]);
  });
});
