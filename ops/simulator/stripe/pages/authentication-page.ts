import type { StripeAccount } from '#simulator/stripe/account.js';
import { finishCheckout } from '#simulator/stripe/checkout/complete.js';
import { finishSetup } from '#simulator/stripe/customers/setup-intents.js';
import { finishPayment } from '#simulator/stripe/payments/payments.js';
import { formOf, type WireAnswer, type WireRequest } from '#simulator/wire.js';
import { successUrlOf } from './checkout-page.js';
import { alertOf, escapeHtml, htmlPage, notFoundPage, seeOther } from './html.js';

/** Where a browser goes after it has authenticated for an intent, kept with the intent. */
export type AuthenticationExtra = { returnTo: string };

/** The page on which the owner of a card authenticates: `action` is `complete` or `fail`. */
export function answerAuthentication(request: WireRequest, account: StripeAccount, id: string): WireAnswer {
  if (!isWaiting(account, id)) return notFoundPage('There is nothing to authenticate here, or no longer.');
  if (request.method !== 'POST') return page(account, id);
  const isAuthenticated = formOf(request).get('action') === 'complete';
  const session = account.find('checkout.session', id);
  if (session) {
    const answer = finishCheckout(account, session, isAuthenticated);
    if (answer.kind !== 'declined') return seeOther(successUrlOf(session));
    return seeOther(`${session.url}?${new URLSearchParams({ error: answer.decline.message })}`);
  }
  const setup = account.find('setup_intent', id);
  if (setup) finishSetup(account, setup, isAuthenticated);
  else finishPayment(account, account.get('payment_intent', id), isAuthenticated);
  const { returnTo } = account.extra<AuthenticationExtra>(id);
  return returnTo === undefined ? done(isAuthenticated) : seeOther(returnTo);
}

function isWaiting(account: StripeAccount, id: string): boolean {
  const intent = account.find('payment_intent', id) ?? account.find('setup_intent', id);
  if (intent) return intent.status === 'requires_action';
  return account.find('checkout.session', id) !== undefined && account.extra(id).pending !== undefined;
}

function page(account: StripeAccount, id: string): WireAnswer {
  const session = account.find('checkout.session', id);
  const { returnTo } = account.extra<AuthenticationExtra>(id);
  return htmlPage(200, {
    title: '3D Secure (simulated)',
    content: `<h1>Your bank asks you to confirm</h1>
<p>3D Secure for <code>${escapeHtml(id.slice(0, 24))}</code></p>
<form method="post" action="?"><div class="actions">
<button class="main" name="action" value="complete">Complete authentication</button>
<button name="action" value="fail">Fail authentication</button>
</div></form>`,
    targets: [session?.success_url ?? null, returnTo ?? null],
  });
}

function done(isAuthenticated: boolean): WireAnswer {
  return htmlPage(200, {
    title: '3D Secure (simulated)',
    content: isAuthenticated
      ? '<h1>Thank you</h1><p>You can close this page.</p>'
      : `<h1>Not confirmed</h1>${alertOf('The payment was not authenticated.')}`,
  });
}
