import { nextAttemptAfter } from '#simulator/stripe/billing/arithmetic/retry-schedule.js';
import { withUpdateEvent } from '#simulator/stripe/billing/changes.js';
import {
  type Account,
  type Invoice,
  invoiceExtra,
  type PaymentIntent,
  type PaymentMethod,
} from '#simulator/stripe/billing/model.js';
import {
  giveUp,
  markUnpaid,
  paymentMethodFor,
  subscriptionOf,
} from '#simulator/stripe/billing/subscriptions/subscription-status.js';
import { cardError } from '#simulator/stripe/customers/payment-methods.js';
import { pay } from '#simulator/stripe/payments/payments.js';
import { invalidRequest, type StripeError } from '#simulator/stripe/wire/stripe-error.js';
import { findPayment, markPaid, updateDelinquency } from './settle-invoice.js';

/** What became of an attempt to collect an invoice. */
export type Outcome = { kind: 'succeeded' } | { kind: 'requires_action' } | { kind: 'failed'; error: StripeError };

export interface Attempt {
  /** Default: the invoice's, the subscription's or the customer's. */
  method?: PaymentMethod | undefined;
  /** Whether the retry schedule caused it: requests do not move the schedule, save the first attempt. */
  isScheduled?: boolean;
}

/** Tries to collect an open invoice; what it leads to for the invoice and its subscription happens at once. */
export function collect(account: Account, invoice: Invoice, { method, isScheduled = false }: Attempt = {}): Outcome {
  const outcome = charge(account, invoice, method);
  if (outcome.kind === 'succeeded') settlePayment(account, invoice, isScheduled);
  else recordFailure(account, invoice, { outcome, isScheduled });
  return outcome;
}

function charge(account: Account, invoice: Invoice, wanted: PaymentMethod | undefined): Outcome {
  const intent = findPayment(account, invoice)?.intent;
  const method =
    wanted ??
    paymentMethodFor(account, {
      customer: String(invoice.customer),
      methods: [invoice.default_payment_method, subscriptionOf(account, invoice)?.default_payment_method],
    });
  if (!intent || !method) return { kind: 'failed', error: noPaymentMethod() };
  const extra = invoiceExtra(account, invoice);
  extra.isCollecting = true;
  const answer = pay(account, intent, { method, offSession: false });
  extra.isCollecting = false;
  switch (answer.kind) {
    case 'approved':
      return { kind: 'succeeded' };
    case 'authenticate':
      return { kind: 'requires_action' };
    case 'declined': {
      const details = { charge: intent.latest_charge, payment_intent: structuredClone(intent) };
      return { kind: 'failed', error: cardError(answer.decline, details) };
    }
  }
}

/** The refusal to charge a customer without a payment method. */
export function noPaymentMethod(): StripeError {
  return invalidRequest(
    'This customer has no attached payment source or default payment method. Please consider adding a default payment method. For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.',
    { code: 'resource_missing' },
  );
}

function settlePayment(account: Account, invoice: Invoice, isScheduled: boolean): void {
  const subscription = subscriptionOf(account, invoice);
  const method = findPayment(account, invoice)?.intent.payment_method;
  if (method && subscription?.payment_settings?.save_default_payment_method === 'on_subscription')
    account.change(subscription, { default_payment_method: method }, 'customer.subscription.updated');
  if (isScheduled || invoice.attempt_count === 0) invoice.attempt_count += 1;
  markPaid(account, invoice, { amount: invoice.amount_due });
}

function recordFailure(
  account: Account,
  invoice: Invoice,
  { outcome, isScheduled }: { outcome: Outcome; isScheduled: boolean },
): void {
  const extra = invoiceExtra(account, invoice);
  const counts = isScheduled || invoice.attempt_count === 0;
  if (counts) extra.failedAttempts = (extra.failedAttempts ?? 0) + 1;
  const isRetried = invoice.auto_advance === true && invoice.billing_reason !== 'subscription_create';
  withUpdateEvent(account, invoice, 'invoice.updated', () => {
    invoice.attempted = true;
    if (!counts) return;
    invoice.attempt_count += 1;
    invoice.next_payment_attempt = isRetried
      ? nextAttemptAfter(extra.failedAttempts ?? 1, account.now(String(invoice.customer)))
      : null;
  });
  if (outcome.kind === 'requires_action') account.emit('invoice.payment_action_required', invoice);
  account.emit('invoice.payment_failed', invoice);
  updateDelinquency(account, String(invoice.customer));
  markUnpaid(account, invoice);
  if (counts && isRetried && invoice.next_payment_attempt === null) giveUp(account, invoice);
}

/** Returns the invoice that an intent pays, if any. */
function invoiceOf(account: Account, intent: PaymentIntent): Invoice | undefined {
  const payment = account.list('invoice_payment').find((one) => one.payment.payment_intent === intent.id);
  return payment ? account.find('invoice', String(payment.invoice)) : undefined;
}

/** Settles the invoice whose payment was confirmed by a request or on a page of the bank, or notes that it failed. */
export function onPaymentIntent(account: Account, intent: PaymentIntent): void {
  const invoice = invoiceOf(account, intent);
  if (!invoice || !['open', 'uncollectible'].includes(String(invoice.status))) return;
  if (invoiceExtra(account, invoice).isCollecting) return;
  if (intent.status === 'succeeded') settlePayment(account, invoice, false);
  else if (intent.status === 'requires_action')
    recordFailure(account, invoice, { outcome: { kind: 'requires_action' }, isScheduled: false });
  else recordFailure(account, invoice, { outcome: { kind: 'failed', error: noPaymentMethod() }, isScheduled: false });
}
