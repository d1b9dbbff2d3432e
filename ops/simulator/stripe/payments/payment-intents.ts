import type { StripeAccount } from '#simulator/stripe/account.js';
import { cardError, resolvePaymentMethod } from '#simulator/stripe/customers/payment-methods.js';
import type { Objects } from '#simulator/stripe/objects.js';
import {
  type Call,
  isWithin,
  mergedMetadata,
  type Operation,
  operation,
  pageFields,
  pageOf,
} from '#simulator/stripe/operation.js';
import {
  array,
  boolean,
  currency,
  emptyable,
  integer,
  metadata,
  object,
  oneOf,
  range,
  required,
  text,
  type Values,
} from '#simulator/stripe/wire/rules.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';
import { makePaymentIntent } from './make-payment-intent.js';
import { pay } from './payments.js';

type PaymentIntent = Objects['payment_intent'];

const automatic = object({ allow_redirects: oneOf('always', 'never'), enabled: required(boolean()) });
const confirmFields = {
  off_session: boolean(),
  payment_method: text(),
  return_url: text(),
  error_on_requires_action: boolean(),
  setup_future_usage: oneOf('off_session', 'on_session'),
};
const createFields = {
  ...confirmFields,
  amount: required(integer({ min: 1, max: 99_999_999 })),
  automatic_payment_methods: automatic,
  confirm: boolean(),
  currency: required(currency()),
  customer: text(),
  description: text(),
  metadata: metadata(),
  payment_method_types: array(text()),
  receipt_email: text(),
};
const updateFields = {
  amount: integer({ min: 1, max: 99_999_999 }),
  description: emptyable(text()),
  metadata: metadata(),
  payment_method: text(),
  receipt_email: emptyable(text()),
};
const FOREIGN = [
  'amount_details',
  'application_fee_amount',
  'capture_method',
  'confirmation_method',
  'confirmation_token',
  'customer_account',
  'excluded_payment_method_types',
  'mandate',
  'mandate_data',
  'on_behalf_of',
  'payment_method_configuration',
  'payment_method_data',
  'payment_method_options',
  'shipping',
  'statement_descriptor',
  'statement_descriptor_suffix',
  'transfer_data',
  'transfer_group',
  'use_stripe_sdk',
];

export const paymentIntentOperations: readonly Operation[] = [
  operation('POST', '/v1/payment_intents', createFields, create, FOREIGN),
  operation('GET', '/v1/payment_intents/{intent}', { client_secret: text() }, ({ account, id }) =>
    account.get('payment_intent', id),
  ),
  operation('POST', '/v1/payment_intents/{intent}', updateFields, update, FOREIGN),
  operation(
    'POST',
    '/v1/payment_intents/{intent}/confirm',
    confirmFields,
    ({ account, params, id }) => confirm(account, account.get('payment_intent', id), params),
    FOREIGN,
  ),
  operation(
    'POST',
    '/v1/payment_intents/{intent}/cancel',
    { cancellation_reason: oneOf('abandoned', 'duplicate', 'fraudulent', 'requested_by_customer') },
    ({ account, params, id }) => {
      const intent = account.get('payment_intent', id);
      if (intent.status === 'succeeded' || intent.status === 'canceled') throw unexpectedState(intent, 'cancel');
      account.change(intent, {
        status: 'canceled',
        canceled_at: account.now(intent.customer),
        cancellation_reason: params.cancellation_reason ?? null,
        next_action: null,
      });
      account.emit('payment_intent.canceled', intent);
      return intent;
    },
  ),
  operation(
    'GET',
    '/v1/payment_intents',
    { ...pageFields, created: range(), customer: text() },
    ({ account, params, path }) =>
      pageOf(
        account
          .list('payment_intent')
          .filter(
            (one) =>
              isWithin(one.created, params.created) &&
              (params.customer === undefined || one.customer === params.customer),
          ),
        { params, path },
      ),
    ['customer_account'],
  ),
];

