import { describe, expect, it } from '@jest/globals';
import { parseExactly } from './parse-exactly.js';

describe('parseExactly', () => {
  it.each([
    ['{"id":9007199254740993}', { id: '9007199254740993' }],
    ['[1234567890123456789,-1234567890123456789]', ['1234567890123456789', '-1234567890123456789']],
    ['{"id":123,"cost":12.3456789012345678}', { id: 123, cost: 12.345678901234567 }],
    ['{"big":1234567890123456e2}', { big: 1234567890123456e2 }],
    ['{"text":"9007199254740993 and \\"9007199254740993\\""}', { text: '9007199254740993 and "9007199254740993"' }],
    ['{"9007199254740993":{"id":9007199254740993}}', { '9007199254740993': { id: '9007199254740993' } }],
  ])('keeps every digit: %s', (text, expected) => {
    expect(parseExactly(text)).toEqual(expected);
  });

  it('refuses invalid JSON', () => {
    expect(() => parseExactly('{"id":')).toThrow(SyntaxError);
  });
});
