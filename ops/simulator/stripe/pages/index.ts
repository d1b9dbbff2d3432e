import type { StripeAccount } from '#simulator/stripe/account.js';
import { runDue } from '#simulator/stripe/due.js';
import type { WireAnswer, WireRequest } from '#simulator/wire.js';
import { answerAuthentication } from './authentication-page.js';
import { answerCheckout } from './checkout-page.js';
import { notFoundPage } from './html.js';
import { answerInvoice, answerInvoicePdf } from './invoice-page.js';
import { answerPortal } from './portal-page.js';

export const PAGE_HOSTS = [
  'checkout.stripe.com',
  'billing.stripe.com',
  'invoice.stripe.com',
  'pay.stripe.com',
  'hooks.stripe.com',
];

const routes: [
  host: string,
  path: RegExp,
  answer: (request: WireRequest, account: StripeAccount, id: string) => WireAnswer,
][] = [
  ['checkout.stripe.com', /^\/c\/pay\/(cs_test_\w+)$/, answerCheckout],
  ['billing.stripe.com', /^\/p\/session\/(test_\w+)$/, answerPortal],
  ['invoice.stripe.com', /^\/i\/acct_\w+\/test_(in_\w+)$/, answerInvoice],
  [
    'pay.stripe.com',
    /^\/invoice\/acct_\w+\/test_(in_\w+)\/pdf$/,
    (_request, account, id) => answerInvoicePdf(account, id),
  ],
  ['hooks.stripe.com', /^\/3d_secure\/(\w+)$/, answerAuthentication],
];

/** Answers a hosted page, or what it submits. */
export function answerPages(request: WireRequest, account: StripeAccount): WireAnswer {
  runDue(account);
  account.isTouched = true;
  for (const [host, pattern, answer] of routes) {
    const id = host === request.host ? pattern.exec(request.path)?.[1] : undefined;
    if (id !== undefined) return answer(request, account, id);
  }
  return notFoundPage('There is no such page.');
}
