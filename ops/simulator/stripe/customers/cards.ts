import { createHash } from 'node:crypto';
import type { StripeAccount } from '#simulator/stripe/account.js';
import type { Objects } from '#simulator/stripe/objects.js';

/** Why a bank declines: https://docs.stripe.com/declines/codes */
export interface Decline {
  code: string;
  decline_code?: string;
  message: string;
  param?: string;
}

const declines = {
  generic_decline: { code: 'card_declined', decline_code: 'generic_decline', message: 'Your card was declined.' },
  insufficient_funds: {
    code: 'card_declined',
    decline_code: 'insufficient_funds',
    message: 'Your card has insufficient funds.',
  },
  lost_card: { code: 'card_declined', decline_code: 'lost_card', message: 'Your card was declined.' },
  stolen_card: { code: 'card_declined', decline_code: 'stolen_card', message: 'Your card was declined.' },
  expired_card: {
    code: 'expired_card',
    decline_code: 'expired_card',
    message: 'Your card has expired.',
    param: 'exp_month',
  },
  incorrect_cvc: {
    code: 'incorrect_cvc',
    decline_code: 'incorrect_cvc',
    message: "Your card's security code is incorrect.",
    param: 'cvc',
  },
  processing_error: {
    code: 'processing_error',
    decline_code: 'processing_error',
    message: 'An error occurred while processing your card. Try again in a little bit.',
  },
  authentication_required: {
    code: 'authentication_required',
    decline_code: 'authentication_required',
    message: 'Your card was declined. This transaction requires authentication.',
  },
} satisfies Record<string, Decline>;

export type DisputeReason = 'fraudulent' | 'product_not_received';

/** What a card of Stripe's test mode does: https://docs.stripe.com/testing */
export interface TestCard {
  number: string;
  brand: string;
  country: string;
  funding: 'credit' | 'debit' | 'prepaid';
  /** Declined wherever it is used, attaching included. */
  declined?: keyof typeof declines;
  /** Can be attached; declined when it is charged. */
  chargeDeclined?: keyof typeof declines;
  /** `always`, or until it has been set up for payments without its owner. */
  authentication?: 'always' | 'until-set-up';
  /** Disputed as soon as it is charged. */
  disputed?: DisputeReason;
  /** Refunds succeed at first and fail later. */
  refundFails?: boolean;
}

const plain = { brand: 'visa', country: 'US', funding: 'credit' } as const;

/** By the token that stands for it, `pm_card_<name>`. */
const cards: Record<string, TestCard> = {
  visa: { ...plain, number: '4242424242424242' },
  visa_debit: { ...plain, number: '4000056655665556', funding: 'debit' },
  mastercard: { ...plain, number: '5555555555554444', brand: 'mastercard' },
  mastercard_debit: { ...plain, number: '5200828282828210', brand: 'mastercard', funding: 'debit' },
  mastercard_prepaid: { ...plain, number: '5105105105105100', brand: 'mastercard', funding: 'prepaid' },
  amex: { ...plain, number: '378282246310005', brand: 'amex' },
  discover: { ...plain, number: '6011111111111117', brand: 'discover' },
  diners: { ...plain, number: '3056930009020004', brand: 'diners' },
  jcb: { ...plain, number: '3566002020360505', brand: 'jcb', country: 'JP' },
  unionpay: { ...plain, number: '6200000000000005', brand: 'unionpay', country: 'CN' },
  at: { ...plain, number: '4000000400000008', country: 'AT' },
  be: { ...plain, number: '4000000560000004', country: 'BE' },
  br: { ...plain, number: '4000000760000002', country: 'BR' },
  ca: { ...plain, number: '4000001240000000', country: 'CA' },
  ch: { ...plain, number: '4000007560000009', country: 'CH' },
  de: { ...plain, number: '4000002760000016', country: 'DE' },
  dk: { ...plain, number: '4000002080000001', country: 'DK' },
  es: { ...plain, number: '4000007240000007', country: 'ES' },
  fi: { ...plain, number: '4000002460000001', country: 'FI' },
  fr: { ...plain, number: '4000002500000003', country: 'FR' },
  gb: { ...plain, number: '4000008260000000', country: 'GB' },
  it: { ...plain, number: '4000003800000008', country: 'IT' },
  jp: { ...plain, number: '4000003920000003', country: 'JP' },
  nl: { ...plain, number: '4000005280000002', country: 'NL' },
  se: { ...plain, number: '4000007520000008', country: 'SE' },
  chargeDeclined: { ...plain, number: '4000000000000002', declined: 'generic_decline' },
  chargeDeclinedInsufficientFunds: { ...plain, number: '4000000000009995', declined: 'insufficient_funds' },
  chargeDeclinedLostCard: { ...plain, number: '4000000000009987', declined: 'lost_card' },
  chargeDeclinedStolenCard: { ...plain, number: '4000000000009979', declined: 'stolen_card' },
  chargeDeclinedExpiredCard: { ...plain, number: '4000000000000069', declined: 'expired_card' },
  chargeDeclinedIncorrectCvc: { ...plain, number: '4000000000000127', declined: 'incorrect_cvc' },
  chargeDeclinedProcessingError: { ...plain, number: '4000000000000119', declined: 'processing_error' },
  chargeCustomerFail: { ...plain, number: '4000000000000341', chargeDeclined: 'generic_decline' },
  authenticationRequired: { ...plain, number: '4000002760003184', country: 'DE', authentication: 'always' },
  authenticationRequiredOnSetup: {
    ...plain,
    number: '4000002500003155',
    country: 'FR',
    authentication: 'until-set-up',
  },
  authenticationRequiredChargeDeclinedInsufficientFunds: {
    ...plain,
    number: '4000008260003178',
    country: 'GB',
    authentication: 'until-set-up',
    chargeDeclined: 'insufficient_funds',
  },
  createDispute: { ...plain, number: '4000000000000259', disputed: 'fraudulent' },
  createDisputeProductNotReceived: { ...plain, number: '4000000000002685', disputed: 'product_not_received' },
  refundFail: { ...plain, number: '4000000000005126', refundFails: true },
};

