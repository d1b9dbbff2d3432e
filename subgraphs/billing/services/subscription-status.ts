import type { Subscription } from '#billing/entities/subscription.js';
import type { StripeStatus } from '#billing/standing/derive-standing.js';

type SubscriptionStatus = 'TRIALING' | 'TRIAL_ENDED' | 'ACTIVE' | 'PAST_DUE' | 'CANCELED';

const BOUGHT: Record<StripeStatus, SubscriptionStatus | null> = {
  incomplete: null,
  incomplete_expired: null,
  trialing: 'TRIALING',
  active: 'ACTIVE',
  past_due: 'PAST_DUE',
  canceled: 'CANCELED',
  unpaid: 'CANCELED',
  paused: 'ACTIVE',
};

/** Returns the status of the subscription at Stripe, or of the trial at `now`. */
export function subscriptionStatus(
  { status, trialEndsAt }: Pick<Subscription, 'status' | 'trialEndsAt'>,
  now: Date,
): SubscriptionStatus {
  return (status && BOUGHT[status]) ?? (now < trialEndsAt ? 'TRIALING' : 'TRIAL_ENDED');
}
