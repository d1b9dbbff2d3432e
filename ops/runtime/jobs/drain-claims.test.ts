import { describe, expect, it } from '@jest/globals';
import { drainClaims } from './drain-claims.js';

function queueOf(count: number) {
  const waiting = Array.from({ length: count }, (_, index) => index);
  const seen = { claims: 0, underway: 0, most: 0, done: [] as number[] };
  const drain = (options: { fails?: number; mayGoOn?: () => boolean } = {}) =>
    drainClaims({
      atOnce: 3,
      claim: async () => {
        seen.claims += 1;
        return waiting.shift();
      },
      work: async (item) => {
        seen.underway += 1;
        seen.most = Math.max(seen.most, seen.underway);
        await new Promise((resolve) => setImmediate(resolve));
        seen.underway -= 1;
        if (item === options.fails) throw new Error(`${item} failed`);
        seen.done.push(item);
      },
      mayGoOn: options.mayGoOn ?? (() => true),
    });
  return { seen, drain };
}

describe('what is due', () => {
  it('is looked for once where nothing is', async () => {
    const { seen, drain } = queueOf(0);
    expect(await drain()).toBe(true);
    expect(seen.claims).toBe(1);
  });

  it('is worked on as much at once as may be, each once', async () => {
    const { seen, drain } = queueOf(10);
    expect(await drain()).toBe(true);
    expect(seen.most).toBe(3);
    expect(seen.done.sort((one, other) => one - other)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('is left when no more may be claimed', async () => {
    const { seen, drain } = queueOf(10);
    expect(await drain({ mayGoOn: () => seen.claims < 4 })).toBe(false);
    expect(seen.done).toHaveLength(4);
  });

  it('that has begun is finished before an error is thrown', async () => {
    const { seen, drain } = queueOf(6);
    await expect(drain({ fails: 1 })).rejects.toThrow('1 failed');
    expect(seen.underway).toBe(0);
    expect(seen.done).toContain(2);
  });
});
