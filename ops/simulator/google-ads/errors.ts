import { statusNameOf } from '#simulator/google/errors.js';
import { opaqueText } from '#simulator/oauth/opaque-text.js';
import type { WireAnswer } from '#simulator/wire.js';

/** An error answer with a google.rpc.Status, thrown by handlers and sent by index.ts. */
export class GoogleAdsError extends Error {
  constructor(readonly answer: WireAnswer) {
    super('Refused');
  }
}

interface Detail {
  /** Group and constant, such as `queryError` and `UNRECOGNIZED_FIELD`. */
  group: string;
  code: string;
  message: string;
  trigger?: string;
  field?: string;
  details?: unknown;
}

/** Returns an error of the API itself, with a GoogleAdsFailure. */
export function failure(
  version: string,
  status: number,
  { group, code, message, trigger, field, details }: Detail,
): GoogleAdsError {
  return error(status, [
    {
      '@type': `type.googleapis.com/google.ads.googleads.${version}.errors.GoogleAdsFailure`,
      errors: [
        {
          errorCode: { [group]: code },
          message,
          ...(trigger !== undefined && { trigger: { stringValue: trigger } }),
          ...(field !== undefined && { location: { fieldPathElements: [{ fieldName: field }] } }),
          ...(details !== undefined && { details }),
        },
      ],
      requestId: opaqueText('', 22),
    },
  ]);
}

/** Returns an error with an ErrorInfo, as Google's front end produces it before the API sees the request. */
export function frontEndError(
  status: number,
  reason: string,
  message: string | undefined,
  headers?: Record<string, string>,
): GoogleAdsError {
  return error(
    status,
    [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason,
        domain: 'googleapis.com',
        metadata: { service: 'googleads.googleapis.com', method: 'google.ads.googleads.services.GoogleAdsService' },
      },
    ],
    message,
    headers,
  );
}

/** Returns the error for a malformed body. */
export function badBody(problem: string): GoogleAdsError {
  return error(
    400,
    [
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: [{ description: problem }],
      },
    ],
    problem,
  );
}

function error(code: number, details: unknown[], message?: string, headers?: Record<string, string>): GoogleAdsError {
  const known = statusNameOf(code);
  return new GoogleAdsError({
    status: code,
    ...(headers && { headers }),
    body: { error: { code, message: message ?? known.message, status: known.status, details } },
  });
}

/** Returns the error for an injected fault. */
export function faultError(version: string, status: number): GoogleAdsError {
  switch (status) {
    case 401:
      return frontEndError(401, 'ACCESS_TOKEN_EXPIRED', undefined, {
        'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"',
      });
    case 403:
      return failure(version, 403, {
        group: 'authorizationError',
        code: 'USER_PERMISSION_DENIED',
        message: "User doesn't have permission to access customer.",
      });
    case 429:
      return failure(version, 429, {
        group: 'quotaError',
        code: 'RESOURCE_TEMPORARILY_EXHAUSTED',
        message: 'Too many requests. Retry in 30 seconds.',
        details: { quotaErrorDetails: { rateScope: 'ACCOUNT', rateName: 'Requests per account', retryDelay: '30s' } },
      });
    case 400:
      return failure(version, 400, { group: 'requestError', code: 'UNKNOWN', message: 'The request is invalid.' });
    default:
      return failure(version, status, {
        group: 'internalError',
        code: status === 503 ? 'TRANSIENT_ERROR' : 'INTERNAL_ERROR',
        message: 'An internal error has occurred. Retry later.',
      });
  }
}
