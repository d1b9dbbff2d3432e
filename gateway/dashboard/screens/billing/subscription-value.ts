import type { GetSubscriptionQuery } from '#gateway/client/generated/types.js';

export type SubscriptionValue = NonNullable<NonNullable<GetSubscriptionQuery['organization']>['subscription']>;

/** Whether the payment provider has a subscription that is not over: it is changed, not bought again. */
export const isBought = ({ interval, endedAt }: Pick<SubscriptionValue, 'interval' | 'endedAt'>) =>
  interval !== null && endedAt === null;

/** What a change of the subscription changes on the screen. */
export const CHANGED = ['GetSubscription', 'GetEntitlements', 'ListInvoices', 'ListPayments'];
