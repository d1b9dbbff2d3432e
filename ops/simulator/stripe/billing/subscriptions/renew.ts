import { addCycles, DAY, type Period, periodContaining } from '#simulator/stripe/billing/arithmetic/periods.js';
import { endDiscounts } from '#simulator/stripe/billing/invoices/discounts.js';
import { draftInvoice } from '#simulator/stripe/billing/invoices/draft-invoice.js';
import {
  debitLine,
  type LineDraft,
  recurringLine,
  usageLine,
} from '#simulator/stripe/billing/invoices/invoice-lines.js';
import { usageOf } from '#simulator/stripe/billing/meters/meter-usage.js';
import { type Account, type Invoice, type Subscription, subscriptionExtra } from '#simulator/stripe/billing/model.js';
import { previousAttributes } from '#simulator/stripe/previous-attributes.js';
import { cadenceOf, isMetered, periodOf, setPeriod } from './subscription-items.js';
import { endSubscription, paymentMethodFor } from './subscription-status.js';
import { pauseAfterTrial } from './update-subscription.js';

/** The invoice of the next period is announced so long before. */
const UPCOMING_DAYS = 7;

/** Begins the next billing period, and makes its invoice, which becomes final an hour later. */
export function renew(account: Account, subscription: Subscription): Invoice {
  const before = structuredClone(subscription);
  const old = periodOf(subscription);
  const period = periodContaining(subscription.billing_cycle_anchor, cadenceOf(subscription), old.end);
  endElapsedDiscounts(account, subscription, old.end);
  setPeriod(subscription, period);
  const lines = [...usageLines(account, subscription, old), ...recurringLines(account, subscription, period)];
  subscriptionExtra(account, subscription).endedItems = [];
  return invoiceCycle(account, subscription, { before, lines, period: old });
}

/** A trial is over: the subscription begins to be charged, or ends, or pauses, for want of a payment method. */
export function endTrial(account: Account, subscription: Subscription): Invoice | null {
  const before = structuredClone(subscription);
  const method = paymentMethodFor(account, {
    customer: subscription.customer,
    methods: [subscription.default_payment_method],
  });
  const missing = subscription.trial_settings?.end_behavior.missing_payment_method;
  if (!method && missing === 'cancel') {
    endSubscription(account, subscription);
    return null;
  }
  if (!method && missing === 'pause') {
    pauseAfterTrial(account, subscription);
    return null;
  }
  const start = periodOf(subscription).end;
  const anchor = subscription.billing_cycle_anchor;
  const cadence = cadenceOf(subscription);
  const period = { start, end: anchor > start ? anchor : addCycles(anchor, cadence, 1) };
  subscription.status = 'active';
  setPeriod(subscription, period);
  const lines =
    anchor > start
      ? partialLines(account, subscription, {
          full: { start: addCycles(anchor, cadence, -1), end: anchor },
          from: start,
        })
      : recurringLines(account, subscription, period);
  return invoiceCycle(account, subscription, { before, lines, period: periodOf(before) });
}

function invoiceCycle(
  account: Account,
  subscription: Subscription,
  { before, lines, period }: { before: Subscription; lines: readonly LineDraft[]; period: Period },
): Invoice {
  const isHeld = subscription.status === 'unpaid' || subscription.pause_collection?.behavior === 'keep_as_draft';
  const invoice = draftInvoice(account, {
    customer: account.get('customer', subscription.customer),
    subscription,
    reason: 'subscription_cycle',
    lines,
    period,
    finalizesItself: !isHeld,
    currency: subscription.currency,
  });
  account.emit('customer.subscription.updated', subscription, previousAttributes(before, subscription));
  return invoice;
}

/** The lines of a whole period: its items that are not metered. */
export function recurringLines(account: Account, subscription: Subscription, period: Period): LineDraft[] {
  return subscription.items.data
    .filter(({ price }) => !isMetered(price))
    .map((item) => recurringLine({ account, subscription, item, period }));
}

function partialLines(
  account: Account,
  subscription: Subscription,
  { full, from }: { full: Period; from: number },
): LineDraft[] {
  return subscription.items.data
    .filter(({ price }) => !isMetered(price))
    .map((item) => debitLine({ account, subscription, item, period: full }, from));
}

/** What was used of metered prices in a period, also when it is nothing. */
export function usageLines(account: Account, subscription: Subscription, period: Period): LineDraft[] {
  const { customer } = subscription;
  const { endedItems = [] } = subscriptionExtra(account, subscription);
  return [...endedItems, ...subscription.items.data]
    .filter(({ price }) => isMetered(price))
    .map((item) =>
      usageLine({ account, subscription, item, period }, usageOf(account, { price: item.price, customer, period })),
    );
}

/** Ends the discounts whose time is over. */
function endElapsedDiscounts(account: Account, subscription: Subscription, moment: number): void {
  const elapsed = subscription.discounts.filter((id) => {
    const end = account.find('discount', id)?.end;
    return typeof end === 'number' && end <= moment;
  });
  endDiscounts(account, subscription, elapsed);
}

/** When the next invoice is announced, in seconds: seven days before the period ends, or at its start. */
export function invoiceNoticeAt(subscription: Subscription): number {
  const { start, end } = periodOf(subscription);
  return Math.max(start, end - UPCOMING_DAYS * DAY);
}
