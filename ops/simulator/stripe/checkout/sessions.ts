import type { StripeAccount } from '#simulator/stripe/account.js';
import { isFirstTransaction, redeemableCode } from '#simulator/stripe/catalogue/promotion-codes.js';
import {
  isWithin,
  mergedMetadata,
  type Operation,
  operation,
  pageFields,
  pageOf,
} from '#simulator/stripe/operation.js';
import { metadata, object, oneOf, range, required, text } from '#simulator/stripe/wire/rules.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';
import { create } from './create-session.js';
import { type CheckoutExtra, checkoutLines, linesOf, totalOf } from './line-items.js';
import { createFields, FOREIGN, type Session } from './session-parameters.js';

export const checkoutOperations: readonly Operation[] = [
  operation('POST', '/v1/checkout/sessions', createFields, create, FOREIGN),
  operation('GET', '/v1/checkout/sessions/{session}', {}, ({ account, id }) => account.get('checkout.session', id)),
  operation(
    'POST',
    '/v1/checkout/sessions/{session}',
    { metadata: metadata() },
    ({ account, params, id }) => {
      const session = account.get('checkout.session', id);
      return account.change(session, { metadata: mergedMetadata(session.metadata ?? {}, params.metadata) });
    },
    ['automatic_tax', 'collected_information', 'line_items', 'shipping_options'],
  ),
  operation('POST', '/v1/checkout/sessions/{session}/expire', {}, ({ account, id }) => {
    const session = account.get('checkout.session', id);
    if (session.status !== 'open')
      throw invalidRequest(
        `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
      );
    return expire(account, session);
  }),
  operation('GET', '/v1/checkout/sessions/{session}/line_items', pageFields, ({ account, params, id, path }) =>
    pageOf(checkoutLines(account, account.get('checkout.session', id)).data, { params, path }),
  ),
  operation(
    'GET',
    '/v1/checkout/sessions',
    {
      ...pageFields,
      created: range(),
      customer: text(),
      customer_details: object({ email: required(text()) }),
      payment_intent: text(),
      status: oneOf('complete', 'expired', 'open'),
      subscription: text(),
    },
    ({ account, params, path }) =>
      pageOf(
        account
          .list('checkout.session')
          .filter(
            (one) =>
              isWithin(one.created, params.created) &&
              (params.customer === undefined || one.customer === params.customer) &&
              (params.customer_details === undefined ||
                one.customer_details?.email === params.customer_details.email) &&
              (params.payment_intent === undefined || one.payment_intent === params.payment_intent) &&
              (params.status === undefined || one.status === params.status) &&
              (params.subscription === undefined || one.subscription === params.subscription),
          ),
        { params, path },
      ),
    ['customer_account', 'payment_link'],
  ),
];

function expire(account: StripeAccount, session: Session): Session {
  account.change(session, { status: 'expired', url: null });
  account.emit('checkout.session.expired', session);
  return session;
}

/** Expires sessions that were not completed in time. */
export function expireSessions(account: StripeAccount): void {
  for (const session of account.list('checkout.session').reverse())
    if (session.status === 'open' && session.expires_at <= account.now(session.customer))
      account.at(session.expires_at, () => expire(account, session));
}

/** Puts a promotion code that a customer typed on an open session. Throws 400 for one that cannot be used. */
export function applyCode(account: StripeAccount, session: Session, typed: string): void {
  const { code } = redeemableCode(account, typed, {
    param: 'promotion_code',
    customer: session.customer,
    isFirst: isFirstTransaction(account, session.customer),
  });
  const { isTrial = false } = account.extra<CheckoutExtra>(session.id);
  const discounts = [{ coupon: null, promotion_code: code.id }];
  const totals = totalOf(account, {
    lines: linesOf(account, session),
    currency: session.currency ?? 'usd',
    discounts,
    isTrial,
  });
  account.change(session, {
    discounts,
    amount_total: totals.total,
    total_details: { amount_discount: totals.discount, amount_shipping: 0, amount_tax: 0 },
  });
}
