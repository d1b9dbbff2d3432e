import { expect, it } from '@jest/globals';
import { pauseBeforeReplacing } from './run-processes.js';

it('a process that ends again soon after its start is replaced later each time, after half a minute at most', () => {
  expect([1, 2, 3, 6, 7, 100].map(pauseBeforeReplacing)).toEqual([500, 1_000, 2_000, 16_000, 30_000, 30_000]);
});
