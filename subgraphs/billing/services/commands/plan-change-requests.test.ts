import { describe, expect, it } from '@jest/globals';
import type { Context } from '#billing/context.js';
import type { LiveSubscription } from './change-subscription.js';
import { prorationDateOf } from './plan-change-requests.js';

describe('the proration date', () => {
  it.each([
    ['as it is within the period', '2026-10-15T12:00:00.900Z', '2026-10-15T12:00:00.000Z'],
    ['the beginning of the period when our clock is behind', '2026-09-30T23:10:00Z', '2026-10-01T00:00:00.000Z'],
    ['the last second of the period when our clock is ahead', '2026-11-01T00:50:00Z', '2026-10-31T23:59:59.000Z'],
  ])('is %s', (_what, now, expected) => {
    const context = { services: { now: () => new Date(now) } } as Context;
    const period = { periodStart: new Date('2026-10-01T00:00:00Z'), periodEnd: new Date('2026-11-01T00:00:00Z') };
    const seconds = prorationDateOf(context, period as LiveSubscription);
    expect(new Date(seconds * 1000).toISOString()).toBe(expected);
  });
});
