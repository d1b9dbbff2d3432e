import { z } from 'zod';
import { ProviderUnavailable, ReconnectRequired, TokenRefused } from '#integrations/errors.js';
import { withFault } from '#integrations/faults/fault-of.js';
import type { WireAnswer } from '#integrations/providers/wire.js';
import { ConfigurationError, Forbidden, InvalidInput, RateLimited } from '#runtime/errors.js';

export const NAME = 'LinkedIn Ads';

const DAY_SECONDS = 24 * 60 * 60;

const failure = z.object({ serviceErrorCode: z.number().optional(), code: z.string().optional() });

/** LinkedIn's limits reset at midnight UTC. */
function secondsToMidnight(now: Date): number {
  return DAY_SECONDS - (Math.floor(now.getTime() / 1000) % DAY_SECONDS);
}

/** Maps an error answer. https://learn.microsoft.com/linkedin/shared/api-guide/concepts/error-handling */
export function errorOfAnswer({ status, json }: WireAnswer, now: Date): Error {
  const parsed = failure.safeParse(json);
  const { serviceErrorCode, code } = parsed.success ? parsed.data : {};
  const named = ` (${[status, code ?? serviceErrorCode].filter((part) => part !== undefined).join(' ')})`;
  const options = { cause: { status, serviceErrorCode, code } };
  if (status === 401) return new TokenRefused(NAME);
  if (status === 403 || status === 404) {
    return new Forbidden(`${NAME} does not let this connection read the account${named}.`, options);
  }
  if (status === 429)
    return new RateLimited(`${NAME} has had too many requests${named}.`, secondsToMidnight(now), options);
  if (status === 426) {
    const error = new ConfigurationError(`${NAME} no longer answers the version in LINKEDIN_VERSION${named}.`, options);
    return withFault('API_VERSION_RETIRED', error);
  }
  if (status >= 500) return new ProviderUnavailable(NAME, `has a problem of its own${named}`, options);
  return withFault('REQUEST_REJECTED', new ProviderUnavailable(NAME, `did not accept our request${named}`, options));
}

const CLIENT_ERRORS = new Set(['invalid_client', 'invalid_client_id', 'unauthorized_client', 'invalid_redirect_uri']);

/**
 * Maps an error answer of the token endpoint.
 * https://learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow
 */
export function errorOfTokenAnswer({ status, json }: WireAnswer, grant: 'code' | 'refresh token', now: Date): Error {
  const parsed = z.object({ error: z.string().regex(/^\w+$/) }).safeParse(json);
  const code = parsed.success ? parsed.data.error : `status ${status}`;
  const options = { cause: { status, code } };
  if (CLIENT_ERRORS.has(code)) {
    return new ConfigurationError(`${NAME} does not accept the OAuth client of this installation (${code}).`, options);
  }
  if (status === 429) return new RateLimited(`${NAME} has had too many requests.`, secondsToMidnight(now), options);
  // LinkedIn sends invalid_request for unknown codes and tokens, too.
  if (code === 'invalid_grant' || code === 'invalid_request') {
    return grant === 'code'
      ? new InvalidInput(
          [{ argument: 'code', problem: `is not known to ${NAME} (any more): start connecting again` }],
          options,
        )
      : new ReconnectRequired(NAME, undefined, options);
  }
  return new ProviderUnavailable(NAME, `could not issue an access token (${code})`, options);
}
