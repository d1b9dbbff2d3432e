import type { StripeAccount } from '#simulator/stripe/account.js';
import { detach } from '#simulator/stripe/customers/payment-methods.js';
import { confirmSetup, makeSetupIntent } from '#simulator/stripe/customers/setup-intents.js';
import { invoke } from '#simulator/stripe/invoke.js';
import type { Objects } from '#simulator/stripe/objects.js';
import type { PortalExtra } from '#simulator/stripe/portal/sessions.js';
import { invalidRequest, StripeError } from '#simulator/stripe/wire/stripe-error.js';
import { formOf, type WireAnswer, type WireRequest } from '#simulator/wire.js';
import type { AuthenticationExtra } from './authentication-page.js';
import { cardFrom } from './card-form.js';
import { alertOf, CARD_FIELDS, day, escapeHtml, htmlPage, money, notFoundPage, seeOther } from './html.js';

type Session = Objects['billing_portal.session'];
type Subscription = Objects['subscription'];
type Features = Objects['billing_portal.configuration']['features'];

const LASTS_SECONDS = 60 * 60;

interface Portal {
  account: StripeAccount;
  session: Session;
  features: Features;
  /** Where the page is. */
  url: string;
}

/** The customer portal: plan, cards, invoices; a form names its `action` and what it is about. */
export function answerPortal(request: WireRequest, account: StripeAccount, token: string): WireAnswer {
  const session = account
    .list('billing_portal.session')
    .find(({ id }) => account.extra<PortalExtra>(id).token === token);
  if (
    !session ||
    session.created + LASTS_SECONDS <= account.now(session.customer) ||
    !account.find('customer', session.customer)
  )
    return notFoundPage('This page has expired. Return to the application and open the portal again.');
  const { features } = account.get('billing_portal.configuration', session.configuration);
  const portal = { account, session, features, url: request.base + request.path };
  if (request.method !== 'POST') return afterAuthentication(portal, request) ?? page(portal, {});
  const form = formOf(request);
  try {
    const action = actions[form.get('action') ?? ''];
    if (!action) throw invalidRequest('This page cannot do that.');
    return action(portal, form) ?? seeOther(session.flow?.after_completion.redirect?.return_url ?? portal.url);
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    return page(portal, { error: error.message, status: error.status });
  }
}

/** Makes a card the default whose owner has authenticated meanwhile. */
function afterAuthentication(portal: Portal, request: WireRequest): WireAnswer | undefined {
  const id = request.query.get('default');
  if (id === null) return undefined;
  if (portal.account.find('payment_method', id)?.customer === portal.session.customer) makeDefault(portal, id);
  return seeOther(portal.url);
}

const actions: Record<string, (portal: Portal, form: URLSearchParams) => WireAnswer | undefined> = {
  cancel({ account, session, features }, form) {
    allow(features.subscription_cancel.enabled);
    const { id } = subscriptionOf(account, session, form);
    const isAtOnce = features.subscription_cancel.mode === 'immediately';
    const reason = form.get('feedback');
    const details: Record<string, string> = reason ? { 'cancellation_details[feedback]': reason } : {};
    if (isAtOnce)
      invoke(account, ['DELETE', `/v1/subscriptions/${id}`], {
        ...details,
        prorate: String(features.subscription_cancel.proration_behavior !== 'none'),
      });
    else invoke(account, ['POST', `/v1/subscriptions/${id}`], { ...details, cancel_at_period_end: 'true' });
    return undefined;
  },
  resume({ account, session, features }, form) {
    allow(features.subscription_cancel.enabled);
    const { id } = subscriptionOf(account, session, form);
    invoke(account, ['POST', `/v1/subscriptions/${id}`], { cancel_at_period_end: 'false' });
    return undefined;
  },
  switch({ account, session, features }, form) {
    const switching = features.subscription_update;
    allow(switching.enabled);
    const subscription = subscriptionOf(account, session, form);
    const price = form.get('price') ?? '';
    allow(switching.products?.some(({ prices }) => prices.includes(price)) ?? false);
    switchPlan(account, subscription, { price, switching });
    return undefined;
  },
  card(portal, form) {
    const { account, session, features } = portal;
    allow(features.payment_method_update.enabled);
    const method = cardFrom(account, form);
    const intent = makeSetupIntent(account, { customer: session.customer, metadata: {}, usage: 'off_session' });
    account.emit('setup_intent.created', intent);
    confirmSetup(account, intent, method.id);
    if (intent.status === 'requires_action') {
      account.extra<AuthenticationExtra>(intent.id).returnTo = `${portal.url}?default=${method.id}`;
      return seeOther(`${account.pageBase('hooks.stripe.com')}/3d_secure/${intent.id}`);
    }
    makeDefault(portal, method.id);
    return undefined;
  },
  default(portal, form) {
    allow(portal.features.payment_method_update.enabled);
    makeDefault(portal, form.get('payment_method') ?? '');
    return undefined;
  },
  detach({ account, session, features }, form) {
    allow(features.payment_method_update.enabled);
    const method = account.get('payment_method', form.get('payment_method') ?? '');
    allow(method.customer === session.customer);
    detach(account, method);
    return undefined;
  },
  details({ account, session, features }, form) {
    allow(features.customer_update.enabled);
    const { allowed_updates } = features.customer_update;
    const typed = Object.fromEntries([...form].filter(([name]) => ['email', 'name', 'phone'].includes(name)));
    allow(Object.keys(typed).every((name) => allowed_updates.includes(name)));
    if (Object.keys(typed).length > 0) invoke(account, ['POST', `/v1/customers/${session.customer}`], typed);
    const value = form.get('tax_id');
    if (value) {
      allow(allowed_updates.includes('tax_id'));
      invoke(account, ['POST', `/v1/customers/${session.customer}/tax_ids`], {
        type: form.get('tax_id_type') ?? '',
        value,
      });
    }
    return undefined;
  },
};

