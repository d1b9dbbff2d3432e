import type { StripeAccount } from '#simulator/stripe/account.js';
import {
  askToCharge,
  type BankAnswer,
  cardOf,
  type Decline,
  markAuthenticated,
  markSetUp,
} from '#simulator/stripe/customers/cards.js';
import { attach } from '#simulator/stripe/customers/payment-methods.js';
import { nextAction } from '#simulator/stripe/customers/setup-intents.js';
import { type Objects, randomText } from '#simulator/stripe/objects.js';
import { openDispute } from './disputes.js';

type PaymentIntent = Objects['payment_intent'];
type PaymentMethod = Objects['payment_method'];
type Charge = Objects['charge'];

export interface PaymentRequest {
  /** In the smallest unit of the currency. */
  amount: number;
  currency: string;
  customer: string | null;
  description?: string | null | undefined;
  metadata?: Record<string, string> | undefined;
  receiptEmail?: string | null | undefined;
  setupFutureUsage?: 'off_session' | 'on_session' | null | undefined;
}

/** Makes a payment intent, and says so in an event. */
export function makePaymentIntent(account: StripeAccount, request: PaymentRequest): PaymentIntent {
  const intent = account.add('payment_intent', {
    allowed_payment_method_types: null,
    amount: request.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: { allow_redirects: 'always', enabled: true },
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic',
    client_secret: null,
    confirmation_method: 'automatic',
    created: account.now(request.customer),
    currency: request.currency,
    customer: request.customer,
    customer_account: null,
    description: request.description ?? null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: request.metadata ?? {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: request.receiptEmail ?? null,
    review: null,
    setup_future_usage: request.setupFutureUsage ?? null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
  });
  intent.client_secret = `${intent.id}_secret_${randomText(25)}`;
  account.emit('payment_intent.created', intent);
  return intent;
}

/**
 * Asks the bank for a payment and leaves its answer in the intent: `succeeded`, `requires_action` (its owner authenticates on
 * a page, see `finishPayment`), or `requires_payment_method` with `last_payment_error`. Never throws for a decline.
 */
export function pay(
  account: StripeAccount,
  intent: PaymentIntent,
  { method, offSession }: { method: PaymentMethod; offSession: boolean },
): BankAnswer {
  intent.payment_method = method.id;
  const answer = askToCharge(account, method, { offSession });
  if (answer.kind === 'approved') succeed(account, intent, method);
  else if (answer.kind === 'declined') decline(account, intent, { method, decline: answer.decline });
  else {
    account.change(intent, {
      status: 'requires_action',
      next_action: nextAction(account, intent.id) as PaymentIntent['next_action'],
    });
    account.emit('payment_intent.requires_action', intent);
  }
  return answer;
}

/** Ends what `requires_action` began: the owner authenticated, or failed to. */
export function finishPayment(account: StripeAccount, intent: PaymentIntent, isAuthenticated: boolean): void {
  if (intent.status !== 'requires_action' || intent.payment_method === null) return;
  const method = account.get('payment_method', intent.payment_method);
  if (isAuthenticated) {
    markAuthenticated(account, method);
    pay(account, intent, { method, offSession: false });
    return;
  }
  account.change(intent, {
    status: 'requires_payment_method',
    payment_method: null,
    next_action: null,
    last_payment_error: {
      code: 'payment_intent_authentication_failure',
      doc_url: 'https://stripe.com/docs/error-codes/payment-intent-authentication-failure',
      message:
        'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
      payment_method: structuredClone(method),
      type: 'invalid_request_error',
    } as unknown as PaymentIntent['last_payment_error'],
  });
  account.emit('payment_intent.payment_failed', intent);
}

function succeed(account: StripeAccount, intent: PaymentIntent, method: PaymentMethod): void {
  if (intent.customer && method.customer === null && intent.setup_future_usage)
    attach(account, method, intent.customer);
  if (intent.setup_future_usage === 'off_session') markSetUp(account, method);
  const charge = makeCharge(account, intent, { method });
  account.emit('charge.succeeded', charge);
  account.change(intent, {
    amount_received: intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    status: 'succeeded',
  });
  account.emit('payment_intent.succeeded', intent);
  const { disputed } = cardOf(account, method);
  if (disputed) openDispute(account, charge, disputed);
}

function decline(
  account: StripeAccount,
  intent: PaymentIntent,
  { method, decline: reason }: { method: PaymentMethod; decline: Decline },
): void {
  const charge = makeCharge(account, intent, { method, decline: reason });
  account.emit('charge.failed', charge);
  account.change(intent, {
    last_payment_error: {
      charge: charge.id,
      code: reason.code,
      ...(reason.decline_code !== undefined && { decline_code: reason.decline_code }),
      doc_url: `https://stripe.com/docs/error-codes/${reason.code.replaceAll('_', '-')}`,
      message: reason.message,
      ...(reason.param !== undefined && { param: reason.param }),
      payment_method: structuredClone(method),
      type: 'card_error',
    } as unknown as PaymentIntent['last_payment_error'],
    latest_charge: charge.id,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  });
  account.emit('payment_intent.payment_failed', intent);
}

function makeCharge(
  account: StripeAccount,
  intent: PaymentIntent,
  { method, decline: reason }: { method: PaymentMethod; decline?: Decline },
): Charge {
  const { card } = method;
  const isPaid = reason === undefined;
  const charge = account.add('charge', {
    amount: intent.amount,
    amount_captured: isPaid ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: structuredClone(method.billing_details),
    calculated_statement_descriptor: 'WEBMETRICS',
    captured: isPaid,
    created: account.now(intent.customer),
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: reason?.code ?? null,
    failure_message: reason?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: { ...intent.metadata },
    on_behalf_of: null,
    outcome: {
      advice_code: null,
      network_advice_code: null,
      network_decline_code: isPaid ? null : '05',
      network_status: isPaid ? 'approved_by_network' : 'declined_by_network',
      reason: reason?.decline_code ?? null,
      risk_level: 'normal',
      risk_score: 12,
      seller_message: isPaid ? 'Payment complete.' : `The bank returned the decline code \`${reason.decline_code}\`.`,
      type: isPaid ? 'authorized' : 'issuer_declined',
    },
    paid: isPaid,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: {
      card: {
        amount_authorized: isPaid ? intent.amount : null,
        authorization_code: isPaid ? '123456' : null,
        brand: card?.brand ?? null,
        checks: card?.checks ?? null,
        country: card?.country ?? null,
        electronic_commerce_indicator: null,
        exp_month: card?.exp_month ?? 12,
        exp_year: card?.exp_year ?? 2030,
        fingerprint: card?.fingerprint ?? null,
        funding: card?.funding ?? null,
        installments: null,
        last4: card?.last4 ?? null,
        mandate: null,
        network: card?.brand ?? null,
        network_token: { used: false },
        network_transaction_id: null,
        regulated_status: 'unregulated',
        three_d_secure: null,
        transaction_link_id: null,
        wallet: null,
      },
      type: 'card',
    },
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: isPaid ? `${account.pageBase('pay.stripe.com')}/receipts/${intent.id}` : null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: isPaid ? 'succeeded' : 'failed',
    transfer_data: null,
    transfer_group: null,
  });
  return charge;
}
