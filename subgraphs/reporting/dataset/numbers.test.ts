import { describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import { DecimalSum } from './decimal-sum.js';
import { shortestNumber } from './shortest-number.js';

describe('DecimalSum', () => {
  it('is exact whatever the size, sign and decimals', () => {
    let seed = 7;
    const next = (limit: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % limit;
    };
    for (let round = 0; round < 50; round++) {
      const sum = new DecimalSum();
      let expected = new Big(0);
      for (let index = 0; index < 40; index++) {
        const whole = Array.from({ length: 1 + next(18) }, () => next(10)).join('');
        const fraction = next(2) ? `.${Array.from({ length: 1 + next(9) }, () => next(10)).join('')}` : '';
        const decimal = `${next(2) ? '-' : ''}${whole}${fraction}`;
        sum.add(decimal);
        expected = expected.plus(decimal);
      }
      expect(String(sum)).toBe(expected.toFixed());
    }
  });
});

describe('shortestNumber', () => {
  it.each([
    ['12.50', '12.5'],
    ['12.00', '12'],
    ['0012', '12'],
    ['-0.0', '0'],
    ['-00.10', '-0.1'],
    ['1200', '1200'],
    ['0.05', '0.05'],
    ['1e3', '1e3'],
  ])('writes %s as %s', (given, expected) => expect(shortestNumber(given)).toBe(expected));
});
