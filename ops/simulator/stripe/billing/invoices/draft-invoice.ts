import type { Account, Debit, Invoice } from '#simulator/stripe/billing/model.js';
import { rememberDebits } from '#simulator/stripe/billing/subscriptions/subscription-status.js';
import { listOf } from '#simulator/stripe/operation.js';
import { blankInvoice, type NewInvoice } from './blank-invoice.js';
import { endDiscounts, usedOnce } from './discounts.js';
import { lineOfDraft, lineOfInvoiceItem } from './invoice-lines.js';
import { calculate, netOf } from './invoice-totals.js';

/** Makes a draft of lines and of the customer's pending invoice items. */
export function draftInvoice(account: Account, wanted: NewInvoice): Invoice {
  const { customer, subscription, currency } = wanted;
  const now = account.now(customer.id);
  const invoice = account.add('invoice', blankInvoice(account, wanted, now));
  const lines = wanted.lines.map((line) => lineOfDraft(line, invoice.id, currency));
  if (wanted.takesPendingItems ?? true) {
    for (const item of pendingItemsOf(account, wanted)) {
      account.change(item, { invoice: invoice.id });
      lines.unshift(lineOfInvoiceItem(item, invoice.id));
    }
  }
  invoice.lines = listOf(lines, `/v1/invoices/${invoice.id}/lines`) as Invoice['lines'];
  calculate(account, invoice);
  const charged = lines.slice(lines.length - wanted.lines.length);
  rememberDebits(
    account,
    invoice,
    Object.fromEntries(
      wanted.lines.flatMap((line, index): [string, Debit][] => {
        const made = charged[index];
        if (!line.isDebit || line.item === null || !made) return [];
        const { start, end } = line.period;
        return [
          [line.item, { amount: netOf(made), start, end, quantity: line.quantity, invoice: invoice.id, line: made.id }],
        ];
      }),
    ),
  );
  if (customer.currency !== currency) account.change(customer, { currency });
  if (subscription) subscription.latest_invoice = invoice.id;
  account.emit('invoice.created', invoice);
  if (subscription) {
    const consumed = (invoice.total_discount_amounts ?? []).filter(({ amount }) => amount > 0);
    endDiscounts(
      account,
      subscription,
      usedOnce(
        account,
        consumed.map(({ discount }) => String(discount)),
      ),
    );
  }
  return invoice;
}

/** Pending invoice items that the next invoice of a subscription, or of the customer alone, takes up. */
export function pendingItemsOf(account: Account, { customer, subscription, currency }: NewInvoice) {
  return account.list('invoiceitem').filter((item) => {
    const owner = item.parent?.subscription_details?.subscription ?? null;
    return (
      item.customer === customer.id &&
      item.invoice === null &&
      item.currency === currency &&
      (owner === null || owner === subscription?.id)
    );
  });
}
