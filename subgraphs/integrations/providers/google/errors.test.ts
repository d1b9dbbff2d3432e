import { describe, expect, it } from '@jest/globals';
import { ProviderUnavailable, ReconnectRequired, TokenRefused } from '#integrations/errors.js';
import { type AppError, ConfigurationError, Forbidden, InvalidInput, NotFound, RateLimited } from '#runtime/errors.js';
import { errorOfAnswer, errorOfTokenAnswer } from './errors.js';

const newer = (status: number, word: string, ...details: object[]) => ({
  status,
  headers: {},
  json: { error: { code: status, status: word, message: 'in words', details } },
});

const older = (status: number, reason: string) => ({
  status,
  headers: {},
  json: { error: { code: status, message: 'in words', errors: [{ domain: 'global', reason }] } },
});

describe('errors of Google', () => {
  it.each([
    ['an expired token', newer(401, 'UNAUTHENTICATED', { reason: 'ACCESS_TOKEN_EXPIRED' }), TokenRefused],
    ['a refused token of an older API', older(401, 'authError'), TokenRefused],
    ['a property of someone else', newer(403, 'PERMISSION_DENIED'), Forbidden],
    ['a site of someone else', older(403, 'forbidden'), Forbidden],
    [
      'a scope that is gone',
      newer(403, 'PERMISSION_DENIED', { reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }),
      ReconnectRequired,
    ],
    ['an API that is off', newer(403, 'PERMISSION_DENIED', { reason: 'SERVICE_DISABLED' }), ConfigurationError],
    ['what is not there', newer(404, 'NOT_FOUND'), NotFound],
    ['a spent quota', newer(429, 'RESOURCE_EXHAUSTED'), RateLimited],
    ['a spent quota of an older API', older(403, 'userRateLimitExceeded'), RateLimited],
    ['an argument it does not know', newer(400, 'INVALID_ARGUMENT'), ProviderUnavailable],
    ['a problem of its own', newer(503, 'UNAVAILABLE'), ProviderUnavailable],
    ['a web page', { status: 502, headers: {}, json: undefined }, ProviderUnavailable],
  ])('map %s', (_what, answer, expected) => {
    expect(errorOfAnswer('Google Something', 'site', answer)).toBeInstanceOf(expected);
  });

  it('name the product and the subject', () => {
    expect(errorOfAnswer('Google Something', 'site', older(403, 'forbidden')).message).toMatch(
      /Google Something.*site/,
    );
  });

  it('report the retry delay', () => {
    const error = errorOfAnswer('Google', 'site', newer(429, 'RESOURCE_EXHAUSTED', { retryDelay: '30s' }));
    expect((error as AppError).retryAfter).toBe(30);
    const byHeader = errorOfAnswer('Google', 'site', { status: 429, headers: { 'retry-after': '7' }, json: null });
    expect((byHeader as AppError).retryAfter).toBe(7);
  });

  it.each([
    ['code', 400, 'invalid_grant', InvalidInput],
    ['refresh token', 400, 'invalid_grant', ReconnectRequired],
    ['code', 400, 'redirect_uri_mismatch', ConfigurationError],
    ['refresh token', 401, 'invalid_client', ConfigurationError],
    ['refresh token', 429, 'rate_limit_exceeded', RateLimited],
    ['refresh token', 503, 'temporarily_unavailable', ProviderUnavailable],
  ] as const)('of the token endpoint, for a %s: %s %s', (grant, status, error, expected) => {
    expect(errorOfTokenAnswer('Google', { status, headers: {}, json: { error } }, grant)).toBeInstanceOf(expected);
  });
});
