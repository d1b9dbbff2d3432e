import { type DiscountInput, redeem } from '#simulator/stripe/billing/invoices/discounts.js';
import {
  type Account,
  type Subscription,
  type SubscriptionItem,
  subscriptionExtra,
} from '#simulator/stripe/billing/model.js';
import type { ProrationBehavior } from './create-subscription.js';
import type { Phase } from './schedule-phases.js';
import {
  cadenceOf,
  type ItemInput,
  isMetered,
  isSameCadence,
  newItem,
  periodOf,
  priceFields,
} from './subscription-items.js';
import { update } from './update-subscription.js';

/** Gives a subscription the items and discounts of a phase. Throws StripeError for what cannot be sold. */
export function applyItems(
  account: Account,
  subscription: Subscription,
  { phase, behavior }: { phase: Phase; behavior: ProrationBehavior },
): void {
  const now = account.now(subscription.customer);
  const discounts = phase.discounts as DiscountInput[];
  const isNew = discounts.some(({ discount }) => !discount);
  const { end } = periodOf(subscription);
  if (now >= end) {
    swapItems(account, subscription, phase);
    if (isNew)
      subscription.discounts = redeem(
        account,
        discounts.map(({ coupon, promotion_code, discount }) => ({
          coupon: coupon ?? undefined,
          promotion_code: promotion_code ?? undefined,
          discount: discount ?? undefined,
        })),
        {
          customer: subscription.customer,
          currency: subscription.currency,
          subscription: subscription.id,
          start: now,
          param: 'phases',
        },
      );
    return;
  }
  const items = itemChanges(subscription, phase);
  if (items.length > 0) update(account, subscription.id, { items, proration_behavior: behavior });
}

/** At the end of a period there is nothing to prorate: the renewal that follows charges the new prices. */
function swapItems(account: Account, subscription: Subscription, phase: Phase): void {
  const before = cadenceOf(subscription);
  const period = periodOf(subscription);
  const old = [...subscription.items.data];
  subscription.items.data = phase.items.map((wanted) => {
    const price = account.get('price', String(wanted.price));
    const at = Math.max(
      0,
      old.findIndex((item) => item.price.id === price.id),
    );
    const [kept] = old.splice(at, 1);
    const item = kept ?? newItem(account, subscription, { price, input: {}, period });
    return { ...item, ...priceFields(price, wanted.quantity) } as SubscriptionItem;
  });
  subscriptionExtra(account, subscription).endedItems = old.filter(({ price }) => isMetered(price));
  if (!isSameCadence(before, cadenceOf(subscription))) subscription.billing_cycle_anchor = period.end;
}

function itemChanges(subscription: Subscription, phase: Phase): ItemInput[] {
  const left = [...subscription.items.data];
  const changes: ItemInput[] = [];
  const added: ItemInput[] = [];
  for (const { price, quantity } of phase.items) {
    const at = left.findIndex((item) => item.price.id === price);
    const [same] = at < 0 ? [] : left.splice(at, 1);
    if (!same) added.push({ price: String(price), quantity });
    else if (same.quantity !== quantity) changes.push({ id: same.id, quantity });
  }
  for (const item of left) {
    const [next] = added.splice(0, 1);
    changes.push(next ? { ...next, id: item.id } : { id: item.id, deleted: true });
  }
  return [...changes, ...added];
}
