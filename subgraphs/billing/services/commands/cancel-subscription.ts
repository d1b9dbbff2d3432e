import type { Context } from '#billing/context.js';
import type { Subscription } from '#billing/entities/subscription.js';
import { sendOverage } from '#billing/usage/meters/send-overage.js';
import { changeSubscription, commandKey, requireLive } from './change-subscription.js';
import { cancelAtPeriodEnd } from './steps.js';
import { withdrawUnpaidChange } from './unpaid-change.js';

/**
 * Cancels the subscription at the end of the period, or at once without a refund: what was used beyond the plan is invoiced. Throws Conflict
 * without a subscription, and as askStripe does.
 */
export function cancelSubscription(context: Context, { atPeriodEnd }: { atPeriodEnd: boolean }): Promise<Subscription> {
  return changeSubscription(context, {
    action: 'subscription.cancelled',
    decide: async (stripe, before) => {
      const live = requireLive(before);
      // Nothing was paid for yet: there is no period to wait for.
      if (atPeriodEnd && live.status !== 'incomplete') {
        if (live.cancelAt) return null;
        return {
          after: { cancelAt: live.periodEnd?.toISOString() ?? null },
          wanted: { isEnding: true },
          carryOut: async () => {
            await withdrawUnpaidChange(stripe, live);
            await cancelAtPeriodEnd(context, stripe, live);
          },
        };
      }
      return {
        after: { status: 'canceled' },
        wanted: { isOver: true },
        carryOut: async () => {
          await withdrawUnpaidChange(stripe, live);
          const isMetered = live.meteredItemId !== null;
          if (isMetered) await sendOverage(context, { organizationId: live.organizationId });
          await stripe.subscriptions.cancel(
            live.stripeSubscriptionId,
            { prorate: false, ...(isMetered && { invoice_now: true }) },
            { idempotencyKey: commandKey(context, 'cancel at once', before) },
          );
        },
      };
    },
  });
}
