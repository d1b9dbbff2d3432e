import { z } from 'zod';
import type { WireAnswer } from '#integrations/providers/wire.js';
import type { LimitOwner, LimitRules, ReportedLimit } from '#integrations/quota/limits.js';
import { reportedPause } from '#integrations/quota/reported.js';
import { retryAfterOf } from './errors.js';

const refusal = z.object({
  error: z.object({
    details: z.array(z.object({ retryDelay: z.string().optional() })).default([]),
    errors: z.array(z.object({ reason: z.string().optional() })).default([]),
  }),
});

const QUOTA_REASONS = new Set(['quotaExceeded', 'rateLimitExceeded', 'userRateLimitExceeded', 'dailyLimitExceeded']);

/** Pauses for as long as a refusal requests, else a minute. */
export function pauseAfterRefusal(
  { status, headers, json }: WireAnswer,
  of: LimitOwner,
  limit: string,
  now: Date,
): ReportedLimit[] {
  if (status !== 429 && status !== 403) return [];
  const parsed = refusal.safeParse(json);
  const { details = [], errors = [] } = parsed.success ? parsed.data.error : {};
  const isQuota = status === 429 || errors.some(({ reason = '' }) => QUOTA_REASONS.has(reason));
  if (!isQuota) return [];
  const seconds = retryAfterOf(...details.map(({ retryDelay }) => retryDelay), headers['retry-after']);
  return reportedPause(of, limit, seconds * 1000, now);
}

/** Returns the rules of a documented limit per minute that is not reported. */
export function countedPerMinute(
  max: number,
  ownersOf: (url: string) => { limit: string; owners: LimitOwner[] } | undefined,
): LimitRules {
  return {
    chargesOf({ url }) {
      const { limit = '', owners = [] } = ownersOf(url) ?? {};
      return owners.map((of) => ({ of, limit, kind: 'counter', max, windowMs: 60_000 }));
    },
    reportedBy(answer, { url }, now) {
      const { limit = '', owners: [owner] = [] } = ownersOf(url) ?? {};
      return owner ? pauseAfterRefusal(answer, owner, limit, now) : [];
    },
  };
}
