import { describe, expect, it } from '@jest/globals';
import { amountOfDecimal, amountOfMicros, amountOfNumber } from './money.js';

describe('amounts', () => {
  it.each([
    ['12340000', 'USD', '12.34'],
    ['12345678', 'USD', '12.345678'],
    ['1', 'EUR', '0.000001'],
    ['0', 'EUR', '0.00'],
    ['-500000', 'EUR', '-0.50'],
    ['1200000000', 'JPY', '1200'],
    ['1500000', 'KWD', '1.500'],
    ['9223372036854775807', 'USD', '9223372036854.775807'],
  ])('shows %s micros of %s as %s', (micros, currency, expected) => {
    expect(amountOfMicros(micros, currency)).toBe(expected);
  });

  it.each([
    ['5339.5', 'USD', '5339.50'],
    ['5339', 'USD', '5339.00'],
    ['0.1000', 'USD', '0.10'],
    ['007.5', 'USD', '7.50'],
    ['-0', 'USD', '0.00'],
    ['1234', 'JPY', '1234'],
    ['1234.5', 'JPY', '1234.5'],
    ['123456789012345.123456789012', 'USD', '123456789012345.123456789012'],
  ])('shows %s %s as %s', (text, currency, expected) => {
    expect(amountOfDecimal(text, currency)).toBe(expected);
  });

  it('keeps the noise of floating-point numbers out', () => {
    expect(amountOfNumber(0.1 + 0.2, 'USD')).toBe('0.30');
    expect(amountOfNumber(75, 'USD')).toBe('75.00');
  });
});
