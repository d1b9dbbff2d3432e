import { describe, expect, it } from '@jest/globals';
import { Money } from './money.js';

describe('Money', () => {
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
    expect(Money.fromMicros(micros, currency).toString()).toBe(expected);
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
    expect(Money.fromDecimal(text, currency).toString()).toBe(expected);
  });

  it.each(['', 'abc', '1,5', 'NaN', 'Infinity'])('refuses %j', (text) => {
    expect(() => Money.fromDecimal(text, 'USD')).toThrow();
  });

  it('sums exactly', () => {
    expect(Money.sum([], 'USD').toString()).toBe('0.00');
    expect(Money.sum(['0.1', '0.2'], 'USD').toString()).toBe('0.30');
    expect(Money.sum(['9007199254740993', '0.01', '-1.5'], 'USD').toString()).toBe('9007199254740991.51');
    expect(Money.sum(Array<string>(10_000).fill('0.07'), 'JPY').toString()).toBe('700');
  });

  it.each([
    ['10', 3, '3.333333'],
    ['20', 3, '6.666667'],
    ['-20', 3, '-6.666667'],
    ['0.000001', 2, '0.000001'],
    ['1', 0.5, '2.00'],
    ['1', 0, undefined],
    ['1', 1e-7, undefined],
  ])('divides %s by %p to %s', (text, count, expected) => {
    expect(Money.fromDecimal(text, 'USD').per(count)?.toString()).toBe(expected);
  });

  it.each([
    ['12.34', 12_340_000n],
    ['-0.5', -500_000n],
    ['12.3456789', 12_345_678n],
    ['-0.0000001', 0n],
    ['9223372036854.775807', 9_223_372_036_854_775_807n],
  ])('has %s as %p micros', (text, micros) => {
    expect(Money.fromDecimal(text, 'EUR').toMicros()).toBe(micros);
  });

  it('compares amounts and relates them', () => {
    const [small, large] = [Money.fromDecimal('9.5', 'USD'), Money.fromDecimal('19', 'USD')];
    expect([small.compare(large), large.compare(small), small.compare(small)]).toEqual([-1, 1, 0]);
    expect(large.ratioTo(small)).toBe(2);
    expect(large.ratioTo(Money.fromDecimal('0', 'USD'))).toBeUndefined();
  });
});
