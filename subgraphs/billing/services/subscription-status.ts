import type { Subscription } from '#billing/entities/subscription.js';

type SubscriptionStatus = 'TRIALING' | 'TRIAL_ENDED' | NonNullable<Subscription['purchaseStatus']>;

/** Returns the status of the purchase, or of the trial at `now`. */
export function subscriptionStatus(
  { purchaseStatus, trialEndsAt }: Pick<Subscription, 'purchaseStatus' | 'trialEndsAt'>,
  now: Date,
): SubscriptionStatus {
  return purchaseStatus ?? (now < trialEndsAt ? 'TRIALING' : 'TRIAL_ENDED');
}
