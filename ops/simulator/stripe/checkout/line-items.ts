import type { StripeAccount } from '#simulator/stripe/account.js';
import { amountIn } from '#simulator/stripe/catalogue/prices.js';
import type { Objects } from '#simulator/stripe/objects.js';
import { listOf, type Page } from '#simulator/stripe/operation.js';

type Session = Objects['checkout.session'];

export interface Line {
  id: string;
  price: string;
  /** null = metered. */
  quantity: number | null;
}

/** What the simulator knows of a session beside what Stripe shows. */
export type CheckoutExtra = {
  lines: Line[];
  isTrial: boolean;
  subscriptionData: Record<string, unknown>;
  customerUpdate: { address?: string; name?: string; shipping?: string };
  /** The card that waits for its owner's authentication, and what was typed beside it. */
  pending: { method: string; details: BillingForm };
};

/** What a customer types beside the card. */
export interface BillingForm {
  name: string;
  email: string;
  country: string;
  postal_code: string;
  tax_id_type: string;
  tax_id: string;
}

/** What a session sells. */
export function linesOf(account: StripeAccount, session: Session): Line[] {
  return account.extra<CheckoutExtra>(session.id).lines ?? [];
}

/** The line items of a session, as they are listed and expanded. */
export function checkoutLines(account: StripeAccount, session: Session): Page<Objects['item']> {
  const code = session.currency ?? 'usd';
  const { isTrial = false } = account.extra<CheckoutExtra>(session.id);
  const lines = linesOf(account, session);
  const { subtotal, discount } = totalOf(account, { lines, currency: code, discounts: session.discounts, isTrial });
  const data = lines.map((line): Objects['item'] => {
    const price = account.get('price', line.price);
    const amount = isTrial ? 0 : amountOfLine(account, line, code);
    const off = subtotal === 0 ? 0 : Math.round((discount * amount) / subtotal);
    return {
      id: line.id,
      object: 'item',
      adjustable_quantity: null,
      amount_discount: off,
      amount_subtotal: amount,
      amount_tax: 0,
      amount_total: amount - off,
      currency: code,
      description: account.find('product', price.product)?.name ?? null,
      metadata: {},
      price: structuredClone(price),
      quantity: line.quantity,
    };
  });
  return listOf(data, `/v1/checkout/sessions/${session.id}/line_items`);
}

/** What lines cost a period, in the smallest unit of the currency, without taxes. */
export function amountOfLine(account: StripeAccount, { price: id, quantity }: Line, code: string): number {
  const price = account.get('price', id);
  const amount = amountIn(account, price, code);
  return quantity === null ? 0 : Math.round(Number(amount?.unit_amount_decimal ?? 0) * quantity);
}

/** What is due at once, without taxes: nothing while a trial lasts. */
export function totalOf(
  account: StripeAccount,
  wanted: { lines: readonly Line[]; currency: string; discounts: Session['discounts']; isTrial: boolean },
): { subtotal: number; discount: number; total: number } {
  const { lines, currency, discounts, isTrial } = wanted;
  if (isTrial) return { subtotal: 0, discount: 0, total: 0 };
  const subtotal = lines.reduce((sum, line) => sum + amountOfLine(account, line, currency), 0);
  const [applied] = discounts ?? [];
  const code = applied?.promotion_code ? account.find('promotion_code', applied.promotion_code) : undefined;
  const coupon = account.find('coupon', applied?.coupon ?? code?.promotion.coupon ?? '');
  const off = coupon?.percent_off
    ? Math.round((subtotal * coupon.percent_off) / 100)
    : coupon?.currency === currency
      ? (coupon.amount_off ?? 0)
      : (coupon?.currency_options?.[currency]?.amount_off ?? 0);
  const discount = Math.min(subtotal, off);
  return { subtotal, discount, total: subtotal - discount };
}
