import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Cache, take } from '#runtime/cache/cache.js';

/** The suite every cache implementation passes. */
export function describeCache(name: string, open: () => Cache | Promise<Cache>): void {
  describe(`the cache in ${name}`, () => {
    let cache: Cache;
    beforeAll(async () => {
      cache = await open();
    });
    afterAll(() => cache.close());

    it('gives back what it was given', async () => {
      await cache.namespace('things').set('a', { deep: [1, 'two', null] }, 60_000);
      expect(await cache.namespace('things').get('a')).toEqual({ deep: [1, 'two', null] });
    });

    it('keeps namespaces apart', async () => {
      await cache.namespace('one').set('key', 1, 60_000);
      expect(await cache.namespace('other').get('key')).toBeUndefined();
    });

    it('knows nothing of what was deleted, or is older than its time', async () => {
      const things = cache.namespace('things');
      await things.set('deleted', 1, 60_000);
      await things.delete('deleted');
      await things.set('expired', 1, 1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect([await things.get('deleted'), await things.get('expired')]).toEqual([undefined, undefined]);
    });

    it('lets exactly one of many take a value', async () => {
      const states = cache.namespace('states');
      await states.set('once', 'secret', 60_000);
      const taken = await Promise.all(Array.from({ length: 20 }, () => take(states, 'once')));
      expect(taken.filter((value) => value !== undefined)).toEqual(['secret']);
    });

    it('loses no atomic update, however many run at once', async () => {
      // Stores opened separately know nothing of each other, like two processes.
      const opened = [cache.atomicStore('tallies'), cache.atomicStore('tallies')];
      const addOne = (value = 0) => ({ value: value + 1, ttlMs: 60_000 });
      await Promise.all(
        Array.from({ length: 30 }, (_, n) => opened[n % 2]?.update<number>('visits', (value) => addOne(value))),
      );
      expect(await opened[0]?.read('visits')).toBe(30);
    });

    it('leaves a value unchanged when its update returns nothing, and drops it once it expires', async () => {
      const store = cache.atomicStore('things');
      await store.update('brief', () => ({ value: { deep: ['ä'] }, ttlMs: 60_000 }));
      await store.update('brief', () => undefined);
      expect(await store.read('brief')).toEqual({ deep: ['ä'] });
      await store.update('brief', () => ({ value: 1, ttlMs: 1 }));
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(await store.read('brief')).toBeUndefined();
    });
  });
}
