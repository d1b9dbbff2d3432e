import { describe, expect, it } from '@jest/globals';
import { Money } from '#runtime/money.js';
import { CLOSED, standingAt, TRIAL_MS, trialFrom } from './entitlement.js';
import {
  billingIntervals,
  findPlan,
  LARGEST_PLAN,
  type LimitName,
  limitNames,
  limitOf,
  plans,
  planThatAllows,
  requestLimitsOf,
} from './plans.js';

const amountOf = (limit: number | null) => limit ?? Number.POSITIVE_INFINITY;

describe('plans', () => {
  it('allow nothing by mistake: an unknown plan or limit is zero', () => {
    for (const name of limitNames) expect(limitOf('gone', name)).toBe(0);
    expect([limitOf('', 'MEMBERS'), limitOf('pro', 'BUDGETS' as LimitName)]).toEqual([0, 0]);
    expect(limitOf('pro', 'toString' as LimitName)).toBe(0);
    expect([findPlan('gone'), findPlan('toString')]).toEqual([undefined, undefined]);
    expect(requestLimitsOf('gone')).toEqual(requestLimitsOf('free'));
  });

  it('allow more the larger they are, so that the smallest that suffices is named', () => {
    for (const [index, { limits }] of plans.slice(1).entries()) {
      const smaller = plans[index]?.limits as Record<LimitName, number | null>;
      for (const name of limitNames) expect(amountOf(limits[name])).toBeGreaterThanOrEqual(amountOf(smaller[name]));
    }
    expect(planThatAllows('CONNECTIONS', 5)?.id).toBe('starter');
    expect(planThatAllows('CONNECTIONS', 6)?.id).toBe('pro');
    expect(planThatAllows('CONNECTIONS', 26)?.id).toBe(LARGEST_PLAN);
    expect(planThatAllows('REQUESTS_PER_MINUTE', 3_001)).toBeUndefined();
  });

  it('cost an exact amount in each currency, as many decimals as it has, and more the larger they are', () => {
    const paid = plans.filter(({ prices }) => prices !== null);
    expect(paid.map(({ id }) => id)).toEqual(['starter', 'pro', 'agency']);
    const currencies = ['EUR', 'GBP', 'JPY', 'USD'];
    for (const interval of billingIntervals) {
      for (const currency of currencies) {
        const amounts = paid.map(({ prices }) => Object(prices)[interval][currency] as string);
        for (const amount of amounts) expect(Money.fromDecimal(amount, currency).toString()).toBe(amount);
        expect(amounts.map(Number)).toEqual([...amounts].map(Number).sort((a, b) => a - b));
      }
      for (const { prices } of paid) expect(Object.keys(prices?.[interval] ?? {}).sort()).toEqual(currencies);
    }
    const { overage } = plans[3];
    expect([overage.limit, Object.keys(overage.unitPrices).sort()]).toEqual(['REPORTS_PER_MONTH', currencies]);
  });
});

describe('a trial', () => {
  const began = new Date('2026-10-01T09:30:00.123Z');

  it('is of the plan Pro for 14 days to the millisecond, and reading after it, by the clock alone', () => {
    const trial = trialFrom('one', began);
    const at = (ms: number) => standingAt(trial, new Date(began.getTime() + ms));
    expect(at(0)).toEqual({ planId: 'pro', access: 'FULL' });
    expect(at(TRIAL_MS - 1)).toEqual({ planId: 'pro', access: 'FULL' });
    expect(at(TRIAL_MS)).toEqual({ planId: 'free', access: 'READ_ONLY' });
    expect(at(400 * TRIAL_MS)).toEqual({ planId: 'free', access: 'READ_ONLY' });
    expect(standingAt({ ...trial, next: null }, new Date(began.getTime() + TRIAL_MS))).toEqual({
      planId: 'pro',
      access: 'FULL',
    });
    expect(CLOSED.access).toBe('READ_ONLY');
  });
});