const byNumber = new Map(Object.values(cards).map((card) => [card.number, card]));

/** The card of `pm_card_visa` or `tok_visa`; `pm_card_visa_chargeDeclined` is the older name of `pm_card_chargeDeclined`. */
export function findCardByToken(token: string): TestCard | undefined {
  const name = /^(?:pm_card_|tok_)(\w+)$/.exec(token)?.[1] ?? '';
  return Object.hasOwn(cards, name) ? cards[name] : cards[name.replace(/^visa_/, '')];
}

/** A test card by its number. Beside Stripe's, any that begins with 424242 (and is a valid number) is a Visa card of its own. */
export function findCardByNumber(typed: string): TestCard | undefined {
  const number = typed.replace(/[\s-]/g, '');
  if (!isCardNumber(number)) return undefined;
  return byNumber.get(number) ?? (/^424242\d{10}$/.test(number) ? { ...plain, number } : undefined);
}

/** Whether digits are a card number at all (its check digit). */
export function isCardNumber(number: string): boolean {
  if (!/^\d{13,19}$/.test(number)) return false;
  const sum = [...number].reverse().reduce((total, digit, place) => {
    const doubled = Number(digit) * (place % 2 === 0 ? 1 : 2);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

/** The same for every use of one card number in an account. */
export function fingerprintOf({ number }: TestCard): string {
  return createHash('sha256').update(`fingerprint ${number}`).digest('base64').replace(/[+/=]/g, '').slice(0, 16);
}

type CardExtra = { number: string; isSetUp?: boolean; isAuthenticated?: boolean };
type PaymentMethod = Objects['payment_method'];

/** The test card behind a payment method. */
export function cardOf(account: StripeAccount, method: PaymentMethod): TestCard {
  const { number = '' } = account.extra<CardExtra>(method.id);
  return findCardByNumber(number) ?? { ...plain, number };
}

/** Remembers that a payment method may be charged without its owner. */
export function markSetUp(account: StripeAccount, method: PaymentMethod): void {
  account.extra<CardExtra>(method.id).isSetUp = true;
}

/** Lets the next payment with a method pass without asking its owner again, who has just authenticated. */
export function markAuthenticated(account: StripeAccount, method: PaymentMethod): void {
  account.extra<CardExtra>(method.id).isAuthenticated = true;
}

/** What the bank says to a charge, or to saving the card. */
export type BankAnswer = { kind: 'approved' } | { kind: 'authenticate' } | { kind: 'declined'; decline: Decline };

/** Asks the bank whether a card may be saved. */
export function askToSave(account: StripeAccount, method: PaymentMethod): BankAnswer {
  const card = cardOf(account, method);
  if (card.declined) return { kind: 'declined', decline: declines[card.declined] };
  return needsAuthentication(account, method) ? { kind: 'authenticate' } : { kind: 'approved' };
}

/** Asks the bank for a payment. One without its owner that needs authentication is declined for that reason. */
export function askToCharge(
  account: StripeAccount,
  method: PaymentMethod,
  { offSession, isAuthenticated = false }: { offSession: boolean; isAuthenticated?: boolean },
): BankAnswer {
  const card = cardOf(account, method);
  if (card.declined) return { kind: 'declined', decline: declines[card.declined] };
  if (isExpired(account, method)) return { kind: 'declined', decline: declines.expired_card };
  if (!isAuthenticated && needsAuthentication(account, method))
    return offSession ? { kind: 'declined', decline: declines.authentication_required } : { kind: 'authenticate' };
  if (card.chargeDeclined) return { kind: 'declined', decline: declines[card.chargeDeclined] };
  return { kind: 'approved' };
}

function needsAuthentication(account: StripeAccount, method: PaymentMethod): boolean {
  const { authentication } = cardOf(account, method);
  const extra = account.extra<CardExtra>(method.id);
  if (authentication === undefined) return false;
  if (extra.isAuthenticated) {
    delete extra.isAuthenticated;
    return false;
  }
  return authentication === 'always' || !extra.isSetUp;
}

function isExpired(account: StripeAccount, method: PaymentMethod): boolean {
  const { exp_month, exp_year } = method.card as NonNullable<PaymentMethod['card']>;
  return Date.UTC(exp_year, exp_month, 1) / 1000 <= account.now(method.customer);
}
