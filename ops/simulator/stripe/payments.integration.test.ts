import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type Stripe from 'stripe';
import { admin, startForTests } from '#simulator/client-for-tests.js';
import type { Simulator } from '#simulator/index.js';
import { stripeClient } from './client-for-tests.js';

describe('payments of the simulated Stripe, by the official client', () => {
  let simulator: Simulator;
  let stripe: Stripe;
  let customer: string;

  beforeAll(async () => {
    simulator = await startForTests();
    stripe = stripeClient(simulator);
    customer = (await stripe.customers.create({ email: 'nora@northwind.example' })).id;
  });
  afterAll(() => simulator.close());

  const pay = (payment_method: string, parameters: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
    stripe.paymentIntents.create({
      amount: 9_900,
      currency: 'eur',
      customer,
      payment_method,
      confirm: true,
      ...parameters,
    });
  const eventsSince = async (id: string | undefined) => {
    const { data } = await stripe.events.list({ limit: 100, ...(id && { ending_before: id }) });
    return data.map(({ type }) => type).reverse();
  };
  const latest = async () => (await stripe.events.list({ limit: 1 })).data[0]?.id;

  it.each([
    ['pm_card_chargeCustomerFail', 'card_declined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_visa_chargeDeclinedExpiredCard', 'expired_card', 'expired_card'],
  ])('declines %s', async (method, code, decline_code) => {
    const before = await latest();
    const error = await pay(method).catch((reason) => reason);
    expect(error).toMatchObject({
      statusCode: 402,
      code,
      decline_code,
      payment_intent: { status: 'requires_payment_method' },
    });
    expect(await stripe.paymentIntents.retrieve(error.payment_intent.id, { expand: ['latest_charge'] })).toMatchObject({
      last_payment_error: { decline_code },
      latest_charge: { status: 'failed', failure_code: code, paid: false },
    });
    expect(await eventsSince(before)).toEqual([
      'payment_intent.created',
      'charge.failed',
      'payment_intent.payment_failed',
    ]);
  });

  it('asks the owner of a card that needs it, whose absence declines; a card that was set up passes', async () => {
    const intent = await pay('pm_card_authenticationRequired');
    expect(intent).toMatchObject({ status: 'requires_action', next_action: { type: 'redirect_to_url' } });
    await expect(pay('pm_card_authenticationRequired', { off_session: true })).rejects.toMatchObject({
      code: 'authentication_required',
    });
    await expect(pay('pm_card_visa', { amount: 49 })).rejects.toMatchObject({ code: 'amount_too_small' });
    await expect(stripe.paymentIntents.confirm((await pay('pm_card_visa')).id)).rejects.toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
  });

  it('refunds in parts up to the whole, also to a card that does not take it', async () => {
    const { id: payment_intent, latest_charge } = await pay('pm_card_visa');
    const before = await latest();
    await stripe.refunds.create({ payment_intent, amount: 900, reason: 'requested_by_customer' });
    await expect(stripe.refunds.create({ payment_intent, amount: 9_001 })).rejects.toMatchObject({ param: 'amount' });
    await stripe.refunds.create({ charge: String(latest_charge) });
    await expect(stripe.refunds.create({ payment_intent })).rejects.toMatchObject({ code: 'charge_already_refunded' });
    expect(await stripe.charges.retrieve(String(latest_charge), { expand: ['refunds'] })).toMatchObject({
      amount_refunded: 9_900,
      refunded: true,
      refunds: { data: [{ amount: 9_000 }, { amount: 900 }] },
    });
    expect(await eventsSince(before)).toEqual([
      'refund.created',
      'charge.refunded',
      'refund.created',
      'charge.refunded',
    ]);

    const refund = await stripe.refunds.create({ payment_intent: (await pay('pm_card_refundFail')).id });
    await admin(simulator, 'clock', { advanceSeconds: 60 });
    expect(await stripe.refunds.retrieve(refund.id, { expand: ['charge'] })).toMatchObject({
      status: 'failed',
      charge: { amount_refunded: 0, refunded: false },
    });
  });

  it.each([
    [
      'winning_evidence',
      'won',
      ['charge.dispute.updated', 'charge.dispute.updated', 'charge.dispute.closed', 'charge.dispute.funds_reinstated'],
    ],
    ['losing_evidence', 'lost', ['charge.dispute.updated', 'charge.dispute.updated', 'charge.dispute.closed']],
  ] as const)('%s: a dispute is %s', async (uncategorized_text, status, events) => {
    const { latest_charge } = await pay('pm_card_createDispute');
    const charge = String(latest_charge);
    const [dispute] = (await stripe.disputes.list({ charge })).data;
    expect(dispute).toMatchObject({ status: 'needs_response', reason: 'fraudulent', amount: 9_900 });
    expect(await stripe.charges.retrieve(charge)).toMatchObject({ disputed: true, paid: true });
    await expect(stripe.refunds.create({ charge })).rejects.toMatchObject({ code: 'charge_disputed' });
    const before = await latest();
    expect(await stripe.disputes.update(dispute!.id, { evidence: { uncategorized_text } })).toMatchObject({ status });
    expect(await eventsSince(before)).toEqual(events);
  });
});
