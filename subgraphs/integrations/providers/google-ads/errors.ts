import { z } from 'zod';
import { ProviderUnavailable, ReconnectRequired, TokenRefused } from '#integrations/errors.js';
import { withFault } from '#integrations/faults/fault-of.js';
import { retryAfterOf } from '#integrations/providers/google/errors.js';
import type { WireAnswer } from '#integrations/providers/wire.js';
import { ConfigurationError, Forbidden, RateLimited } from '#runtime/errors.js';

export const NAME = 'Google Ads';

const failure = z.object({
  error: z.object({
    details: z
      .array(
        z.object({
          reason: z.string().optional(),
          retryDelay: z.string().optional(),
          errors: z
            .array(
              z.object({
                errorCode: z.record(z.string(), z.string()).optional(),
                details: z
                  .object({ quotaErrorDetails: z.object({ retryDelay: z.string().optional() }).optional() })
                  .optional(),
              }),
            )
            .optional(),
        }),
      )
      .optional(),
  }),
});

type Detail = NonNullable<z.infer<typeof failure>['error']['details']>[number];

/** searchStream wraps the envelope in an array. */
function detailsOf(json: unknown): Detail[] {
  const result = failure.safeParse(Array.isArray(json) ? json.find((part) => part && 'error' in Object(part)) : json);
  return (result.success && result.data.error.details) || [];
}

/** Such as `USER_PERMISSION_DENIED`. */
function codesOf(details: Detail[]): string[] {
  const failures = details.flatMap(({ errors = [] }) =>
    errors.flatMap(({ errorCode = {} }) => Object.values(errorCode)),
  );
  return [...failures, ...details.flatMap(({ reason }) => reason ?? [])];
}

function retryDelayOf(details: Detail[], headers: WireAnswer['headers']): number {
  const delays = details.flatMap((detail) => [
    detail.retryDelay,
    ...(detail.errors ?? []).map((error) => error.details?.quotaErrorDetails?.retryDelay),
  ]);
  return retryAfterOf(...delays, headers['retry-after']);
}

/** Maps an error answer. https://developers.google.com/google-ads/api/docs/get-started/handle-errors */
export function errorOfAnswer({ status, headers, json }: WireAnswer): Error {
  const details = detailsOf(json);
  const codes = codesOf(details);
  const named = codes.length > 0 ? ` (${codes.join(', ')})` : ` (status ${status})`;
  const options = { cause: { status, codes } };
  const operators = codes.find((code) => /^(DEVELOPER_TOKEN_|CLOUD_PROJECT_|SERVICE_DISABLED)/.test(code));
  if (operators) return new ConfigurationError(`${NAME} has not admitted this installation (${operators}).`, options);
  if (codes.includes('NOT_ADS_USER')) return new Forbidden(`This person has no ${NAME} account.`, options);
  if (codes.includes('ACCESS_TOKEN_SCOPE_INSUFFICIENT')) {
    return withFault(
      'SCOPE_MISSING',
      new ReconnectRequired(NAME, 'was connected without a permission we need', options),
    );
  }
  // A version long gone is an unknown path: a 404 without Google Ads' envelope.
  if (codes.includes('UNSUPPORTED_VERSION') || (status === 404 && codes.length === 0)) {
    const error = new ConfigurationError(
      `${NAME} no longer answers the version in GOOGLE_ADS_VERSION${named}.`,
      options,
    );
    return withFault('API_VERSION_RETIRED', error);
  }
  if (codes.includes('CUSTOMER_NOT_ENABLED')) {
    const error = new Forbidden(`The account is not enabled at ${NAME} (any more)${named}.`, options);
    return withFault('ACCOUNT_CLOSED', error);
  }
  if (status === 403 || codes.includes('CUSTOMER_NOT_FOUND')) {
    return new Forbidden(`${NAME} does not let this connection read the account${named}.`, options);
  }
  if (status === 401) return new TokenRefused(NAME);
  if (status === 429) {
    return new RateLimited(`${NAME} has had too many requests${named}.`, retryDelayOf(details, headers), options);
  }
  if (status >= 500) return new ProviderUnavailable(NAME, `has a problem of its own${named}`, options);
  return withFault('REQUEST_REJECTED', new ProviderUnavailable(NAME, `did not accept our request${named}`, options));
}
