import {
  type Account,
  type InvoiceItem,
  type Subscription,
  subscriptionExtra,
} from '#simulator/stripe/billing/model.js';
import { type LineDraft, pricingOf } from './invoice-lines.js';

/** Stores prorations as pending invoice items, for the next invoice of the subscription. */
export function addPendingProrations(account: Account, subscription: Subscription, lines: readonly LineDraft[]): void {
  const extra = subscriptionExtra(account, subscription);
  for (const line of lines) {
    addInvoiceItem(account, {
      amount: line.amount,
      currency: subscription.currency,
      customer: subscription.customer,
      description: line.description,
      discountable: false,
      parent: {
        type: 'subscription_details',
        subscription_details: { subscription: subscription.id, ...(line.item && { subscription_item: line.item }) },
      },
      period: line.period,
      pricing: pricingOf(line),
      proration: true,
      proration_details: { credited_items: null, discount_amounts: [] },
      quantity: line.quantity,
    });
    if (line.isDebit && line.item)
      extra.debits = {
        ...extra.debits,
        [line.item]: { amount: line.amount, ...line.period, quantity: line.quantity, invoice: null, line: null },
      };
  }
}

type Wanted = Pick<
  InvoiceItem,
  'amount' | 'currency' | 'description' | 'discountable' | 'parent' | 'period' | 'pricing' | 'proration' | 'quantity'
> &
  Partial<InvoiceItem> & { customer: string };

/** Stores an amount for the next invoice of a customer, or of the subscription that is its parent. */
export function addInvoiceItem(account: Account, wanted: Wanted): InvoiceItem {
  const item = account.add('invoiceitem', {
    customer_account: null,
    date: account.now(wanted.customer),
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: {},
    net_amount: wanted.amount,
    quantity_decimal: String(wanted.quantity),
    tax_rates: [],
    test_clock: account.find('customer', wanted.customer)?.test_clock ?? null,
    ...wanted,
  });
  account.emit('invoiceitem.created', item);
  return item;
}
