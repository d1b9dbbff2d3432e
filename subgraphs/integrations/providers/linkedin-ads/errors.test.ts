import { describe, expect, it } from '@jest/globals';
import { ProviderUnavailable, ReconnectRequired, TokenRefused } from '#integrations/errors.js';
import { ConfigurationError, Forbidden, InvalidInput, RateLimited } from '#runtime/errors.js';
import { errorOfAnswer, errorOfTokenAnswer } from './errors.js';

const NOW = new Date('2026-11-20T21:30:00Z');

const answer = (status: number, code?: string, serviceErrorCode?: number) => ({
  status,
  headers: {},
  json: { status, ...(code && { code }), ...(serviceErrorCode && { serviceErrorCode }), message: 'x' },
});

describe('errors of LinkedIn', () => {
  it.each([
    ['an expired token', answer(401, 'EXPIRED_ACCESS_TOKEN', 65602), TokenRefused],
    ['a revoked token', answer(401, 'REVOKED_ACCESS_TOKEN', 65601), TokenRefused],
    ['an invalid token', answer(401, undefined, 65600), TokenRefused],
    ['an empty token', answer(401, undefined, 65604), TokenRefused],
    ['a missing permission', answer(403, 'ACCESS_DENIED', 100), Forbidden],
    ['a missing role', answer(403, 'NO_PERMISSION_ON_ENTITY'), Forbidden],
    ['an account that is gone', answer(404, 'NOT_FOUND'), Forbidden],
    ['a limit', answer(429, 'TOO_MANY_REQUESTS', 101), RateLimited],
    ['a version that has ended', answer(426, 'NONEXISTENT_VERSION'), ConfigurationError],
    ['a parameter it does not know', answer(400, 'QUERY_PARAM_NOT_ALLOWED'), ProviderUnavailable],
    ['an address that is too long', answer(414, 'URI_TOO_LONG'), ProviderUnavailable],
    ['a passing problem', answer(500, 'INTERNAL_SERVER_ERROR'), ProviderUnavailable],
    ['a gateway that gave up', answer(504), ProviderUnavailable],
    ['a web page', { status: 502, headers: {}, json: undefined }, ProviderUnavailable],
    ['a 401 without a body', { status: 401, headers: {}, json: undefined }, TokenRefused],
    ['a 429 without a body', { status: 429, headers: {}, json: undefined }, RateLimited],
  ])('map %s', (_what, given, expected) => {
    expect(errorOfAnswer(given, NOW)).toBeInstanceOf(expected);
  });

  it('reset limits at midnight UTC', () => {
    expect((errorOfAnswer(answer(429), NOW) as RateLimited).retryAfter).toBe(2.5 * 60 * 60);
    const midnight = new Date('2026-11-21T00:00:00Z');
    expect((errorOfAnswer(answer(429), midnight) as RateLimited).retryAfter).toBe(24 * 60 * 60);
  });

  it('name the code for the operator', () => {
    expect(errorOfAnswer(answer(403, 'ACCESS_DENIED', 100), NOW).message).toContain('(403 ACCESS_DENIED)');
    expect(errorOfAnswer(answer(400, undefined, 100), NOW).message).toContain('(400 100)');
  });

  const tokenAnswer = (status: number, error?: string) => ({ status, headers: {}, json: error && { error } });
  it.each([
    ['an unknown code', tokenAnswer(400, 'invalid_grant'), 'code', InvalidInput],
    ['an unknown code, in other words', tokenAnswer(400, 'invalid_request'), 'code', InvalidInput],
    ['an unknown code, with another status', tokenAnswer(401, 'invalid_grant'), 'code', InvalidInput],
    ['a dead refresh token', tokenAnswer(400, 'invalid_grant'), 'refresh token', ReconnectRequired],
    ['a missing refresh token', tokenAnswer(400, 'invalid_request'), 'refresh token', ReconnectRequired],
    ['a wrong secret', tokenAnswer(401, 'invalid_client'), 'refresh token', ConfigurationError],
    ['another redirect address', tokenAnswer(400, 'invalid_redirect_uri'), 'code', ConfigurationError],
    ['a limit', tokenAnswer(429), 'refresh token', RateLimited],
    ['a passing problem', tokenAnswer(500, 'server_error'), 'code', ProviderUnavailable],
    ['a web page', tokenAnswer(502), 'code', ProviderUnavailable],
  ] as const)('know %s at the token endpoint', (_what, given, grant, expected) => {
    expect(errorOfTokenAnswer(given, grant, NOW)).toBeInstanceOf(expected);
  });
});
