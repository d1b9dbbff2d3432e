import { describe, expect, it } from '@jest/globals';
import { describeCache } from '../testing/describe-cache.js';
import { testService } from '../testing/test-runtime.js';
import { openCache } from './cache.js';
import { createLogger } from './logger.js';

const logger = createLogger({ level: 'silent', isPretty: false });
const redisUrl = testService('REDIS');

describeCache('memory', () => openCache({ logger }));
describeCache('memory, while Redis is away', () => openCache({ logger, redisUrl: 'redis://127.0.0.1:1' }));
if (redisUrl) describeCache('Redis', () => openCache({ logger, redisUrl }));

describe('the cache over a Redis that is away', () => {
  it('warns once, however often it is asked', async () => {
    const warnings: unknown[] = [];
    const cache = openCache({
      redisUrl: 'redis://127.0.0.1:1',
      logger: { ...logger, warn: (...args: unknown[]) => void warnings.push(args) },
    });
    await Promise.all(Array.from({ length: 5 }, (_, index) => cache.namespace('x').get(String(index))));
    await cache.close();
    expect(warnings).toHaveLength(1);
  });
});
