import { describe, expect, it } from '@jest/globals';
import type { Caller } from './kinds/limit-kind.js';
import { acquire, applyReport, judge, type LimitState, refresh, release, tightestOf } from './limit-state.js';
import type { Charge, ReportedLimit } from './limits.js';

type WindowLimit = Extract<LimitState, { kind: 'window' }>;

const NOW = Date.parse('2026-11-20T12:00:00Z');
const MINUTE = 60_000;

const charge: Charge = { of: 'person', limit: 'posts', kind: 'window' };
const shareCharge: Charge = { of: 'person', limit: 'posts', kind: 'share' };
const person: Caller = { now: NOW, isBackground: false, reserve: 0.2 };
const job: Caller = { ...person, isBackground: true };
const windowOf = (used: number, more: Partial<Extract<ReportedLimit, { kind: 'window' }>> = {}): ReportedLimit => ({
  of: 'person',
  limit: 'posts',
  kind: 'window',
  max: 10,
  used,
  resetsAt: NOW + 15 * MINUTE,
  ...more,
});
const reported = (...all: ReportedLimit[]) =>
  all.reduce<LimitState | undefined>((state, one) => applyReport(state, one, NOW), undefined) as WindowLimit;

describe('a reported window', () => {
  it.each([
    [0, true, true],
    [7, true, true],
    [8, true, false],
    [9, true, false],
    [10, false, false],
  ])('with %i of 10 used allows users (%s) and jobs (%s)', (used, forPeople, forJobs) => {
    const state = reported(windowOf(used));
    expect([judge(state, charge, person).mayGo, judge(state, charge, job).mayGo]).toEqual([forPeople, forJobs]);
  });

  it('counts requests in flight', () => {
    let state: LimitState | undefined = reported(windowOf(7));
    for (const _ of [1, 2, 3]) state = acquire(state, charge, person);
    expect(judge(state, charge, person)).toEqual({ mayGo: false, at: NOW + 15 * MINUTE });
    const back = release(state as LimitState, NOW, 'kept');
    expect(judge(back, charge, person).mayGo).toBe(true);
    expect((release(state as LimitState, NOW, 'silent') as WindowLimit).used).toBe(8);
  });

  it('drops requests in flight of a process that is gone', () => {
    const state = acquire(reported(windowOf(9)), charge, person) as LimitState;
    expect(judge(refresh(state, NOW + 3 * MINUTE), charge, { ...person, now: NOW + 3 * MINUTE }).mayGo).toBe(true);
  });

  it('ignores an overtaken report', () => {
    expect(reported(windowOf(5), windowOf(3)).used).toBe(5);
    expect(reported(windowOf(1), windowOf(9, { resetsAt: NOW - MINUTE })).used).toBe(1);
    expect(reported(windowOf(9), windowOf(1, { resetsAt: NOW + 20 * MINUTE }))).toMatchObject({ used: 1 });
  });

  it('resets at the end of its window, and keeps its size', () => {
    const later = NOW + 16 * MINUTE;
    const state = refresh(reported(windowOf(10)), later) as WindowLimit;
    expect(state).toMatchObject({ used: 0, max: 10 });
    expect(state.resetsAt).toBeUndefined();
    expect(judge(state, charge, { ...person, now: later }).mayGo).toBe(true);
  });

  it('spreads background requests over its rest once half of it is used', () => {
    const state = acquire(reported(windowOf(5)), charge, job) as LimitState;
    expect(judge(state, charge, job).mayGo).toBe(true);
    const paced = acquire(reported(windowOf(6)), charge, job) as LimitState;
    // Two are left for jobs in 15 minutes.
    expect(judge(paced, charge, job)).toEqual({ mayGo: false, at: NOW + 7.5 * MINUTE });
    expect(judge(paced, charge, person).mayGo).toBe(true);
  });

  it('allows a few requests before the first report', () => {
    let state: LimitState | undefined;
    for (const _ of [1, 2, 3, 4]) {
      expect(judge(state, charge, person).mayGo).toBe(true);
      state = acquire(state, charge, person);
    }
    expect(judge(state, charge, person)).toMatchObject({ mayGo: false, isSoon: true });
  });

  it('uses the reported cost of a request', () => {
    const state = reported(windowOf(0, { max: 100, cost: 30 }));
    const twice = acquire(acquire(state, charge, person), charge, person);
    expect(judge(twice, charge, person).mayGo).toBe(true);
    expect(judge(acquire(twice, charge, person), charge, person).mayGo).toBe(false);
  });
});

