import { fork } from './fork.js';
import type { Account, Invoice, Subscription } from './model.js';
import { endTrial, renew } from './subscriptions/renew.js';
import { periodOf } from './subscriptions/subscription-items.js';

/** Returns the next invoice of a subscription as it would be now, or null when there will be none. */
export function previewOf(account: Account, { id, customer }: Pick<Subscription, 'id' | 'customer'>): Invoice | null {
  return nextInvoiceIn(fork(account, customer), id);
}

/** Makes the next invoice of a subscription in an account that is a copy, and returns it as a preview. */
export function nextInvoiceIn(copy: Account, id: string): Invoice | null {
  const subscription = copy.get('subscription', id);
  const { end } = periodOf(subscription);
  const endsBefore = subscription.cancel_at !== null && subscription.cancel_at <= end;
  if (endsBefore || !['active', 'past_due', 'trialing', 'unpaid'].includes(subscription.status)) return null;
  if (subscription.trial_settings) subscription.trial_settings.end_behavior.missing_payment_method = 'create_invoice';
  const invoice = copy.at(end, () =>
    subscription.status === 'trialing' ? endTrial(copy, subscription) : renew(copy, subscription),
  );
  return invoice && asPreview(invoice, 'upcoming');
}

/** Names an invoice of a copy as previews are named. */
export function asPreview(invoice: Invoice, reason: NonNullable<Invoice['billing_reason']>): Invoice {
  const id = `upcoming_${invoice.id}`;
  return {
    ...invoice,
    id,
    auto_advance: false,
    automatically_finalizes_at: null,
    billing_reason: reason,
    lines: {
      ...invoice.lines,
      data: invoice.lines.data.map((line) => ({ ...line, id: line.id.replace('il_', 'il_tmp_'), invoice: id })),
      url: `/v1/invoices/upcoming/lines?upcoming_invoice=${id}`,
    },
  };
}
