import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeRateLimits } from '#ops/testing/describe-rate-limits.js';
import { eventually } from '#ops/testing/eventually.js';
import { hasRedisServer, type OwnRedis, startOwnRedis } from '#ops/testing/start-redis.js';
import { testService } from '#ops/testing/test-services.js';
import { createLogger } from '#runtime/log/logger.js';
import { type CachedRateLimits, openRateLimits, type RateLimit } from './rate-limit.js';

const logger = createLogger({ level: 'silent', isPretty: false });
const redisUrl = testService('REDIS');

/** Resolves once limits count in Redis: on a busy machine the first attempt may take too long. */
async function openInRedis(limits: CachedRateLimits): Promise<CachedRateLimits> {
  const limit = limits.open({ name: randomUUID(), points: 1, windowSeconds: 60 });
  await eventually('a process counts in Redis', async () => {
    await limit.count('first');
    return limits.mode() === 'redis';
  });
  return limits;
}

describeRateLimits('memory', () => openRateLimits({ logger }));
describeRateLimits('memory, while Redis is away', () => openRateLimits({ logger, redisUrl: 'redis://127.0.0.1:1' }));
if (redisUrl) describeRateLimits('Redis', () => openInRedis(openRateLimits({ logger, redisUrl })));

(hasRedisServer ? describe : describe.skip)('rate limits over a Redis that comes and goes (needs redis-server)', () => {
  let redis: OwnRedis;
  let processes: CachedRateLimits[];
  beforeEach(async () => {
    redis = await startOwnRedis();
    processes = [];
  });
  afterEach(async () => {
    for (const limits of processes) limits.close();
    await redis.close();
  });

  /** Opens a limit as one more process would. */
  async function open(name: string, points: number): Promise<RateLimit> {
    const limits = openRateLimits({ logger, redisUrl: redis.url });
    processes.push(limits);
    await openInRedis(limits);
    return limits.open({ name, points, windowSeconds: 60 });
  }
  const countMany = async (limit: RateLimit, times: number) =>
    (await Promise.all(Array.from({ length: times }, () => limit.count('a')))).filter(({ isAllowed }) => isAllowed)
      .length;

  it('are shared by all processes', async () => {
    const name = randomUUID();
    const [one, other] = [await open(name, 10), await open(name, 10)];
    expect((await countMany(one, 8)) + (await countMany(other, 8))).toBe(10);
  });

  it.each<[string, () => Promise<void> | void, () => Promise<void> | void]>([
    ['killed', () => redis.kill(), () => redis.restart()],
    ['stopped', () => redis.signal('SIGSTOP'), () => redis.signal('SIGCONT')],
  ])('hold in each process while Redis is %s, and are shared again afterwards', async (_what, harm, heal) => {
    const name = randomUUID();
    const [one, other] = [await open(name, 10), await open(name, 10)];
    const modes = () => processes.map((limits) => limits.mode());
    expect(modes()).toEqual(['redis', 'redis']);
    await harm();
    expect([await countMany(one, 50), await countMany(other, 50)]).toEqual([10, 10]);
    const areAway = () => modes().every((mode) => mode === 'memory, because Redis is away');
    await eventually('both know that it is away', areAway);
    await heal();
    await eventually('both count in Redis again', async () => {
      const key = randomUUID();
      const standings = await Promise.all([one, other].map((limit) => limit.count(key)));
      return (
        standings
          .map(({ remaining }) => remaining)
          .sort()
          .join() === '8,9'
      );
    });
    expect(modes()).toEqual(['redis', 'redis']);
  });
});
