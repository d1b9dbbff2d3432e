import { describe, expect, it } from '@jest/globals';
import { smtpOptions } from './mail-transport.js';

describe('the SMTP transport', () => {
  it.each([
    ['smtp://ada:secret@smtp.example.com:587', true],
    ['smtp://ada:secret@localhost:1025', false],
    ['smtp://ada:secret@127.0.0.1:1025', false],
    ['smtp://mail:1025', false],
  ])('of %s requires TLS for a password: %s', (url, requireTLS) => {
    expect(smtpOptions(url).requireTLS).toBe(requireTLS);
  });
});
