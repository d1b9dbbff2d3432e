import { z } from 'zod';
import { ProviderUnavailable, ReconnectRequired, TokenRefused } from '#integrations/errors.js';
import { withFault } from '#integrations/faults/fault-of.js';
import type { WireAnswer } from '#integrations/providers/wire.js';
import { sensibleSeconds } from '#integrations/quota/reported.js';
import { ConfigurationError, Forbidden, InvalidInput, NotFound, RateLimited } from '#runtime/errors.js';

const DEFAULT_RETRY_SECONDS = 60;

const detail = z.object({
  reason: z.string().optional(),
  retryDelay: z.string().optional(),
});

// `status` and `details`: https://cloud.google.com/apis/design/errors. `errors`: the older envelope.
const failure = z.object({
  error: z.object({
    status: z.string().optional(),
    details: z.array(detail).optional(),
    errors: z.array(z.object({ reason: z.string().optional() })).optional(),
  }),
});

// Older APIs send these with status 403.
const QUOTA_REASONS = new Set(['quotaExceeded', 'rateLimitExceeded', 'userRateLimitExceeded', 'dailyLimitExceeded']);

/** Reads seconds: `30s`, `1.5s`, or a Retry-After header. */
export function secondsIn(delay: string | string[] | undefined): number | undefined {
  const seconds = /^(\d+(?:\.\d+)?)s?$/.exec(String(delay ?? ''))?.[1];
  return seconds === undefined ? undefined : Math.ceil(Number(seconds));
}

/** Returns the first delay in seconds, else a minute. */
export function retryAfterOf(...delays: (string | string[] | undefined)[]): number {
  return sensibleSeconds(delays.flatMap((delay) => secondsIn(delay) ?? [])[0], DEFAULT_RETRY_SECONDS);
}

/** Maps an error answer of Analytics, Search Console or Business Profile. */
export function errorOfAnswer(name: string, thing: string, { status, headers, json }: WireAnswer): Error {
  const parsed = failure.safeParse(json);
  const { status: word, details = [], errors = [] } = parsed.success ? parsed.data.error : {};
  const reasons = [...details, ...errors].flatMap(({ reason }) => reason ?? []);
  const codes = reasons.length > 0 ? reasons : word ? [word] : [];
  const named = ` (${codes.length > 0 ? codes.join(', ') : `status ${status}`})`;
  const options = { cause: { status, codes } };
  const isQuota = status === 429 || (status === 403 && reasons.some((reason) => QUOTA_REASONS.has(reason)));
  if (isQuota) {
    const delay = retryAfterOf(...details.map(({ retryDelay }) => retryDelay), headers['retry-after']);
    return new RateLimited(`${name} has had too many requests${named}.`, delay, options);
  }
  if (reasons.includes('SERVICE_DISABLED') || reasons.includes('accessNotConfigured')) {
    return new ConfigurationError(`${name} has not admitted this installation${named}.`, options);
  }
  if (reasons.includes('ACCESS_TOKEN_SCOPE_INSUFFICIENT')) {
    return withFault(
      'SCOPE_MISSING',
      new ReconnectRequired(name, 'was connected without a permission we need', options),
    );
  }
  if (status === 401) return new TokenRefused(name);
  if (status === 403) return new Forbidden(`${name} does not let this connection read the ${thing}${named}.`, options);
  if (status === 404) return new NotFound(`${thing} at ${name}`, options);
  if (status >= 500) return new ProviderUnavailable(name, `has a problem of its own${named}`, options);
  return withFault('REQUEST_REJECTED', new ProviderUnavailable(name, `did not accept our request${named}`, options));
}

/** Maps an error answer of the token endpoint. https://developers.google.com/identity/protocols/oauth2/web-server */
export function errorOfTokenAnswer(
  name: string,
  { status, headers, json }: WireAnswer,
  grant: 'code' | 'refresh token',
): Error {
  const parsed = z.object({ error: z.string().regex(/^\w+$/) }).safeParse(json);
  const code = parsed.success ? parsed.data.error : `status ${status}`;
  const options = { cause: { status, code } };
  if (code === 'invalid_grant') {
    return grant === 'code'
      ? new InvalidInput(
          [{ argument: 'code', problem: `is not known to ${name} (any more): start connecting again` }],
          options,
        )
      : new ReconnectRequired(name, undefined, options);
  }
  if (['invalid_client', 'unauthorized_client', 'redirect_uri_mismatch'].includes(code)) {
    return new ConfigurationError(`${name} does not accept the OAuth client of this installation (${code}).`, options);
  }
  if (status === 429) {
    return new RateLimited(`${name} has had too many requests.`, retryAfterOf(headers['retry-after']), options);
  }
  return new ProviderUnavailable(name, `could not issue an access token (${code})`, options);
}
