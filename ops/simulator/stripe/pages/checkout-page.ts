import type { StripeAccount } from '#simulator/stripe/account.js';
import { payCheckout } from '#simulator/stripe/checkout/complete.js';
import {
  amountOfLine,
  type BillingForm,
  type CheckoutExtra,
  checkoutLines,
  linesOf,
} from '#simulator/stripe/checkout/line-items.js';
import { applyCode } from '#simulator/stripe/checkout/sessions.js';
import type { Objects } from '#simulator/stripe/objects.js';
import { StripeError } from '#simulator/stripe/wire/stripe-error.js';
import { formOf, type WireAnswer, type WireRequest } from '#simulator/wire.js';
import { cardFrom } from './card-form.js';
import { alertOf, CARD_FIELDS, day, escapeHtml, htmlPage, money, notFoundPage, seeOther } from './html.js';

type Session = Objects['checkout.session'];

/** The page of a checkout session, and what it submits: `action` is `pay` or `apply` (a promotion code). */
export function answerCheckout(request: WireRequest, account: StripeAccount, id: string): WireAnswer {
  const session = account.find('checkout.session', id);
  if (session?.status === 'complete') return seeOther(successUrlOf(session));
  if (session?.status !== 'open')
    return notFoundPage('This checkout page is no longer available: it has expired, or the address is wrong.');
  if (request.method !== 'POST') return page(account, session, { error: request.query.get('error') ?? undefined });
  const form = formOf(request);
  try {
    return form.get('action') === 'apply' ? apply(account, session, form) : submit(account, session, form);
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    return page(account, session, { error: error.message, status: error.status, form });
  }
}

/** Where a browser goes when a session is complete. */
export function successUrlOf({ success_url, id }: Session): string {
  return (success_url ?? '').replaceAll('{CHECKOUT_SESSION_ID}', id);
}

function apply(account: StripeAccount, session: Session, form: URLSearchParams): WireAnswer {
  applyCode(account, session, form.get('promotion_code') ?? '');
  return page(account, session, {});
}

function submit(account: StripeAccount, session: Session, form: URLSearchParams): WireAnswer {
  const details = billingOf(form);
  const { isTrial } = account.extra<CheckoutExtra>(session.id);
  const needsNoCard = isTrial && session.payment_method_collection === 'if_required' && !form.get('card_number');
  if (session.automatic_tax.enabled && !details.country)
    return page(account, session, { error: 'Your country is required.', status: 400, form });
  const method = needsNoCard ? null : cardFrom(account, form);
  const answer = payCheckout(account, session, { method, details });
  if (answer.kind === 'approved') return seeOther(successUrlOf(session));
  if (answer.kind === 'authenticate')
    return seeOther(`${account.pageBase('hooks.stripe.com')}/3d_secure/${session.id}`);
  return page(account, session, { error: answer.decline.message, status: 402, form });
}

function billingOf(form: URLSearchParams): BillingForm {
  const read = (name: string) => (form.get(name) ?? '').trim();
  return {
    name: read('name'),
    email: read('email'),
    country: read('country').toUpperCase(),
    postal_code: read('postal_code'),
    tax_id_type: read('tax_id_type'),
    tax_id: read('tax_id'),
  };
}

function page(
  account: StripeAccount,
  session: Session,
  { error, status = 200, form }: { error?: string | undefined; status?: number; form?: URLSearchParams },
): WireAnswer {
  const typed = (name: string) => escapeHtml(form?.get(name) ?? '');
  const code = session.currency ?? 'usd';
  const { isTrial, subscriptionData } = account.extra<CheckoutExtra>(session.id);
  const rows = linesOf(account, session).map((line) => {
    const price = account.get('price', line.price);
    const name = account.find('product', price.product)?.name ?? price.id;
    const rhythm = price.recurring ? ` a ${price.recurring.interval}` : '';
    const amount = line.quantity === null ? 'by use' : `${money(amountOfLine(account, line, code), code)}${rhythm}`;
    return `<tr><td>${escapeHtml(name)}</td><td>${line.quantity ?? ''}</td><td>${amount}</td></tr>`;
  });
  const discount = session.total_details?.amount_discount ?? 0;
  const trialEnd = trialEndOf(account, session, subscriptionData ?? {});
  const content = `<h1>Subscribe to ${escapeHtml(checkoutLines(account, session).data[0]?.description ?? '')}</h1>
<table><thead><tr><th>Plan</th><th>Quantity</th><th>Price</th></tr></thead><tbody>
${rows.join('\n')}
${discount > 0 ? `<tr><td>Discount</td><td></td><td>−${money(discount, code)}</td></tr>` : ''}
<tr class="total"><td>Due today</td><td></td><td>${money(session.amount_total ?? 0, code)}</td></tr>
</tbody></table>
${trialEnd === undefined ? '' : `<p class="soft">Free until ${day(trialEnd)}; the first payment is due then.</p>`}
${session.automatic_tax.enabled ? '<p class="soft">Tax is added as your country asks for it.</p>' : ''}
${alertOf(error)}
${session.allow_promotion_codes ? '<form method="post" autocomplete="off" action="?" class="row"><label>Promotion code <input name="promotion_code"></label><div><button name="action" value="apply">Apply</button></div></form>' : ''}
<form method="post" autocomplete="off" action="?">
${session.customer ? `<p class="soft">${escapeHtml(session.customer_details?.email ?? '')}</p>` : `<label>Email <input name="email" type="email" value="${typed('email') || escapeHtml(session.customer_email ?? '')}"></label>`}
${CARD_FIELDS}
<label>Name on the card <input name="name" value="${typed('name')}"></label>
<div class="row"><label>Country (two letters) <input name="country" maxlength="2" placeholder="DE" value="${typed('country')}"></label>
<label>Postal code <input name="postal_code" value="${typed('postal_code')}"></label></div>
${session.tax_id_collection?.enabled ? '<div class="row"><label>Type of tax ID <select name="tax_id_type"><option>eu_vat<option>gb_vat<option>us_ein<option>ch_vat<option>jp_trn</select></label><label>Tax ID <input name="tax_id" placeholder="DE123456789"></label></div>' : ''}
<div class="actions"><button class="main" name="action" value="pay">${isTrial ? 'Start trial' : 'Subscribe'}</button>
${session.cancel_url ? `<a href="${escapeHtml(session.cancel_url)}">Back</a>` : ''}</div>
</form>`;
  return htmlPage(status, { title: 'Stripe Checkout (simulated)', content, targets: [session.success_url] });
}

function trialEndOf(account: StripeAccount, session: Session, data: Record<string, unknown>): number | undefined {
  if (typeof data.trial_end === 'number') return data.trial_end;
  if (typeof data.trial_period_days !== 'number') return undefined;
  return account.now(session.customer) + data.trial_period_days * 24 * 60 * 60;
}
