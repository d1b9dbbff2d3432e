import { describe, expect, it } from '@jest/globals';
import { type Asker, afterLeaving, afterReturning, afterTold, judge, type LimitState, refresh } from './limit-state.js';
import type { Draw, Told } from './limits.js';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const MINUTE = 60_000;

const draw: Draw = { of: 'person', limit: 'posts', isTold: true };
const person: Asker = { now: NOW, isBackground: false, reserve: 0.2 };
const job: Asker = { ...person, isBackground: true };
const windowOf = (used: number, more: Partial<Extract<Told, { kind: 'window' }>> = {}): Told => ({
  of: 'person',
  limit: 'posts',
  kind: 'window',
  max: 10,
  used,
  resetsAt: NOW + 15 * MINUTE,
  ...more,
});
const told = (...all: Told[]) =>
  all.reduce<LimitState | undefined>((state, one) => afterTold(state, one, NOW), undefined) as LimitState;

describe('a limit that is told', () => {
  it.each([
    [0, true, true],
    [7, true, true],
    [8, true, false],
    [9, true, false],
    [10, false, false],
  ])('of which %i of 10 are used lets people (%s) and jobs (%s) ask', (used, forPeople, forJobs) => {
    const state = told(windowOf(used));
    expect([judge(state, draw, person).mayGo, judge(state, draw, job).mayGo]).toEqual([forPeople, forJobs]);
  });

  it('counts what is on its way', () => {
    let state: LimitState | undefined = told(windowOf(7));
    for (const _ of [1, 2, 3]) state = afterLeaving(state, draw, person);
    expect(judge(state, draw, person)).toEqual({ mayGo: false, at: NOW + 15 * MINUTE });
    const back = afterReturning(state as LimitState, draw, NOW, 'kept');
    expect(judge(back, draw, person).mayGo).toBe(true);
    expect(afterReturning(state as LimitState, draw, NOW, 'silent').used).toBe(8);
  });

  it('does not wait for ever for what left with a process that is gone', () => {
    const state = afterLeaving(told(windowOf(9)), draw, person) as LimitState;
    expect(judge(refresh(state, NOW + 3 * MINUTE), draw, { ...person, now: NOW + 3 * MINUTE }).mayGo).toBe(true);
  });

  it('is not made larger by an answer that was overtaken', () => {
    expect(told(windowOf(5), windowOf(3)).used).toBe(5);
    expect(told(windowOf(1), windowOf(9, { resetsAt: NOW - MINUTE })).used).toBe(1);
    expect(told(windowOf(9), windowOf(1, { resetsAt: NOW + 20 * MINUTE }))).toMatchObject({ used: 1 });
  });

  it('begins anew when its window ends, and is still known to be one', () => {
    const later = NOW + 16 * MINUTE;
    const state = refresh(told(windowOf(10)), later);
    expect(state).toMatchObject({ used: 0, max: 10 });
    expect(state.resetsAt).toBeUndefined();
    expect(judge(state, draw, { ...person, now: later }).mayGo).toBe(true);
  });

  it('is spread over the rest of its window for jobs once half of it is used', () => {
    const state = afterLeaving(told(windowOf(5)), draw, job) as LimitState;
    expect(judge(state, draw, job).mayGo).toBe(true);
    const paced = afterLeaving(told(windowOf(6)), draw, job) as LimitState;
    // Two are left for jobs in 15 minutes.
    expect(judge(paced, draw, job)).toEqual({ mayGo: false, at: NOW + 7.5 * MINUTE });
    expect(judge(paced, draw, person).mayGo).toBe(true);
  });

  it('lets a few requests find out what nobody told yet', () => {
    let state: LimitState | undefined;
    for (const _ of [1, 2, 3, 4]) {
      expect(judge(state, draw, person).mayGo).toBe(true);
      state = afterLeaving(state, draw, person);
    }
    expect(judge(state, draw, person)).toMatchObject({ mayGo: false, isSoon: true });
  });

  it('takes what a request costs from what was told', () => {
    const state = told(windowOf(0, { max: 100, cost: 30 }));
    const twice = afterLeaving(afterLeaving(state, draw, person), draw, person);
    expect(judge(twice, draw, person).mayGo).toBe(true);
    expect(judge(afterLeaving(twice, draw, person), draw, person).mayGo).toBe(false);
  });
});

describe('a share', () => {
  const shareOf = (usedPercent: number, resetsAt?: number): LimitState =>
    told({ of: 'person', limit: 'posts', kind: 'share', usedPercent, ...(resetsAt && { resetsAt }) });

  it.each([
    [79.9, true, true],
    [80, true, false],
    [99.9, true, false],
    [100, false, false],
  ])('of %d percent lets people (%s) and jobs (%s) ask', (percent, forPeople, forJobs) => {
    const state = shareOf(percent);
    expect([judge(state, draw, person).mayGo, judge(state, draw, job).mayGo]).toEqual([forPeople, forJobs]);
  });

  it('is believed a minute, or as long as was told', () => {
    const at = (ms: number): Asker => ({ ...person, now: NOW + ms });
    expect(judge(refresh(shareOf(100), NOW + MINUTE), draw, at(MINUTE)).mayGo).toBe(true);
    const long = shareOf(100, NOW + 20 * MINUTE);
    expect(judge(refresh(long, NOW + 19 * MINUTE), draw, at(19 * MINUTE)).mayGo).toBe(false);
    expect(judge(refresh(long, NOW + 20 * MINUTE), draw, at(20 * MINUTE)).mayGo).toBe(true);
  });
});

describe('a limit we count', () => {
  const counted: Draw = { of: 'app', limit: 'minute', counted: { max: 6, windowMs: MINUTE } };

  it('never lets more than it allows leave in any minute', () => {
    const left: number[] = [];
    let state: LimitState | undefined;
    for (let now = NOW; now < NOW + 5 * MINUTE; now += 1_700) {
      state = state && refresh(state, now, MINUTE);
      const asker = { ...person, now };
      if (!judge(state, counted, asker).mayGo) continue;
      state = afterLeaving(state, counted, asker);
      left.push(now);
    }
    expect(left.length).toBeGreaterThan(20);
    for (const [n, at] of left.entries()) {
      const sixth = left[n + 6];
      if (sixth !== undefined) expect(sixth - at).toBeGreaterThanOrEqual(MINUTE);
    }
  });

  it('does not count what did not leave', () => {
    let state: LimitState | undefined;
    for (const _ of [1, 2, 3, 4, 5, 6]) state = afterLeaving(state, counted, person);
    expect(judge(state, counted, person).mayGo).toBe(false);
    expect(judge(afterReturning(state as LimitState, counted, NOW, 'kept'), counted, person).mayGo).toBe(true);
    expect(afterReturning(state as LimitState, counted, NOW, 'silent')).toBe(state);
  });
});

describe('what was known before our clock was put back', () => {
  it('is forgotten', () => {
    const hourAgo = NOW - 60 * MINUTE;
    const asker = { ...person, now: hourAgo };
    expect(judge(refresh(told(windowOf(10)), hourAgo), draw, asker).mayGo).toBe(true);
    const paused = told({ of: 'person', limit: 'posts', kind: 'pause', until: NOW + MINUTE });
    expect(judge(refresh(paused, hourAgo), draw, asker).mayGo).toBe(true);
    expect(judge(refresh(paused, NOW), draw, person)).toEqual({ mayGo: false, at: NOW + MINUTE });
  });
});
