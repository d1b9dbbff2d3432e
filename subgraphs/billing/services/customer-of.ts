import type { Context } from '#billing/context.js';
import { type Subscription, SubscriptionEntity } from '#billing/entities/subscription.js';
import { askStripe } from '#billing/stripe/ask-stripe.js';
import { stripeKeyOf } from '#billing/stripe/idempotency-key.js';
import { ensureSubscription } from './ensure-subscription.js';

/**
 * Returns the organization's customer at Stripe, created on the first call: once, also when two owners call at the same time
 * or a process dies in between, as both use one idempotency key. Throws as askStripe does.
 */
export async function customerOf(
  { database, services }: Pick<Context, 'database' | 'services'>,
  organizationId: string,
): Promise<{ customerId: string; subscription: Subscription }> {
  const subscription = await ensureSubscription({ database, services }, { organizationId });
  if (subscription.customerId) return { customerId: subscription.customerId, subscription };
  const idempotencyKey = stripeKeyOf(organizationId, 'customer', subscription.formerCustomerIds.length);
  // Nothing that may change between two calls: the same key must come with the same parameters.
  const metadata = { organization_id: organizationId };
  const { id } = await askStripe(services, (stripe) => stripe.customers.create({ metadata }, { idempotencyKey }));
  await database.manager
    .createQueryBuilder()
    .update(SubscriptionEntity)
    .set({ customerId: id })
    .where('organization_id = :organizationId AND customer_id IS NULL', { organizationId })
    .execute();
  const stored = await database.manager.findOneByOrFail(SubscriptionEntity, { organizationId });
  return { customerId: stored.customerId ?? id, subscription: stored };
}
