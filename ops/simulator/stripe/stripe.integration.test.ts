import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type Stripe from 'stripe';
import { eventually } from '#ops/testing/eventually.js';
import { admin, isNotSimulated, NOW, startForTests } from '#simulator/client-for-tests.js';
import type { Simulator } from '#simulator/index.js';
import { stripeCall, stripeClient } from './client-for-tests.js';

describe('the simulated Stripe', () => {
  let simulator: Simulator;
  let stripe: Stripe;

  beforeAll(async () => {
    simulator = await startForTests();
    stripe = stripeClient(simulator);
  });
  afterAll(() => simulator.close());

  it.each([
    ['no key', ['GET', '/v1/customers'], { headers: { authorization: '' } }, 401, {}],
    ['another key', ['GET', '/v1/customers'], { headers: { authorization: 'Bearer sk_test_another1' } }, 401, {}],
    ['unknown path', ['GET', '/v1/custommers'], {}, 404, { type: 'invalid_request_error' }],
    [
      'JSON',
      ['POST', '/v1/customers'],
      { body: '{"email":"a@b.co"}', headers: { 'content-type': 'application/json' } },
      400,
      {},
    ],
    ['unknown', ['POST', '/v1/customers'], { body: 'colour=red' }, 400, { code: 'parameter_unknown', param: 'colour' }],
    [
      'unknown below',
      ['POST', '/v1/customers'],
      { body: 'invoice_settings[colour]=red' },
      400,
      { code: 'parameter_unknown', param: 'invoice_settings[colour]' },
    ],
    [
      'unknown in a list',
      ['POST', '/v1/customers'],
      { body: 'tax_id_data[0][colour]=red' },
      400,
      { code: 'parameter_unknown', param: 'tax_id_data[0][colour]' },
    ],
    ['no list', ['POST', '/v1/customers'], { body: 'preferred_locales=de' }, 400, { param: 'preferred_locales' }],
    ['two shapes', ['POST', '/v1/customers'], { body: 'metadata=1&metadata[a]=1' }, 400, {}],
    ['empty', ['POST', '/v1/products'], { body: 'name=' }, 400, { code: 'parameter_invalid_empty', param: 'name' }],
    ['missing', ['POST', '/v1/products'], { body: '' }, 400, { code: 'parameter_missing', param: 'name' }],
    ['bad enum', ['POST', '/v1/customers'], { body: 'tax_exempt=no' }, 400, { param: 'tax_exempt' }],
    [
      'negative amount',
      ['POST', '/v1/prices'],
      { body: 'product_data[name]=a&currency=eur&unit_amount=-1' },
      400,
      { param: 'unit_amount' },
    ],
    [
      'unknown currency',
      ['POST', '/v1/prices'],
      { body: 'product_data[name]=a&currency=zzz&unit_amount=1' },
      400,
      { param: 'currency' },
    ],
    [
      'no currency',
      ['POST', '/v1/prices'],
      { body: 'product_data[name]=a&unit_amount=1' },
      400,
      { code: 'parameter_missing', param: 'currency' },
    ],
    [
      'unknown product',
      ['POST', '/v1/prices'],
      { body: 'product=prod_1&currency=eur&unit_amount=1' },
      400,
      { code: 'resource_missing', param: 'product' },
    ],
    ['unknown id', ['GET', '/v1/customers/cus_1'], {}, 404, { code: 'resource_missing', param: 'id' }],
    ['limit', ['GET', '/v1/customers?limit=1000'], {}, 400, { param: 'limit' }],
    [
      'cursor',
      ['GET', '/v1/customers?starting_after=cus_1'],
      {},
      400,
      { code: 'resource_missing', param: 'starting_after' },
    ],
    [
      'metadata too long',
      ['POST', '/v1/customers'],
      { body: `metadata[a]=${'x'.repeat(501)}` },
      400,
      { param: 'metadata[a]' },
    ],
    [
      'unknown event',
      ['POST', '/v1/webhook_endpoints'],
      { body: 'url=http://127.0.0.1/&enabled_events[0]=invoice.payed' },
      400,
      { param: 'enabled_events[0]' },
    ],
  ] as const)('refuses: %s', async (_name, [method, path], request, status, error) => {
    const answer = await stripeCall(simulator, [method, path], request);
    expect(answer).toMatchObject({ status, body: { error: { message: expect.any(String), ...error } } });
    expect(answer.headers.get('request-id')).toMatch(/^req_/);
  });

  it('does not pretend: what Stripe has and this does not is 501', async () => {
    const answers = await Promise.all([
      stripeCall(simulator, ['POST', '/v1/customers'], { body: 'cash_balance[settings][reconciliation_mode]=manual' }),
      stripeCall(simulator, ['GET', '/v1/customers'], { headers: { 'stripe-version': '2024-06-20' } }),
      stripeCall(simulator, ['GET', "/v1/customers/search?query=email:'a@b.co'"]),
      stripeCall(simulator, ['GET', '/v1/payouts']),
    ]);
    expect(answers.map(isNotSimulated)).toEqual([true, true, true, true]);
  });

  it('repeats the answer of a key, also an error; refuses it for something else, and while the first is worked on', async () => {
    const create = (body: string, key: string, path = '/v1/customers') =>
      stripeCall(simulator, ['POST', path], { body, headers: { 'idempotency-key': key } });
    const first = await create('email=a@b.co', 'k1');
    const again = await create('email=a@b.co', 'k1');
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.headers.get('original-request')).toBe(first.headers.get('request-id'));
    expect((await create('email=c@b.co', 'k1')).body.error.type).toBe('idempotency_error');
    expect((await create('email=a@b.co', 'k1', '/v1/products')).body.error.type).toBe('idempotency_error');

    // An error after work began is repeated; parameters that were refused leave the key free.
    const attach = (key: string) =>
      create(`customer=${first.body.id}`, key, '/v1/payment_methods/pm_card_chargeDeclined/attach');
    expect([(await attach('k2')).status, (await attach('k2')).headers.get('idempotent-replayed')]).toEqual([
      402,
      'true',
    ]);
    expect([(await create('emale=a', 'k3')).status, (await create('email=a@b.co', 'k3')).status]).toEqual([400, 200]);

    await admin(simulator, 'settings', { stripeWriteMs: 300 });
    let key = '';
    // On a busy machine the second may come when the first is answered.
    await eventually('one is refused while the other is worked on', async () => {
      key = `once ${randomUUID()}`;
      const calls = await Promise.all([create('name=x', key), create('name=x', key)]);
      return (
        calls
          .map(({ status }) => status)
          .sort()
          .join() === '200,409'
      );
    });
    await admin(simulator, 'settings', { stripeWriteMs: 0 });
    expect((await create('name=x', key)).headers.get('idempotent-replayed')).toBe('true');

    await admin(simulator, 'clock', { advanceSeconds: 24 * 3600 });
    expect((await create('email=a@b.co', 'k1')).body.id).not.toBe(first.body.id);
  });

  it('fails as it is asked to: locked, limited, down, and an answer lost after its effect, which its key repeats', async () => {
    const fault = (kind: string, status?: number) => admin(simulator, 'faults', { provider: 'stripe', kind, status });
    const create = (idempotencyKey: string) => stripe.customers.create({ name: 'Once' }, { idempotencyKey });
    await fault('status', 429);
    await expect(create('f1')).rejects.toMatchObject({ type: 'StripeRateLimitError', code: 'lock_timeout' });
    await fault('status', 429);
    await expect(stripe.customers.list()).rejects.toMatchObject({ type: 'StripeRateLimitError', code: 'rate_limit' });
    await fault('status', 500);
    await expect(create('f1')).rejects.toMatchObject({ type: 'StripeAPIError', statusCode: 500 });
    await fault('reset');
    await expect(create('f1')).rejects.toMatchObject({ type: 'StripeConnectionError' });
    await fault('truncate');
    await expect(create('f1')).rejects.toThrow();
    const { id } = await create('f1');
    expect((await stripe.customers.list({ limit: 100 })).data.filter(({ name }) => name === 'Once')).toMatchObject([
      { id },
    ]);
  });

  it('limits the rate, if that is set, and remembers everything over a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stripe-'));
    const stateFile = join(folder, 'state.json');
    const first = await startForTests({ stateFile });
    await admin(first, 'settings', { stripeRequestsPerSecond: 2 });
    const calls = await Promise.all(
      ['1', '2', '3'].map((n) =>
        stripeCall(first, ['POST', '/v1/customers'], { body: `name=${n}`, headers: { 'idempotency-key': n } }),
      ),
    );
    expect(calls.map(({ status }) => status).sort()).toEqual([200, 200, 429]);
    await first.close();
    const second = await startForTests({ stateFile });
    const made = calls.find(({ status }) => status === 200)!;
    const again = await stripeCall(second, ['POST', '/v1/customers'], {
      body: `name=${made.body.name}`,
      headers: { 'idempotency-key': made.body.name },
    });
    expect([again.body.id, again.headers.get('idempotent-replayed')]).toEqual([made.body.id, 'true']);
    expect((await stripeClient(second).events.list()).data).toHaveLength(2);
    await second.close();
    rmSync(folder, { recursive: true });
  });

  it('keeps customers, their cards and tax ids, as the official client reads them', async () => {
    const customer = await stripe.customers.create({
      email: 'nora@northwind.example',
      metadata: { organization: 'o1', x: '1' },
    });
    expect(await stripe.customers.update(customer.id, { name: 'Nora', metadata: { x: '' } })).toMatchObject({
      name: 'Nora',
      metadata: { organization: 'o1' },
    });
    const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
    const other = await stripe.paymentMethods.attach('pm_card_mastercard', { customer: customer.id });
    await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: card.id } });
    await stripe.customers.createTaxId(customer.id, { type: 'eu_vat', value: 'DE123456789' });
    const shown = (await stripe.customers.retrieve(customer.id, {
      expand: ['invoice_settings.default_payment_method', 'tax_ids', 'subscriptions'],
    })) as Stripe.Customer;
    expect(shown).toMatchObject({
      invoice_settings: { default_payment_method: { id: card.id, card: { last4: '4242', brand: 'visa' } } },
      tax_ids: { data: [{ value: 'DE123456789', country: 'DE' }] },
      subscriptions: { data: [] },
    });
    const again = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } });
    expect(again.card?.fingerprint).toBe(card.card?.fingerprint);
    expect(other.card?.fingerprint).not.toBe(card.card?.fingerprint);

    await stripe.paymentMethods.detach(card.id);
    await expect(stripe.paymentMethods.attach(card.id, { customer: customer.id })).rejects.toThrow(
      /may not be used again/,
    );
    expect((await stripe.customers.retrieve(customer.id)) as Stripe.Customer).toMatchObject({
      invoice_settings: { default_payment_method: null },
    });
    const declined = stripe.paymentMethods.attach('pm_card_chargeDeclinedInsufficientFunds', { customer: customer.id });
    await expect(declined).rejects.toMatchObject({ code: 'card_declined', decline_code: 'insufficient_funds' });

    expect(await stripe.customers.del(customer.id)).toMatchObject({ deleted: true });
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ deleted: true });
    await expect(stripe.customers.update(customer.id, { name: 'x' })).rejects.toMatchObject({
      code: 'resource_missing',
    });
  });

  it('saves cards by setup intents: declined, authenticated', async () => {
    const { id: customer } = await stripe.customers.create();
    const setUp = (payment_method: string) => stripe.setupIntents.create({ customer, payment_method, confirm: true });
    expect(await setUp('pm_card_visa')).toMatchObject({ status: 'succeeded' });
    expect(await setUp('pm_card_authenticationRequired')).toMatchObject({
      status: 'requires_action',
      next_action: { redirect_to_url: { url: expect.stringContaining('/hooks.stripe.com/3d_secure/seti_') } },
    });
    await expect(setUp('pm_card_chargeDeclined')).rejects.toMatchObject({ type: 'StripeCardError' });
  });

  it('sells products at prices found by lookup key, in several currencies, archived or not', async () => {
    const product = await stripe.products.create({ id: 'plan_pro', name: 'Pro' });
    const price = await stripe.prices.create({
      product: product.id,
      currency: 'eur',
      unit_amount: 9_900,
      recurring: { interval: 'month' },
      lookup_key: 'pro_month',
      currency_options: { jpy: { unit_amount: 16_500 } },
    });
    await expect(stripe.products.create({ id: 'plan_pro', name: 'Pro' })).rejects.toMatchObject({
      code: 'resource_already_exists',
    });
    const next = {
      product: product.id,
      currency: 'eur',
      unit_amount: 10_900,
      recurring: { interval: 'month' as const },
    };
    await expect(stripe.prices.create({ ...next, lookup_key: 'pro_month' })).rejects.toThrow(/transfer_lookup_key/);
    const newer = await stripe.prices.create({ ...next, lookup_key: 'pro_month', transfer_lookup_key: true });
    await stripe.prices.update(price.id, { active: false });
    const found = await stripe.prices.list({
      lookup_keys: ['pro_month'],
      expand: ['data.product', 'data.currency_options'],
    });
    expect(found.data).toMatchObject([
      { id: newer.id, product: { name: 'Pro' }, currency_options: { eur: { unit_amount: 10_900 } } },
    ]);
    expect((await stripe.prices.list({ product: product.id, active: false })).data).toMatchObject([
      { lookup_key: null },
    ]);
    expect(await stripe.prices.retrieve(price.id, { expand: ['currency_options'] })).toMatchObject({
      currency_options: { jpy: { unit_amount: 16_500 } },
    });

    const coupon = await stripe.coupons.create({ percent_off: 25, duration: 'repeating', duration_in_months: 3 });
    const code = await stripe.promotionCodes.create({
      promotion: { type: 'coupon', coupon: coupon.id },
      code: 'FALL',
      max_redemptions: 1,
    });
    await expect(
      stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'fall' }),
    ).rejects.toMatchObject({ code: 'resource_already_exists' });
    const codes = await stripe.promotionCodes.list({ code: 'FALL', active: true, expand: ['data.promotion.coupon'] });
    expect(codes.data).toMatchObject([{ id: code.id, promotion: { coupon: { percent_off: 25 } } }]);
  });

  it('pages in both directions and refuses what cannot be expanded', async () => {
    for (let n = 0; n < 5; n += 1) await stripe.products.create({ name: `Page ${n}`, url: 'https://page.example' });
    const names = (page: { data: { name: string }[] }) => page.data.map(({ name }) => name);
    const first = await stripe.products.list({ url: 'https://page.example', limit: 2 });
    expect([names(first), first.has_more]).toEqual([['Page 4', 'Page 3'], true]);
    const rest = await stripe.products.list({
      url: 'https://page.example',
      limit: 3,
      starting_after: first.data[1]!.id,
    });
    expect([names(rest), rest.has_more]).toEqual([['Page 2', 'Page 1', 'Page 0'], false]);
    const back = await stripe.products.list({ url: 'https://page.example', limit: 2, ending_before: rest.data[1]!.id });
    expect([names(back), back.has_more]).toEqual([['Page 3', 'Page 2'], true]);
    for (const expand of ['data.nothing', 'default_price', 'data.default_price.product.default_price.product'])
      await expect(stripe.products.list({ expand: [expand] })).rejects.toMatchObject({ param: 'expand' });
  });

  it('delivers signed events: at least once, retried by the clock, no redirect followed', async () => {
    const received: { body: string; signature: string }[] = [];
    let status = 200;
    const receiver = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        received.push({
          body: Buffer.concat(chunks).toString(),
          signature: String(request.headers['stripe-signature']),
        });
        response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/webhooks/stripe`;
      const endpoint = await stripe.webhookEndpoints.create({
        url,
        enabled_events: ['customer.created', 'customer.updated'],
      });
      expect(await stripe.webhookEndpoints.retrieve(endpoint.id)).not.toHaveProperty('secret');
      const types = () =>
        received.map(({ body, signature }) => {
          const event = stripe.webhooks.constructEvent(body, signature, endpoint.secret!, Number.MAX_SAFE_INTEGER);
          return [event.type, event.data.previous_attributes];
        });
      const deliver = () => admin(simulator, 'stripe/webhooks', {});

      const customer = await stripe.customers.create(
        { name: 'Nora', metadata: { a: '1', b: '2' } },
        { idempotencyKey: 'w1' },
      );
      await stripe.products.create({ name: 'unheard' });
      await deliver();
      await stripe.customers.update(customer.id, { name: 'Vera', metadata: { a: '3' } });
      await deliver();
      expect(types()).toEqual([
        ['customer.created', undefined],
        ['customer.updated', { name: 'Nora', metadata: { a: '1' } }],
      ]);
      expect(JSON.parse(received[0]!.body)).toMatchObject({
        api_version: '2026-10-28.endive',
        pending_webhooks: 1,
        request: { id: expect.stringMatching(/^req_/), idempotency_key: 'w1' },
      });

      received.length = 0;
      for (status of [500, 302]) {
        await stripe.customers.update(customer.id, { name: `Status ${status}` });
        await deliver();
      }
      expect(received).toHaveLength(2);
      status = 200;
      await admin(simulator, 'clock', { advanceSeconds: 5 });
      await deliver();
      expect(received).toHaveLength(4);
      // The clock of receivers is not advanced.
      expect(received.at(-1)?.signature).toContain(`t=${NOW.getTime() / 1000},`);
      expect((await stripe.events.list({ delivery_success: false, types: ['customer.updated'] })).data).toEqual([]);

      // While a secret is rolled, both sign.
      received.length = 0;
      const rolled = await admin(simulator, 'stripe/webhooks/secret', { endpoint: endpoint.id, overlapSeconds: 60 });
      await stripe.customers.update(customer.id, { name: 'Rolled' });
      await deliver();
      expect(types()).toHaveLength(1);
      const [{ body, signature }] = received as [(typeof received)[0]];
      expect(signature).toMatch(/^t=\d+,v1=[0-9a-f]{64},v1=[0-9a-f]{64}$/);
      stripe.webhooks.constructEvent(body, signature, rolled.body.secret, Number.MAX_SAFE_INTEGER);

      received.length = 0;
      await admin(simulator, 'settings', { stripeWebhooksRepeatedPercent: 100, stripeWebhooksHeld: true });
      await stripe.customers.update(customer.id, { name: 'Twice' });
      await admin(simulator, 'settings', { stripeWebhooksRepeatedPercent: 0, stripeWebhooksLostPercent: 100 });
      const lost = await stripe.customers.update(customer.id, { name: 'Lost' });
      expect(received).toHaveLength(0);
      await deliver();
      expect(received.map(({ body }) => JSON.parse(body).data.object.name)).toEqual(['Twice', 'Twice']);
      expect((await stripe.events.list({ type: 'customer.updated', limit: 1 })).data[0]!.data.object).toMatchObject({
        name: lost.name,
      });

      // Events of meters that are rejected after they were accepted are reported by a thin event, whose data are read.
      received.length = 0;
      await admin(simulator, 'settings', { stripeWebhooksLostPercent: 0, stripeMeterRejection: 'archived_meter' });
      const thin = await stripe.v2.core.eventDestinations.create({
        ...{ name: 'Errors', type: 'webhook_endpoint', event_payload: 'thin', webhook_endpoint: { url } },
        ...{
          enabled_events: ['v1.billing.meter.error_report_triggered'],
          include: ['webhook_endpoint.signing_secret'],
        },
      });
      const secret = thin.webhook_endpoint?.signing_secret ?? '';
      const known = await stripe.v2.core.eventDestinations.retrieve(thin.id);
      expect(known.webhook_endpoint).toEqual({ url });
      const meter = await stripe.billing.meters.create({
        ...{ event_name: 'used', display_name: 'Used', default_aggregation: { formula: 'sum' } },
        customer_mapping: { type: 'by_id', event_payload_key: 'stripe_customer_id' },
      });
      const use = (identifier: string, stripe_customer_id: string) =>
        stripe.billing.meterEvents.create({
          ...{ event_name: 'used', identifier, payload: { stripe_customer_id, value: '1' } },
        });
      await use('archived', customer.id);
      await admin(simulator, 'settings', { stripeMeterRejection: null });
      await use('unknown', 'cus_unknown');
      await use('counted', customer.id);
      await admin(simulator, 'clock', { advanceSeconds: 10 });
      await deliver();
      const events = received.map(({ body: text, signature: header }) => {
        expect(JSON.parse(text)).not.toHaveProperty('data');
        return stripe.parseEventNotification(text, header, secret, Number.MAX_SAFE_INTEGER);
      });
      const found = [];
      for (const { id, type } of events) {
        expect(type).toBe('v1.billing.meter.error_report_triggered');
        const { data } = (await stripe.v2.core.events.retrieve(
          id,
        )) as Stripe.Events.V1BillingMeterErrorReportTriggeredEvent;
        for (const { code, sample_errors } of data.reason.error_types)
          found.push(...sample_errors.map(({ request }) => `${request.identifier} ${code}`));
      }
      expect(found).toEqual(['archived archived_meter', 'unknown meter_event_customer_not_found']);
      const minute = Math.floor(meter.created / 60) * 60;
      const { data } = await stripe.billing.meters.listEventSummaries(meter.id, {
        ...{ customer: customer.id, start_time: minute, end_time: minute + 600 },
      });
      expect(data.map(({ aggregated_value }) => aggregated_value)).toEqual([1]);
      await expect(stripe.v2.core.events.retrieve('evt_unknown')).rejects.toMatchObject({
        ...{ statusCode: 404, code: 'not_found', type: 'StripeInvalidRequestError' },
      });
      await stripe.v2.core.eventDestinations.del(thin.id);
    } finally {
      receiver.closeAllConnections();
      await new Promise((resolve) => receiver.close(resolve));
      await admin(simulator, 'settings', { stripeWebhooksLostPercent: 0, stripeWebhooksHeld: false });
    }
  });
});
