import { describe, expect, it } from '@jest/globals';
import { scrub, scrubText } from './scrub.js';

describe('the text of an alert', () => {
  it.each([
    'connect to postgres://webmetrics:S3CRET-value@db:5432/x failed',
    'Authorization: Bearer S3CRET-value-long',
    'GET https://a.example/cb?state=x&code=S3CRET-value',
    '{"access_token":"S3CRET-value"}',
    "password='S3CRET-value'",
    // The forms of the providers' own tokens, which the log leaves out as well.
    'Invalid credentials ya29.S3CRET-value-of-google',
    'Refused: 1//S3CRET-value-to-renew-it',
    'The client GOCSPX-S3CRET-value is not known',
    'Malformed access EAAS3CRETvalueS3CRETvalueS3CRET',
    `token eyJhbGciOiJIUzI1NiJ9.eyJTM0NSRVQtdmFsdWUiOjF9.S3CRET-value`,
  ])('has no secret: %s', (text) => {
    expect(scrubText(text)).not.toContain('S3CRET');
  });

  it('keeps the rest of the text', () => {
    expect(scrubText('connect ECONNREFUSED 127.0.0.1:5432')).toBe('connect ECONNREFUSED 127.0.0.1:5432');
    expect(scrubText('failed with error code: 23505')).toBe('failed with error code: 23505');
    expect(scrub({ code: '23505', status: 500, when: new Date(0) })).toEqual({
      code: '[redacted]',
      status: 500,
      when: '1970-01-01T00:00:00.000Z',
    });
  });

  it.each([1_900, 1_966, 1_970, 1_974])('has no part of a secret where it is cut, at %s', (length) => {
    const text = `${'x'.repeat(length)} postgres://webmetrics:S3CRET-value@database.internal:5432/webmetrics failed`;
    expect(scrubText(text)).not.toContain('S3C');
    expect(scrubText(text).length).toBeLessThanOrEqual(2_000);
  });

  it('has none of the fields the log leaves out', () => {
    const names = ['databaseUrl', 'webhookUrl', 'smtpUrl', 'sealed', 'encryptionKey', 'accessKeyId', 'signature'];
    expect(JSON.stringify(scrub(Object.fromEntries(names.map((name) => [name, 'S3CRET']))))).not.toContain('S3CRET');
  });

  it('has no secret field, however deep, and is bounded', () => {
    const loop: Record<string, unknown> = { refreshToken: 'S3CRET', list: [{ API_KEY: 'S3CRET', cookie: 'S3CRET' }] };
    loop.self = loop;
    loop.long = 'x'.repeat(100_000);
    const text = JSON.stringify(scrub(loop));
    expect(text).not.toContain('S3CRET');
    expect(text.length).toBeLessThan(20_000);
  });
});
