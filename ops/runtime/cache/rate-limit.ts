import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Logger } from '#runtime/log/logger.js';
import { RedisLink } from './redis-link.js';

/** So much of something in so much time. */
export interface Quota {
  /** In lower case with dashes; the same name counts in one place in all processes. */
  name: string;
  points: number;
  windowSeconds: number;
}

/** How a client stands after what it just did. */
export interface Standing {
  isAllowed: boolean;
  remaining: number;
  /** Seconds until the whole quota is there again. */
  resetSeconds: number;
}

export interface RateLimit extends Quota {
  /** Counts uses by `key`, one unless told, and says whether they are still allowed. Never throws, and never waits for Redis for long. */
  count(key: string, uses?: number): Promise<Standing>;
  /** Takes uses back that were counted and not made. Never throws. */
  giveBack(key: string, uses: number): Promise<void>;
  /** Counts from the start again. Never throws. */
  forget(key: string): Promise<void>;
}

export type CountingMode = 'memory' | 'redis' | 'memory, because Redis is away';

/** Limits that all processes of an installation share through Redis. While it is away each process counts by itself. */
export interface RateLimits {
  /** Returns the limit of this quota: the same one each time it is opened. */
  open(quota: Quota): RateLimit;
  /** Where uses are counted now. */
  mode(): CountingMode;
  close(): void;
}

/** What the limiter calls of a Redis client: on a link that answers or fails in time. */
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

/** Opens the limits: shared through Redis when there is a URL, else of this process. Redis is asked once a limit is opened. */
export function openRateLimits({ redisUrl, logger }: { redisUrl?: string; logger: Logger }): RateLimits {
  let link: RedisLink | undefined;
  const linkTo = (url: string) => {
    link ??= new RedisLink({ url, logger, meanwhile: 'counting requests per process' });
    return link;
  };
  const uncounted = (err: unknown, limit: string) => logger.warn({ err, limit }, 'A request could not be counted');
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
          // Whoever cannot be counted is let through: a limit must not become an outage.
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
