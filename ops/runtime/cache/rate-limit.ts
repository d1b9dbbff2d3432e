import { LRUCache } from 'lru-cache';
import { type IRateLimiterOptions, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Logger } from '#runtime/log/logger.js';
import { RedisLink } from './redis-link.js';

/** At most `points` uses in each window. */
export interface Quota {
  /** In kebab-case; all processes count the same name together. */
  name: string;
  points: number;
  windowSeconds: number;
}

export interface Standing {
  isAllowed: boolean;
  remaining: number;
  /** Seconds until the window ends. */
  resetSeconds: number;
}

export interface RateLimit extends Quota {
  /** Counts uses (default 1) of `key` and returns whether they are allowed. */
  count(key: string, uses?: number): Promise<Standing>;
  /** Takes back uses that were counted but not made. Never rejects. */
  giveBack(key: string, uses: number): Promise<void>;
  /** Resets the count of `key`. Never rejects. */
  forget(key: string): Promise<void>;
}

export type CountingMode = 'memory' | 'redis' | 'memory, because Redis is away';

/** Rate limits shared by all processes. */
export interface RateLimits {
  /** Returns the limit of a quota, the same one each time. */
  open(quota: Quota): RateLimit;
}

/**
 * Rate limits in Redis. While it is away each process counts by itself: `count` never rejects, and waits half a second at
 * most. A full Redis may evict counts, which is good enough for requests and not for what protects a password.
 */
export interface CachedRateLimits extends RateLimits {
  mode(): CountingMode;
  close(): void;
}

/** Most keys of a limit that are counted in memory: what has been counted for others is forgotten, oldest first. */
const MAX_KEYS_IN_MEMORY = 20_000;

/** A limiter in memory with a bounded number of keys. */
function boundedMemoryLimiter(options: IRateLimiterOptions): { limiter: RateLimiterMemory; touch(key: string): void } {
  const limiter = new RateLimiterMemory(options);
  const keys = new LRUCache<string, true>({
    max: MAX_KEYS_IN_MEMORY,
    dispose: (_value, key, reason) => {
      if (reason === 'evict') void limiter.delete(key);
    },
  });
  return { limiter, touch: (key) => void keys.set(key, true) };
}

/** The part of a Redis client the limiter calls, on a connection with a timeout. */
function clientOver(link: RedisLink) {
  return {
    eval: (script: string, options: { keys: string[]; arguments: string[] }) =>
      link.run((client) => client.eval(script, options)),
    del: (key: string) => link.run((client) => client.del(key)),
  };
}

/** Returns the standing of a quota after a use. */
export function standingOf(
  { points }: Quota,
  { consumedPoints, remainingPoints, msBeforeNext }: RateLimiterRes,
): Standing {
  return {
    isAllowed: consumedPoints <= points,
    remaining: remainingPoints,
    resetSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)),
  };
}

/** Returns `openOne` with a memory: the same limit for the same quota. */
export function openOnce(openOne: (quota: Quota) => RateLimit): (quota: Quota) => RateLimit {
  const opened = new Map<string, RateLimit>();
  return (quota) => {
    const id = `${quota.name} ${quota.points} ${quota.windowSeconds}`;
    const limit = opened.get(id) ?? openOne(quota);
    opened.set(id, limit);
    return limit;
  };
}

/** Opens the rate limits: shared through Redis when there is a URL, else of this process. Connects with the first limit. */
export function openRateLimits({ redisUrl, logger }: { redisUrl?: string; logger: Logger }): CachedRateLimits {
  let link: RedisLink | undefined;
  const linkTo = (url: string) => {
    link ??= new RedisLink({ url, logger, meanwhile: 'counting requests per process' });
    return link;
  };
  const uncounted = (err: unknown, limit: string) => logger.warn({ err, limit }, 'Counting a request failed');
  const openOne = (quota: Quota): RateLimit => {
    const { name, points, windowSeconds } = quota;
    const counting = { keyPrefix: `webmetrics:rate:${name}`, points, duration: windowSeconds };
    const { limiter: inMemory, touch } = boundedMemoryLimiter(counting);
    const limiter = redisUrl
      ? new RateLimiterRedis({
          ...counting,
          storeClient: clientOver(linkTo(redisUrl)),
          useRedisPackage: true,
          insuranceLimiter: inMemory,
        })
      : inMemory;
    return {
      ...quota,
      count: async (key, uses = 1) => {
        touch(key);
        try {
          return standingOf(quota, await limiter.consume(key, uses));
        } catch (refusal) {
          if (refusal instanceof RateLimiterRes) return standingOf(quota, refusal);
          // Fails open: a limit must not become an outage.
          uncounted(refusal, name);
          return { isAllowed: true, remaining: points, resetSeconds: windowSeconds };
        }
      },
      giveBack: async (key, uses) => {
        if (uses > 0) await limiter.reward(key, uses).catch((error) => uncounted(error, name));
      },
      forget: async (key) => {
        await limiter.delete(key).catch((error) => uncounted(error, name));
      },
    };
  };
  return {
    open: openOnce(openOne),
    mode: () => {
      if (!redisUrl) return 'memory';
      return link && !link.isUp ? 'memory, because Redis is away' : 'redis';
    },
    close: () => link?.close(),
  };
}
