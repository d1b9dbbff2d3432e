import type { Context } from '#billing/context.js';
import type { Subscription } from '#billing/entities/subscription.js';
import { askStripe, invalidRequestOf } from '#billing/stripe/ask-stripe.js';
import { meteredPriceIdOf } from '#billing/stripe/catalogue.js';
import { stripeKeyOf } from '#billing/stripe/idempotency-key.js';

/**
 * Adds the item of what is used beyond the plan where a subscription has none, as after a change of its plan in Stripe's dashboard: without it,
 * that use is on no invoice. What Stripe refuses is an alert. Returns
 * whether it was added. Throws as askStripe does.
 */
export async function addMeteredItem(
  { services }: Pick<Context, 'services'>,
  subscription: Subscription,
): Promise<boolean> {
  const { organizationId, stripeSubscriptionId: id, meteredItemId, planId, interval, currency, version } = subscription;
  if (!id || meteredItemId || !planId || !interval || !currency) return false;
  const price = await meteredPriceIdOf(services, { planId, interval, currency });
  if (!price) return false;
  const kind = { category: 'payment' as const, runbook: 'billing-differs' as const };
  const alert = { ...kind, organizationId, details: { subscriptionId: id } };
  const idempotencyKey = stripeKeyOf(organizationId, 'add-metered-item', id, price, version);
  try {
    await askStripe(services, (stripe) =>
      stripe.subscriptions.update(id, { items: [{ price }], proration_behavior: 'none' }, { idempotencyKey }),
    );
  } catch (error) {
    const refusal = invalidRequestOf(error);
    if (!refusal) throw error;
    const message =
      'A subscription has no item for what is used beyond its plan, and Stripe refuses to add it: do so there.';
    const details = { ...alert.details, problem: refusal.message };
    services.alerts.raise({ ...alert, key: 'metered-item-missing', message, details });
    return false;
  }
  const message =
    'A subscription had no item for what is used beyond its plan, and has one now: see at Stripe whether its invoices lack earlier use.';
  services.alerts.raise({ ...alert, key: 'metered-item-added', message });
  return true;
}
