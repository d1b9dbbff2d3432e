import type { Account, CancellationReason, Debit, Invoice, Subscription } from '#simulator/stripe/billing/model.js';
import { invoiceExtra, subscriptionExtra } from '#simulator/stripe/billing/model.js';
import { previousAttributes } from '#simulator/stripe/previous-attributes.js';

/** Returns the subscription that an invoice is for, unless it is gone. */
export function subscriptionOf(account: Account, invoice: Invoice): Subscription | undefined {
  const id = invoice.parent?.subscription_details?.subscription;
  return typeof id === 'string' ? account.find('subscription', id) : undefined;
}

/** Returns the first payment method that an invoice or subscription of a customer would be charged to. */
export function paymentMethodFor(
  account: Account,
  { customer, methods }: { customer: string; methods: readonly (string | null | undefined)[] },
) {
  const fallback = account.find('customer', customer)?.invoice_settings.default_payment_method;
  for (const id of [...methods, typeof fallback === 'string' ? fallback : null]) {
    const method = id ? account.find('payment_method', id) : undefined;
    if (method && method.customer === customer) return method;
  }
  return undefined;
}

/** Ends a subscription: its invoices are not collected any further by themselves. */
export function endSubscription(
  account: Account,
  subscription: Subscription,
  {
    status = 'canceled',
    reason = null,
  }: { status?: 'canceled' | 'incomplete_expired'; reason?: CancellationReason | null } = {},
): void {
  const now = account.now(subscription.customer);
  const before = structuredClone(subscription);
  subscription.status = status;
  subscription.ended_at = now;
  subscription.canceled_at = subscription.canceled_at ?? now;
  subscription.pause_collection = null;
  subscription.pending_update = null;
  if (reason && !subscription.cancellation_details?.reason)
    subscription.cancellation_details = { ...noDetails, ...subscription.cancellation_details, reason };
  for (const invoice of account.list('invoice'))
    if (subscriptionOf(account, invoice) === subscription && ['draft', 'open'].includes(String(invoice.status)))
      account.change(invoice, { auto_advance: false, automatically_finalizes_at: null, next_payment_attempt: null });
  releaseSchedule(account, subscription);
  if (status === 'canceled') account.emit('customer.subscription.deleted', subscription);
  else account.emit('customer.subscription.updated', subscription, previousAttributes(before, subscription));
}

const noDetails = { comment: null, feedback: null, feedback_option: null, reason: null };

function releaseSchedule(account: Account, subscription: Subscription): void {
  const schedule = subscription.schedule ? account.find('subscription_schedule', subscription.schedule) : undefined;
  if (!schedule || !['active', 'not_started'].includes(schedule.status)) return;
  account.change(schedule, {
    canceled_at: account.now(subscription.customer),
    current_phase: null,
    status: 'canceled',
  });
  account.emit('subscription_schedule.canceled', schedule);
}

/** Remembers what an invoice charges for items, for later credits. */
export function rememberDebits(account: Account, invoice: Invoice, debits: Record<string, Debit>): void {
  const subscription = subscriptionOf(account, invoice);
  if (!subscription) return;
  const extra = subscriptionExtra(account, subscription);
  extra.debits = { ...extra.debits, ...debits };
}

/** What follows for the subscription when an invoice has been paid, or counts as if it were. */
export function settle(account: Account, invoice: Invoice): void {
  const subscription = subscriptionOf(account, invoice);
  if (!subscription) return;
  const extra = subscriptionExtra(account, subscription);
  if (extra.pendingItems?.invoice === invoice.id && subscription.pending_update)
    applyPendingUpdate(account, subscription);
  if (['canceled', 'incomplete_expired'].includes(subscription.status)) return;
  if (extra.resumptionInvoice === invoice.id) {
    extra.resumptionInvoice = null;
    extra.expiresAt = null;
    activate(account, subscription);
    account.emit('customer.subscription.resumed', subscription);
    return;
  }
  const isLatest = subscription.latest_invoice === invoice.id;
  if (subscription.status === 'incomplete' && isLatest) {
    extra.expiresAt = null;
    activate(account, subscription);
  } else if (['past_due', 'unpaid'].includes(subscription.status) && !hasUnpaid(account, subscription)) {
    activate(account, subscription);
  }
}

function activate(account: Account, subscription: Subscription): void {
  const now = account.now(subscription.customer);
  const isTrialing = subscription.trial_end !== null && subscription.trial_end > now;
  delete subscription.status_details;
  account.change(subscription, { status: isTrialing ? 'trialing' : 'active' }, 'customer.subscription.updated');
}

function hasUnpaid(account: Account, subscription: Subscription): boolean {
  const latest = account.find('invoice', String(subscription.latest_invoice));
  return latest?.status === 'open' || (latest?.status === 'draft' && subscription.status === 'unpaid');
}

function applyPendingUpdate(account: Account, subscription: Subscription): void {
  const extra = subscriptionExtra(account, subscription);
  const pending = extra.pendingItems;
  if (!pending) return;
  const before = structuredClone(subscription);
  subscription.items.data = pending.items;
  subscription.billing_cycle_anchor = pending.anchor;
  subscription.pending_update = null;
  extra.debits = { ...extra.debits, ...pending.debits };
  extra.pendingItems = null;
  const previous = previousAttributes(before, subscription);
  account.emit('customer.subscription.updated', subscription, previous);
  account.emit('customer.subscription.pending_update_applied', subscription, previous);
}

/** What follows for the subscription when an invoice is void: a change that waited for its payment is dropped. */
export function dropPendingUpdate(account: Account, invoice: Invoice): void {
  const subscription = subscriptionOf(account, invoice);
  if (!subscription) return;
  const extra = subscriptionExtra(account, subscription);
  if (extra.pendingItems?.invoice !== invoice.id) return;
  extra.pendingItems = null;
  if (!subscription.pending_update) return;
  const before = structuredClone(subscription);
  subscription.pending_update = null;
  account.emit('customer.subscription.pending_update_expired', subscription, previousAttributes(before, subscription));
}

/** What follows for the subscription when a payment of an invoice failed or waits for the customer. */
export function markUnpaid(account: Account, invoice: Invoice): void {
  const subscription = subscriptionOf(account, invoice);
  if (!subscription || subscriptionExtra(account, subscription).pendingItems?.invoice === invoice.id) return;
  if (subscription.latest_invoice !== invoice.id && invoice.billing_reason === 'subscription_create') return;
  if (subscription.status === 'active' || subscription.status === 'trialing')
    account.change(subscription, { status: 'past_due' }, 'customer.subscription.updated');
}

/** What follows when all attempts to collect an invoice have failed: as the setting says. */
export function giveUp(account: Account, invoice: Invoice): void {
  const subscription = subscriptionOf(account, invoice);
  if (subscription?.status !== 'past_due') return;
  switch (account.settings.stripeAfterRetries) {
    case 'cancel':
      endSubscription(account, subscription, { reason: 'payment_failed' });
      return;
    case 'unpaid':
      account.change(subscription, { status: 'unpaid' }, 'customer.subscription.updated');
      return;
    case 'past_due':
      return;
  }
}

/** How often an invoice has been attempted in vain. */
export function failedAttempts(account: Account, invoice: Invoice): number {
  return invoiceExtra(account, invoice).failedAttempts ?? 0;
}
