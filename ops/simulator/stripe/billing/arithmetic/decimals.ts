const SCALE_DIGITS = 12;
const SCALE = 10n ** BigInt(SCALE_DIGITS);

/** Returns a decimal number of up to 12 places as an integer of 10^-12. */
export function scaled(decimal: string): bigint {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,12}))?$/.exec(decimal) ?? [];
  const value = BigInt(whole) * SCALE + BigInt(fraction.padEnd(SCALE_DIGITS, '0'));
  return sign === '-' ? -value : value;
}

/** Returns a scaled number as an integer, halves rounded away from zero. */
export function unscaled(value: bigint): number {
  return Number(divideRounded(value, SCALE));
}

/** Returns numerator / denominator as an integer, halves rounded away from zero; the denominator is positive. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const size = numerator < 0n ? -numerator : numerator;
  const rounded = (2n * size + denominator) / (2n * denominator);
  return numerator < 0n ? -rounded : rounded;
}

/** Returns amount × numerator / denominator in whole units, halves rounded away from zero. */
export function share(amount: number, numerator: number, denominator: number): number {
  if (denominator <= 0) return 0;
  return Number(divideRounded(BigInt(amount) * BigInt(numerator), BigInt(denominator)));
}

/**
 * Splits an amount over weights so that the parts add up to it: each is rounded down, and the units left over go to the
 * largest remainders, the first of equals.
 */
export function allocate(amount: number, weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total <= 0) return weights.map(() => 0);
  const exact = weights.map((weight) => BigInt(amount) * BigInt(weight));
  const parts = exact.map((value) => Number(value / BigInt(total)));
  const remainders = exact.map((value, index) => ({ index, remainder: value % BigInt(total) }));
  let left = amount - parts.reduce((sum, part) => sum + part, 0);
  remainders.sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder < b.remainder ? 1 : -1));
  for (const { index } of remainders) {
    if (left <= 0) break;
    parts[index] = (parts[index] ?? 0) + 1;
    left -= 1;
  }
  return parts;
}
