import { describe, expect, it } from '@jest/globals';
import { subscriptionStatus } from './subscription-status.js';

const trialEndsAt = new Date('2026-10-15T08:00:00.000Z');
const lastMoment = new Date('2026-10-15T07:59:59.999Z');

describe('subscriptionStatus', () => {
  it('is TRIALING up to the last millisecond of the trial', () => {
    expect(subscriptionStatus({ purchaseStatus: null, trialEndsAt }, lastMoment)).toBe('TRIALING');
  });

  it('is TRIAL_ENDED from the moment the trial ends', () => {
    expect(subscriptionStatus({ purchaseStatus: null, trialEndsAt }, trialEndsAt)).toBe('TRIAL_ENDED');
  });

  it.each(['ACTIVE', 'PAST_DUE', 'CANCELED'] as const)('stays %s whatever the clock says', (purchaseStatus) => {
    expect(subscriptionStatus({ purchaseStatus, trialEndsAt }, lastMoment)).toBe(purchaseStatus);
    expect(subscriptionStatus({ purchaseStatus, trialEndsAt }, trialEndsAt)).toBe(purchaseStatus);
  });
});
