import { describe, expect, it } from '@jest/globals';
import { decimalFromFloat, sumDecimals } from './decimal.js';

describe('sumDecimals', () => {
  it.each<[string[], string]>([
    [[], '0'],
    [['12.30'], '12.3'],
    [['0.1', '0.2'], '0.3'],
    [['0.10', '0.90'], '1'],
    [['100', '250'], '350'],
    [['1000000', '0.000001'], '1000000.000001'],
    [['9007199254740993', '0.01'], '9007199254740993.01'],
    [['-0.5', '0.25'], '-0.25'],
    [['-1.5', '1.5'], '0'],
  ])('sums %j to %s', (decimals, sum) => {
    expect(sumDecimals(decimals)).toBe(sum);
  });

  it('is exact over ten thousand small amounts', () => {
    expect(sumDecimals(Array<string>(10_000).fill('0.07'))).toBe('700');
  });
});

describe('decimalFromFloat', () => {
  it.each([
    [0, '0'],
    [3, '3'],
    [0.1 + 0.2, '0.3'],
    [2.5, '2.5'],
    [1e-7, '0'],
    [120, '120'],
    [1_234_567.891, '1234567.891'],
  ])('prints %p as %s', (value, decimal) => {
    expect(decimalFromFloat(value)).toBe(decimal);
  });
});
