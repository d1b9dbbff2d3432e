import type { Subscription } from '#billing/entities/subscription.js';

type SubscriptionStatus = 'TRIALING' | 'TRIAL_ENDED' | NonNullable<Subscription['purchaseStatus']>;

/** Returns where a subscription stands: what was bought is stored, a trial ends by the clock alone. */
export function subscriptionStatus(
  { purchaseStatus, trialEndsAt }: Pick<Subscription, 'purchaseStatus' | 'trialEndsAt'>,
  now: Date,
): SubscriptionStatus {
  return purchaseStatus ?? (now < trialEndsAt ? 'TRIALING' : 'TRIAL_ENDED');
}
