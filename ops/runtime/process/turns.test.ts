import { expect, it } from '@jest/globals';
import { Turns } from './turns.js';

it('runs no more than the limit, in the order they came, whatever fails', async () => {
  const turns = new Turns(2);
  const begun: number[] = [];
  const finish: (() => void)[] = [];
  const work = (n: number) =>
    turns.run(async () => {
      begun.push(n);
      await new Promise<void>((resolve) => finish.push(resolve));
      if (n === 1) throw new Error('one');
      return n;
    });
  const all = Promise.allSettled([1, 2, 3, 4].map(work));
  expect(begun).toEqual([1, 2]);
  for (const next of [3, 4, 5, 6]) {
    finish.shift()?.();
    while (begun.length < Math.min(next, 4)) await Promise.resolve();
  }
  const results = await all;
  expect(begun).toEqual([1, 2, 3, 4]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
});
