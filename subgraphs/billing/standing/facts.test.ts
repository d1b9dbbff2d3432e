import { describe, expect, it } from '@jest/globals';
import { deriveStanding } from './derive-standing.js';
import { factsOf, type InvoiceRow, paidUntil, type SubscriptionRow } from './facts.js';

const instant = (text: string) => new Date(`${text}T00:00:00Z`);

const row: SubscriptionRow = {
  trialEndsAt: instant('2026-10-15'),
  freeSince: null,
  stripeSubscriptionId: 'sub_1',
  status: 'active',
  planId: 'pro',
  periodEnd: instant('2026-12-15'),
  trialEnd: instant('2026-10-15'),
  startedAt: instant('2026-10-05'),
  firstSubscribedAt: instant('2026-10-05'),
  cancelAt: null,
  endedAt: null,
  endedBy: null,
  isPaused: false,
  pausedUntil: null,
  pendingPlanId: null,
  pendingAt: null,
  pastDueSince: null,
};

const line = {
  isProration: false,
  planId: 'pro',
  periodStart: '2026-11-15T00:00:00Z',
  periodEnd: '2026-12-15T00:00:00Z',
};
const invoice: InvoiceRow = {
  stripeSubscriptionId: 'sub_1',
  status: 'paid',
  amountPaid: 9900,
  attemptCount: 1,
  paidAt: instant('2026-11-15'),
  lines: [line],
};

describe('paidUntil', () => {
  it('is the end of the last paid period, whatever prorations, trials and other subscriptions are', () => {
    const later = { ...line, periodEnd: '2027-12-15T00:00:00Z' };
    const others: InvoiceRow[] = [
      { ...invoice, lines: [{ ...later, isProration: true }] },
      { ...invoice, lines: [{ ...later, planId: null }] },
      { ...invoice, lines: [later], status: 'open' },
      { ...invoice, lines: [later], amountPaid: 0 },
      { ...invoice, lines: [later], stripeSubscriptionId: 'sub_0' },
    ];
    expect(paidUntil(row, [...others, invoice])).toEqual(instant('2026-12-15'));
    expect(paidUntil(row, others)).toBeNull();
  });

  it('counts from the payment when the subscription had ended before', () => {
    const ended = { ...row, endedAt: instant('2026-12-06') };
    expect(paidUntil(ended, [{ ...invoice, paidAt: instant('2027-01-10') }])).toEqual(instant('2027-02-09'));
    expect(paidUntil(ended, [invoice])).toEqual(instant('2026-12-15'));
  });
});

describe('factsOf', () => {
  const standing = (given: Partial<SubscriptionRow>, now: string, invoices: InvoiceRow[] = [invoice]) => {
    const { status, planId, access } = deriveStanding(factsOf({ ...row, ...given }, invoices), instant(now));
    return `${status} ${planId} ${access}`;
  };

  it('has everything the standing depends on', () => {
    expect(standing({}, '2026-12-10')).toBe('ACTIVE pro FULL');
    expect(standing({ status: null }, '2026-10-10')).toBe('TRIALING pro FULL');
    expect(standing({ status: null }, '2026-12-10')).toBe('TRIAL_ENDED free READ_ONLY');
    expect(standing({ status: null, freeSince: instant('2026-10-20') }, '2026-12-10')).toBe('FREE free FULL');
    expect(standing({ pendingPlanId: 'starter', pendingAt: instant('2026-12-15') }, '2026-12-16')).toBe(
      'ACTIVE starter FULL',
    );
    expect(standing({ isPaused: true }, '2026-12-10')).toBe('PAUSED pro FULL');
    expect(standing({ isPaused: true }, '2026-12-10', [])).toBe('PAUSED free READ_ONLY');
    const free = { ...invoice, status: 'void', amountPaid: 0, attemptCount: 0 };
    expect(standing({}, '2026-12-10', [free])).toBe('PAUSED free READ_ONLY');
    expect(standing({}, '2026-12-10', [{ ...free, attemptCount: 1 }])).toBe('ACTIVE pro FULL');
    expect(standing({}, '2026-12-16', [free])).toBe('ACTIVE pro FULL');
    expect(standing({ status: 'past_due', pastDueSince: instant('2026-12-09') }, '2027-01-09')).toBe(
      'CANCELED free FULL',
    );
    expect(standing({ status: 'canceled', endedAt: instant('2026-11-20') }, '2026-12-10')).toBe('CANCELED free FULL');
    expect(standing({ periodEnd: null }, '2026-12-10')).toBe('PAST_DUE free FULL');
    expect(standing({ planId: null }, '2026-12-10')).toBe('ACTIVE  FULL');
  });

  it('knows of a subscription before the one that was not paid yet', () => {
    const incomplete = { status: 'incomplete' as const, startedAt: instant('2026-12-01') };
    expect(standing(incomplete, '2026-12-10')).toBe('INCOMPLETE free FULL');
    expect(standing({ ...incomplete, firstSubscribedAt: null }, '2026-12-10')).toBe('INCOMPLETE free READ_ONLY');
  });

  it('goes on as if a purchase whose trial was refused had not been made', () => {
    const refused = { status: 'canceled' as const, endedBy: 'TRIAL_REFUSED' as const, firstSubscribedAt: null };
    expect(standing(refused, '2026-10-10')).toBe('TRIALING pro FULL');
    expect(standing(refused, '2026-12-10')).toBe('TRIAL_ENDED free READ_ONLY');
  });
});
