import { addCycles, type Period, periodContaining } from '#simulator/stripe/billing/arithmetic/periods.js';
import { atomically } from '#simulator/stripe/billing/fork.js';
import type { NewInvoice } from '#simulator/stripe/billing/invoices/blank-invoice.js';
import { collect, noPaymentMethod } from '#simulator/stripe/billing/invoices/collect-invoice.js';
import { draftInvoice, pendingItemsOf } from '#simulator/stripe/billing/invoices/draft-invoice.js';
import { finalizeInvoice } from '#simulator/stripe/billing/invoices/finalize-invoice.js';
import { debitLine, type LineDraft } from '#simulator/stripe/billing/invoices/invoice-lines.js';
import { addPendingProrations } from '#simulator/stripe/billing/invoices/pending-items.js';
import { voidInvoice } from '#simulator/stripe/billing/invoices/settle-invoice.js';
import { type Account, type Subscription, subscriptionExtra } from '#simulator/stripe/billing/model.js';
import { previousAttributes } from '#simulator/stripe/previous-attributes.js';
import { invalidRequest, noSuch } from '#simulator/stripe/wire/stripe-error.js';
import { INCOMPLETE_SECONDS, type ProrationBehavior } from './create-subscription.js';
import { recurringLines, usageLines } from './renew.js';
import { cadenceOf, isMetered, periodOf, setPeriod } from './subscription-items.js';
import { endSubscription, paymentMethodFor } from './subscription-status.js';
import { credited, pause } from './update-subscription.js';

export interface CancelParams {
  cancellation_details?: { comment?: string | null | undefined; feedback?: string | null | undefined } | undefined;
  invoice_now?: boolean | undefined;
  prorate?: boolean | undefined;
}

/** Cancels at once: https://docs.stripe.com/api/subscriptions/cancel. Throws 404 for one that has ended. */
export function cancelSubscription(account: Account, id: string, params: CancelParams): Subscription {
  const { customer, status } = account.get('subscription', id);
  if (status === 'canceled' || status === 'incomplete_expired') throw noSuch('subscription', id);
  return atomically(account, customer, (copy) => cancel(copy, id, params));
}

function cancel(account: Account, id: string, params: CancelParams): Subscription {
  const subscription = account.get('subscription', id);
  const now = account.now(subscription.customer);
  const details = { comment: null, feedback: null, feedback_option: null, reason: null };
  subscription.cancellation_details = {
    ...details,
    ...subscription.cancellation_details,
    ...(params.cancellation_details as Partial<typeof details>),
    reason: 'cancellation_requested',
  };
  const isCharged = ['active', 'past_due'].includes(subscription.status);
  const credits = params.prorate && isCharged ? credited(account, subscription, now) : [];
  if (params.invoice_now) invoiceNow(account, subscription, { credits, now });
  else if (params.prorate) addPendingProrations(account, subscription, credits);
  else dropPendingProrations(account, subscription);
  const first = account.find('invoice', String(subscription.latest_invoice));
  const wasIncomplete = subscription.status === 'incomplete';
  endSubscription(account, subscription);
  if (wasIncomplete && first?.status === 'open') voidInvoice(account, first);
  return subscription;
}

function invoiceNow(
  account: Account,
  subscription: Subscription,
  { credits, now }: { credits: readonly LineDraft[]; now: number },
): void {
  const period = { start: periodOf(subscription).start, end: now };
  const usage = usageLines(account, subscription, period).filter(({ quantity }) => quantity > 0);
  const invoice = draftInvoice(account, {
    customer: account.get('customer', subscription.customer),
    subscription,
    reason: 'manual',
    lines: [...credits, ...usage],
    period,
    finalizesItself: false,
    currency: subscription.currency,
  });
  finalizeInvoice(account, invoice);
  if (invoice.status === 'open') collect(account, invoice);
}

/** Ends a subscription on the day it was cancelled for; what was used until then, or waits, makes a last invoice. */
export function endAsPlanned(account: Account, subscription: Subscription): void {
  const now = account.now(subscription.customer);
  const period = { start: periodOf(subscription).start, end: now };
  const usage = usageLines(account, subscription, period).filter(({ quantity }) => quantity > 0);
  const last: NewInvoice = {
    customer: account.get('customer', subscription.customer),
    subscription,
    reason: 'subscription_cycle',
    lines: subscription.status === 'trialing' ? [] : usage,
    period,
    finalizesItself: true,
    currency: subscription.currency,
  };
  endSubscription(account, subscription);
  const isOwed = pendingItemsOf(account, last).some(({ parent }) => parent?.subscription_details);
  if (last.lines.length > 0 || isOwed) draftInvoice(account, last);
}

function dropPendingProrations(account: Account, subscription: Subscription): void {
  for (const item of account.list('invoiceitem')) {
    if (item.invoice !== null || !item.proration) continue;
    if (item.parent?.subscription_details?.subscription !== subscription.id) continue;
    account.emit('invoiceitem.deleted', item);
    account.delete(item);
  }
}

