import { describe, expect, it } from '@jest/globals';
import { createClient } from '@keyv/redis';
import { describeCache } from '#ops/testing/describe-cache.js';
import { eventually, succeeds } from '#ops/testing/eventually.js';
import { testSealers } from '#ops/testing/test-sealers.js';
import { testService } from '#ops/testing/test-services.js';
import { createLogger } from '#runtime/log/logger.js';
import { type Cache, openCache } from './cache.js';

const logger = createLogger({ level: 'silent', isPretty: false });
const redis = testService('REDIS');
// Others empty the cache in the first database.
const redisUrl = redis && Object.assign(new URL(redis), { pathname: '/8' }).href;
const sealerOf = testSealers();

/** Opens a cache, in Redis once it reaches it: on a busy machine the first attempt may take too long. */
async function openWell(url?: string): Promise<Cache> {
  const cache = openCache({ logger, sealerOf, ...(url && { redisUrl: url }) });
  const isReady = () => succeeds(cache.checkReady());
  await eventually('the cache is ready', isReady);
  return cache;
}

describeCache('memory', () => openCache({ logger, sealerOf }));
describeCache('memory, while Redis is away', () => openCache({ logger, sealerOf, redisUrl: 'redis://127.0.0.1:1' }));
if (redisUrl) describeCache('Redis', () => openWell(redisUrl));

describe('the cache while Redis is away', () => {
  it('warns once, however often it is read', async () => {
    const warnings: unknown[] = [];
    const cache = openCache({
      sealerOf,
      redisUrl: 'redis://127.0.0.1:1',
      logger: { ...logger, warn: (...args: unknown[]) => void warnings.push(args) },
    });
    await Promise.all(Array.from({ length: 5 }, (_, index) => cache.namespace('x').get(String(index))));
    await cache.close();
    expect(warnings).toHaveLength(1);
  });
});

describe.each([['memory', undefined], ...(redisUrl ? [['Redis', redisUrl] as const] : [])])(
  'deleting a part of the cache (%s)',
  (_name, url) => {
    it('keeps other keys and other namespaces', async () => {
      const cache = await openWell(url);
      const [answers, others] = [cache.namespace('forget-answers'), cache.namespace('forget-others')];
      const ours = Array.from({ length: 25 }, (_, n) => `acme [a]* ${n}`);
      try {
        for (const key of ours) await answers.set(key, key);
        await answers.set('acme [a]', 'shorter');
        await answers.set('acme a* 1', 'as a pattern would match it');
        await others.set('acme [a]* 1', 'of another namespace');
        await cache.forget('forget-answers', 'acme [a]* ');
        expect(await Promise.all(ours.map((key) => answers.get(key)))).toEqual(ours.map(() => undefined));
        expect([
          await answers.get('acme [a]'),
          await answers.get('acme a* 1'),
          await others.get('acme [a]* 1'),
        ]).toEqual(['shorter', 'as a pattern would match it', 'of another namespace']);
      } finally {
        await cache.close();
      }
    });
  },
);

if (redisUrl) {
  it('deletes what an ended epoch left in Redis', async () => {
    const cache = await openWell(redisUrl);
    const client = createClient({ url: redisUrl });
    await client.connect();
    try {
      await cache.namespace('forget-epochs').set('acme 1', 'kept');
      const keys = () => client.keys('*:forget-epochs:acme *');
      await cache.namespace('forget-epochs').clear();
      await cache.namespace('forget-epochs').set('acme 2', 'kept');
      expect((await keys()).length).toBeGreaterThan(1);
      await cache.forget('forget-epochs', 'acme ');
      expect(await keys()).toEqual([]);
    } finally {
      client.destroy();
      await cache.close();
    }
  });
}

it('reports that keys may be left in a Redis that is away', async () => {
  const cache = openCache({ logger, sealerOf, redisUrl: 'redis://127.0.0.1:1' });
  await cache.namespace('x').set('acme 1', 'kept in memory');
  await expect(cache.forget('x', 'acme ')).rejects.toThrow('Redis is away');
  expect(await cache.namespace('x').get('acme 1')).toBeUndefined();
  await cache.close();
});
