import type Stripe from 'stripe';
import { type BillingInterval, findPlan } from '#runtime/entitlements/plans.js';
import { smallestUnitsOf } from './amounts.js';
import { askStripe } from './ask-stripe.js';
import { METER_EVENT, METERED_PRODUCT, productIdOf } from './catalogue-ids.js';
import { stripeKeyOf } from './idempotency-key.js';
import type { StripeServices } from './stripe-client.js';

interface WantedPrice {
  planId: string;
  interval: BillingInterval;
  /** ISO 4217. */
  currency: string;
}

interface ListedPrice {
  product: Stripe.ProductCreateParams & { id: string };
  lookupKey: string;
  recurring: Stripe.PriceCreateParams.Recurring;
  currency: string;
  /** In the currency's smallest unit, without taxes. */
  amount: number;
}

const recurringOf = (interval: BillingInterval) => ({ interval: interval === 'YEAR' ? 'year' : 'month' }) as const;

function listedPrice({ planId, interval, currency }: WantedPrice): ListedPrice {
  const plan = findPlan(planId);
  const price = plan?.prices?.[interval][currency];
  if (!plan || price === undefined) throw new RangeError(`The plan ${planId} has no price in ${currency}.`);
  const recurring = recurringOf(interval);
  const id = productIdOf(planId);
  return {
    product: { id, name: `WebMetrics ${plan.name}`, description: plan.description },
    lookupKey: `${id}_${recurring.interval}_${currency.toLowerCase()}`,
    ...{ recurring, currency: currency.toLowerCase(), amount: smallestUnitsOf(price, currency) },
  };
}

/** Makes a product unless there is one, also with a second process. */
async function ensureProduct(stripe: Stripe, { id, ...product }: ListedPrice['product']): Promise<void> {
  const { data } = await stripe.products.list({ ids: [id], limit: 1 });
  if (data.length > 0) return;
  await stripe.products.create({ id, ...product }, { idempotencyKey: stripeKeyOf('product', id) });
}

async function ensurePrice(stripe: Stripe, listed: ListedPrice): Promise<string> {
  const { product, lookupKey, recurring, currency, amount } = listed;
  const { data } = await stripe.prices.list({ lookup_keys: [lookupKey], limit: 1 });
  const [known] = data;
  const isMeter = (known?.recurring?.meter ?? undefined) === recurring.meter;
  if (known?.active && known.unit_amount === amount && isMeter) return known.id;
  await ensureProduct(stripe, product);
  const { id } = await stripe.prices.create(
    {
      ...{ product: product.id, currency, recurring, unit_amount: amount, tax_behavior: 'exclusive' },
      ...{ lookup_key: lookupKey, transfer_lookup_key: true },
    },
    { idempotencyKey: stripeKeyOf('price', lookupKey, amount, known?.id, recurring.meter) },
  );
  return id;
}

/**
 * Returns the id of the price at which a plan is sold now, found by its lookup key. It is made where there is none, and anew where the plan
 * costs something else now or the price was archived: subscriptions keep the price they began with. Throws as askStripe does.
 */
export function priceIdOf(services: StripeServices, wanted: WantedPrice): Promise<string> {
  const listed = listedPrice(wanted);
  return askStripe(services, (stripe) => ensurePrice(stripe, listed));
}

/** Returns the id of the meter that sums reports beyond what plans include; it is made where there is none in use. */
async function meterIdOf(stripe: Stripe): Promise<string> {
  const meters = await stripe.billing.meters.list({ limit: 100 });
  const ours = meters.data.filter(({ event_name }) => event_name === METER_EVENT);
  const active = ours.find(({ status }) => status === 'active');
  if (active) return active.id;
  const { id } = await stripe.billing.meters.create(
    {
      event_name: METER_EVENT,
      display_name: 'Reports beyond the plan',
      default_aggregation: { formula: 'sum' },
      customer_mapping: { type: 'by_id', event_payload_key: 'stripe_customer_id' },
      value_settings: { event_payload_key: 'value' },
    },
    { idempotencyKey: stripeKeyOf('meter', METER_EVENT, ours.length) },
  );
  return id;
}

/**
 * Returns the id of the metered price of a plan's overage, made as that of the plan: the price of each unit beyond, as only those are sent to
 * the meter. It has the plan's interval, as Checkout sells one interval at a time. undefined = the plan has no overage. Throws as askStripe does.
 */
export async function meteredPriceIdOf(services: StripeServices, wanted: WantedPrice): Promise<string | undefined> {
  const { planId, interval, currency } = wanted;
  const price = findPlan(planId)?.overage?.unitPrices[currency];
  if (price === undefined) return undefined;
  return askStripe(services, async (stripe) => {
    const recurring = { ...recurringOf(interval), usage_type: 'metered', meter: await meterIdOf(stripe) } as const;
    return ensurePrice(stripe, {
      product: { id: METERED_PRODUCT, name: 'WebMetrics reports beyond the plan', unit_label: 'report' },
      lookupKey: `${productIdOf(planId)}_reports_${recurring.interval}_${currency.toLowerCase()}`,
      ...{ recurring, currency: currency.toLowerCase(), amount: smallestUnitsOf(price, currency) },
    });
  });
}

/** Returns what a subscription to a plan consists of: its price, and the metered one of a plan with overage. Throws as askStripe does. */
export async function planItemsOf(
  services: StripeServices,
  wanted: WantedPrice,
): Promise<[{ price: string; quantity: number }, ...{ price: string }[]]> {
  const metered = await meteredPriceIdOf(services, wanted);
  return [{ price: await priceIdOf(services, wanted), quantity: 1 }, ...(metered ? [{ price: metered }] : [])];
}
