import type Stripe from 'stripe';
import type { Context } from '#billing/context.js';
import { SubscriptionEntity } from '#billing/entities/subscription.js';
import { keepRecords } from '#billing/events/keep-records.js';
import { askStripe, nullIfMissing } from '#billing/stripe/ask-stripe.js';
import { stripeKeyOf } from '#billing/stripe/idempotency-key.js';
import { syncCustomer } from '#billing/sync/sync-customer.js';

const isOver = ({ status }: Stripe.Subscription) => status === 'canceled' || status === 'incomplete_expired';

/** Ends what would charge a customer on. */
async function cancelSubscriptions(stripe: Stripe, customerId: string): Promise<void> {
  const subscriptions = await stripe.subscriptions.list({ customer: customerId, status: 'all', limit: 100 });
  for (const { id } of subscriptions.data.filter((subscription) => !isOver(subscription))) {
    await nullIfMissing(
      stripe.subscriptions.cancel(id, { prorate: false }, { idempotencyKey: stripeKeyOf('erasure', id) }),
    );
  }
}

/**
 * Prepares the erasure of an organization: cancels its subscription at Stripe at once, deletes the customer there with its personal data,
 * and keeps invoices and payments without the organization, as the law asks. May be repeated. Throws as askStripe does: then the erasure
 * waits.
 */
export async function closeCustomer(
  context: Pick<Context, 'services' | 'database'>,
  { organizationId }: { organizationId: string },
): Promise<void> {
  const { services, database } = context;
  const known = await database.manager.findOneBy(SubscriptionEntity, { organizationId });
  const customerId = known?.customerId;
  if (customerId) {
    await askStripe(services, (stripe) => nullIfMissing(cancelSubscriptions(stripe, customerId)));
    // The last invoices, while Stripe still lists them.
    await syncCustomer(context, { organizationId });
    await askStripe(services, (stripe) => nullIfMissing(stripe.customers.del(customerId)));
  }
  await keepRecords(context, { organizationId });
}
