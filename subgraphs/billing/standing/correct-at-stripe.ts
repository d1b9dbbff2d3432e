import type { Context } from '#billing/context.js';
import type { Subscription } from '#billing/entities/subscription.js';
import { askStripe } from '#billing/stripe/ask-stripe.js';
import { stripeKeyOf } from '#billing/stripe/idempotency-key.js';
import { isInUse } from './derive-standing.js';

const LOST = `
  SELECT FROM billing.payment AS p JOIN billing.invoice AS i ON i.id = p.invoice_id
  WHERE p.organization_id = $1 AND p.dispute_status = 'lost' AND i.stripe_subscription_id = $2 LIMIT 1`;

/**
 * Corrects at Stripe what our rules do not allow: a trial is ended when its card has had one in another organization, and a subscription
 * is cancelled when a payment for it was charged back. Returns whether anything was: then the customer has to be read again. Once each,
 * also when repeated after a crash. Throws as askStripe does.
 */
export async function correctAtStripe(
  { database, services }: Pick<Context, 'database' | 'services'>,
  subscription: Subscription,
): Promise<boolean> {
  const { organizationId, stripeSubscriptionId: id, status, hasCardOfAnotherTrial } = subscription;
  if (!id || !isInUse(status)) return false;
  const lost = await database.query<unknown[]>(LOST, [organizationId, id]);
  if (lost.length > 0) {
    const idempotencyKey = stripeKeyOf(organizationId, 'cancel-disputed', id);
    await askStripe(services, (stripe) => stripe.subscriptions.cancel(id, { prorate: false }, { idempotencyKey }));
    return true;
  }
  if (status !== 'trialing' || !hasCardOfAnotherTrial) return false;
  const idempotencyKey = stripeKeyOf(organizationId, 'end-trial', id);
  await askStripe(services, (stripe) =>
    stripe.subscriptions.update(id, { trial_end: 'now', payment_behavior: 'allow_incomplete' }, { idempotencyKey }),
  );
  return true;
}
