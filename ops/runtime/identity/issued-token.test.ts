import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { issueToken, wasIssued } from './issued-token.js';

const newKey = () => randomBytes(32).toString('hex');
const [auth, previous, other] = [newKey(), newKey(), newKey()];
const keys: Record<string, string> = { integrations: newKey(), reporting: newKey() };
const keysOf = (part: string): [string, ...string[]] => (part === 'auth' ? [auth, previous] : [keys[part] ?? '']);

describe('an issued token', () => {
  it.each([
    ['of auth', issueToken(auth, 'wmr_')],
    ['of auth with the key before', issueToken(previous)],
    ...Object.entries(keys).map(([part, key]) => [`of ${part}`, issueToken(key)]),
  ])('%s is recognized, and no other text of its form', (_whose, token) => {
    expect(wasIssued(keysOf, token)).toBe(true);
    for (let index = 0; index < token.length; index += 1) {
      const changed = token.slice(0, index) + (token[index] === 'A' ? 'B' : 'A') + token.slice(index + 1);
      expect(wasIssued(keysOf, changed)).toBe(false);
    }
    expect(wasIssued(keysOf, `${token}A`)).toBe(false);
  });

  it.each([[''], [issueToken(other)], ['x'.repeat(10_000)], [randomBytes(41).toString('base64url')]])(
    'is not %s',
    (text) => expect(wasIssued(keysOf, text)).toBe(false),
  );
});
