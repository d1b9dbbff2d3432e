import { describe, expect, it } from '@jest/globals';
import type { Subscription } from '#billing/entities/subscription.js';
import { planChangeOf, targetOf, type WantedPlan } from './plan-change.js';

const bought = {
  customerId: 'cus_1',
  stripeSubscriptionId: 'sub_1',
  status: 'active',
  planId: 'pro',
  interval: 'MONTH',
  cancelAt: null,
  isPaused: false,
  pendingPlanId: null,
  pendingInterval: null,
  freeSince: null,
} as Partial<Subscription> as Subscription;
const none = { ...bought, customerId: null, stripeSubscriptionId: null, status: null, planId: null, interval: null };
const soon = new Date('2026-12-31T00:00:00Z');

function decide(subscription: Subscription, wanted: WantedPlan): string {
  try {
    const change = planChangeOf(subscription, targetOf(subscription, wanted));
    return change.kind === 'AT_ONCE' && change.isCharged ? 'AT_ONCE charged' : change.kind;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('a change of the plan', () => {
  it.each<[string, Subscription, WantedPlan, string]>([
    ['a larger plan', bought, { planId: 'agency' }, 'AT_ONCE charged'],
    ['a smaller plan', bought, { planId: 'starter' }, 'AT_PERIOD_END'],
    ['years', bought, { planId: 'pro', interval: 'YEAR' }, 'AT_ONCE charged'],
    ['a larger plan by the year', bought, { planId: 'agency', interval: 'YEAR' }, 'AT_ONCE charged'],
    ['a smaller plan by the year', bought, { planId: 'starter', interval: 'YEAR' }, 'AT_PERIOD_END'],
    ['months', { ...bought, interval: 'YEAR' }, { planId: 'pro', interval: 'MONTH' }, 'AT_PERIOD_END'],
    [
      'months of a larger plan',
      { ...bought, interval: 'YEAR' },
      { planId: 'agency', interval: 'MONTH' },
      'AT_PERIOD_END',
    ],
    ['a larger plan by the year, as it is', { ...bought, interval: 'YEAR' }, { planId: 'agency' }, 'AT_ONCE charged'],
    ['what it has', bought, { planId: 'pro', interval: 'MONTH' }, 'NONE'],
    ['what it has, null for the interval', bought, { planId: 'pro', interval: null }, 'NONE'],
    ['what it has, when less is pending', { ...bought, pendingPlanId: 'starter' }, { planId: 'pro' }, 'KEEP'],
    ['what it has, when it is cancelled', { ...bought, cancelAt: soon }, { planId: 'pro' }, 'KEEP'],
    [
      'what is pending',
      { ...bought, pendingPlanId: 'starter', pendingInterval: 'MONTH' },
      { planId: 'starter' },
      'NONE',
    ],
    ['more, when less is pending', { ...bought, pendingPlanId: 'starter' }, { planId: 'agency' }, 'CONFLICT'],
    [
      'still less, when less is pending',
      { ...bought, planId: 'agency', pendingPlanId: 'pro' },
      { planId: 'starter' },
      'AT_PERIOD_END',
    ],
    ['less in the trial', { ...bought, status: 'trialing' }, { planId: 'starter' }, 'AT_ONCE'],
    ['more when it is cancelled', { ...bought, cancelAt: soon }, { planId: 'agency' }, 'CONFLICT'],
    ['more when a payment is missing', { ...bought, status: 'past_due' }, { planId: 'agency' }, 'CONFLICT'],
    ['more when it is paused', { ...bought, isPaused: true }, { planId: 'agency' }, 'CONFLICT'],
    ['more before the first payment', { ...bought, status: 'incomplete' }, { planId: 'agency' }, 'CONFLICT'],
    ['what it has, before the first payment', { ...bought, status: 'incomplete' }, { planId: 'pro' }, 'CONFLICT'],
    ['free', bought, { planId: 'free' }, 'CANCEL'],
    ['free, with an interval', bought, { planId: 'free', interval: 'YEAR' }, 'CANCEL'],
    ['free when a payment is missing', { ...bought, status: 'past_due' }, { planId: 'free' }, 'CANCEL'],
    ['free when it is cancelled', { ...bought, cancelAt: soon }, { planId: 'free' }, 'NONE'],
    ['free before the first payment', { ...bought, status: 'incomplete' }, { planId: 'free' }, 'CONFLICT'],
    ['free without a subscription', none, { planId: 'free' }, 'CHOOSE_FREE'],
    ['free again', { ...none, freeSince: soon }, { planId: 'free' }, 'NONE'],
    ['free when it is over', { ...bought, status: 'canceled' }, { planId: 'free' }, 'NONE'],
    ['a plan without a subscription', none, { planId: 'pro' }, 'CONFLICT'],
    ['a plan when it is over', { ...bought, status: 'canceled' }, { planId: 'pro' }, 'CONFLICT'],
    ['a plan that no code knows', { ...bought, planId: null }, { planId: 'starter' }, 'AT_ONCE charged'],
    ['an unknown plan', bought, { planId: 'gold' }, 'BAD_USER_INPUT'],
  ])('to %s', (_what, subscription, wanted, expected) => {
    expect(decide(subscription, wanted)).toBe(expected);
  });
});
