import type Stripe from 'stripe';
import { nullIfMissing } from '#billing/stripe/ask-stripe.js';

/** Names the open invoices whose collection we have stopped, and may take up again. */
const STOPPED = 'webmetrics_collection_stopped';

async function openInvoices(stripe: Stripe, customerId: string): Promise<Stripe.Invoice[]> {
  const open = await nullIfMissing(stripe.invoices.list({ customer: customerId, status: 'open', limit: 100 }));
  return open?.data ?? [];
}

/**
 * Has Stripe try no more to collect what a customer owes, nor remind of it: what it does itself once a subscription is cancelled
 * (https://docs.stripe.com/api/subscriptions/cancel), it would go on to do until the period of one is over. The invoices stay open, and
 * can be paid. May be repeated.
 */
export async function stopDunning(stripe: Stripe, customerId: string): Promise<void> {
  for (const { id, auto_advance: isCollected } of await openInvoices(stripe, customerId)) {
    if (isCollected) await stripe.invoices.update(id, { auto_advance: false, metadata: { [STOPPED]: 'true' } });
  }
}

/** Has Stripe collect again what `stopDunning` has stopped. May be repeated. */
export async function resumeDunning(stripe: Stripe, customerId: string): Promise<void> {
  for (const { id, metadata } of await openInvoices(stripe, customerId)) {
    if (metadata?.[STOPPED]) await stripe.invoices.update(id, { auto_advance: true, metadata: { [STOPPED]: '' } });
  }
}
