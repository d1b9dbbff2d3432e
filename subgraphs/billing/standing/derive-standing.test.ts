import { describe, expect, it } from '@jest/globals';
import { deriveEntitlement, deriveStanding, type Facts, type Purchase, stripeStatuses } from './derive-standing.js';

const now = new Date('2026-12-10T12:00:00Z');
const DAY_MS = 86_400_000;
const day = (days: number) => new Date(now.getTime() + days * DAY_MS);

const purchase: Purchase = {
  status: 'active',
  planId: 'pro',
  periodEnd: day(10),
  cancelAt: null,
  pendingChange: null,
  pause: null,
  paidUntil: day(10),
  freeUntil: null,
  pastDueSince: null,
  endedBy: null,
};

const facts: Facts = { trialEndsAt: day(-5), isFreeChosen: false, hasSubscribed: false, purchase: null };

/** What holds now and at each instant that is next, as `status plan`, with the days until then. */
function lifeOf(given: Facts): string {
  const steps: string[] = [];
  for (let at: Date | null = now; at; ) {
    const { status, planId, access, next } = deriveStanding(given, at);
    const days = (at.getTime() - now.getTime()) / DAY_MS;
    steps.push(`${days > 0 ? `+${days} ` : ''}${status} ${planId}${access === 'FULL' ? '' : ' closed'}`);
    if (next) expect(deriveStanding(given, next.at)).toMatchObject({ status: next.status, access: next.access });
    at = next?.at ?? null;
  }
  return steps.join(', ');
}

type Column = 'yes' | 'no' | '*';
type TrialColumn = 'runs' | 'over' | '*';

/** The trial, the status at Stripe, cancelled at period end, a smaller plan from then on, free chosen, subscribed before: what becomes of it. */
const TABLE: [TrialColumn, string, Column, Column, Column, Column, string][] = [
  ['runs', 'none incomplete_expired', '*', '*', 'no', 'no', 'TRIALING pro, +5 TRIAL_ENDED free closed'],
  ['runs', 'none incomplete_expired', '*', '*', 'yes', 'no', 'TRIALING pro, +5 FREE free'],
  ['runs', 'none incomplete_expired', '*', '*', '*', 'yes', 'TRIALING pro, +5 CANCELED free'],
  ['over', 'none incomplete_expired', '*', '*', 'no', 'no', 'TRIAL_ENDED free closed'],
  ['over', 'none incomplete_expired', '*', '*', 'yes', 'no', 'FREE free'],
  ['over', 'none incomplete_expired', '*', '*', '*', 'yes', 'CANCELED free'],
  ['runs', 'incomplete', '*', '*', 'no', 'no', 'INCOMPLETE pro, +5 INCOMPLETE free closed'],
  ['runs', 'incomplete', '*', '*', 'yes', 'no', 'INCOMPLETE pro, +5 INCOMPLETE free'],
  ['runs', 'incomplete', '*', '*', '*', 'yes', 'INCOMPLETE pro, +5 INCOMPLETE free'],
  ['over', 'incomplete', '*', '*', 'no', 'no', 'INCOMPLETE free closed'],
  ['over', 'incomplete', '*', '*', 'yes', 'no', 'INCOMPLETE free'],
  ['over', 'incomplete', '*', '*', '*', 'yes', 'INCOMPLETE free'],
  ['*', 'trialing', 'no', 'no', '*', '*', 'TRIALING pro, +10 ACTIVE pro, +17 PAST_DUE free'],
  ['*', 'trialing', 'no', 'yes', '*', '*', 'TRIALING pro, +10 ACTIVE starter, +17 PAST_DUE free'],
  ['*', 'trialing', 'yes', '*', '*', '*', 'TRIALING pro, +10 CANCELED free'],
  ['*', 'active', 'no', 'no', '*', '*', 'ACTIVE pro, +17 PAST_DUE free'],
  ['*', 'active', 'no', 'yes', '*', '*', 'ACTIVE pro, +10 ACTIVE starter, +17 PAST_DUE free'],
  ['*', 'active', 'yes', '*', '*', '*', 'ACTIVE pro, +10 CANCELED free'],
  ['*', 'past_due', 'no', 'no', '*', '*', 'PAST_DUE pro, +27 CANCELED free'],
  ['*', 'past_due', 'no', 'yes', '*', '*', 'PAST_DUE pro, +10 PAST_DUE starter, +27 CANCELED free'],
  ['*', 'past_due', 'yes', '*', '*', '*', 'PAST_DUE pro, +10 CANCELED free'],
  ['runs', 'canceled', '*', '*', '*', '*', 'TRIALING pro, +5 CANCELED free'],
  ['over', 'canceled', '*', '*', '*', '*', 'CANCELED free'],
  ['*', 'unpaid', '*', '*', '*', '*', 'CANCELED free'],
  ['*', 'paused', 'no', '*', '*', '*', 'PAUSED free closed'],
  ['*', 'paused', 'yes', '*', '*', '*', 'PAUSED free closed, +10 CANCELED free'],
];

