import { z } from 'zod';
import type { WireAnswer } from '#integrations/providers/wire.js';
import type { LimitOwner, LimitRules, Told } from '#integrations/quota/limits.js';
import { toldPause } from '#integrations/quota/told.js';
import { retryAfterOf } from './errors.js';

const refusal = z.object({
  error: z.object({
    details: z.array(z.object({ retryDelay: z.string().optional() })).default([]),
    errors: z.array(z.object({ reason: z.string().optional() })).default([]),
  }),
});

const QUOTA_REASONS = new Set(['quotaExceeded', 'rateLimitExceeded', 'userRateLimitExceeded', 'dailyLimitExceeded']);

/** Returns that an API is to be left alone after it refused for too many requests, as long as it says, else a minute. */
export function pauseAfterRefusal(
  { status, headers, json }: WireAnswer,
  of: LimitOwner,
  limit: string,
  now: Date,
): Told[] {
  if (status !== 429 && status !== 403) return [];
  const parsed = refusal.safeParse(json);
  const { details = [], errors = [] } = parsed.success ? parsed.data.error : {};
  const isQuota = status === 429 || errors.some(({ reason = '' }) => QUOTA_REASONS.has(reason));
  if (!isQuota) return [];
  const seconds = retryAfterOf(...details.map(({ retryDelay }) => retryDelay), headers['retry-after']);
  return toldPause(of, limit, seconds * 1000, now);
}

/** Returns rules for an API that tells nothing but documents its requests per minute. */
export function countedPerMinute(
  max: number,
  ownersOf: (url: string) => { limit: string; owners: LimitOwner[] } | undefined,
): LimitRules {
  return {
    drawsOf({ url }) {
      const { limit = '', owners = [] } = ownersOf(url) ?? {};
      return owners.map((of) => ({ of, limit, counted: { max, windowMs: 60_000 } }));
    },
    toldBy(answer, { url }, now) {
      const { limit = '', owners: [owner] = [] } = ownersOf(url) ?? {};
      return owner ? pauseAfterRefusal(answer, owner, limit, now) : [];
    },
  };
}
