import { describe, expect, it } from '@jest/globals';
import { subscriptionStatus } from './subscription-status.js';

const trialEndsAt = new Date('2026-10-15T08:00:00.000Z');
const lastMoment = new Date('2026-10-15T07:59:59.999Z');

describe('subscriptionStatus', () => {
  it('is TRIALING up to the last millisecond of the trial', () => {
    expect(subscriptionStatus({ status: null, trialEndsAt }, lastMoment)).toBe('TRIALING');
  });

  it('is TRIAL_ENDED from the moment the trial ends', () => {
    expect(subscriptionStatus({ status: null, trialEndsAt }, trialEndsAt)).toBe('TRIAL_ENDED');
  });

  it.each(['active', 'past_due', 'canceled'] as const)('stays %s whatever the clock says', (status) => {
    expect(subscriptionStatus({ status, trialEndsAt }, lastMoment)).toBe(status.toUpperCase());
    expect(subscriptionStatus({ status, trialEndsAt }, trialEndsAt)).toBe(status.toUpperCase());
  });
});
