import { createHash } from 'node:crypto';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { DataSource } from 'typeorm';
import { openOnce, type Quota, type RateLimit, type RateLimits, standingOf } from '#runtime/cache/rate-limit.js';
import type { Logger } from '#runtime/log/logger.js';

/** Keys are addresses of people and networks, of any length. */
const keyOf = (key: string) => createHash('sha256').update(key).digest('base64url');

/**
 * Opens rate limits in PostgreSQL, for what protects passwords, codes and mails: no cache evicts them, and no restart resets
 * them. `count` rejects while the database is away, so that nothing is checked uncounted.
 */
export function openDurableRateLimits(operations: DataSource, logger: Logger): RateLimits {
  const openOne = (quota: Quota): RateLimit => {
    const { name, points, windowSeconds } = quota;
    const limiter = new RateLimiterPostgres({
      storeClient: operations,
      storeType: 'typeorm',
      schemaName: 'operations',
      tableName: 'rate_limit',
      tableCreated: true,
      keyPrefix: name,
      points,
      duration: windowSeconds,
    });
    const unchanged = (err: unknown) => logger.warn({ err, limit: name }, 'Changing a count failed');
    return {
      ...quota,
      count: async (key, uses = 1) => {
        try {
          return standingOf(quota, await limiter.consume(keyOf(key), uses));
        } catch (refusal) {
          if (refusal instanceof RateLimiterRes) return standingOf(quota, refusal);
          throw refusal;
        }
      },
      giveBack: async (key, uses) => {
        if (uses > 0) await limiter.reward(keyOf(key), uses).catch(unchanged);
      },
      forget: async (key) => {
        await limiter.delete(keyOf(key)).catch(unchanged);
      },
    };
  };
  return { open: openOnce(openOne) };
}