describe('a reported share', () => {
  const shareOf = (usedPercent: number, resetsAt?: number): LimitState =>
    reported({ of: 'person', limit: 'posts', kind: 'share', usedPercent, ...(resetsAt && { resetsAt }) });

  it.each([
    [79.9, true, true],
    [80, true, false],
    [99.9, true, false],
    [100, false, false],
  ])('of %d percent allows users (%s) and jobs (%s)', (percent, forPeople, forJobs) => {
    const state = shareOf(percent);
    expect([judge(state, shareCharge, person).mayGo, judge(state, shareCharge, job).mayGo]).toEqual([
      forPeople,
      forJobs,
    ]);
  });

  it('holds for a minute, or until its reported end', () => {
    const at = (ms: number): Caller => ({ ...person, now: NOW + ms });
    expect(judge(refresh(shareOf(100), NOW + MINUTE), shareCharge, at(MINUTE)).mayGo).toBe(true);
    const long = shareOf(100, NOW + 20 * MINUTE);
    expect(judge(refresh(long, NOW + 19 * MINUTE), shareCharge, at(19 * MINUTE)).mayGo).toBe(false);
    expect(judge(refresh(long, NOW + 20 * MINUTE), shareCharge, at(20 * MINUTE)).mayGo).toBe(true);
  });
});

describe('a counted limit', () => {
  const counted: Charge = { of: 'app', limit: 'minute', kind: 'counter', max: 6, windowMs: MINUTE };

  it('never allows more than its maximum in any minute', () => {
    const left: number[] = [];
    let state: LimitState | undefined;
    for (let now = NOW; now < NOW + 5 * MINUTE; now += 1_700) {
      state = state && refresh(state, now);
      const caller = { ...person, now };
      if (!judge(state, counted, caller).mayGo) continue;
      state = acquire(state, counted, caller);
      left.push(now);
    }
    expect(left.length).toBeGreaterThan(20);
    for (const [n, at] of left.entries()) {
      const sixth = left[n + 6];
      if (sixth !== undefined) expect(sixth - at).toBeGreaterThanOrEqual(MINUTE);
    }
  });

  it('does not count requests that were not sent', () => {
    let state: LimitState | undefined;
    for (const _ of [1, 2, 3, 4, 5, 6]) state = acquire(state, counted, person);
    expect(judge(state, counted, person).mayGo).toBe(false);
    expect(judge(release(state as LimitState, NOW, 'kept'), counted, person).mayGo).toBe(true);
    expect(release(state as LimitState, NOW, 'silent')).toBe(state);
  });
});

describe('a limit known before our clock was set back', () => {
  it('is dropped', () => {
    const hourAgo = NOW - 60 * MINUTE;
    const caller = { ...person, now: hourAgo };
    expect(judge(refresh(reported(windowOf(10)), hourAgo), charge, caller).mayGo).toBe(true);
    const paused = reported({ of: 'person', limit: 'posts', kind: 'pause', until: NOW + MINUTE });
    expect(judge(refresh(paused, hourAgo), charge, caller).mayGo).toBe(true);
    expect(judge(refresh(paused, NOW), charge, person)).toEqual({ mayGo: false, at: NOW + MINUTE });
  });
});

describe('a limit of concurrent requests', () => {
  const concurrent: Charge = { of: 'person', limit: 'reports', kind: 'concurrency', max: 2 };

  it('allows its maximum in flight, and one more for each that ends', () => {
    const one = acquire(undefined, concurrent, person);
    expect(judge(one, concurrent, person).mayGo).toBe(true);
    const two = acquire(one, concurrent, person) as LimitState;
    expect(judge(two, concurrent, person)).toMatchObject({ mayGo: false, isSoon: true });
    expect(judge(release(two, NOW, 'answered'), concurrent, person).mayGo).toBe(true);
    expect(judge(refresh(two, NOW + 3 * MINUTE), concurrent, person).mayGo).toBe(true);
  });
});

describe('a limit that is known by refusals only', () => {
  it.each<Charge>([
    { of: 'person', limit: 'posts', kind: 'refusal' },
    { of: 'person', limit: 'posts', kind: 'share' },
    { of: 'person', limit: 'posts', kind: 'counter', max: 6, windowMs: MINUTE },
    { of: 'person', limit: 'posts', kind: 'concurrency', max: 2 },
    charge,
  ])('pauses requests that are charged to it as $kind', (one) => {
    const paused = applyReport(undefined, { of: 'person', limit: 'posts', kind: 'pause', until: NOW + MINUTE }, NOW);
    expect(judge(paused, one, person)).toEqual({ mayGo: false, at: NOW + MINUTE });
    expect(judge(refresh(paused, NOW + MINUTE), one, { ...person, now: NOW + MINUTE }).mayGo).toBe(true);
  });
});

describe('the use of the tightest limit', () => {
  const windowOfTen = (used: number) => reported(windowOf(used));

  it('is that of the limit closest to exhaustion', () => {
    const share = applyReport(undefined, { of: 'person', limit: 'app', kind: 'share', usedPercent: 60 }, NOW);
    expect(tightestOf([windowOfTen(3), share], NOW)).toEqual({ used: 60, limit: 100, resetsAt: null });
    expect(tightestOf([windowOfTen(9), share], NOW)).toMatchObject({ used: 9, limit: 10 });
  });

  it('is null without a known limit, and all of it after a refusal', () => {
    expect(tightestOf([], NOW)).toBeNull();
    const paused = applyReport(windowOfTen(1), { of: 'person', limit: 'posts', kind: 'pause', until: NOW + 1 }, NOW);
    expect(tightestOf([paused], NOW)).toEqual({ used: 10, limit: 10, resetsAt: new Date(NOW + 1) });
  });
});
