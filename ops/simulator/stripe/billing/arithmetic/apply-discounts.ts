import type { Coupon } from '#simulator/stripe/billing/model.js';
import { allocate, divideRounded, scaled } from './decimals.js';

/** A coupon in use; `id` is the discount's. */
export interface AppliedCoupon {
  id: string;
  coupon: Pick<Coupon, 'percent_off' | 'amount_off' | 'currency' | 'currency_options' | 'applies_to'>;
}

export interface DiscountableLine {
  amount: number;
  discountable: boolean;
  product: string | null;
}

/**
 * Returns what each discount takes off each line, in the order of the lines. One discount follows the other, on what
 * the former left; an amount off is spread over the lines by their size and takes no line below zero.
 */
export function discountAmounts(
  lines: readonly DiscountableLine[],
  discounts: readonly AppliedCoupon[],
  currency: string,
): { discount: string; amount: number }[][] {
  const left = lines.map((line) => (line.discountable ? Math.max(0, line.amount) : 0));
  const taken = lines.map((): { discount: string; amount: number }[] => []);
  for (const { id, coupon } of discounts) {
    const base = left.map((amount, index) => (covers(coupon, lines[index]?.product ?? null) ? amount : 0));
    for (const [index, amount] of offEach(coupon, base, currency).entries()) {
      left[index] = (left[index] ?? 0) - amount;
      taken[index]?.push({ discount: id, amount });
    }
  }
  return taken.map((amounts, index) => (lines[index]?.discountable ? amounts : []));
}

/** Returns the amount a coupon takes off in a currency, or undefined when it has none there. */
export function amountOff(coupon: AppliedCoupon['coupon'], currency: string): number | undefined {
  if (coupon.currency === currency) return coupon.amount_off ?? undefined;
  return coupon.currency_options?.[currency]?.amount_off;
}

function covers(coupon: AppliedCoupon['coupon'], product: string | null): boolean {
  return !coupon.applies_to || (product !== null && coupon.applies_to.products.includes(product));
}

function offEach(coupon: AppliedCoupon['coupon'], base: readonly number[], currency: string): number[] {
  if (coupon.percent_off !== null) {
    const percent = scaled(String(coupon.percent_off));
    return base.map((amount) => Number(divideRounded(BigInt(amount) * percent, scaled('100'))));
  }
  const total = base.reduce((sum, amount) => sum + amount, 0);
  return allocate(Math.min(amountOff(coupon, currency) ?? 0, total), base);
}
