import Big from 'big.js';

const FLOAT_DIGITS = 6;

/** Returns a floating-point number as exact decimal text, to the millionth: 0.1 + 0.2 → `0.3`. */
export function decimalFromFloat(value: number): string {
  return new Big(value.toFixed(FLOAT_DIGITS)).toFixed();
}

/** Returns the exact sum of decimals, without trailing zeros; of none, `0`. */
export function sumDecimals(decimals: string[]): string {
  return decimals.reduce((sum, decimal) => sum.plus(decimal), new Big(0)).toFixed();
}
