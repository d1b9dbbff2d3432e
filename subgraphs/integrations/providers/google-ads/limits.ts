import { z } from 'zod';
import { secondsIn } from '#integrations/providers/google/errors.js';
import type { Draw, LimitOwner, LimitRules } from '#integrations/quota/limits.js';
import { toldPause } from '#integrations/quota/told.js';

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

/** Returns what Google says about the limit that was reached; searchStream wraps errors in an array. */
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
 * Google Ads tells nothing until it refuses, and then how long: of one customer, or of the app as a whole. `operationsPerDay`
 * is what the app may do in any 24 hours, if the operator says so: 2,880 with Explorer access, 15,000 with Basic.
 * https://developers.google.com/google-ads/api/docs/best-practices/quotas
 */
export function limitsOf(operationsPerDay: number | undefined): LimitRules {
  const operations: Draw = {
    of: 'app',
    limit: 'operations per day',
    ...(operationsPerDay && { counted: { max: operationsPerDay, windowMs: DAY_MS } }),
  };
  return {
    drawsOf({ url }) {
      const customer = customerIn(url);
      return customer ? [{ of: { account: customer }, limit: 'requests' }, operations] : [];
    },
    toldBy({ status, headers, json }, { url }, now) {
      const customer = customerIn(url);
      if (status !== 429 || !customer) return [];
      const { rateScope, retryDelay = String(headers['retry-after'] ?? '') } = quotaDetailsIn(json) ?? {};
      const [of, limit]: [LimitOwner, string] =
        rateScope === 'DEVELOPER' ? ['app', operations.limit] : [{ account: customer }, 'requests'];
      return toldPause(of, limit, pauseMs(retryDelay), now);
    },
  };
}
