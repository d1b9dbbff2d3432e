import { describe, expect, it } from '@jest/globals';
import { amountNumber, count, countText, decimalText, plainNumber } from './numbers.js';

describe('amounts sent as doubles', () => {
  it.each([
    [75, '75'],
    [0.1 + 0.2, '0.3'],
    [1_500_000_000, '1500000000'],
    [12_345_678_901.23, '12345678901.23'],
    [1_234_567_890_123.45, '1234567890123.45'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [-3.5, '-3.5'],
  ])('%d is %s', (value, text) => {
    expect(amountNumber.parse(value)).toBe(text);
  });

  it.each([Number.MAX_SAFE_INTEGER + 1, 1e300, Number.POSITIVE_INFINITY, Number.NaN, '75'])(
    '%p is refused',
    (value) => {
      expect(amountNumber.safeParse(value).success).toBe(false);
      expect(plainNumber.safeParse(value).success).toBe(false);
    },
  );
});

it('counts are whole numbers up to 2^53, as numbers or text', () => {
  for (const value of [7, '7', '9007199254740991']) expect(count.parse(value)).toBe(Number(value));
  for (const value of [1.5, -1, '9007199254740993', '1e3', 1e300, null])
    expect(count.safeParse(value).success).toBe(false);
  expect(countText.safeParse(7).success).toBe(false);
});

it('decimal text has as many digits as an int64', () => {
  expect(decimalText.parse('9223372036854775807.25')).toBe('9223372036854775807.25');
  for (const value of ['12345678901234567890', 'free', '1e9', 5])
    expect(decimalText.safeParse(value).success).toBe(false);
});
