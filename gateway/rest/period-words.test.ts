import { expect, it } from '@jest/globals';
import { periodOfWord, periodWords } from './period-words.js';

it('each word for days is one value of the enum Period', () => {
  const documented =
    'today yesterday last_7d last_14d last_28d last_30d last_90d last_12m this_week last_week this_month last_month this_quarter last_quarter this_year last_year';
  expect(periodWords()).toEqual(documented.split(' '));
  expect([periodOfWord('last_30d'), periodOfWord('last_12m'), periodOfWord('this_month')]).toEqual([
    'LAST_30_DAYS',
    'LAST_12_MONTHS',
    'THIS_MONTH',
  ]);
  expect([periodOfWord('LAST_30_DAYS'), periodOfWord(['today']), periodOfWord(undefined)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
