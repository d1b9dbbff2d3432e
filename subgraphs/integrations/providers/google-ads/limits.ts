import { z } from 'zod';
import { secondsIn } from '#integrations/providers/google/errors.js';
import type { Charge, LimitRules } from '#integrations/quota/limits.js';
import { reportedPause } from '#integrations/quota/reported.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const DEFAULT_PAUSE_MS = 60_000;

const quotaError = z.object({
  error: z.object({
    details: z.array(
      z.object({
        errors: z
          .array(
            z.object({
              details: z
                .object({
                  quotaErrorDetails: z
                    .object({ rateScope: z.string().optional(), retryDelay: z.string().optional() })
                    .optional(),
                })
                .optional(),
            }),
          )
          .default([]),
      }),
    ),
  }),
});

/** searchStream wraps errors in an array. */
function quotaDetailsIn(json: unknown) {
  const parsed = quotaError.safeParse(Array.isArray(json) ? json[0] : json);
  if (!parsed.success) return undefined;
  const errors = parsed.data.error.details.flatMap((detail) => detail.errors);
  return errors.flatMap(({ details }) => details?.quotaErrorDetails ?? [])[0];
}

const customerIn = (url: string) => /\/customers\/(\d+)\//.exec(url)?.[1];

function pauseMs(delay: string | undefined): number {
  const seconds = secondsIn(delay);
  return seconds !== undefined && seconds > 0 && seconds * 1000 <= DAY_MS ? seconds * 1000 : DEFAULT_PAUSE_MS;
}

/**
 * Google Ads reports nothing until it refuses, then for how long: one customer, or the whole app. `operationsPerDay`:
 * 2,880 with Explorer access, 15,000 with Basic.
 * https://developers.google.com/google-ads/api/docs/best-practices/quotas
 */
export function limitsOf(operationsPerDay: number | undefined): LimitRules {
  const limit = 'operations per day';
  const operations: Charge = operationsPerDay
    ? { of: 'app', limit, kind: 'counter', max: operationsPerDay, windowMs: DAY_MS }
    : { of: 'app', limit, kind: 'refusal' };
  return {
    chargesOf({ url }) {
      const customer = customerIn(url);
      return customer ? [{ of: { account: customer }, limit: 'requests', kind: 'refusal' }, operations] : [];
    },
    reportedBy({ status, headers, json }, { url }, now) {
      const customer = customerIn(url);
      if (status !== 429 || !customer) return [];
      const { rateScope, retryDelay = String(headers['retry-after'] ?? '') } = quotaDetailsIn(json) ?? {};
      const pause = pauseMs(retryDelay);
      if (rateScope === 'DEVELOPER') return reportedPause('app', limit, pause, now);
      return reportedPause({ account: customer }, 'requests', pause, now);
    },
  };
}
