import type { StripeAccount } from '#simulator/stripe/account.js';
import type { Objects } from '#simulator/stripe/objects.js';
import {
  type Call,
  mergedMetadata,
  type Operation,
  operation,
  pageFields,
  pageOf,
} from '#simulator/stripe/operation.js';
import {
  address,
  emptyable,
  integer,
  metadata,
  object,
  oneOf,
  required,
  text,
  type Values,
} from '#simulator/stripe/wire/rules.js';
import { invalidRequest, noSuch, StripeError } from '#simulator/stripe/wire/stripe-error.js';
import {
  askToSave,
  type Decline,
  findCardByNumber,
  findCardByToken,
  fingerprintOf,
  isCardNumber,
  type TestCard,
} from './cards.js';

type PaymentMethod = Objects['payment_method'];

const billingDetails = object({
  address: emptyable(address()),
  email: emptyable(text()),
  name: emptyable(text()),
  phone: emptyable(text()),
  tax_id: text(),
});
const display = oneOf('always', 'limited', 'unspecified');

const createFields = {
  type: required(oneOf('card')),
  allow_redisplay: display,
  billing_details: billingDetails,
  card: object(
    {
      cvc: text(),
      exp_month: integer({ min: 1, max: 12 }),
      exp_year: integer({ max: 2099 }),
      number: text(),
      token: text(),
    },
    ['networks'],
  ),
  metadata: metadata(),
};

const updateFields = {
  allow_redisplay: display,
  billing_details: billingDetails,
  card: object({ exp_month: integer({ min: 1, max: 12 }), exp_year: integer({ max: 2099 }) }, ['networks']),
  metadata: metadata(),
};

export const paymentMethodOperations: readonly Operation[] = [
  operation('POST', '/v1/payment_methods', createFields, create, ['customer', 'payment_method', 'radar_options']),
  operation('GET', '/v1/payment_methods/{id}', {}, ({ account, id }) => resolvePaymentMethod(account, id, {})),
  operation('POST', '/v1/payment_methods/{id}', updateFields, update),
  operation('POST', '/v1/payment_methods/{id}/attach', { customer: required(text()) }, ({ account, params, id }) => {
    const customer = account.get('customer', params.customer, 'customer');
    return attach(account, resolvePaymentMethod(account, id, { customer: customer.id }), customer.id);
  }),
  operation('POST', '/v1/payment_methods/{id}/detach', {}, ({ account, id }) => {
    const method = account.get('payment_method', id);
    if (method.customer === null)
      throw invalidRequest(
        'The payment method you provided is not attached to a customer so detachment is impossible.',
      );
    return detach(account, method);
  }),
  operation(
    'GET',
    '/v1/payment_methods',
    { ...pageFields, customer: text(), type: text(), allow_redisplay: display },
    ({ account, params, path }) => {
      if (params.customer === undefined) return pageOf([], { params, path });
      account.get('customer', params.customer, 'customer');
      return pageOf(methodsOf(account, params.customer, params), { params, path });
    },
    ['customer_account'],
  ),
  operation(
    'GET',
    '/v1/customers/{customer}/payment_methods',
    { ...pageFields, type: text(), allow_redisplay: display },
    ({ account, params, id, path }) => {
      account.get('customer', id);
      return pageOf(methodsOf(account, id, params), { params, path });
    },
  ),
  operation('GET', '/v1/customers/{customer}/payment_methods/{id}', {}, ({ account, ids: [customer, id = ''] }) => {
    const method = account.get('payment_method', id);
    if (method.customer !== customer) throw noSuch('PaymentMethod', id);
    return method;
  }),
];

function methodsOf(
  account: StripeAccount,
  customer: string,
  { type, allow_redisplay }: { type?: string | undefined; allow_redisplay?: string | undefined },
): PaymentMethod[] {
  return account
    .list('payment_method')
    .filter(
      (method) =>
        method.customer === customer &&
        (type === undefined || method.type === type) &&
        (allow_redisplay === undefined || method.allow_redisplay === allow_redisplay),
    );
}

function create({ account, params }: Call<Values<typeof createFields>>): PaymentMethod {
  const { card = {} as NonNullable<typeof params.card>, billing_details } = params;
  const known = card.token === undefined ? findCardByNumber(card.number ?? '') : findCardByToken(card.token);
  if (card.token !== undefined && !known) throw noSuch('token', card.token, 'card[token]');
  if (!known) throw cardError(numberProblem(card.number ?? ''));
  const month = card.exp_month ?? 12;
  const year =
    card.exp_year === undefined ? defaultYear(account) : card.exp_year < 100 ? 2_000 + card.exp_year : card.exp_year;
  const method = makeMethod(account, known, { month, year });
  return account.change(method, {
    ...(params.allow_redisplay && { allow_redisplay: params.allow_redisplay }),
    billing_details: mergedDetails(method.billing_details, billing_details),
    metadata: mergedMetadata({}, params.metadata),
  });
}