/** A smaller plan waits for the end of the period if the portal says so; any other takes effect at once. */
function switchPlan(
  account: StripeAccount,
  subscription: Subscription,
  { price, switching }: { price: string; switching: Features['subscription_update'] },
): void {
  const item = subscription.items.data[0];
  if (!item) throw invalidRequest('This subscription has no plan.');
  const next = account.get('price', price, 'price');
  const isSmaller = (next.unit_amount ?? 0) < (item.price.unit_amount ?? 0);
  const waits = switching.schedule_at_period_end.conditions.some(({ type }) => type === 'decreasing_item_amount');
  if (!isSmaller || !waits) {
    invoke(account, ['POST', `/v1/subscriptions/${subscription.id}`], {
      'items[0][id]': item.id,
      'items[0][price]': price,
      proration_behavior: switching.proration_behavior,
      ...(switching.billing_cycle_anchor && { billing_cycle_anchor: switching.billing_cycle_anchor }),
    });
    return;
  }
  const schedule = invoke<Objects['subscription_schedule']>(account, ['POST', '/v1/subscription_schedules'], {
    from_subscription: subscription.id,
  });
  const current = schedule.phases[0];
  invoke(account, ['POST', `/v1/subscription_schedules/${schedule.id}`], {
    end_behavior: 'release',
    'phases[0][items][0][price]': item.price.id,
    'phases[0][items][0][quantity]': String(item.quantity ?? 1),
    'phases[0][start_date]': String(current?.start_date),
    'phases[0][end_date]': String(current?.end_date),
    'phases[1][items][0][price]': price,
    'phases[1][items][0][quantity]': String(item.quantity ?? 1),
  });
}

function allow(isAllowed: boolean): void {
  if (!isAllowed) throw invalidRequest('The portal is not configured to allow that.');
}

function makeDefault({ account, session }: Portal, id: string): void {
  const method = account.get('payment_method', id);
  allow(method.customer === session.customer);
  invoke(account, ['POST', `/v1/customers/${session.customer}`], { 'invoice_settings[default_payment_method]': id });
  for (const { id: subscription } of subscriptionsOf(account, session))
    invoke(account, ['POST', `/v1/subscriptions/${subscription}`], { default_payment_method: id });
}

function subscriptionsOf(account: StripeAccount, session: Session): Subscription[] {
  return account
    .list('subscription')
    .filter(
      ({ customer, status }) => customer === session.customer && !['canceled', 'incomplete_expired'].includes(status),
    );
}

function subscriptionOf(account: StripeAccount, session: Session, form: URLSearchParams): Subscription {
  const subscriptions = subscriptionsOf(account, session);
  const wanted = form.get('subscription');
  const found = subscriptions.find(({ id }) => wanted === null || id === wanted);
  if (!found) throw invalidRequest('There is no such subscription.');
  return found;
}

function page(portal: Portal, { error, status = 200 }: { error?: string; status?: number }): WireAnswer {
  const { account, session, features } = portal;
  const customer = account.get('customer', session.customer);
  const content = `<h1>Manage your subscription</h1>
<p class="soft">${escapeHtml(customer.name ?? customer.email ?? customer.id)}</p>
${alertOf(error)}
<h2>Current plan</h2>
${
  subscriptionsOf(account, session)
    .map((subscription) => planOf(portal, subscription))
    .join('') || '<p>You have no subscription.</p>'
}
${features.payment_method_update.enabled ? cardsOf(portal, customer) : ''}
${features.invoice_history.enabled ? invoicesOf(portal) : ''}
${features.customer_update.enabled ? detailsOf(portal, customer) : ''}
${session.return_url ? `<p class="actions"><a href="${escapeHtml(session.return_url)}">Return to WebMetrics</a></p>` : ''}`;
  return htmlPage(status, { title: 'Customer portal (simulated)', content, targets: [session.return_url] });
}

