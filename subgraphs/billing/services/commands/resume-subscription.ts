import type { Context } from '#billing/context.js';
import type { Subscription } from '#billing/entities/subscription.js';
import { changeSubscription, commandKey, requireLive } from './change-subscription.js';
import { takeBackCancellation } from './steps.js';

/**
 * Takes back a cancellation that has not taken effect, and ends a pause; does nothing for a subscription that goes on anyway. Throws
 * Conflict without a subscription, and as askStripe does.
 */
export function resumeSubscription(context: Context): Promise<Subscription> {
  return changeSubscription(context, {
    action: 'subscription.resumed',
    change: async (stripe, before) => {
      const live = requireLive(before);
      const { stripeSubscriptionId: id, isPaused, status } = live;
      const isTakenBack = await takeBackCancellation(context, stripe, live);
      if (isPaused) {
        const idempotencyKey = commandKey(context, 'resume payments', before);
        await stripe.subscriptions.update(id, { pause_collection: '' }, { idempotencyKey });
      }
      if (status === 'paused') {
        const idempotencyKey = commandKey(context, 'resume', before);
        await stripe.subscriptions.resume(id, {}, { idempotencyKey });
      }
      if (!isTakenBack && !isPaused && status !== 'paused') return null;
      return { cancelAt: null, isPaused: false };
    },
  });
}
