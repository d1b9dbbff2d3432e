import { describe, expect, it } from '@jest/globals';
import { moneyFromMicros } from './money-from-micros.js';

describe('moneyFromMicros', () => {
  it.each([
    [0n, '0'],
    [1n, '0.000001'],
    [29_000_000n, '29'],
    [29_500_000n, '29.5'],
    [12_340_000n, '12.34'],
    [-500_000n, '-0.5'],
    [9_007_199_254_740_993_000_001n, '9007199254740993.000001'],
  ])('prints %s micros as %s', (micros, amount) => {
    expect(moneyFromMicros(micros, 'EUR')).toEqual({ amount, currency: 'EUR' });
  });
});