function update({ account, params, id }: Call<Values<typeof updateFields>>): PaymentMethod {
  const method = account.get('payment_method', id);
  if (method.customer === null)
    throw invalidRequest('You must save this PaymentMethod to a customer before you can update it.');
  const { exp_month, exp_year } = params.card ?? {};
  return account.change(
    method,
    {
      ...(params.allow_redisplay && { allow_redisplay: params.allow_redisplay }),
      billing_details: mergedDetails(method.billing_details, params.billing_details),
      ...(method.card && { card: { ...method.card, ...(exp_month && { exp_month }), ...(exp_year && { exp_year }) } }),
      metadata: mergedMetadata(method.metadata ?? {}, params.metadata),
    },
    'payment_method.updated',
  );
}

function mergedDetails(
  before: PaymentMethod['billing_details'],
  change: Values<{ details: typeof billingDetails }>['details'],
): PaymentMethod['billing_details'] {
  if (!change) return before;
  const { address: place, ...plainFields } = change;
  return {
    ...before,
    ...plainFields,
    ...(place !== undefined && { address: { ...emptyAddress, ...before.address, ...place } }),
  } as PaymentMethod['billing_details'];
}

const emptyAddress = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };

/** What is wrong with a number that is no test card. */
export function numberProblem(typed: string): Decline {
  return isCardNumber(typed.replace(/[\s-]/g, ''))
    ? {
        code: 'card_declined',
        decline_code: 'test_mode_live_card',
        message:
          'Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test cards, visit: https://stripe.com/docs/testing.',
      }
    : { code: 'incorrect_number', message: 'Your card number is incorrect.', param: 'number' };
}

/** Makes a payment method of a card; belongs to no customer yet. */
export function makeMethod(
  account: StripeAccount,
  card: TestCard,
  {
    month = 12,
    year = defaultYear(account),
    customer = null,
  }: { month?: number; year?: number; customer?: string | null } = {},
): PaymentMethod {
  const method = account.add('payment_method', {
    allow_redisplay: 'unspecified',
    billing_details: { address: { ...emptyAddress }, email: null, name: null, phone: null, tax_id: null },
    card: {
      brand: card.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: card.country,
      display_brand: card.brand,
      exp_month: month,
      exp_year: year,
      fingerprint: fingerprintOf(card),
      funding: card.funding,
      generated_from: null,
      last4: card.number.slice(-4),
      networks: { available: [card.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: account.now(customer),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  });
  account.extra(method.id).number = card.number;
  return method;
}

// Tokens always have some years left.
function defaultYear(account: StripeAccount): number {
  return new Date(account.now() * 1000).getUTCFullYear() + 3;
}

/** Returns a payment method by its id, or a new one for a token such as `pm_card_visa`. Throws resource_missing. */
export function resolvePaymentMethod(
  account: StripeAccount,
  id: string,
  { param, customer = null }: { param?: string; customer?: string | null },
): PaymentMethod {
  const card = account.find('payment_method', id) ? undefined : findCardByToken(id);
  if (card && id.startsWith('pm_')) return makeMethod(account, card, { customer });
  return account.get('payment_method', id, param);
}

/**
 * Attaches a payment method to a customer. Throws 402 for a card the bank declines, and 400 for one that another customer has
 * or that was detached.
 */
export function attach(account: StripeAccount, method: PaymentMethod, customer: string): PaymentMethod {
  if (method.customer === customer) return method;
  if (method.customer !== null)
    throw invalidRequest('The payment method you provided has already been attached to a customer.');
  if (account.extra(method.id).isDetached)
    throw invalidRequest(
      'This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, and may not be used again.',
    );
  const answer = askToSave(account, method);
  if (answer.kind === 'declined') {
    account.forget(method.id);
    throw cardError(answer.decline);
  }
  method.customer = customer;
  account.emit('payment_method.attached', method);
  return method;
}

/** Detaches a payment method; it is the default of its customer no longer, nor of the customer's subscriptions. */
export function detach(account: StripeAccount, method: PaymentMethod): PaymentMethod {
  const customer = method.customer ? account.find('customer', method.customer) : undefined;
  account.extra(method.id).isDetached = true;
  account.change(method, { customer: null });
  account.emit('payment_method.detached', method, { customer: customer?.id ?? null });
  if (customer?.invoice_settings.default_payment_method === method.id)
    account.change(
      customer,
      { invoice_settings: { ...customer.invoice_settings, default_payment_method: null } },
      'customer.updated',
    );
  for (const subscription of account.list('subscription'))
    if (subscription.default_payment_method === method.id && subscription.status !== 'canceled')
      account.change(subscription, { default_payment_method: null }, 'customer.subscription.updated');
  return method;
}

/** Stripe's 402 for what a bank answered. */
export function cardError(decline: Decline, details: Record<string, unknown> = {}): StripeError {
  const { message, ...fields } = decline;
  return new StripeError(402, 'card_error', message, { ...fields, ...details });
}
