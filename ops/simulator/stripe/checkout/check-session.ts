import type { StripeAccount } from '#simulator/stripe/account.js';
import { boundCurrencyOf } from '#simulator/stripe/billing/subscriptions/create-subscription.js';
import { redeemableCoupon } from '#simulator/stripe/catalogue/coupons.js';
import { isFirstTransaction, redeemableCode } from '#simulator/stripe/catalogue/promotion-codes.js';
import type { Objects } from '#simulator/stripe/objects.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';
import type { Params, Session } from './session-parameters.js';

const HOUR = 60 * 60;
const DAY = 24 * HOUR;

/** Throws 400 unless there are addresses to return to. */
export function checkUrls({ success_url, cancel_url, return_url }: Params): void {
  if (success_url === undefined)
    throw invalidRequest(
      'Missing required param: success_url. You must provide a success_url for Checkout Sessions with ui_mode=hosted_page.',
      { code: 'parameter_missing', param: 'success_url' },
    );
  if (return_url !== undefined)
    throw invalidRequest('`return_url` can only be used with an embedded ui_mode.', { param: 'return_url' });
  for (const [param, url] of Object.entries({ success_url, cancel_url }))
    if (url !== undefined && !['http:', 'https:'].includes(URL.parse(url.replaceAll(/[{}]/g, ''))?.protocol ?? ''))
      throw invalidRequest('Not a valid URL', { code: 'url_invalid', param });
}

/** Throws 400 for taxes and tax ids that the customer's data cannot have, or may not get. */
export function checkCustomerUpdate(params: Params, customer: Objects['customer'] | null): void {
  const { customer_update, automatic_tax, tax_id_collection } = params;
  if (customer === null) {
    if (customer_update)
      throw invalidRequest('`customer_update` can only be used with `customer`.', { param: 'customer_update' });
    return;
  }
  if (automatic_tax?.enabled && customer_update?.address !== 'auto' && !customer.address?.country)
    throw invalidRequest(
      "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set either `customer_update[address]` to 'auto' or `customer_update[shipping]` to 'auto' to save the address entered in Checkout to the Customer.",
      { code: 'customer_tax_location_invalid', param: 'automatic_tax' },
    );
  if (tax_id_collection?.enabled && customer_update?.name !== 'auto')
    throw invalidRequest(
      'Tax ID collection requires updating business name on the customer. To enable tax ID collection for an existing customer, please set `customer_update[name]` to `auto`.',
      { param: 'tax_id_collection' },
    );
}

/** Throws 400 when the customer already pays in another currency. */
export function currencyOf(account: StripeAccount, params: Params, customer: Objects['customer'] | null): string {
  const first = params.line_items?.[0]?.price;
  const code =
    params.currency ?? (first === undefined ? 'usd' : account.get('price', first, 'line_items[0][price]').currency);
  const bound = customer ? boundCurrencyOf(account, customer) : undefined;
  if (bound && bound !== code)
    throw invalidRequest(
      `You cannot combine currencies on a single customer. This customer has an active subscription, subscription schedule, discount, quote, or invoice item with currency ${bound}`,
      { param: 'currency' },
    );
  return code;
}

/** Throws 400 for a trial or an anchor that cannot be. */
export function checkTrial({ subscription_data: data }: Params, now: number): void {
  if (!data) return;
  if (data.trial_end !== undefined && data.trial_period_days !== undefined)
    throw onlyOne('subscription_data[trial_end]', 'subscription_data[trial_period_days]');
  if (data.trial_end !== undefined && data.trial_end < now + 2 * DAY)
    throw invalidRequest('The `trial_end` date has to be at least 2 days in the future.', {
      param: 'subscription_data[trial_end]',
    });
  if (data.trial_end !== undefined && data.trial_end > now + 730 * DAY)
    throw invalidRequest('The `trial_end` date has to be at most 2 years in the future.', {
      param: 'subscription_data[trial_end]',
    });
  if (data.billing_cycle_anchor !== undefined && data.billing_cycle_anchor <= now)
    throw invalidRequest('The `billing_cycle_anchor` must be in the future.', {
      param: 'subscription_data[billing_cycle_anchor]',
    });
}

/** Returns the one discount there may be. Throws 400 for what cannot be redeemed. */
export function readDiscounts(
  account: StripeAccount,
  { discounts, allow_promotion_codes }: Params,
  customer: string | null,
): Session['discounts'] {
  if (discounts === undefined) return [];
  if (allow_promotion_codes !== undefined) throw onlyOne('allow_promotion_codes', 'discounts');
  if (discounts.length > 1) throw invalidRequest('You can only apply one discount.', { param: 'discounts' });
  return discounts.map(({ coupon, promotion_code }) => {
    if ((coupon === undefined) === (promotion_code === undefined))
      throw onlyOne('discounts[0][coupon]', 'discounts[0][promotion_code]');
    if (promotion_code === undefined)
      return { coupon: redeemableCoupon(account, coupon ?? '', 'discounts[0][coupon]').id, promotion_code: null };
    account.get('promotion_code', promotion_code, 'discounts[0][promotion_code]');
    const found = redeemableCode(account, promotion_code, {
      param: 'discounts[0][promotion_code]',
      customer,
      isFirst: isFirstTransaction(account, customer),
    });
    return { coupon: null, promotion_code: found.code.id };
  });
}

/** Returns when a session expires, in seconds. Throws 400 for less than half an hour and for more than a day. */
export function expiryOf({ expires_at }: Params, now: number): number {
  if (expires_at === undefined) return now + DAY;
  if (expires_at < now + HOUR / 2 || expires_at > now + DAY)
    throw invalidRequest(
      'The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.',
      { param: 'expires_at' },
    );
  return expires_at;
}

/** Of two parameters that exclude each other. */
export function onlyOne(one: string, other: string) {
  return invalidRequest(`You may only specify one of these parameters: ${one}, ${other}.`, { param: one });
}
