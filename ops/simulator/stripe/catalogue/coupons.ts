import type { StripeAccount } from '#simulator/stripe/account.js';
import type { Objects } from '#simulator/stripe/objects.js';
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
  array,
  currency,
  decimal,
  integer,
  metadata,
  object,
  oneOf,
  range,
  record,
  required,
  text,
  timestamp,
  type Values,
} from '#simulator/stripe/wire/rules.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';

type Coupon = Objects['coupon'];

const amounts = record(object({ amount_off: required(integer({ min: 1 })) }), currency());
const createFields = {
  amount_off: integer({ min: 1 }),
  applies_to: object({ products: array(text()) }),
  currency: currency(),
  currency_options: amounts,
  duration: oneOf('forever', 'once', 'repeating'),
  duration_in_months: integer({ min: 1 }),
  id: text({ max: 200 }),
  max_redemptions: integer({ min: 1 }),
  metadata: metadata(),
  name: text({ max: 40 }),
  percent_off: decimal(),
  redeem_by: timestamp(),
};

export const couponOperations: readonly Operation[] = [
  operation('POST', '/v1/coupons', createFields, create),
  operation('GET', '/v1/coupons/{coupon}', {}, ({ account, id }) => current(account, account.get('coupon', id))),
  operation(
    'POST',
    '/v1/coupons/{coupon}',
    { currency_options: amounts, metadata: metadata(), name: text({ max: 40 }) },
    ({ account, params, id }) => {
      const coupon = account.get('coupon', id);
      return account.change(
        coupon,
        {
          ...(params.name !== undefined && { name: params.name }),
          ...(params.currency_options && {
            currency_options: { ...coupon.currency_options, ...params.currency_options },
          }),
          metadata: mergedMetadata(coupon.metadata ?? {}, params.metadata),
        },
        'coupon.updated',
      );
    },
  ),
  operation('DELETE', '/v1/coupons/{coupon}', {}, ({ account, id }) => {
    const coupon = account.get('coupon', id);
    account.emit('coupon.deleted', coupon);
    return account.delete(coupon);
  }),
  operation('GET', '/v1/coupons', { ...pageFields, created: range() }, ({ account, params, path }) =>
    pageOf(
      account
        .list('coupon')
        .filter(({ created }) => isWithin(created, params.created))
        .map((coupon) => current(account, coupon)),
      { params, path },
    ),
  ),
];

function create({ account, params }: Call<Values<typeof createFields>>): Coupon {
  const { amount_off, percent_off, duration = 'once', duration_in_months } = params;
  if ((amount_off === undefined) === (percent_off === undefined))
    throw invalidRequest('Must provide percent_off or amount_off.', {
      code: 'parameter_missing',
      param: 'percent_off',
    });
  if (amount_off !== undefined && params.currency === undefined)
    throw invalidRequest('Must provide currency when passing amount_off.', {
      code: 'parameter_missing',
      param: 'currency',
    });
  const percent = percent_off === undefined ? null : Number(percent_off);
  if (percent !== null && (percent <= 0 || percent > 100))
    throw invalidRequest('Invalid percent_off: must be greater than 0 and at most 100.', { param: 'percent_off' });
  if ((duration === 'repeating') !== (duration_in_months !== undefined))
    throw invalidRequest(
      duration === 'repeating'
        ? 'Must provide duration_in_months when duration is repeating.'
        : 'duration_in_months can only be used when duration is repeating.',
      { param: 'duration_in_months' },
    );
  if (params.id !== undefined && account.find('coupon', params.id))
    throw invalidRequest('Coupon already exists.', { code: 'resource_already_exists', param: 'id' });
  const coupon = account.add('coupon', {
    ...(params.id !== undefined && { id: params.id }),
    amount_off: amount_off ?? null,
    ...(params.applies_to && { applies_to: { products: params.applies_to.products ?? [] } }),
    created: account.now(),
    currency: amount_off === undefined ? null : (params.currency ?? null),
    ...(params.currency_options && { currency_options: params.currency_options }),
    duration,
    duration_in_months: duration_in_months ?? null,
    livemode: false,
    max_redemptions: params.max_redemptions ?? null,
    metadata: mergedMetadata({}, params.metadata),
    name: params.name ?? null,
    percent_off: percent,
    redeem_by: params.redeem_by ?? null,
    times_redeemed: 0,
    valid: true,
  });
  account.emit('coupon.created', coupon);
  return coupon;
}

/** A coupon with `valid` as it is now. */
function current(account: StripeAccount, coupon: Coupon): Coupon {
  coupon.valid =
    (coupon.redeem_by === null || coupon.redeem_by > account.now()) &&
    (coupon.max_redemptions === null || coupon.times_redeemed < coupon.max_redemptions);
  return coupon;
}

/** Returns a coupon that can be redeemed. Throws 400 for one that is unknown, expired or used up. */
export function redeemableCoupon(account: StripeAccount, id: string, param: string): Coupon {
  const coupon = current(account, account.get('coupon', id, param));
  if (!coupon.valid)
    throw invalidRequest(`Coupon ${id} is expired or has been redeemed as often as it can be.`, {
      code: 'coupon_expired',
      param,
    });
  return coupon;
}
