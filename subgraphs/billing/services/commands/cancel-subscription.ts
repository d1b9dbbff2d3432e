import type { Context } from '#billing/context.js';
import type { Subscription } from '#billing/entities/subscription.js';
import { changeSubscription, commandKey, requireLive } from './change-subscription.js';
import { cancelAtPeriodEnd } from './steps.js';
import { withdrawUnpaidChange } from './unpaid-change.js';

/**
 * Cancels the subscription at the end of the period, or at once without a refund. Throws Conflict without a subscription, and as askStripe
 * does.
 */
export function cancelSubscription(context: Context, { atPeriodEnd }: { atPeriodEnd: boolean }): Promise<Subscription> {
  return changeSubscription(context, {
    action: 'subscription.cancelled',
    change: async (stripe, before) => {
      const live = requireLive(before);
      await withdrawUnpaidChange(stripe, live);
      // Nothing was paid for yet: there is no period to wait for.
      if (atPeriodEnd && live.status !== 'incomplete') return cancelAtPeriodEnd(context, stripe, live);
      const idempotencyKey = commandKey(context, 'cancel at once', before);
      await stripe.subscriptions.cancel(live.stripeSubscriptionId, { prorate: false }, { idempotencyKey });
      return { status: 'canceled' };
    },
  });
}