function create({ account, params }: Call<Values<typeof createFields>>): PaymentIntent {
  checkMinimum(params.amount, params.currency);
  if (params.customer !== undefined) account.get('customer', params.customer, 'customer');
  if (params.off_session && !params.confirm)
    throw invalidRequest('You can only set off_session when confirm=true.', { param: 'off_session' });
  const intent = makePaymentIntent(account, {
    amount: params.amount,
    currency: params.currency,
    customer: params.customer ?? null,
    description: params.description,
    metadata: mergedMetadata({}, params.metadata),
    receiptEmail: params.receipt_email,
    setupFutureUsage: params.setup_future_usage,
  });
  if (params.payment_method !== undefined && !params.confirm) choose(account, intent, params.payment_method);
  return params.confirm ? confirm(account, intent, params) : intent;
}

function update({ account, params, id }: Call<Values<typeof updateFields>>): PaymentIntent {
  const intent = account.get('payment_intent', id);
  if (intent.status === 'succeeded' || intent.status === 'canceled') throw unexpectedState(intent, 'update');
  if (params.amount !== undefined) checkMinimum(params.amount, intent.currency);
  if (params.payment_method !== undefined) choose(account, intent, params.payment_method);
  return account.change(intent, {
    ...(params.amount !== undefined && { amount: params.amount }),
    ...(params.description !== undefined && { description: params.description }),
    ...(params.receipt_email !== undefined && { receipt_email: params.receipt_email }),
    metadata: mergedMetadata(intent.metadata, params.metadata),
  });
}

function choose(account: StripeAccount, intent: PaymentIntent, id: string): void {
  const method = resolvePaymentMethod(account, id, { param: 'payment_method', customer: intent.customer });
  account.change(intent, { payment_method: method.id, status: 'requires_confirmation' });
}

function confirm(account: StripeAccount, intent: PaymentIntent, params: Values<typeof confirmFields>): PaymentIntent {
  if (!['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(intent.status))
    throw unexpectedState(intent, 'confirm');
  const given = params.payment_method ?? intent.payment_method;
  if (given === null)
    throw invalidRequest(
      'You cannot confirm this PaymentIntent because it is missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.',
      { code: 'payment_intent_unexpected_state' },
    );
  const method = resolvePaymentMethod(account, given, { param: 'payment_method', customer: intent.customer });
  if (method.customer !== null && method.customer !== intent.customer)
    throw invalidRequest('The provided PaymentMethod belongs to a different Customer than this PaymentIntent.', {
      param: 'payment_method',
    });
  if (params.setup_future_usage) intent.setup_future_usage = params.setup_future_usage;
  const isOffSession = (params.off_session ?? false) || (params.error_on_requires_action ?? false);
  const answer = pay(account, intent, { method, offSession: isOffSession });
  if (answer.kind === 'declined')
    throw cardError(answer.decline, {
      ...(intent.latest_charge && { charge: intent.latest_charge }),
      payment_intent: structuredClone(intent),
      payment_method: structuredClone(method),
    });
  return intent;
}

function unexpectedState(intent: PaymentIntent, what: string) {
  return invalidRequest(`You cannot ${what} this PaymentIntent because it has a status of ${intent.status}.`, {
    code: 'payment_intent_unexpected_state',
    payment_intent: structuredClone(intent),
  });
}

const MINIMUM: Record<string, number> = { usd: 50, eur: 50, gbp: 30, jpy: 50, chf: 50, sek: 300, dkk: 250, kwd: 150 };

/** The least that can be charged in a currency, in its smallest unit. */
export function minimumOf(code: string): number {
  return MINIMUM[code] ?? 50;
}

function checkMinimum(amount: number, code: string): void {
  if (amount < minimumOf(code))
    throw invalidRequest(
      `Amount must be at least ${minimumOf(code)} in ${code}; see https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts`,
      { code: 'amount_too_small', param: 'amount' },
    );
}
