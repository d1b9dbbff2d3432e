import type { StripeAccount } from '#simulator/stripe/account.js';
import { findCardByNumber } from '#simulator/stripe/customers/cards.js';
import { cardError, makeMethod, numberProblem } from '#simulator/stripe/customers/payment-methods.js';
import type { Objects } from '#simulator/stripe/objects.js';

/** Makes a payment method of what was typed. Throws `StripeError` 402 for a number, a date or a code that cannot be. */
export function cardFrom(account: StripeAccount, form: URLSearchParams): Objects['payment_method'] {
  const number = form.get('card_number') ?? '';
  const card = findCardByNumber(number);
  if (!card) throw cardError(numberProblem(number));
  const expiry = /^\s*(\d{1,2})\s*\/\s*(?:20)?(\d{2})\s*$/.exec(form.get('expiry') ?? '12 / 34');
  const month = Number(expiry?.[1]);
  if (!expiry || month < 1 || month > 12)
    throw cardError({
      code: 'invalid_expiry_month',
      message: "Your card's expiration month is invalid.",
      param: 'exp_month',
    });
  const year = 2_000 + Number(expiry[2]);
  if (Date.UTC(year, month, 1) / 1000 <= account.now())
    throw cardError({
      code: 'invalid_expiry_year',
      message: "Your card's expiration year is in the past.",
      param: 'exp_year',
    });
  if (!/^\d{3,4}$/.test(form.get('cvc') ?? '123'))
    throw cardError({ code: 'invalid_cvc', message: "Your card's security code is invalid.", param: 'cvc' });
  return makeMethod(account, card, { month, year });
}
