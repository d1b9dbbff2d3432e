import type Stripe from 'stripe';
import { invalidRequestOf } from '#billing/stripe/ask-stripe.js';
import { stripeKeyOf } from '#billing/stripe/idempotency-key.js';
import { Conflict } from '#runtime/errors.js';
import type { LiveSubscription } from './change-subscription.js';

/** A change of the plan that has been asked for and takes effect with its payment. */
export interface UnpaidChange {
  invoiceId: string;
  /** Of the plan and the interval it is to. */
  priceId: string | undefined;
  /** In the currency's smallest unit. */
  amountDue: number;
}

/** Returns the change that waits for its payment (https://docs.stripe.com/billing/subscriptions/pending-updates); null = none does. */
export async function findUnpaidChange(
  stripe: Stripe,
  { stripeSubscriptionId }: LiveSubscription,
): Promise<UnpaidChange | null> {
  const { pending_update, latest_invoice: invoice } = await stripe.subscriptions.retrieve(stripeSubscriptionId, {
    expand: ['latest_invoice'],
  });
  if (!pending_update || !invoice || typeof invoice === 'string') return null;
  const item = pending_update.subscription_items?.find(({ price }) => price.recurring?.usage_type !== 'metered');
  return { invoiceId: invoice.id, priceId: item?.price.id, amountDue: invoice.amount_due };
}

/**
 * Takes back a change that waits for its payment, by voiding its invoice, and returns whether there was one. Throws Conflict
 * when it has been paid meanwhile.
 */
export async function withdrawUnpaidChange(stripe: Stripe, live: LiveSubscription): Promise<boolean> {
  const unpaid = await findUnpaidChange(stripe, live);
  if (!unpaid) return false;
  const { invoiceId } = unpaid;
  try {
    await stripe.invoices.voidInvoice(invoiceId, {}, { idempotencyKey: stripeKeyOf('withdraw change', invoiceId) });
  } catch (error) {
    if (!invalidRequestOf(error)) throw error;
    throw new Conflict('The change has been paid meanwhile: reload, and try again.', { cause: error });
  }
  return true;
}
