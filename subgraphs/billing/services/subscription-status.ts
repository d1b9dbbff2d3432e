import type { Subscription } from '#billing/entities/subscription.js';

type SubscriptionStatus = 'TRIALING' | 'TRIAL_ENDED' | NonNullable<Subscription['purchaseStatus']>;

/** Returns the status of a subscription: that of its purchase, or of its trial, which ends without a write. */
export function subscriptionStatus(
  { purchaseStatus, trialEndsAt }: Pick<Subscription, 'purchaseStatus' | 'trialEndsAt'>,
  now: Date,
): SubscriptionStatus {
  return purchaseStatus ?? (now < trialEndsAt ? 'TRIALING' : 'TRIAL_ENDED');
}
