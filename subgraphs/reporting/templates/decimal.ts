// Decimal numbers as text, as exact as they were given: sums are made of integers, never of binary floats.

const FLOAT_DIGITS = 6;

const trimZeros = (decimal: string) => (decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal);

/** Returns a binary float as the decimal it stands for, to a millionth: 0.1 + 0.2 → `0.3`. */
export function decimalFromFloat(value: number): string {
  return trimZeros(value.toFixed(FLOAT_DIGITS));
}

const fractionDigits = (decimal: string) => decimal.split('.')[1]?.length ?? 0;

/** The number `decimal` × 10^scale. */
function scaled(decimal: string, scale: number): bigint {
  return BigInt(decimal.replace('.', '')) * 10n ** BigInt(scale - fractionDigits(decimal));
}

/** Returns the exact sum of decimals, without trailing zeros; of none, `0`. */
export function sumDecimals(decimals: string[]): string {
  const scale = decimals.reduce((widest, decimal) => Math.max(widest, fractionDigits(decimal)), 0);
  const sum = decimals.reduce((total, decimal) => total + scaled(decimal, scale), 0n);
  const digits = String(sum < 0n ? -sum : sum).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return trimZeros(`${sum < 0n ? '-' : ''}${whole}${scale > 0 ? `.${digits.slice(-scale)}` : ''}`);
}
