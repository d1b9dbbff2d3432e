import type { StripeAccount } from '#simulator/stripe/account.js';
import {
  askToCharge,
  askToSave,
  type BankAnswer,
  markAuthenticated,
  markSetUp,
} from '#simulator/stripe/customers/cards.js';
import { attach } from '#simulator/stripe/customers/payment-methods.js';
import { invoke } from '#simulator/stripe/invoke.js';
import type { Objects } from '#simulator/stripe/objects.js';
import { type BillingForm, type CheckoutExtra, linesOf } from './line-items.js';

type Session = Objects['checkout.session'];
type PaymentMethod = Objects['payment_method'];

/**
 * Asks the bank for what a session needs: a saved card during a trial, a payment otherwise. Approval completes the session;
 * a card whose owner must authenticate waits for `finishCheckout`. Throws `StripeError` for what Stripe refuses.
 */
export function payCheckout(
  account: StripeAccount,
  session: Session,
  { method, details }: { method: PaymentMethod | null; details: BillingForm },
): BankAnswer {
  if (method === null) {
    complete(account, session, { method, details });
    return { kind: 'approved' };
  }
  const { isTrial } = account.extra<CheckoutExtra>(session.id);
  const answer = isTrial ? askToSave(account, method) : askToCharge(account, method, { offSession: false });
  if (answer.kind === 'authenticate') account.extra<CheckoutExtra>(session.id).pending = { method: method.id, details };
  if (answer.kind === 'approved') complete(account, session, { method, details });
  return answer;
}

/** Ends the authentication that `payCheckout` waits for. Returns what the bank says then. */
export function finishCheckout(account: StripeAccount, session: Session, isAuthenticated: boolean): BankAnswer {
  const extra = account.extra<CheckoutExtra>(session.id);
  const { pending } = extra;
  delete extra.pending;
  if (session.status !== 'open' || !pending) return { kind: 'approved' };
  if (!isAuthenticated)
    return {
      kind: 'declined',
      decline: {
        code: 'payment_intent_authentication_failure',
        message:
          'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
      },
    };
  const method = account.get('payment_method', pending.method);
  const answer = extra.isTrial
    ? { kind: 'approved' as const }
    : askToCharge(account, method, { offSession: false, isAuthenticated: true });
  if (answer.kind === 'approved')
    complete(account, session, { method, details: pending.details, isAuthenticated: true });
  return answer;
}

function complete(
  account: StripeAccount,
  session: Session,
  paid: { method: PaymentMethod | null; details: BillingForm; isAuthenticated?: boolean },
): void {
  const { method, details } = paid;
  const extra = account.extra<CheckoutExtra>(session.id);
  const customer = customerOf(account, session, details);
  if (method) {
    method.billing_details = {
      ...method.billing_details,
      email: details.email || customer.email,
      name: details.name || null,
      address: addressOf(details),
    };
    attach(account, method, customer.id);
    markSetUp(account, method);
    if (paid.isAuthenticated && !extra.isTrial) markAuthenticated(account, method);
  }
  const code = session.discounts?.[0];
  const subscription = invoke<Objects['subscription']>(account, ['POST', '/v1/subscriptions'], {
    customer: customer.id,
    ...flatten({
      items: linesOf(account, session).map(({ price, quantity }) => ({
        price,
        ...(quantity !== null && { quantity }),
      })),
      ...extra.subscriptionData,
      ...(session.automatic_tax.enabled && { automatic_tax: { enabled: true } }),
      ...(code && {
        discounts: [code.promotion_code ? { promotion_code: code.promotion_code } : { coupon: code.coupon }],
      }),
    }),
    currency: session.currency ?? 'usd',
    ...(method && { default_payment_method: method.id }),
    ...(!extra.isTrial && { payment_behavior: 'error_if_incomplete' }),
  });
  const invoice = account.find('invoice', subscription.latest_invoice ?? '');
  const tax = (invoice?.total_taxes ?? []).reduce((sum, { amount }) => sum + amount, 0);
  account.change(session, {
    amount_total: invoice?.total ?? session.amount_total,
    automatic_tax: { ...session.automatic_tax, status: session.automatic_tax.enabled ? 'complete' : null },
    collected_information: { business_name: null, individual_name: null, shipping_details: null },
    customer: customer.id,
    customer_details: {
      address: addressOf(details),
      business_name: null,
      email: customer.email,
      individual_name: null,
      name: details.name || null,
      phone: null,
      tax_exempt: customer.tax_exempt ?? 'none',
      tax_ids: details.tax_id ? [{ type: details.tax_id_type, value: details.tax_id }] : [],
    },
    invoice: subscription.latest_invoice,
    payment_status: extra.isTrial ? 'no_payment_required' : 'paid',
    status: 'complete',
    subscription: subscription.id,
    total_details: {
      amount_discount: session.total_details?.amount_discount ?? 0,
      amount_shipping: 0,
      amount_tax: tax,
    },
    url: null,
  });
  account.emit('checkout.session.completed', session);
}

/** The session's customer, brought up to date as far as the session allows it; or a new one. */
function customerOf(account: StripeAccount, session: Session, details: BillingForm): Objects['customer'] {
  const { address: keepsAddress, name: keepsName } = account.extra<CheckoutExtra>(session.id).customerUpdate ?? {};
  const isNew = session.customer === null;
  const changes = {
    ...(isNew && { email: details.email || session.customer_email }),
    ...((isNew || keepsName === 'auto') && details.name && { name: details.name }),
    ...((isNew || keepsAddress === 'auto') &&
      details.country && {
        address: { country: details.country, ...(details.postal_code && { postal_code: details.postal_code }) },
      }),
  };
  const path = isNew ? '/v1/customers' : `/v1/customers/${session.customer}`;
  const customer =
    isNew || Object.keys(changes).length > 0
      ? invoke<Objects['customer']>(account, ['POST', path], flatten(changes))
      : account.get('customer', session.customer ?? '');
  if (details.tax_id)
    invoke(account, ['POST', `/v1/customers/${customer.id}/tax_ids`], {
      type: details.tax_id_type,
      value: details.tax_id,
    });
  return customer;
}

function addressOf({ country, postal_code }: BillingForm) {
  return {
    city: null,
    country: country || null,
    line1: null,
    line2: null,
    postal_code: postal_code || null,
    state: null,
  };
}

/** Names of a form for what is nested: `{a: [{b: 1}]}` is `{'a[0][b]': '1'}`. */
function flatten(value: unknown, name = ''): Record<string, string> {
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object') return { [name]: String(value) };
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, inner]) => flatten(inner, name === '' ? key : `${name}[${key}]`)),
  );
}
