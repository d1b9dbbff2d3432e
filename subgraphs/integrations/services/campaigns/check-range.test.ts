import { expect, it } from '@jest/globals';
import { InvalidInput } from '#runtime/errors.js';
import { checkRange } from './check-range.js';

const now = new Date('2026-11-22T12:00:00Z');

it.each([
  ['one day', '2026-11-22', '2026-11-22'],
  ['366 days', '2025-11-22', '2026-11-22'],
  ['this month, which is not over', '2026-11-01', '2026-11-30'],
  ['what is tomorrow here and today elsewhere', '2026-11-23', '2026-11-23'],
  ['the first day there is', '2000-01-01', '2000-12-31'],
])('checkRange accepts %s', (_what, start, end) => {
  expect(() => checkRange({ start, end }, now)).not.toThrow();
});

it.each([
  ['an end before the start', '2026-11-02', '2026-11-01'],
  ['367 days', '2025-11-21', '2026-11-22'],
  ['the future', '2026-11-24', '2026-11-25'],
  ['the past century', '1999-12-31', '2000-01-01'],
])('checkRange rejects %s and names the argument', (_what, start, end) => {
  const check = () => checkRange({ start, end }, now);
  expect(check).toThrow(InvalidInput);
  expect(check).toThrow(/^Invalid input: range must not/);
});
