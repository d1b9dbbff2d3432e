import { type AppliedCoupon, amountOff } from '#simulator/stripe/billing/arithmetic/apply-discounts.js';
import { addCycles } from '#simulator/stripe/billing/arithmetic/periods.js';
import type { Account, Coupon, Discount, Subscription } from '#simulator/stripe/billing/model.js';
import { redeemableCoupon } from '#simulator/stripe/catalogue/coupons.js';
import { redeemableCode } from '#simulator/stripe/catalogue/promotion-codes.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';

/** A discount as it is sent: exactly one of the three. */
export interface DiscountInput {
  coupon?: string | undefined;
  promotion_code?: string | undefined;
  discount?: string | undefined;
}

/** Who a discount is for. */
export interface Discounted {
  customer: string;
  currency: string;
  subscription: string | null;
  /** Seconds. */
  start: number;
  checkoutSession?: string | null;
  /** Param of errors. */
  param: string;
}

/**
 * Makes discounts of what was sent, counts their redemptions and returns their ids; existing ones are kept.
 * Throws 400 for codes and coupons that cannot be redeemed (any more).
 */
export function redeem(account: Account, inputs: readonly DiscountInput[], discounted: Discounted): string[] {
  return inputs.map((input, index) => {
    const param = `${discounted.param}[${index}]`;
    if ([input.coupon, input.promotion_code, input.discount].filter(Boolean).length !== 1)
      throw invalidRequest('You must pass exactly one of coupon, promotion_code or discount.', { param });
    if (input.discount) return account.get('discount', input.discount, `${param}[discount]`).id;
    return redeemOne(account, input, { ...discounted, param });
  });
}

function redeemOne(account: Account, input: DiscountInput, discounted: Discounted): string {
  const { customer } = discounted;
  const promotion = input.promotion_code
    ? account.get('promotion_code', input.promotion_code, `${discounted.param}[promotion_code]`)
    : undefined;
  const coupon = promotion
    ? redeemableCode(account, promotion.id, {
        param: `${discounted.param}[promotion_code]`,
        customer,
        isFirst: !hasPaid(account, customer),
      }).coupon
    : redeemableCoupon(account, String(input.coupon), `${discounted.param}[coupon]`);
  requireCurrency(coupon, discounted);
  const discount = account.add('discount', {
    checkout_session: discounted.checkoutSession ?? null,
    customer: discounted.customer,
    customer_account: null,
    end: endOf(coupon, discounted.start),
    invoice: null,
    invoice_item: null,
    promotion_code: promotion?.id ?? null,
    source: { coupon: coupon.id, type: 'coupon' },
    start: discounted.start,
    subscription: discounted.subscription,
    subscription_item: null,
  });
  account.extra(discount.id).coupon = structuredClone(coupon);
  const redeemed = coupon.times_redeemed + 1;
  account.change(coupon, {
    times_redeemed: redeemed,
    valid: coupon.valid && (coupon.max_redemptions === null || redeemed < coupon.max_redemptions),
  });
  if (promotion) {
    const used = promotion.times_redeemed + 1;
    const active = promotion.active && (promotion.max_redemptions === null || used < promotion.max_redemptions);
    account.change(promotion, { times_redeemed: used, active });
  }
  account.emit('customer.discount.created', discount);
  return discount.id;
}

function requireCurrency(coupon: Coupon, { currency, param }: Discounted): void {
  if (coupon.percent_off === null && amountOff(coupon, currency) === undefined)
    throw invalidRequest(
      `The currency of the coupon ${coupon.id} (${coupon.currency}) does not match the currency of the subscription (${currency}).`,
      { param: `${param}[coupon]` },
    );
}

function hasPaid(account: Account, customer: string): boolean {
  return account
    .list('invoice')
    .some((invoice) => invoice.customer === customer && invoice.status === 'paid' && invoice.amount_paid > 0);
}

function endOf(coupon: Coupon, start: number): number | null {
  if (coupon.duration !== 'repeating') return null;
  return addCycles(start, { interval: 'month', interval_count: 1 }, coupon.duration_in_months ?? 1);
}

/** Returns the discounts that are in effect at a moment, with their coupons. */
export function effectiveDiscounts(account: Account, ids: readonly string[], moment: number): AppliedCoupon[] {
  return ids.flatMap((id) => {
    const discount = account.find('discount', id);
    if (!discount || (discount.end !== null && discount.end <= moment)) return [];
    const coupon = account.find('coupon', String(discount.source.coupon)) ?? keptCoupon(account, discount);
    return coupon ? [{ id, coupon }] : [];
  });
}

/** A coupon deleted since keeps its effect where it was redeemed. */
function keptCoupon(account: Account, discount: Discount): Coupon | undefined {
  return account.extra<{ coupon: Coupon }>(discount.id).coupon;
}

/** Ends discounts of a subscription; what they took off stays. */
export function endDiscounts(account: Account, subscription: Subscription, ids: readonly string[]): void {
  if (ids.length === 0) return;
  const ended = subscription.discounts.filter((id) => ids.includes(id));
  subscription.discounts = subscription.discounts.filter((id) => !ids.includes(id));
  for (const id of ended) {
    const discount = account.find('discount', id);
    if (!discount) continue;
    account.change(discount, { end: account.now(subscription.customer) });
    account.emit('customer.discount.deleted', discount);
  }
}

/** Ids of discounts that apply once, for an invoice they took something off. */
export function usedOnce(account: Account, ids: readonly string[]): string[] {
  return ids.filter((id) => {
    const discount = account.find('discount', id);
    return discount && account.find('coupon', String(discount.source.coupon))?.duration === 'once';
  });
}
