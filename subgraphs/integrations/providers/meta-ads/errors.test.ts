import { describe, expect, it } from '@jest/globals';
import { ProviderUnavailable, ReconnectRequired, TokenRefused } from '#integrations/errors.js';
import { ConfigurationError, Forbidden, InvalidInput, RateLimited } from '#runtime/errors.js';
import { errorOfAnswer, errorOfCodeAnswer, isError } from './errors.js';

const answer = (
  code: number,
  error_subcode?: number,
  more: { status?: number; headers?: object; message?: string } = {},
) => ({
  status: more.status ?? 400,
  headers: { ...more.headers },
  json: { error: { message: more.message ?? 'x', type: 'OAuthException', code, error_subcode } },
});

describe('errors of Meta', () => {
  it.each([
    ['an expired token', answer(190, 463), TokenRefused],
    ['an unreadable token', answer(190), TokenRefused],
    ['an API session', answer(102), TokenRefused],
    ['an app that was removed', answer(190, 458), ReconnectRequired],
    ['a changed password', answer(190, 460), ReconnectRequired],
    ['a missing permission', answer(200), Forbidden],
    ['another missing permission', answer(10), Forbidden],
    ['an object that is not there', answer(100, 33), Forbidden],
    ['the limit of the app', answer(4), RateLimited],
    ['the limit of an ad account', answer(613, 1487742), RateLimited],
    ['the limit of a business', answer(80004), RateLimited],
    ['days it does not remember', answer(3018), InvalidInput],
    ['a passing problem', answer(2, 1504018, { status: 500 }), ProviderUnavailable],
    ['a parameter it does not know', answer(100), ProviderUnavailable],
    ['a web page', { status: 502, headers: {}, json: undefined }, ProviderUnavailable],
    ['a 401 without a body', { status: 401, headers: {}, json: undefined }, TokenRefused],
  ])('map %s by its code', (_what, given, expected) => {
    expect(errorOfAnswer(given)).toBeInstanceOf(expected);
  });

  it('are recognised behind status 200, as batches send them', () => {
    expect(isError(answer(190, 463, { status: 200 }))).toBe(true);
    expect(isError({ status: 200, headers: {}, json: { data: [] } })).toBe(false);
  });

  it('report the retry delay in minutes', () => {
    const usage = {
      '1043298715640271': [{ type: 'ads_insights', estimated_time_to_regain_access: 19 }, { type: 'ads_management' }],
    };
    const headers = { 'x-business-use-case-usage': JSON.stringify(usage) };
    expect((errorOfAnswer(answer(80000, undefined, { headers })) as RateLimited).retryAfter).toBe(19 * 60);
    expect((errorOfAnswer(answer(80000)) as RateLimited).retryAfter).toBe(60);
  });

  it.each([
    ['a used code', answer(100, 36009), InvalidInput],
    ['another redirect address', answer(100, 36008), ConfigurationError],
    ['a wrong secret', answer(1, undefined, { message: 'Error validating client secret.' }), ConfigurationError],
    ['a passing problem', answer(2, undefined, { status: 500 }), ProviderUnavailable],
  ])('map %s at the exchange of a code', (_what, given, expected) => {
    expect(errorOfCodeAnswer(given)).toBeInstanceOf(expected);
  });
});
