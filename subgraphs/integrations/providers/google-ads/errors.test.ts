import { describe, expect, it } from '@jest/globals';
import { ProviderUnavailable, ReconnectRequired, TokenRefused } from '#integrations/errors.js';
import { ConfigurationError, Forbidden, RateLimited } from '#runtime/errors.js';
import { errorOfAnswer } from './errors.js';

const failure = (status: number, group: string, code: string, details?: object) => ({
  status,
  headers: {},
  json: {
    error: {
      code: status,
      details: [{ '@type': '…GoogleAdsFailure', errors: [{ errorCode: { [group]: code }, message: 'x', details }] }],
    },
  },
});

const info = (status: number, reason: string) => ({
  status,
  headers: {},
  json: { error: { code: status, details: [{ '@type': '…ErrorInfo', reason }] } },
});

describe('errors of Google Ads', () => {
  it.each([
    ['an expired token', info(401, 'ACCESS_TOKEN_EXPIRED'), TokenRefused],
    ['a revoked token', failure(401, 'authenticationError', 'OAUTH_TOKEN_REVOKED'), TokenRefused],
    ['a 401 without a body', { status: 401, headers: {}, json: undefined }, TokenRefused],
    ['a person without Google Ads', failure(401, 'authenticationError', 'NOT_ADS_USER'), Forbidden],
    ['an unknown customer', failure(401, 'authenticationError', 'CUSTOMER_NOT_FOUND'), Forbidden],
    ['a customer of someone else', failure(403, 'authorizationError', 'USER_PERMISSION_DENIED'), Forbidden],
    ['a scope that is gone', info(403, 'ACCESS_TOKEN_SCOPE_INSUFFICIENT'), ReconnectRequired],
    ['an API that is off', info(403, 'SERVICE_DISABLED'), ConfigurationError],
    [
      'a project without approval',
      failure(403, 'authorizationError', 'CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION'),
      ConfigurationError,
    ],
    ['a query it does not know', failure(400, 'queryError', 'UNRECOGNIZED_FIELD'), ProviderUnavailable],
    ['a problem of its own', failure(500, 'internalError', 'TRANSIENT_ERROR'), ProviderUnavailable],
    ['a web page', { status: 502, headers: {}, json: undefined }, ProviderUnavailable],
    ['nonsense', { status: 500, headers: {}, json: { error: { details: 'none' } } }, ProviderUnavailable],
  ])('map %s', (_what, answer, expected) => {
    expect(errorOfAnswer(answer)).toBeInstanceOf(expected);
  });

  it('unwrap the array of a stream', () => {
    const { json, ...answer } = failure(403, 'authorizationError', 'USER_PERMISSION_DENIED');
    expect(errorOfAnswer({ ...answer, json: [json] }).message).toContain('USER_PERMISSION_DENIED');
  });

  it('report the retry delay', () => {
    const delay = { quotaErrorDetails: { rateScope: 'ACCOUNT', retryDelay: '31.5s' } };
    const error = errorOfAnswer(failure(429, 'quotaError', 'RESOURCE_TEMPORARILY_EXHAUSTED', delay)) as RateLimited;
    expect(error).toBeInstanceOf(RateLimited);
    expect(error.retryAfter).toBe(32);
    const byHeader = errorOfAnswer({ status: 429, headers: { 'retry-after': '7' }, json: undefined }) as RateLimited;
    expect(byHeader.retryAfter).toBe(7);
  });
});
