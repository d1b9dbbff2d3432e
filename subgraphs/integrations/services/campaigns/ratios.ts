import type { AdMetrics } from '#integrations/providers/products.js';
import { amountOfMicros } from '#runtime/money.js';

const MICRO_DECIMALS = 6;

/** Returns decimal text in millionths; what is beyond them is cut off. */
export function microsOf(amount: string): bigint {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? [];
  return BigInt(sign + whole + fraction.slice(0, MICRO_DECIMALS).padEnd(MICRO_DECIMALS, '0'));
}

/** Returns `amount` divided by `count`, to the millionth, half away from zero; null when there is nothing to divide by. */
export function amountPer(amount: string, count: number, currency: string): string | null {
  if (count === 0) return null;
  // Conversions come in fractions: six places of them are kept.
  const divisor = BigInt(Math.round(count * 1e6));
  const scaled = microsOf(amount) * 1_000_000n;
  if (divisor === 0n) return null;
  const half = (divisor < 0n ? -divisor : divisor) / 2n;
  return amountOfMicros((scaled + (scaled < 0n ? -half : half)) / divisor, currency);
}

/** Returns clicks per impression, and value per cost; null where there is nothing to divide by. */
export function ratiosOf({ clicks, impressions, cost, conversionValue }: AdMetrics) {
  const spent = Number(microsOf(cost));
  return {
    ctr: impressions === 0 ? null : clicks / impressions,
    roas: spent === 0 ? null : Number(microsOf(conversionValue)) / spent,
  };
}
