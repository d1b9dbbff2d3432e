import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
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
  /** Counts uses (default 1) of `key` and returns whether they are allowed. Never rejects; waits for Redis half a second at most. */
  count(key: string, uses?: number): Promise<Standing>;
  /** Takes back uses that were counted but not made. Never rejects. */
  giveBack(key: string, uses: number): Promise<void>;
  /** Resets the count of `key`. Never rejects. */
  forget(key: string): Promise<void>;
}

export type CountingMode = 'memory' | 'redis' | 'memory, because Redis is away';

/** Rate limits shared by all processes through Redis. While it is away each process counts by itself. */
export interface RateLimits {
  /** Returns the limit of a quota, the same one each time. */
  open(quota: Quota): RateLimit;
  mode(): CountingMode;
  close(): void;
}

/** The part of a Redis client the limiter calls, on a connection with a timeout. */
function clientOver(link: RedisLink) {
  return {
    eval: (script: string, options: { keys: string[]; arguments: string[] }) =>
      link.run((client) => client.eval(script, options)),
    del: (key: string) => link.run((client) => client.del(key)),
  };
}

function standingOf({ points }: Quota, { consumedPoints, remainingPoints, msBeforeNext }: RateLimiterRes): Standing {
  return {
    isAllowed: consumedPoints <= points,
    remaining: remainingPoints,
    resetSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)),
  };
}

/** Opens the rate limits: shared through Redis when there is a URL, else of this process. Connects with the first limit. */
export function openRateLimits({ redisUrl, logger }: { redisUrl?: string; logger: Logger }): RateLimits {
  let link: RedisLink | undefined;
  const linkTo = (url: string) => {
    link ??= new RedisLink({ url, logger, meanwhile: 'counting requests per process' });
    return link;
  };
  const uncounted = (err: unknown, limit: string) => logger.warn({ err, limit }, 'Counting a request failed');
  const openOne = (quota: Quota): RateLimit => {
    const { name, points, windowSeconds } = quota;
    const counting = { keyPrefix: `webmetrics:rate:${name}`, points, duration: windowSeconds };
    const inMemory = new RateLimiterMemory(counting);
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
  const opened = new Map<string, RateLimit>();
  return {
    open: (quota) => {
      const id = `${quota.name} ${quota.points} ${quota.windowSeconds}`;
      const limit = opened.get(id) ?? openOne(quota);
      opened.set(id, limit);
      return limit;
    },
    mode: () => {
      if (!redisUrl) return 'memory';
      return link && !link.isUp ? 'memory, because Redis is away' : 'redis';
    },
    close: () => link?.close(),
  };
}
