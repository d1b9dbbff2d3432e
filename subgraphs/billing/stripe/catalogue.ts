import type Stripe from 'stripe';
import { type BillingInterval, findPlan, type Plan } from '#runtime/entitlements/plans.js';
import { smallestUnitsOf } from './amounts.js';
import { askStripe } from './ask-stripe.js';
import { productIdOf } from './catalogue-ids.js';
import { stripeKeyOf } from './idempotency-key.js';
import type { StripeServices } from './stripe-client.js';

interface WantedPrice {
  planId: string;
  interval: BillingInterval;
  /** ISO 4217. */
  currency: string;
}

interface ListedPrice {
  plan: Plan;
  recurring: Stripe.PriceCreateParams.Recurring;
  currency: string;
  /** In the currency's smallest unit, without taxes. */
  amount: number;
}

function listedPrice({ planId, interval, currency }: WantedPrice): ListedPrice {
  const plan = findPlan(planId);
  const price = plan?.prices?.[interval][currency];
  if (!plan || price === undefined) throw new RangeError(`The plan ${planId} has no price in ${currency}.`);
  const recurring = { interval: interval === 'YEAR' ? 'year' : 'month' } as const;
  return { plan, recurring, currency: currency.toLowerCase(), amount: smallestUnitsOf(price, currency) };
}

/** Makes the product of a plan unless there is one, also with a second process. */
async function ensureProduct(stripe: Stripe, { id: planId, name, description }: Plan): Promise<string> {
  const id = productIdOf(planId);
  const { data } = await stripe.products.list({ ids: [id], limit: 1 });
  if (data.length === 0) {
    const idempotencyKey = stripeKeyOf('product', id);
    await stripe.products.create({ id, name: `WebMetrics ${name}`, description }, { idempotencyKey });
  }
  return id;
}

/**
 * Returns the id of the price at which a plan is sold now, found by its lookup key. It is made where there is none, and anew where the plan
 * costs something else now or the price was archived: subscriptions keep the price they began with. Throws as askStripe does.
 */
export function priceIdOf(services: StripeServices, wanted: WantedPrice): Promise<string> {
  const { plan, recurring, currency, amount } = listedPrice(wanted);
  const lookupKey = `${productIdOf(plan.id)}_${recurring.interval}_${currency}`;
  return askStripe(services, async (stripe) => {
    const { data } = await stripe.prices.list({ lookup_keys: [lookupKey], limit: 1 });
    const [known] = data;
    if (known?.active && known.unit_amount === amount) return known.id;
    const product = await ensureProduct(stripe, plan);
    const { id } = await stripe.prices.create(
      {
        ...{ product, currency, recurring, unit_amount: amount, tax_behavior: 'exclusive' },
        ...{ lookup_key: lookupKey, transfer_lookup_key: true },
      },
      { idempotencyKey: stripeKeyOf('price', lookupKey, amount, known?.id) },
    );
    return id;
  });
}
