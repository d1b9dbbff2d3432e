import type { StripeAccount } from '#simulator/stripe/account.js';
import { type Objects, randomText } from '#simulator/stripe/objects.js';
import {
  type Call,
  isWithin,
  mergedMetadata,
  type Operation,
  operation,
  pageFields,
  pageOf,
} from '#simulator/stripe/operation.js';
import {
  boolean,
  currency,
  integer,
  metadata,
  object,
  oneOf,
  range,
  required,
  text,
  timestamp,
  type Values,
} from '#simulator/stripe/wire/rules.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';
import { redeemableCoupon } from './coupons.js';

type PromotionCode = Objects['promotion_code'];

const createFields = {
  active: boolean(),
  code: text({ max: 500 }),
  customer: text(),
  expires_at: timestamp(),
  max_redemptions: integer({ min: 1 }),
  metadata: metadata(),
  promotion: required(object({ coupon: required(text()), type: required(oneOf('coupon')) })),
  restrictions: object(
    { first_time_transaction: boolean(), minimum_amount: integer({ min: 1 }), minimum_amount_currency: currency() },
    ['currency_options'],
  ),
};

export const promotionCodeOperations: readonly Operation[] = [
  operation('POST', '/v1/promotion_codes', createFields, create, ['customer_account']),
  operation('GET', '/v1/promotion_codes/{id}', {}, ({ account, id }) =>
    current(account, account.get('promotion_code', id)),
  ),
  operation(
    'POST',
    '/v1/promotion_codes/{id}',
    { active: boolean(), metadata: metadata() },
    ({ account, params, id }) => {
      const code = account.get('promotion_code', id);
      if (params.active && !code.active && sameCode(account, code.code)) throw codeExists(code.code);
      return account.change(
        code,
        {
          ...(params.active !== undefined && { active: params.active }),
          metadata: mergedMetadata(code.metadata ?? {}, params.metadata),
        },
        'promotion_code.updated',
      );
    },
    ['restrictions'],
  ),
  operation(
    'GET',
    '/v1/promotion_codes',
    { ...pageFields, active: boolean(), code: text(), coupon: text(), created: range(), customer: text() },
    ({ account, params, path }) =>
      pageOf(
        account
          .list('promotion_code')
          .map((code) => current(account, code))
          .filter(
            (one) =>
              isWithin(one.created, params.created) &&
              (params.active === undefined || one.active === params.active) &&
              (params.code === undefined || one.code.toLowerCase() === params.code.toLowerCase()) &&
              (params.coupon === undefined || one.promotion.coupon === params.coupon) &&
              (params.customer === undefined || one.customer === params.customer),
          ),
        { params, path },
      ),
    ['customer_account'],
  ),
];

function create({ account, params }: Call<Values<typeof createFields>>): PromotionCode {
  const coupon = redeemableCoupon(account, params.promotion.coupon, 'promotion[coupon]');
  if (params.customer !== undefined) account.get('customer', params.customer, 'customer');
  const code = params.code ?? randomText(8).toUpperCase();
  if (!/^[A-Za-z0-9-]+$/.test(code))
    throw invalidRequest('Promotion codes can only contain letters, digits and dashes.', { param: 'code' });
  if (params.active !== false && sameCode(account, code)) throw codeExists(code);
  const made = account.add('promotion_code', {
    active: params.active ?? true,
    code,
    created: account.now(),
    customer: params.customer ?? null,
    customer_account: null,
    expires_at: params.expires_at ?? null,
    livemode: false,
    max_redemptions: params.max_redemptions ?? null,
    metadata: mergedMetadata({}, params.metadata),
    promotion: { coupon: coupon.id, type: 'coupon' },
    restrictions: {
      first_time_transaction: params.restrictions?.first_time_transaction ?? false,
      minimum_amount: params.restrictions?.minimum_amount ?? null,
      minimum_amount_currency: params.restrictions?.minimum_amount_currency ?? null,
    },
    times_redeemed: 0,
  });
  account.emit('promotion_code.created', made);
  return made;
}

// Case does not distinguish codes that customers type.
function sameCode(account: StripeAccount, code: string): boolean {
  return account.list('promotion_code').some((one) => one.active && one.code.toLowerCase() === code.toLowerCase());
}

function codeExists(code: string) {
  return invalidRequest(`An active promotion code with \`code: ${code}\` already exists.`, {
    code: 'resource_already_exists',
    param: 'code',
  });
}

/** Whether a customer has never paid. */
export function isFirstTransaction(account: StripeAccount, customer: string | null): boolean {
  return !account.list('charge').some((charge) => charge.customer === customer && charge.paid);
}

/** A code that is over is active no longer. */
function current(account: StripeAccount, code: PromotionCode): PromotionCode {
  const { expires_at, max_redemptions, times_redeemed } = code;
  if (
    (expires_at !== null && expires_at <= account.now()) ||
    (max_redemptions !== null && times_redeemed >= max_redemptions)
  )
    code.active = false;
  return code;
}

/**
 * Returns a promotion code (by id, or by what a customer types) and its coupon, for a customer who may use it. Throws 400
 * otherwise. `isFirst` = the customer has never paid.
 */
export function redeemableCode(
  account: StripeAccount,
  given: string,
  { param, customer, isFirst }: { param: string; customer: string | null; isFirst: boolean },
): { code: PromotionCode; coupon: Objects['coupon'] } {
  const code =
    account.find('promotion_code', given) ??
    account.list('promotion_code').find((one) => one.active && one.code.toLowerCase() === given.toLowerCase());
  if (!code) throw invalidRequest(`No such promotion code: '${given}'`, { code: 'resource_missing', param });
  if (!current(account, code).active)
    throw invalidRequest('This promotion code is not active.', { code: 'promotion_code_expired', param });
  if (code.customer !== null && code.customer !== customer)
    throw invalidRequest('This promotion code belongs to another customer.', { param });
  if (code.restrictions.first_time_transaction && !isFirst)
    throw invalidRequest(
      'This promotion code cannot be redeemed because the associated customer has prior transactions.',
      {
        code: 'promotion_code_customer_not_first_time',
        param,
      },
    );
  return { code, coupon: redeemableCoupon(account, code.promotion.coupon ?? '', param) };
}
