import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { mongodbUrl, parseEncryptionKey, withFirstHost } from './variables.js';

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

describe('an address of MongoDB', () => {
  it.each([
    ['mongodb://localhost:27017/webmetrics'],
    ['mongodb://user:p%40ss@one:27017,two:27017,three:27017/webmetrics?replicaSet=main'],
    ['mongodb+srv://user:secret@cluster.example.com/webmetrics'],
  ])('may be %s', (text) => {
    expect(mongodbUrl.safeParse(text).success).toBe(true);
  });

  it.each([['localhost:27017'], ['http://localhost'], ['mongodb://one:port,two:27017/webmetrics']])(
    'is not %s',
    (text) => {
      expect(mongodbUrl.safeParse(text).success).toBe(false);
    },
  );

  it('has a first host', () => {
    expect(withFirstHost('mongodb://user:secret@one:1,two:2/db?a=b,c')).toBe('mongodb://user:secret@one:1/db?a=b,c');
    expect(withFirstHost('mongodb://one:1/db?a=b,c')).toBe('mongodb://one:1/db?a=b,c');
  });
});
