import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RateLimits } from '#runtime/cache/rate-limit.js';
import { eventually } from './eventually.js';

type Opened = RateLimits & { close(): void | Promise<void> };

/** The suite every rate limit store passes. `open` adds a process' view of it. */
export function describeRateLimits(name: string, open: () => Opened | Promise<Opened>): void {
  describe(`rate limits counted in ${name}`, () => {
    let limits: Opened;
    beforeAll(async () => {
      limits = await open();
    });
    afterAll(() => limits.close());
    const newLimit = (points = 3) => limits.open({ name: `test-${randomUUID()}`, points, windowSeconds: 60 });

    it('allow a client its limit, report the remainder, and refuse the rest', async () => {
      const limit = newLimit();
      const standings = [];
      for (let use = 0; use < 5; use += 1) standings.push(await limit.count('a'));
      expect(standings.map(({ isAllowed, remaining }) => [isAllowed, remaining])).toEqual([
        [true, 2],
        [true, 1],
        [true, 0],
        [false, 0],
        [false, 0],
      ]);
      for (const { resetSeconds } of standings) {
        expect(resetSeconds).toBeGreaterThan(0);
        expect(resetSeconds).toBeLessThanOrEqual(60);
      }
    });

    it('count each client and each limit by itself', async () => {
      const [one, other] = [newLimit(1), newLimit(1)];
      const standings = await Promise.all([one.count('a'), one.count('b'), other.count('a')]);
      expect(standings.map(({ isAllowed }) => isAllowed)).toEqual([true, true, true]);
    });

    it('let through exactly as many of a crowd', async () => {
      const limit = newLimit(10);
      const standings = await Promise.all(Array.from({ length: 50 }, () => limit.count('a')));
      expect(standings.filter(({ isAllowed }) => isAllowed)).toHaveLength(10);
    });

    it('count many uses at once, and take back what was not used', async () => {
      const limit = newLimit(100);
      expect(await limit.count('a', 60)).toMatchObject({ isAllowed: true, remaining: 40 });
      expect(await limit.count('a', 60)).toMatchObject({ isAllowed: false, remaining: 0 });
      await limit.giveBack('a', 60);
      await limit.giveBack('a', 50);
      expect(await limit.count('a', 1)).toMatchObject({ isAllowed: true, remaining: 89 });
    });

    it('forget a client, and no other', async () => {
      const limit = newLimit(1);
      for (const key of ['a', 'a', 'b', 'b']) await limit.count(key);
      await limit.forget('a');
      const standings = await Promise.all([limit.count('a'), limit.count('b')]);
      expect(standings.map(({ isAllowed }) => isAllowed)).toEqual([true, false]);
    });

    it('are the same however often they are opened', async () => {
      const quota = { name: `test-${randomUUID()}`, points: 1, windowSeconds: 60 };
      await limits.open(quota).count('a');
      expect((await limits.open(quota).count('a')).isAllowed).toBe(false);
    });

    it('give the quota back when its time is over', async () => {
      const limit = limits.open({ name: `test-${randomUUID()}`, points: 1, windowSeconds: 2 });
      let standing = await limit.count('a');
      // The second use may come when the time of the first is over.
      await eventually('it is refused', async () => {
        standing = await limit.count('a');
        return !standing.isAllowed;
      });
      expect([1, 2]).toContain(standing.resetSeconds);
      await eventually('it is allowed again', async () => (await limit.count('a')).isAllowed);
    });
  });
}
