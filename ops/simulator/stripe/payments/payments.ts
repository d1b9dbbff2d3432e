import type { StripeAccount } from '#simulator/stripe/account.js';
import {
  askToCharge,
  type BankAnswer,
  cardOf,
  type Decline,
  markAuthenticated,
  markSetUp,
} from '#simulator/stripe/customers/cards.js';
import { attach } from '#simulator/stripe/customers/payment-methods.js';
import { nextAction } from '#simulator/stripe/customers/setup-intents.js';
import type { Objects } from '#simulator/stripe/objects.js';
import { openDispute } from './disputes.js';
import { makeCharge } from './make-charge.js';

type PaymentIntent = Objects['payment_intent'];
type PaymentMethod = Objects['payment_method'];

/**
 * Asks the bank for a payment and leaves its answer in the intent: `succeeded`, `requires_action` (its owner authenticates on
 * a page, see `finishPayment`), or `requires_payment_method` with `last_payment_error`. Never throws for a decline.
 */
export function pay(
  account: StripeAccount,
  intent: PaymentIntent,
  { method, offSession }: { method: PaymentMethod; offSession: boolean },
): BankAnswer {
  intent.payment_method = method.id;
  const answer = askToCharge(account, method, { offSession });
  if (answer.kind === 'approved') succeed(account, intent, method);
  else if (answer.kind === 'declined') decline(account, intent, { method, decline: answer.decline });
  else {
    account.change(intent, {
      status: 'requires_action',
      next_action: nextAction(account, intent.id) as PaymentIntent['next_action'],
    });
    account.emit('payment_intent.requires_action', intent);
  }
  return answer;
}

/** Ends what `requires_action` began: the owner authenticated, or failed to. */
export function finishPayment(account: StripeAccount, intent: PaymentIntent, isAuthenticated: boolean): void {
  if (intent.status !== 'requires_action' || intent.payment_method === null) return;
  const method = account.get('payment_method', intent.payment_method);
  if (isAuthenticated) {
    markAuthenticated(account, method);
    pay(account, intent, { method, offSession: false });
    return;
  }
  account.change(intent, {
    status: 'requires_payment_method',
    payment_method: null,
    next_action: null,
    last_payment_error: {
      code: 'payment_intent_authentication_failure',
      doc_url: 'https://stripe.com/docs/error-codes/payment-intent-authentication-failure',
      message:
        'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
      payment_method: structuredClone(method),
      type: 'invalid_request_error',
    } as unknown as PaymentIntent['last_payment_error'],
  });
  account.emit('payment_intent.payment_failed', intent);
}

function succeed(account: StripeAccount, intent: PaymentIntent, method: PaymentMethod): void {
  if (intent.customer && method.customer === null && intent.setup_future_usage)
    attach(account, method, intent.customer);
  if (intent.setup_future_usage === 'off_session') markSetUp(account, method);
  const charge = makeCharge(account, intent, { method });
  account.emit('charge.succeeded', charge);
  account.change(intent, {
    amount_received: intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    status: 'succeeded',
  });
  account.emit('payment_intent.succeeded', intent);
  const { disputed } = cardOf(account, method);
  if (disputed) openDispute(account, charge, disputed);
}

function decline(
  account: StripeAccount,
  intent: PaymentIntent,
  { method, decline: reason }: { method: PaymentMethod; decline: Decline },
): void {
  const charge = makeCharge(account, intent, { method, decline: reason });
  account.emit('charge.failed', charge);
  account.change(intent, {
    last_payment_error: {
      charge: charge.id,
      code: reason.code,
      ...(reason.decline_code !== undefined && { decline_code: reason.decline_code }),
      doc_url: `https://stripe.com/docs/error-codes/${reason.code.replaceAll('_', '-')}`,
      message: reason.message,
      ...(reason.param !== undefined && { param: reason.param }),
      payment_method: structuredClone(method),
      type: 'card_error',
    } as unknown as PaymentIntent['last_payment_error'],
    latest_charge: charge.id,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  });
  account.emit('payment_intent.payment_failed', intent);
}
