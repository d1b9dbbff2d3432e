import { z } from 'zod';
import { ProviderUnavailable, ReconnectRequired, TokenRefused } from '#integrations/errors.js';
import { withFault } from '#integrations/faults/fault-of.js';
import type { WireAnswer } from '#integrations/providers/wire.js';
import { sensibleSeconds } from '#integrations/quota/reported.js';
import { ConfigurationError, Forbidden, InvalidInput, RateLimited } from '#runtime/errors.js';

export const NAME = 'X';

const DEFAULT_RETRY_SECONDS = 15 * 60;

const problem = z.object({
  type: z.string().optional(),
  reason: z.string().optional(),
  detail: z.string().optional(),
});

/** Seconds since 1970. */
function retryAfterOf(headers: WireAnswer['headers'], now: Date): number {
  const reset = Number(headers['x-rate-limit-reset']);
  if (!Number.isFinite(reset) || reset <= 0) return DEFAULT_RETRY_SECONDS;
  return sensibleSeconds(Math.max(0, reset - now.getTime() / 1000), DEFAULT_RETRY_SECONDS);
}

/** Maps an error answer. https://docs.x.com/x-api/fundamentals/response-codes-and-errors */
export function errorOfAnswer({ status, headers, json }: WireAnswer, now: Date): Error {
  const parsed = problem.safeParse(json);
  const { type = '', reason, detail = '' } = parsed.success ? parsed.data : {};
  const kind = type.split('/').at(-1);
  const named = ` (${[status, reason ?? kind].filter(Boolean).join(' ')})`;
  const options = { cause: { status, type, reason } };
  if (status === 401) return new TokenRefused(NAME);
  if (status === 402 || kind === 'usage-capped') {
    const error = new ConfigurationError(`${NAME} has no credit left for this installation${named}.`, options);
    return withFault('QUOTA_EXHAUSTED', error);
  }
  if (kind === 'client-forbidden') {
    return new ConfigurationError(`${NAME} has not admitted this installation${named}.`, options);
  }
  // "User has been suspended: [2244994945].": there is no code for it.
  if (status === 403 && /\bsuspended\b/i.test(detail)) {
    return withFault('ACCOUNT_CLOSED', new Forbidden(`The account is suspended at ${NAME}${named}.`, options));
  }
  if (status === 403 || status === 404) {
    return new Forbidden(`${NAME} does not let this connection read the account${named}.`, options);
  }
  if (status === 429) {
    return new RateLimited(`${NAME} has had too many requests${named}.`, retryAfterOf(headers, now), options);
  }
  if (status >= 500) return new ProviderUnavailable(NAME, `has a problem of its own${named}`, options);
  return withFault('REQUEST_REJECTED', new ProviderUnavailable(NAME, `did not accept our request${named}`, options));
}

/**
 * Maps an error answer of the token endpoint.
 * https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code
 */
export function errorOfTokenAnswer(
  { status, headers, json }: WireAnswer,
  grant: 'code' | 'refresh token',
  now: Date,
): Error {
  const parsed = z.object({ error: z.string().regex(/^\w+$/) }).safeParse(json);
  const code = parsed.success ? parsed.data.error : `status ${status}`;
  const options = { cause: { status, code } };
  if (status === 401 || code === 'unauthorized_client' || code === 'invalid_client') {
    return new ConfigurationError(`${NAME} does not accept the OAuth client of this installation (${code}).`, options);
  }
  if (status === 429) return new RateLimited(`${NAME} has had too many requests.`, retryAfterOf(headers, now), options);
  // For unknown codes and tokens.
  if (code === 'invalid_request' || code === 'invalid_grant') {
    return grant === 'code'
      ? new InvalidInput(
          [{ argument: 'code', problem: `is not known to ${NAME} (any more): start connecting again` }],
          options,
        )
      : new ReconnectRequired(NAME, undefined, options);
  }
  return new ProviderUnavailable(NAME, `could not issue an access token (${code})`, options);
}
