import { describe, expect, it } from '@jest/globals';
import { maskUrl, maskValue } from './mask.js';

describe('what is shown of a value', () => {
  it.each([
    ['postgres://user:secret@db:5432/webmetrics', 'postgres://user:…@db:5432/webmetrics'],
    ['redis://:secret@cache:6379', 'redis://:…@cache:6379'],
    ['mongodb://user:secret@one:1,two:2/db', 'mongodb://user:…@one:1/db'],
    ['https://key@sentry.acme.io/1', 'https://…@sentry.acme.io/1'],
    ['postgres://db/webmetrics?password=secret', 'postgres://db/webmetrics?…'],
    ['not a URL: secret', '…'],
  ])('of %s is %s', (url, shown) => {
    expect(maskUrl(url)).toBe(shown);
  });

  it('of a secret or an unknown variable is hidden', () => {
    expect(maskValue('JWT_SECRET', 'secret')).toBe('(secret)');
    expect(maskValue('SOMEBODY_ELSES', 'secret')).toBe('(secret)');
    expect(maskValue('PORT', '8080')).toBe('8080');
  });
});
