import type { Cadence, Period } from '#simulator/stripe/billing/arithmetic/periods.js';
import { rateOf } from '#simulator/stripe/billing/arithmetic/price-amounts.js';
import type { Account, Price, Subscription, SubscriptionItem } from '#simulator/stripe/billing/model.js';
import { randomText } from '#simulator/stripe/objects.js';
import { listOf } from '#simulator/stripe/operation.js';
import { invalidRequest, noSuch } from '#simulator/stripe/wire/stripe-error.js';

/** An item as it is sent. */
export interface ItemInput {
  id?: string | undefined;
  price?: string | undefined;
  quantity?: number | undefined;
  metadata?: Record<string, string> | null | undefined;
  deleted?: boolean | undefined;
  clear_usage?: boolean | undefined;
}

const MAX_ITEMS = 20;

/** Returns the price of a new item. Throws 400 for one that does not exist, is not recurring, or is archived. */
export function sellablePrice(account: Account, input: ItemInput, param: string): Price {
  if (input.price === undefined)
    throw invalidRequest(`Missing required param: ${param}[price].`, {
      code: 'parameter_missing',
      param: `${param}[price]`,
    });
  const price = account.get('price', input.price, `${param}[price]`);
  if (!price.active)
    throw invalidRequest(`The price specified is inactive. This field only accepts active prices.`, {
      param: `${param}[price]`,
    });
  if (account.find('product', String(price.product))?.active === false)
    throw invalidRequest(`Price ${price.id} is not available to be purchased because its product is not active.`, {
      code: 'product_inactive',
      param: `${param}[price]`,
    });
  if (price.type !== 'recurring')
    throw invalidRequest(
      `The price specified is set to \`type=one_time\` but this field only accepts prices with \`type=recurring\`.`,
      { param: `${param}[price]` },
    );
  if (price.recurring?.usage_type === 'metered' && input.quantity !== undefined)
    throw invalidRequest(
      `Quantity should not be specified where usage_type is metered. Remove quantity from ${param}`,
      {
        param: `${param}[quantity]`,
      },
    );
  return price;
}

/** Returns an item as it begins, in the present period of its subscription. */
export function newItem(
  account: Account,
  subscription: Pick<Subscription, 'id' | 'customer'>,
  { price, input, period }: { price: Price; input: ItemInput; period: Period },
): SubscriptionItem {
  return {
    id: `si_${randomText(14)}`,
    object: 'subscription_item',
    billing_thresholds: null,
    created: account.now(subscription.customer),
    current_period_end: period.end,
    current_period_start: period.start,
    current_trial: null,
    discounts: [],
    metadata: withoutEmpty(input.metadata),
    ...priceFields(price, input.quantity),
    subscription: subscription.id,
    tax_rates: [],
  } as SubscriptionItem;
}

/** What an item says of its price; metered ones have no quantity. */
export function priceFields(price: Price, quantity = 1): Pick<SubscriptionItem, 'plan' | 'price' | 'quantity'> {
  return {
    plan: planOf(price),
    price: structuredClone(price),
    ...(!isMetered(price) && { quantity }),
  } as Pick<SubscriptionItem, 'plan' | 'price' | 'quantity'>;
}

/** Whether a price is paid by use. */
export function isMetered({ recurring }: Price): boolean {
  return recurring?.usage_type === 'metered';
}

/** Throws 400 for items that cannot be in one subscription. */
export function requireCompatible(account: Account, items: readonly { price: Price }[], currency: string): void {
  if (items.length === 0)
    throw invalidRequest('A subscription must have at least one active plan.', { param: 'items' });
  if (items.length > MAX_ITEMS)
    throw invalidRequest(`You cannot have more than ${MAX_ITEMS} items in a subscription.`, { param: 'items' });
  const ids = new Set(items.map(({ price }) => price.id));
  if (ids.size < items.length) {
    const twice = items.find(({ price }, index) => items.findIndex((one) => one.price.id === price.id) < index);
    throw invalidRequest(`Cannot add multiple subscription items with the same plan: ${twice?.price.id}`, {
      param: 'items',
    });
  }
  const [first] = items as [{ price: Price }];
  for (const { price } of items) {
    if (!rateOf(account, price, currency))
      throw invalidRequest(
        `The price specified only supports \`${price.currency}\`. This doesn't match the expected currency: \`${currency}\`.`,
        { param: 'items' },
      );
    if (!isSameCadence(first.price.recurring as Cadence, price.recurring as Cadence))
      throw invalidRequest(
        'Currency and interval fields must match across all plans on this subscription. Found mismatch in interval field.',
        { param: 'items' },
      );
  }
}

/** Whether two prices are paid as often. */
export function isSameCadence(one: Cadence, other: Cadence): boolean {
  return one.interval === other.interval && one.interval_count === other.interval_count;
}

/** The billing cycle of a subscription. */
export function cadenceOf(subscription: Pick<Subscription, 'items'>): Cadence {
  return subscription.items.data[0]?.price.recurring as Cadence;
}

/** The current billing period of a subscription, which is that of all its items. */
export function periodOf(subscription: Pick<Subscription, 'items'>): Period {
  const [item] = subscription.items.data;
  return { start: item?.current_period_start ?? 0, end: item?.current_period_end ?? 0 };
}

/** Sets the current billing period of a subscription, that of all its items. */
export function setPeriod(subscription: Pick<Subscription, 'items'>, { start, end }: Period): void {
  for (const item of subscription.items.data) {
    item.current_period_start = start;
    item.current_period_end = end;
  }
}

/** Returns an item by its id. Throws 400 for one of another subscription. */
export function itemById(subscription: Subscription, id: string, param: string): SubscriptionItem {
  const item = subscription.items.data.find((one) => one.id === id);
  if (!item) throw noSuch('subscription_item', id, param);
  return item;
}

/** Returns items as a subscription lists them. */
export function itemList(subscription: string, items: SubscriptionItem[]): Subscription['items'] {
  return listOf(items, `/v1/subscription_items?subscription=${subscription}`) as Subscription['items'];
}

function planOf(price: Price): SubscriptionItem['plan'] {
  return {
    id: price.id,
    object: 'plan',
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval: price.recurring?.interval ?? 'month',
    interval_count: price.recurring?.interval_count ?? 1,
    livemode: false,
    metadata: price.metadata,
    meter: price.recurring?.meter ?? null,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: price.tiers_mode,
    transform_usage: null,
    trial_period_days: price.recurring?.trial_period_days ?? null,
    usage_type: price.recurring?.usage_type ?? 'licensed',
  } as SubscriptionItem['plan'];
}

function withoutEmpty(metadata: Record<string, string> | null | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata ?? {}).filter(([, value]) => value !== ''));
}
