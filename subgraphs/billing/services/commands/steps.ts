import type Stripe from 'stripe';
import type { Context } from '#billing/context.js';
import { commandKey, type LiveSubscription } from './change-subscription.js';

/** Takes back a change that waits for the end of the period. */
export async function releaseSchedule(context: Context, stripe: Stripe, live: LiveSubscription): Promise<void> {
  const { scheduleId } = live;
  if (!scheduleId) return;
  const idempotencyKey = commandKey(context, 'release schedule', live, scheduleId);
  await stripe.subscriptionSchedules.release(scheduleId, {}, { idempotencyKey });
}

/** Has the subscription end with its period. */
export async function cancelAtPeriodEnd(context: Context, stripe: Stripe, live: LiveSubscription): Promise<void> {
  await releaseSchedule(context, stripe, live);
  const idempotencyKey = commandKey(context, 'cancel at period end', live);
  await stripe.subscriptions.update(live.stripeSubscriptionId, { cancel_at_period_end: true }, { idempotencyKey });
}

/** Takes back a cancellation that has not taken effect. */
export async function takeBackCancellation(context: Context, stripe: Stripe, live: LiveSubscription): Promise<void> {
  if (!live.cancelAt) return;
  const idempotencyKey = commandKey(context, 'take back cancellation', live);
  const { cancel_at_period_end } = await stripe.subscriptions.retrieve(live.stripeSubscriptionId);
  const taken = cancel_at_period_end ? { cancel_at_period_end: false } : { cancel_at: '' as const };
  await stripe.subscriptions.update(live.stripeSubscriptionId, taken, { idempotencyKey });
}
