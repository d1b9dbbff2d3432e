import type { Context } from '#billing/context.js';
import type { Subscription } from '#billing/entities/subscription.js';
import { readFacts } from '#billing/standing/read-standing.js';
import {
  changeSubscription,
  commandKey,
  type LiveSubscription,
  requireKept,
  requireLive,
} from './change-subscription.js';
import { takeBackCancellation } from './steps.js';

/** Whether a pause went beyond what is paid: then a new period begins with resuming, and is charged. */
async function isInUnpaidPeriod({ database, services }: Context, subscription: LiveSubscription): Promise<boolean> {
  const now = services.now();
  const { purchase } = await readFacts(database.manager, subscription);
  if (purchase?.status !== 'active' || (purchase.paidUntil && purchase.paidUntil > now)) return false;
  return purchase.pause !== null || (purchase.freeUntil !== null && purchase.freeUntil > now);
}

/**
 * Takes back a cancellation that has not taken effect, and ends a pause, charging a new period where the last one that was paid is over;
 * does nothing for a subscription that goes on anyway. Throws Conflict without a subscription, and as askStripe does.
 */
export function resumeSubscription(context: Context): Promise<Subscription> {
  return changeSubscription(context, {
    action: 'subscription.resumed',
    decide: async (stripe, before) => {
      const live = requireLive(before);
      requireKept(before);
      const { stripeSubscriptionId: id, cancelAt, isPaused, status, periodStart } = live;
      const isCharged = await isInUnpaidPeriod(context, live);
      if (!cancelAt && !isPaused && !isCharged && status !== 'paused') return null;
      return {
        after: { cancelAt: null, isPaused: false },
        wanted: {
          ...{ isEnding: false, isPaused: false },
          ...(isCharged && { otherPeriodThan: periodStart?.toISOString() ?? null }),
        },
        carryOut: async () => {
          await takeBackCancellation(context, stripe, live);
          if (isPaused) {
            const idempotencyKey = commandKey(context, 'resume payments', before);
            await stripe.subscriptions.update(id, { pause_collection: '' }, { idempotencyKey });
          }
          if (isCharged) {
            const idempotencyKey = commandKey(context, 'charge on resuming', before);
            const newPeriod = { billing_cycle_anchor: { type: 'now' }, proration_behavior: 'none' } as const;
            await stripe.subscriptions.update(id, newPeriod, { idempotencyKey });
          }
          if (status === 'paused') {
            const idempotencyKey = commandKey(context, 'resume', before);
            await stripe.subscriptions.resume(id, {}, { idempotencyKey });
          }
        },
      };
    },
  });
}
