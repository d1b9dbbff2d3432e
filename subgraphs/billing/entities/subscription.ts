import { EntitySchema } from 'typeorm';
import type { StripeStatus } from '#billing/standing/derive-standing.js';
import type { BillingInterval } from '#runtime/entitlements/plans.js';
import { instant, text } from './columns.js';

/** A discount of a promotion code; one of percentOff and amountOff is set. */
export interface StoredDiscount {
  promotionCode: string | null;
  name: string | null;
  percentOff: number | null;
  /** In the currency's smallest unit. */
  amountOff: number | null;
  /** ISO 4217; of amountOff. */
  currency: string | null;
  /** ISO 8601; null = without end. */
  endsAt: string | null;
}

/** An organization's trial, and its present subscription at Stripe: the one that is not over, else the last one. */
export interface Subscription {
  id: string;
  organizationId: string;
  /** Of the organization's own trial: 14 days after sign-up. */
  trialEndsAt: Date;
  /** When the organization signed up. */
  createdAt: Date;
  customerId: string | null;
  /** Customers that were deleted at Stripe, the oldest first. */
  formerCustomerIds: string[];
  stripeSubscriptionId: string | null;
  stripeItemId: string | null;
  /** The item of what is used beyond the plan; null = the plan has no overage. */
  meteredItemId: string | null;
  /** Of the subscription at Stripe; null = nothing was ever bought. */
  status: StripeStatus | null;
  /** The plan bought; null = none, or a price that is not of our catalogue. */
  planId: string | null;
  interval: BillingInterval | null;
  /** ISO 4217. */
  currency: string | null;
  periodStart: Date | null;
  periodEnd: Date | null;
  /** Of the trial at Stripe, which may have been extended there. */
  trialEnd: Date | null;
  startedAt: Date | null;
  /** When it ends, once it was cancelled at the end of a period. */
  cancelAt: Date | null;
  canceledAt: Date | null;
  endedAt: Date | null;
  /** Why it has ended, other than by request; null = by request, or it has not. `TRIAL_REFUSED`: its card has had a trial before. */
  endedBy: 'PAYMENT_FAILED' | 'PAYMENT_DISPUTED' | 'TRIAL_REFUSED' | null;
  /** Whether no payments are collected. */
  isPaused: boolean;
  pausedUntil: Date | null;
  /** Of the subscription schedule that makes the pending change. */
  scheduleId: string | null;
  pendingPlanId: string | null;
  pendingInterval: BillingInterval | null;
  pendingAt: Date | null;
  discount: StoredDiscount | null;
  /** Since when the oldest unpaid invoice is due; null unless a payment failed. */
  pastDueSince: Date | null;
  nextPaymentAttemptAt: Date | null;
  /** When the first of all its subscriptions began; null = there was none. */
  firstSubscribedAt: Date | null;
  /** Whether a card of it was first used by another organization when it bought something: then that has no trial. */
  hasCardOfAnotherTrial: boolean;
  /** The last checkout session that the audit trail has. */
  checkoutId: string | null;
  /** When the organization is erased; null = it is not being deleted. */
  deletionAt: Date | null;
  /** It was cancelled as the organization is being deleted, with the change of the plan that was pending; null = it was not. */
  cancelledForDeletion: { pending: { planId: string; interval: BillingInterval | null } | null } | null;
  /** Since when the plan Free is chosen; null = it is not. */
  freeSince: Date | null;
  /** Counts the changes of what Stripe says. */
  version: number;
  /** Counts how often it was read from Stripe. */
  syncs: number;
  syncedAt: Date | null;
}

export const SubscriptionEntity = new EntitySchema<Subscription>({
  name: 'Subscription',
  tableName: 'subscription',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    organizationId: { type: 'uuid', name: 'organization_id' },
    trialEndsAt: instant('trial_ends_at', { nullable: false }),
    createdAt: instant('created_at', { nullable: false }),
    customerId: text('customer_id'),
    formerCustomerIds: { type: 'text', array: true, name: 'former_customer_ids', default: [] },
    stripeSubscriptionId: text('stripe_subscription_id'),
    stripeItemId: text('stripe_item_id'),
    meteredItemId: text('metered_item_id'),
    status: text('status'),
    planId: text('plan_id'),
    interval: text('interval'),
    currency: text('currency'),
    periodStart: instant('period_start'),
    periodEnd: instant('period_end'),
    trialEnd: instant('trial_end'),
    startedAt: instant('started_at'),
    cancelAt: instant('cancel_at'),
    canceledAt: instant('canceled_at'),
    endedAt: instant('ended_at'),
    endedBy: text('ended_by'),
    isPaused: { type: 'boolean', name: 'is_paused', default: false },
    pausedUntil: instant('paused_until'),
    scheduleId: text('schedule_id'),
    pendingPlanId: text('pending_plan_id'),
    pendingInterval: text('pending_interval'),
    pendingAt: instant('pending_at'),
    discount: { type: 'jsonb', nullable: true },
    pastDueSince: instant('past_due_since'),
    nextPaymentAttemptAt: instant('next_payment_attempt_at'),
    firstSubscribedAt: instant('first_subscribed_at'),
    hasCardOfAnotherTrial: { type: 'boolean', name: 'has_card_of_another_trial', default: false },
    checkoutId: text('checkout_id'),
    deletionAt: instant('deletion_at'),
    cancelledForDeletion: { type: 'jsonb', name: 'cancelled_for_deletion', nullable: true },
    freeSince: instant('free_since'),
    version: { type: 'integer', default: 0 },
    syncs: { type: 'integer', default: 0 },
    syncedAt: instant('synced_at'),
  },
});
