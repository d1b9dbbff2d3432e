import type { Subscription } from '#billing/entities/subscription.js';
import {
  type BillingInterval,
  FREE_PLAN,
  findPlan,
  type Plan,
  plans,
  sizeOfPlan,
} from '#runtime/entitlements/plans.js';
import { Conflict, InvalidInput } from '#runtime/errors.js';
import { isLive, type LiveSubscription } from './change-subscription.js';

/** Of an organization that has chosen none. */
export const DEFAULT_CURRENCY = 'EUR';

export interface WantedPlan {
  planId: string;
  /** null or undefined = the present one. */
  interval?: BillingInterval | null;
}

/** What is wanted, with a plan that exists. */
export interface Target {
  plan: Plan;
  /** null = the plan costs nothing. */
  interval: BillingInterval | null;
}

/** How a plan is changed. */
export type PlanChange =
  /** It is as wanted already, or will be at the end of the period. */
  | { kind: 'NONE'; live?: LiveSubscription }
  /** Without a subscription: there is nothing to do at Stripe. */
  | { kind: 'CHOOSE_FREE' }
  /** What is pending is taken back. */
  | { kind: 'KEEP'; live: LiveSubscription }
  | { kind: 'AT_ONCE'; live: LiveSubscription; isCharged: boolean }
  | { kind: 'AT_PERIOD_END'; live: LiveSubscription }
  | { kind: 'CANCEL'; live: LiveSubscription };

/** Returns the plan and the interval that are wanted. Throws InvalidInput for an unknown plan. */
export function targetOf({ interval: present }: Subscription, { planId, interval }: WantedPlan): Target {
  const plan = findPlan(planId);
  if (!plan) {
    const problem = `is not one of ${plans.map(({ id }) => id).join(', ')}`;
    throw new InvalidInput([{ argument: 'planId', problem }]);
  }
  return { plan, interval: plan.prices ? (interval ?? present ?? 'MONTH') : null };
}

function requireChangeable({ status, isPaused, cancelAt }: LiveSubscription): void {
  if (status === 'incomplete') {
    throw new Conflict(
      'The first payment has not been made: pay it at `openInvoice.hostedUrl`, or use cancelSubscription.',
    );
  }
  if (status === 'past_due' || status === 'unpaid') {
    throw new Conflict('A payment is missing: make it first, at `openInvoice.hostedUrl`.');
  }
  if (isPaused || status === 'paused') throw new Conflict('Payments are paused: use resumeSubscription first.');
  if (cancelAt) throw new Conflict('The subscription is cancelled: take that back first (resumeSubscription).');
}

function changeToFree(subscription: Subscription): PlanChange {
  if (!isLive(subscription)) {
    const isFree =
      subscription.freeSince !== null ||
      (subscription.status === 'canceled' && subscription.endedBy !== 'TRIAL_REFUSED');
    return { kind: isFree ? 'NONE' : 'CHOOSE_FREE' };
  }
  if (subscription.status === 'incomplete') {
    throw new Conflict('The first payment has not been made: use cancelSubscription.');
  }
  return subscription.cancelAt ? { kind: 'NONE' } : { kind: 'CANCEL', live: subscription };
}

/**
 * Decides how a subscription gets to the plan and the interval wanted: more at once, less at the end of the period. Throws Conflict where
 * something else comes first.
 */
export function planChangeOf(subscription: Subscription, { plan, interval }: Target): PlanChange {
  if (plan.id === FREE_PLAN) return changeToFree(subscription);
  if (!isLive(subscription)) throw new Conflict('There is no subscription to change: buy the plan with startCheckout.');
  const live = subscription;
  const isSame = live.planId === plan.id && live.interval === interval;
  if (isSame && live.status !== 'incomplete') {
    return live.cancelAt || live.pendingPlanId !== null ? { kind: 'KEEP', live } : { kind: 'NONE', live };
  }
  requireChangeable(live);
  // Nothing was paid yet, and nothing is taken away.
  if (live.status === 'trialing') return { kind: 'AT_ONCE', live, isCharged: false };
  if (live.pendingPlanId === plan.id && live.pendingInterval === interval) return { kind: 'NONE', live };
  const isShorter = live.interval === 'YEAR' && interval === 'MONTH';
  if (isShorter || sizeOfPlan(plan.id) < sizeOfPlan(live.planId)) return { kind: 'AT_PERIOD_END', live };
  if (live.pendingPlanId !== null) {
    throw new Conflict(
      'A smaller plan is pending: take that back first, by changePlan to the present plan and interval.',
    );
  }
  return { kind: 'AT_ONCE', live, isCharged: true };
}