function planOf({ account, features }: Portal, subscription: Subscription): string {
  const item = subscription.items.data[0];
  const price = item?.price;
  const product = price && account.find('product', price.product);
  const end = item?.current_period_end ?? subscription.start_date;
  const isEnding = subscription.cancel_at_period_end || subscription.cancel_at !== null;
  const choices = (features.subscription_update.products ?? [])
    .flatMap(({ prices }) => prices)
    .map((id) => account.find('price', id))
    .filter((one) => one?.active && one.id !== price?.id)
    .map(
      (one) =>
        `<option value="${one?.id}">${escapeHtml(account.find('product', one?.product ?? '')?.name ?? '')} – ${money(one?.unit_amount ?? 0, one?.currency ?? 'usd')} a ${one?.recurring?.interval}</option>`,
    );
  return `<p><strong>${escapeHtml(product?.name ?? '')}</strong> – ${money(price?.unit_amount ?? 0, subscription.currency)} a ${price?.recurring?.interval ?? 'month'}</p>
<p class="soft">${subscription.status}; ${isEnding ? `ends on ${day(subscription.cancel_at ?? end)}` : `renews on ${day(end)}`}</p>
<div class="actions">
${features.subscription_cancel.enabled ? (isEnding ? button('resume', 'Do not cancel', { subscription: subscription.id }) : button('cancel', 'Cancel plan', { subscription: subscription.id })) : ''}
</div>
${
  features.subscription_update.enabled && choices.length > 0
    ? `<form method="post" action="?"><input type="hidden" name="subscription" value="${subscription.id}"><label>Another plan <select name="price">${choices.join('')}</select></label><div class="actions"><button name="action" value="switch">Switch plan</button></div></form>`
    : ''
}`;
}

function cardsOf({ account, session }: Portal, customer: Objects['customer']): string {
  const chosen =
    subscriptionsOf(account, session)[0]?.default_payment_method ?? customer.invoice_settings.default_payment_method;
  const rows = account
    .list('payment_method')
    .filter((method) => method.customer === session.customer)
    .map(({ id, card }) => {
      const isDefault = id === chosen;
      const about = { payment_method: id };
      return `<tr><td>${escapeHtml(card?.brand ?? '')} •••• ${card?.last4}<br><span class="soft">expires ${card?.exp_month}/${card?.exp_year}</span></td><td>${isDefault ? 'default' : `${button('default', 'Make default', about)} ${button('detach', 'Remove', about)}`}</td></tr>`;
    });
  return `<h2>Payment methods</h2>
${rows.length > 0 ? `<table><tbody>${rows.join('\n')}</tbody></table>` : '<p>None yet.</p>'}
<form method="post" autocomplete="off" action="?">${CARD_FIELDS}
<div class="actions"><button name="action" value="card">Add card</button></div></form>`;
}

function invoicesOf({ account, session }: Portal): string {
  const rows = account
    .list('invoice')
    .filter(({ customer, status }) => customer === session.customer && status !== 'draft')
    .map(
      (invoice) =>
        `<tr><td>${day(invoice.created)}</td><td>${invoice.hosted_invoice_url ? `<a href="${escapeHtml(invoice.hosted_invoice_url)}">${escapeHtml(invoice.number ?? '')}</a>` : ''}</td><td>${invoice.status}</td><td>${money(invoice.total, invoice.currency)}</td></tr>`,
    );
  return `<h2>Invoices</h2>${rows.length > 0 ? `<table><tbody>${rows.join('\n')}</tbody></table>` : '<p>None yet.</p>'}`;
}

function detailsOf({ features }: Portal, customer: Objects['customer']): string {
  const fields = (['email', 'name', 'phone'] as const)
    .filter((name) => features.customer_update.allowed_updates.includes(name))
    .map((name) => `<label>${name} <input name="${name}" value="${escapeHtml(customer[name] ?? '')}"></label>`);
  const taxId = features.customer_update.allowed_updates.includes('tax_id')
    ? '<div class="row"><label>Type of tax ID <select name="tax_id_type"><option>eu_vat<option>gb_vat<option>us_ein<option>ch_vat<option>jp_trn</select></label><label>Tax ID <input name="tax_id"></label></div>'
    : '';
  return `<h2>Billing details</h2><form method="post" autocomplete="off" action="?">${fields.join('')}${taxId}
<div class="actions"><button name="action" value="details">Save</button></div></form>`;
}

function button(action: string, label: string, about: Record<string, string>): string {
  const hidden = Object.entries(about).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`,
  );
  return `<form class="inline" method="post" action="?">${hidden.join('')}<button class="small" name="action" value="${action}">${label}</button></form>`;
}
