import { expect, it } from '@jest/globals';
import { heapOf, pauseBeforeReplacing } from './run-processes.js';

it('a process that ends again soon after its start is replaced later each time, after half a minute at most', () => {
  expect([1, 2, 3, 6, 7, 100].map(pauseBeforeReplacing)).toEqual([500, 1_000, 2_000, 16_000, 30_000, 30_000]);
});

it('processes share the memory of their container, and take what they want where there is no bound', () => {
  const gib = 1024 ** 3;
  expect(heapOf(4, 2 * gib, 16 * gib)).toEqual(['--max-old-space-size=358']);
  // Without a bound the kernel says more than there is, or nothing.
  for (const unbounded of [0, 16 * gib, 2 ** 63]) expect(heapOf(4, unbounded, 16 * gib)).toEqual([]);
});
