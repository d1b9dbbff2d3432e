import { describe, expect, it } from '@jest/globals';
import { type Comparison, comparedDays, comparedUnitsOf, startOfUnit } from './compared-days.js';
import type { Period } from './period-days.js';

describe('compared days', () => {
  it.each<[Period | undefined, Comparison, string, string, string, string]>([
    ['LAST_7_DAYS', 'PREVIOUS_PERIOD', '2026-11-22', '2026-11-28', '2026-11-15', '2026-11-21'],
    ['LAST_MONTH', 'PREVIOUS_PERIOD', '2026-03-01', '2026-03-31', '2026-02-01', '2026-02-28'],
    ['LAST_QUARTER', 'PREVIOUS_PERIOD', '2026-07-01', '2026-09-30', '2026-04-01', '2026-06-30'],
    ['LAST_YEAR', 'PREVIOUS_PERIOD', '2025-01-01', '2025-12-31', '2024-01-01', '2024-12-31'],
    // Not over yet: as many days of the one before.
    ['THIS_MONTH', 'PREVIOUS_PERIOD', '2026-11-01', '2026-11-29', '2026-10-01', '2026-10-29'],
    ['THIS_MONTH', 'PREVIOUS_PERIOD', '2026-03-01', '2026-03-30', '2026-02-01', '2026-02-28'],
    ['THIS_WEEK', 'PREVIOUS_PERIOD', '2026-11-23', '2026-11-25', '2026-11-16', '2026-11-18'],
    ['THIS_QUARTER', 'PREVIOUS_PERIOD', '2026-10-01', '2026-11-29', '2026-07-01', '2026-08-29'],
    ['THIS_YEAR', 'PREVIOUS_PERIOD', '2024-01-01', '2024-03-01', '2023-01-01', '2023-03-02'],
    // A range of whole months, and one that is not.
    [undefined, 'PREVIOUS_PERIOD', '2026-09-01', '2026-10-31', '2026-07-01', '2026-08-31'],
    [undefined, 'PREVIOUS_PERIOD', '2026-11-01', '2026-11-07', '2026-10-25', '2026-10-31'],
    // Clocks change on 29 March and 25 October in most of Europe: days are days.
    [undefined, 'PREVIOUS_PERIOD', '2026-03-29', '2026-03-29', '2026-03-28', '2026-03-28'],
    ['LAST_30_DAYS', 'PREVIOUS_YEAR', '2026-10-30', '2026-11-28', '2025-10-30', '2025-11-28'],
    ['LAST_MONTH', 'PREVIOUS_YEAR', '2024-02-01', '2024-02-29', '2023-02-01', '2023-02-28'],
    ['LAST_MONTH', 'PREVIOUS_YEAR', '2025-02-01', '2025-02-28', '2024-02-01', '2024-02-29'],
    [undefined, 'PREVIOUS_YEAR', '2024-02-29', '2024-02-29', '2023-02-28', '2023-02-28'],
    ['LAST_WEEK', 'PREVIOUS_YEAR', '2026-11-16', '2026-11-22', '2025-11-17', '2025-11-23'],
  ])('%s, %s of %s to %s, are %s to %s', (period, comparison, start, end, first, last) => {
    expect(comparedDays({ start, end }, comparison, period)).toEqual({ start: first, end: last });
  });

  it('begin weeks on Monday', () => {
    expect(startOfUnit('2026-11-29', 'WEEK')).toBe('2026-11-23');
    expect(startOfUnit('2026-11-30', 'WEEK')).toBe('2026-11-30');
  });

  it('pair the first day with the first, and leave out what has no counterpart', () => {
    const march = { start: '2026-03-01', end: '2026-03-31' };
    const february = { start: '2026-02-01', end: '2026-02-28' };
    expect(comparedUnitsOf(february, march, 'DAY', false).at(-1)).toEqual({ day: '2026-02-28', unit: '2026-03-28' });
    expect(comparedUnitsOf(march, february, 'DAY', false).at(-1)).toEqual({ day: '2026-03-28', unit: '2026-02-28' });
    expect(comparedUnitsOf(february, march, 'MONTH', false)[0]).toEqual({ day: '2026-02-01', unit: '2026-03-01' });
  });

  it('pair the same dates of two years, but for 29 February', () => {
    const leap = { start: '2024-02-28', end: '2024-03-01' };
    expect(comparedUnitsOf(leap, { start: '2025-02-28', end: '2025-03-01' }, 'DAY', true)).toEqual([
      { day: '2024-02-28', unit: '2025-02-28' },
      { day: '2024-03-01', unit: '2025-03-01' },
    ]);
  });

  it('pair no date with one before the range', () => {
    const range = { start: '2024-02-29', end: '2024-03-01' };
    expect(comparedUnitsOf({ start: '2023-02-28', end: '2023-03-01' }, range, 'DAY', true)).toEqual([
      { day: '2023-03-01', unit: '2024-03-01' },
    ]);
  });

  it('lose no days of equally long ranges that lie in more weeks or months', () => {
    const week = { start: '2026-11-16', end: '2026-11-22' };
    const yearBefore = { start: '2025-11-16', end: '2025-11-22' };
    const units = comparedUnitsOf(yearBefore, week, 'WEEK', true);
    expect([units.length, new Set(units.map(({ unit }) => unit))]).toEqual([7, new Set(['2026-11-16'])]);
    const longer = { start: '2025-01-01', end: '2025-12-31' };
    expect(comparedUnitsOf(longer, week, 'WEEK', false).at(-1)).toEqual({ day: '2025-01-05', unit: '2026-11-16' });
  });

  it('pair weeks and months by their number', () => {
    const quarter = { start: '2026-07-01', end: '2026-09-30' };
    const before = { start: '2026-04-01', end: '2026-06-30' };
    expect(comparedUnitsOf(before, quarter, 'MONTH', false).at(-1)).toEqual({ day: '2026-06-30', unit: '2026-09-01' });
    expect(comparedUnitsOf(before, quarter, 'WEEK', false)[0]).toEqual({ day: '2026-04-01', unit: '2026-06-29' });
  });
});
