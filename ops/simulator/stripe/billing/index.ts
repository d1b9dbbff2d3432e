import type { StripeAccount } from '#simulator/stripe/account.js';
import { type Expansions, listOf, type Operation } from '#simulator/stripe/operation.js';
import { findPayment } from './invoices/settle-invoice.js';
import { reportRejected } from './meters/reject-events.js';
import { clockOperations } from './operations/clock-operations.js';
import { invoiceItemOperations } from './operations/invoice-item-operations.js';
import { invoiceOperations } from './operations/invoice-operations.js';
import { meterOperations } from './operations/meter-operations.js';
import { scheduleOperations } from './operations/schedule-operations.js';
import { subscriptionOperations } from './operations/subscription-operations.js';
import { runDueUntil } from './run-due.js';
import { endSubscription } from './subscriptions/subscription-status.js';
import { finishAdvancing } from './test-clocks.js';

export { billingReactions } from './reactions.js';

/** Subscriptions, invoices, test clocks and meters. */
export const billingOperations: readonly Operation[] = [
  ...subscriptionOperations,
  ...scheduleOperations,
  ...invoiceOperations,
  ...invoiceItemOperations,
  ...clockOperations,
  ...meterOperations,
];

/** What can be expanded in their objects. */
export const billingExpansions: Expansions = {
  customer_balance_transaction: { customer: 'reference', invoice: 'reference' },
  invoice: {
    'automatic_tax.liability.account': 'reference',
    customer: 'reference',
    default_payment_method: 'reference',
    discounts: 'reference',
    'parent.subscription_details.subscription': 'reference',
    test_clock: 'reference',
    'total_discount_amounts.discount': 'reference',
    confirmation_secret: (account, invoice: { id: string }) => {
      const intent = findPayment(account, account.get('invoice', invoice.id))?.intent;
      return intent?.client_secret ? { client_secret: intent.client_secret, type: 'payment_intent' } : null;
    },
    payments: (account, { id }: { id: string }) =>
      listOf(
        account.list('invoice_payment').filter(({ invoice }) => invoice === id),
        `/v1/invoice_payments?invoice=${id}`,
      ),
  },
  invoice_payment: { invoice: 'reference', 'payment.payment_intent': 'reference', 'payment.charge': 'reference' },
  invoiceitem: { customer: 'reference', discounts: 'reference', invoice: 'reference' },
  line_item: { discounts: 'reference', subscription: 'reference', 'pricing.price_details.price': 'reference' },
  subscription: {
    customer: 'reference',
    default_payment_method: 'reference',
    discounts: 'reference',
    latest_invoice: 'reference',
    pending_setup_intent: 'reference',
    schedule: 'reference',
    test_clock: 'reference',
  },
  subscription_item: { discounts: 'reference' },
  subscription_schedule: {
    customer: 'reference',
    released_subscription: 'reference',
    subscription: 'reference',
    test_clock: 'reference',
    'phases.items.price': 'reference',
  },
};

/** Does what has become due by the time that is: renewals, ends of trials, attempts to collect. */
export function runDueTransitions(account: StripeAccount): void {
  runDueUntil(account, null, account.now());
  finishAdvancing(account);
  reportRejected(account);
}

/** Ends all subscriptions of a customer who is about to be deleted. */
export function endSubscriptionsOf(account: StripeAccount, customer: string): void {
  for (const subscription of account.list('subscription'))
    if (subscription.customer === customer && !['canceled', 'incomplete_expired'].includes(subscription.status))
      endSubscription(account, subscription);
}
