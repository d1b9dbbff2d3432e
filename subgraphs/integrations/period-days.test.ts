import { expect, it } from '@jest/globals';
import { type Period, periodDays } from './period-days.js';

it.each<[Period, today: string, start: string, end: string]>([
  ['TODAY', '2026-11-29', '2026-11-29', '2026-11-29'],
  ['YESTERDAY', '2026-03-01', '2026-02-28', '2026-02-28'],
  ['LAST_7_DAYS', '2026-11-29', '2026-11-22', '2026-11-28'],
  ['LAST_14_DAYS', '2026-11-29', '2026-11-15', '2026-11-28'],
  ['LAST_28_DAYS', '2026-11-29', '2026-11-01', '2026-11-28'],
  ['LAST_30_DAYS', '2026-11-29', '2026-10-30', '2026-11-28'],
  ['LAST_90_DAYS', '2026-11-29', '2026-08-31', '2026-11-28'],
  ['LAST_12_MONTHS', '2026-11-29', '2025-11-29', '2026-11-28'],
  // A leap year: 366 days, the most a range has.
  ['LAST_12_MONTHS', '2024-02-29', '2023-03-01', '2024-02-28'],
  // A Sunday ends its week, a Monday begins one.
  ['THIS_WEEK', '2026-11-29', '2026-11-23', '2026-11-29'],
  ['THIS_WEEK', '2026-11-30', '2026-11-30', '2026-11-30'],
  ['LAST_WEEK', '2026-11-29', '2026-11-16', '2026-11-22'],
  ['THIS_MONTH', '2026-11-29', '2026-11-01', '2026-11-29'],
  ['LAST_MONTH', '2026-03-31', '2026-02-01', '2026-02-28'],
  ['THIS_QUARTER', '2026-11-29', '2026-10-01', '2026-11-29'],
  ['LAST_QUARTER', '2026-01-01', '2025-10-01', '2025-12-31'],
  ['THIS_YEAR', '2026-11-29', '2026-01-01', '2026-11-29'],
  ['LAST_YEAR', '2026-01-01', '2025-01-01', '2025-12-31'],
])('%s is, on %s, from %s to %s', (period, today, start, end) => {
  expect(periodDays(period, today)).toEqual({ start, end });
});