describe('deriveStanding', () => {
  const both = ['yes', 'no'] as const;
  const combinations = (['runs', 'over'] as const).flatMap((trial) =>
    (['none', ...stripeStatuses] as const).flatMap((status) =>
      both.flatMap((cancel) =>
        both.flatMap((pending) =>
          both.flatMap((free) => both.map((past) => ({ trial, status, cancel, pending, free, past }))),
        ),
      ),
    ),
  );

  it('decides each combination of trial, status at Stripe, cancellation, change, dunning and choice by one row', () => {
    const wrong = combinations.flatMap(({ trial, status, cancel, pending, free, past }) => {
      const values: [TrialColumn, string, Column, Column, Column, Column] = [
        trial,
        status,
        cancel,
        pending,
        free,
        past,
      ];
      const rows = TABLE.filter((row) =>
        values.every((value, i) => row[i] === '*' || (i === 1 ? row[i].split(' ').includes(value) : row[i] === value)),
      ).map((row) => row[6]);
      const life = lifeOf({
        trialEndsAt: day(trial === 'runs' ? 5 : -5),
        isFreeChosen: free === 'yes',
        hasSubscribed: past === 'yes',
        purchase:
          status === 'none'
            ? null
            : {
                ...purchase,
                status,
                cancelAt: cancel === 'yes' ? day(10) : null,
                pendingChange: pending === 'yes' ? { planId: 'starter', at: day(10) } : null,
                pastDueSince: status === 'past_due' ? day(-3) : null,
              },
      });
      return rows.length === 1 && rows[0] === life
        ? []
        : [`${values.join(' ')}: ${life}, expected ${rows.join(' or ')}`];
    });
    expect(wrong).toEqual([]);
    expect(combinations).toHaveLength(288);
  });

  const bought = (given: Partial<Purchase>, other: Partial<Facts> = {}) =>
    lifeOf({ ...facts, ...other, purchase: { ...purchase, ...given } });

  it.each<[string, Partial<Purchase>, string]>([
    [
      'a smaller plan bought in the trial begins after it',
      { planId: 'starter' },
      'TRIALING pro, +10 ACTIVE starter, +17 PAST_DUE free',
    ],
    ['a larger one begins at once', { planId: 'agency' }, 'TRIALING agency, +10 ACTIVE agency, +17 PAST_DUE free'],
    ['an unknown plan is not larger', { planId: 'gold' }, 'TRIALING pro, +10 ACTIVE gold, +17 PAST_DUE free'],
    ['a trial whose end was not reported goes on as bought', { periodEnd: day(-1) }, 'ACTIVE pro, +6 PAST_DUE free'],
    ['but not for ever', { periodEnd: day(-7) }, 'PAST_DUE free'],
    [
      'a trial that was extended is followed',
      { periodEnd: day(40) },
      'TRIALING pro, +40 ACTIVE pro, +47 PAST_DUE free',
    ],
  ])('trialing: %s', (_title, given, expected) => {
    expect(bought({ ...given, status: 'trialing', paidUntil: null })).toBe(expected);
  });

  it.each<[string, Partial<Purchase>, string]>([
    ['a renewal that was not reported takes nothing away', { periodEnd: day(-3) }, 'ACTIVE pro, +4 PAST_DUE free'],
    ['but not for ever', { periodEnd: day(-400) }, 'PAST_DUE free'],
    ['a cancellation that was not reported ends it', { cancelAt: day(-1) }, 'CANCELED free'],
    [
      'a change that was not reported is made',
      { periodEnd: day(-1), pendingChange: { planId: 'starter', at: day(-1) } },
      'ACTIVE starter, +6 PAST_DUE free',
    ],
    [
      'paused, it is used to the end of what is paid',
      { pause: { resumesAt: null } },
      'PAUSED pro, +10 PAUSED free closed',
    ],
    [
      'paused in an earlier period, it is not',
      { pause: { resumesAt: null }, paidUntil: day(-2) },
      'PAUSED free closed',
    ],
    [
      'paused before anything was paid, it is not',
      { pause: { resumesAt: null }, paidUntil: null },
      'PAUSED free closed',
    ],
    [
      'paused, it resumes by the clock',
      { pause: { resumesAt: day(30) }, periodEnd: day(31) },
      'PAUSED pro, +10 PAUSED free closed, +30 ACTIVE pro, +38 PAST_DUE free',
    ],
    [
      'resumed within a period that was not charged, it waits for the next one',
      { freeUntil: day(10), paidUntil: day(-20) },
      'PAUSED free closed, +10 ACTIVE pro, +17 PAST_DUE free',
    ],
    [
      'resumed and charged, it goes on',
      { freeUntil: day(10), paidUntil: day(30), periodEnd: day(30) },
      'ACTIVE pro, +37 PAST_DUE free',
    ],
    ['paused and cancelled, it ends', { pause: { resumesAt: null }, cancelAt: day(5) }, 'PAUSED pro, +5 CANCELED free'],
  ])('active: %s', (_title, given, expected) => {
    expect(bought(given)).toBe(expected);
  });

  it.each<[string, Partial<Purchase>, string]>([
    [
      'dunning is over after 30 days, whatever Stripe says',
      { status: 'past_due', pastDueSince: day(-30) },
      'CANCELED free',
    ],
    [
      'it counts from the period when no invoice is known',
      { status: 'past_due', periodEnd: day(2) },
      'PAST_DUE pro, +32 CANCELED free',
    ],
    [
      'paid late at Stripe, everything is back',
      { status: 'active', periodEnd: day(20) },
      'ACTIVE pro, +27 PAST_DUE free',
    ],
    [
      'paid late after the end, the period that was paid is back',
      { status: 'canceled', endedBy: 'PAYMENT_FAILED', paidUntil: day(20) },
      'ACTIVE pro, +20 CANCELED free',
    ],
    ['ended at once by request, nothing goes on', { status: 'canceled', paidUntil: day(20) }, 'CANCELED free'],
    [
      'ended by a dispute, nothing goes on',
      { status: 'canceled', endedBy: 'PAYMENT_DISPUTED', paidUntil: day(20) },
      'CANCELED free',
    ],
    ['an end that was both reported and due is one', { status: 'canceled', cancelAt: day(-1) }, 'CANCELED free'],
  ])('over: %s', (_title, given, expected) => {
    expect(bought(given)).toBe(expected);
  });

  it('changes at the very millisecond', () => {
    const trial = { ...facts, trialEndsAt: day(1) };
    expect(deriveStanding(trial, new Date(day(1).getTime() - 1)).status).toBe('TRIALING');
    expect(deriveStanding(trial, day(1))).toEqual({
      status: 'TRIAL_ENDED',
      planId: 'free',
      access: 'READ_ONLY',
      next: null,
    });
  });
});

describe('deriveEntitlement', () => {
  const organizationId = 'c0ffee00-0000-4000-8000-000000000000';

  it('names the next change of what may be used, not of the status', () => {
    const given = { ...facts, purchase: { ...purchase, status: 'trialing' as const } };
    const kept = { CLIENTS: ['1'] };
    expect(deriveEntitlement(given, { organizationId, kept, now })).toEqual({
      ...{ organizationId, kept, planId: 'pro', access: 'FULL' },
      next: { at: day(17), planId: 'free', access: 'FULL' },
    });
  });

  it('is the trial that sign-up begins, as long as nothing was bought', () => {
    const trial = { ...facts, trialEndsAt: day(5) };
    expect(deriveEntitlement(trial, { organizationId, kept: {}, now })).toEqual({
      ...{ organizationId, kept: {}, planId: 'pro', access: 'FULL' },
      next: { at: day(5), planId: 'free', access: 'READ_ONLY' },
    });
  });
});
