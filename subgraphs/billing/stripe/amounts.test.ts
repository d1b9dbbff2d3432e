import { describe, expect, it } from '@jest/globals';
import { currencyOf, moneyOf, smallestUnitsOf } from './amounts.js';

describe('an amount of Stripe', () => {
  it.each([
    [1999, 'eur', '19.99'],
    [-1999, 'usd', '-19.99'],
    [5, 'gbp', '0.05'],
    [0, 'eur', '0.00'],
    [4800, 'jpy', '4800'],
    [500, 'krw', '500'],
    [1234560, 'kwd', '1234.560'],
    [12345, 'bhd', '12.345'],
    // Two digits at Stripe, for lack of change: https://docs.stripe.com/currencies#special-cases
    [50000, 'ugx', '500'],
    [50000, 'isk', '500'],
    [99_999_999_999, 'idr', '999999999.99'],
  ])('%d in %s is %s', (amount, stripeCurrency, decimal) => {
    const currency = currencyOf(stripeCurrency);
    expect(moneyOf(amount, currency)).toEqual({ amount: decimal, currency: stripeCurrency.toUpperCase() });
    expect(smallestUnitsOf(decimal, currency)).toBe(amount);
  });

  it('has no fraction of the smallest unit', () => {
    expect(() => smallestUnitsOf('10.005', 'EUR')).toThrow(RangeError);
    expect(() => smallestUnitsOf('4800.5', 'JPY')).toThrow(RangeError);
    expect(smallestUnitsOf('10.5', 'EUR')).toBe(1050);
  });
});
