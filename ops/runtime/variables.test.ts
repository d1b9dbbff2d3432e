import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { parseEncryptionKey } from './variables.js';

describe('an encryption key', () => {
  const key = randomBytes(32);

  it('is 64 hexadecimal digits or 32 bytes in base64', () => {
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      expect(parseEncryptionKey(key.toString(encoding))?.equals(key)).toBe(true);
    }
    expect(parseEncryptionKey(key.toString('hex').toUpperCase())?.equals(key)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['31 bytes', randomBytes(31).toString('base64')],
    ['33 bytes', randomBytes(33).toString('base64')],
    ['63 digits', 'a'.repeat(63)],
    ['text that is no base64', 'correct horse battery staple, correct horse battery'],
  ])('is not %s', (_what, text) => {
    expect(parseEncryptionKey(text)).toBeUndefined();
  });
});
