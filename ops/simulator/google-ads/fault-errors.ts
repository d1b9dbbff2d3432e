import { failure, frontEndError, type GoogleAdsRefusal } from './errors.js';

/** Returns the error an injected fault of this status shows. */
export function faultError(version: string, status: number): GoogleAdsRefusal {
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