/** Ends a subscription whose first payment did not come within 23 hours. */
export function expire(account: Account, subscription: Subscription): void {
  subscriptionExtra(account, subscription).expiresAt = null;
  const invoice = account.find('invoice', String(subscription.latest_invoice));
  if (subscription.status === 'paused') {
    subscriptionExtra(account, subscription).resumptionInvoice = null;
    if (invoice?.status === 'open') voidInvoice(account, invoice);
    return;
  }
  endSubscription(account, subscription, { status: 'incomplete_expired' });
  if (invoice?.status === 'open') voidInvoice(account, invoice);
}

/** Pauses a subscription. Throws 400 for one with a schedule, or one that is not running. */
export function pauseSubscription(account: Account, id: string): Subscription {
  const subscription = account.get('subscription', id);
  if (subscription.schedule)
    throw invalidRequest('You cannot pause a subscription that is managed by a subscription schedule.');
  if (!['active', 'trialing', 'past_due'].includes(subscription.status))
    throw invalidRequest(`You cannot pause a subscription with the status ${subscription.status}.`);
  pause(account, subscription, 'pause_requested');
  return subscription;
}

export interface ResumeParams {
  billing_cycle_anchor?: { type: 'now' | 'unchanged' } | undefined;
  payment_behavior?: 'resume_on_payment_attempt' | 'resume_on_payment_success' | undefined;
  proration_behavior?: ProrationBehavior | undefined;
  proration_date?: number | undefined;
}

/** Resumes a paused subscription: https://docs.stripe.com/api/subscriptions/resume. */
export function resumeSubscription(account: Account, id: string, params: ResumeParams): Subscription {
  const { customer, status } = account.get('subscription', id);
  if (status !== 'paused')
    throw invalidRequest(`You cannot resume a subscription that is not paused; ${id} has the status ${status}.`);
  if (params.proration_date !== undefined && params.billing_cycle_anchor?.type !== 'unchanged')
    throw invalidRequest('You cannot specify `proration_date` when `billing_cycle_anchor=now`', {
      param: 'proration_date',
    });
  return atomically(account, customer, (copy) => resume(copy, id, params));
}

function resume(account: Account, id: string, params: ResumeParams): Subscription {
  const subscription = account.get('subscription', id);
  const now = account.now(subscription.customer);
  const before = structuredClone(subscription);
  const isReset = params.billing_cycle_anchor?.type !== 'unchanged';
  const cadence = cadenceOf(subscription);
  if (isReset) subscription.billing_cycle_anchor = now;
  const period: Period = isReset
    ? { start: now, end: addCycles(now, cadence, 1) }
    : periodContaining(subscription.billing_cycle_anchor, cadence, now);
  setPeriod(subscription, period);
  const behavior = params.proration_behavior ?? 'create_prorations';
  const partial = behavior === 'none' ? [] : restLines(account, subscription, params.proration_date ?? now);
  const lines = isReset ? recurringLines(account, subscription, period) : behavior === 'always_invoice' ? partial : [];
  if (!isReset && behavior === 'create_prorations') addPendingProrations(account, subscription, partial);
  if (lines.length === 0) {
    activate(account, subscription, before);
    return subscription;
  }
  const invoice = draftInvoice(account, {
    customer: account.get('customer', subscription.customer),
    subscription,
    reason: 'subscription_update',
    lines,
    period,
    finalizesItself: false,
    currency: subscription.currency,
  });
  invoice.auto_advance = true;
  const extra = subscriptionExtra(account, subscription);
  extra.resumptionInvoice = invoice.id;
  extra.expiresAt = now + INCOMPLETE_SECONDS;
  account.emit('customer.subscription.updated', subscription, previousAttributes(before, subscription));
  finalizeInvoice(account, invoice);
  if (invoice.status !== 'open') return subscription;
  const isOptional = params.payment_behavior === 'resume_on_payment_success';
  const { customer, default_payment_method } = subscription;
  if (!isOptional && !paymentMethodFor(account, { customer, methods: [default_payment_method] }))
    throw noPaymentMethod();
  const outcome = collect(account, invoice);
  if (outcome.kind !== 'succeeded' && !isOptional) {
    Object.assign(extra, { resumptionInvoice: null, expiresAt: null });
    delete subscription.status_details;
    account.change(subscription, { status: 'past_due' }, 'customer.subscription.updated');
  }
  return subscription;
}

function activate(account: Account, subscription: Subscription, before: Subscription): void {
  subscription.status = 'active';
  delete subscription.status_details;
  account.emit('customer.subscription.updated', subscription, previousAttributes(before, subscription));
  account.emit('customer.subscription.resumed', subscription);
}

function restLines(account: Account, subscription: Subscription, from: number): LineDraft[] {
  const period = periodOf(subscription);
  return subscription.items.data
    .filter(({ price }) => !isMetered(price))
    .map((item) => debitLine({ account, subscription, item, period }, from));
}
