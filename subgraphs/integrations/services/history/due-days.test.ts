import { describe, expect, it } from '@jest/globals';
import { dueDays, rangesOf } from './due-days.js';

const now = new Date('2026-11-20T12:00:00Z');
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);

describe('due days', () => {
  it('are the missing days and those that may have changed since last night, newest first', () => {
    const copied = [
      { day: '2026-11-14', fetchedAt: hoursAgo(2_000), isFinal: true, isRefreshDue: false },
      { day: '2026-11-16', fetchedAt: hoursAgo(1), isFinal: false, isRefreshDue: false },
      { day: '2026-11-17', fetchedAt: hoursAgo(23), isFinal: false, isRefreshDue: false },
    ];
    expect(dueDays(copied, '2026-11-14', '2026-11-18', now)).toEqual(['2026-11-18', '2026-11-17', '2026-11-15']);
    const refreshed = copied.map((one) => ({ ...one, isRefreshDue: one.isFinal }));
    expect(dueDays(refreshed, '2026-11-14', '2026-11-16', now)).toEqual(['2026-11-15', '2026-11-14']);
  });

  it('are none before the first requested day', () => {
    expect(dueDays([], '2026-11-20', '2026-11-19', now)).toEqual([]);
  });

  it('are grouped into ranges without other days', () => {
    expect(rangesOf(['2026-11-18', '2026-11-17', '2026-11-16', '2026-11-13', '2026-11-12'], 2)).toEqual([
      { start: '2026-11-17', end: '2026-11-18' },
      { start: '2026-11-16', end: '2026-11-16' },
      { start: '2026-11-12', end: '2026-11-13' },
    ]);
  });
});
