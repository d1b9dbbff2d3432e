import Big from 'big.js';

const Ratio = Big();
Ratio.DP = 30;

/** Returns an exact decimal; null for null. */
export const decimalOf = (text: string | null): Big | null => (text === null ? null : new Ratio(text));

/** Divides exact decimals; null where one is unknown, or the divisor is zero. */
export function quotient(dividend: string | null, divisor: string | null): Big | null {
  if (dividend === null || divisor === null) return null;
  const by = new Ratio(divisor);
  return by.eq(0) ? null : new Ratio(dividend).div(by);
}

/** Returns how a figure changed; null where it is unknown, and in percent of zero. */
export function changeBetween(
  previous: Big | null,
  current: Big | null,
): { absolute: string | null; percent: number | null } {
  if (current === null || previous === null) return { absolute: null, percent: null };
  const absolute = current.minus(previous);
  const percent = previous.eq(0) ? null : Number(absolute.times(100).div(previous).toFixed(4));
  return { absolute: absolute.round(6).toFixed(), percent };
}
