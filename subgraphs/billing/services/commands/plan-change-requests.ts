import type Stripe from 'stripe';
import type { Context } from '#billing/context.js';
import { planItemsOf } from '#billing/stripe/catalogue.js';
import type { LiveSubscription } from './change-subscription.js';
import type { Target } from './plan-change.js';

type Items = { id?: string; price?: string; deleted?: true }[];

/** Returns the items of a subscription after a change, that of the plan first, for the change itself and for its preview alike. */
async function itemsAfter({ services }: Context, live: LiveSubscription, { plan, interval }: Target): Promise<Items> {
  const { stripeItemId, meteredItemId, currency } = live;
  const wanted = { planId: plan.id, interval: interval ?? 'MONTH', currency: currency ?? '' } as const;
  const [{ price }, metered] = await planItemsOf(services, wanted);
  const items: Items = [{ id: stripeItemId ?? undefined, price }];
  if (metered) return [...items, { id: meteredItemId ?? undefined, price: metered.price }];
  return meteredItemId ? [...items, { id: meteredItemId, deleted: true }] : items;
}

/** The parameters of a change that decide what is charged: those of its preview. */
export interface ChangeParameters {
  items: Items;
  proration_behavior: 'always_invoice' | 'none';
  proration_date?: number;
}

/**
 * Returns the instant at which the used part of the period ends, in seconds, within the period by Stripe's clock: ours may differ from
 * it.
 */
export function prorationDateOf({ services }: Context, { periodStart, periodEnd }: LiveSubscription): number {
  const now = Math.floor(services.now().getTime() / 1000);
  const start = periodStart ? periodStart.getTime() / 1000 : now;
  const end = periodEnd ? periodEnd.getTime() / 1000 - 1 : now;
  return Math.max(start, Math.min(now, end));
}

/** Returns the parameters of a change at once; `prorationDate` null = nothing is charged for it. */
export async function parametersOf(
  context: Context,
  live: LiveSubscription,
  { target, prorationDate }: { target: Target; prorationDate: number | null },
): Promise<ChangeParameters> {
  const items = await itemsAfter(context, live, target);
  if (prorationDate === null) return { items, proration_behavior: 'none' };
  return { items, proration_behavior: 'always_invoice', proration_date: prorationDate };
}

/** Returns the invoice that these parameters would make at once. */
export function previewCharge(
  stripe: Stripe,
  { customerId, stripeSubscriptionId }: LiveSubscription,
  parameters: ChangeParameters,
): Promise<Stripe.Invoice> {
  return stripe.invoices.createPreview({
    customer: customerId,
    subscription: stripeSubscriptionId,
    subscription_details: { ...parameters },
  });
}

/** Returns the first invoice of a whole period after the change. */
export function previewNext(
  stripe: Stripe,
  live: LiveSubscription,
  { items }: Pick<ChangeParameters, 'items'>,
): Promise<Stripe.Invoice> {
  return previewCharge(stripe, live, { items, proration_behavior: 'none' });
}
