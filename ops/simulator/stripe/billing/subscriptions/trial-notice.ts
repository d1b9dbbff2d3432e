import { DAY } from '#simulator/stripe/billing/arithmetic/periods.js';
import { type Account, type Subscription, subscriptionExtra } from '#simulator/stripe/billing/model.js';

const NOTICE_DAYS = 3;

/** When the end of a trial is announced: three days before, or at once when it is shorter. */
export function trialNoticeAt({ trial_start, trial_end }: Subscription): number {
  return Math.max(trial_start ?? 0, (trial_end ?? 0) - NOTICE_DAYS * DAY);
}

/** Announces the end of a trial, once for each end. */
export function announceTrialEnd(account: Account, subscription: Subscription): void {
  subscriptionExtra(account, subscription).trialEndAnnounced = subscription.trial_end ?? 0;
  account.emit('customer.subscription.trial_will_end', subscription);
}

/** Announces the end of a trial that is near already when the trial begins or is changed. */
export function announceNearTrialEnd(account: Account, subscription: Subscription): void {
  const isAnnounced = subscriptionExtra(account, subscription).trialEndAnnounced === subscription.trial_end;
  if (subscription.status !== 'trialing' || isAnnounced) return;
  if (trialNoticeAt(subscription) <= account.now(subscription.customer)) announceTrialEnd(account, subscription);
}
