import { expect, it } from '@jest/globals';
import { summedAmount } from './analytics.js';

it.each([
  ['0', '0.000000'],
  ['84.12', '84.120000'],
  ['19.91833', '19.918330'],
  ['107.5300000000000335346', '107.530000'],
  ['576.049999999999648674', '576.050000'],
  ['99.9999999', '100.000000'],
  ['-0.0000005', '-0.000001'],
  ['123456789012345.6700000000000001', '123456789012345.670000'],
])('a summed amount: reads %s as %s', (text, amount) => {
  expect(summedAmount.parse(text)).toBe(amount);
});

it.each(['', 'abc', '1,5', '1.', '.5', 'NaN', '1e3'])('refuses %j', (text) => {
  expect(summedAmount.safeParse(text).success).toBe(false);
});
