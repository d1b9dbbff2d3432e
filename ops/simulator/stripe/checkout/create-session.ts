import { NotSimulated } from '#simulator/not-simulated.js';
import { type Objects, randomText } from '#simulator/stripe/objects.js';
import { type Call, mergedMetadata } from '#simulator/stripe/operation.js';
import {
  checkCustomerUpdate,
  checkTrial,
  checkUrls,
  currencyOf,
  expiryOf,
  onlyOne,
  readDiscounts,
} from './check-session.js';
import { type CheckoutExtra, totalOf } from './line-items.js';
import { readLines } from './read-lines.js';
import type { Params, Session } from './session-parameters.js';

/** Makes an open session for a subscription. Throws 400 for parameters that contradict each other. */
export function create({ account, params }: Call<Params>): Session {
  if (params.mode !== 'subscription') throw new NotSimulated(`Checkout sessions of mode ${params.mode}`);
  if (params.ui_mode !== undefined && params.ui_mode !== 'hosted_page')
    throw new NotSimulated(`Checkout sessions with ui_mode ${params.ui_mode}`);
  checkUrls(params);
  if (params.customer !== undefined && params.customer_email !== undefined) throw onlyOne('customer', 'customer_email');
  const customer = params.customer === undefined ? null : account.get('customer', params.customer, 'customer');
  checkCustomerUpdate(params, customer);
  const code = currencyOf(account, params, customer);
  const lines = readLines(account, params, code);
  const now = account.now(customer?.id);
  checkTrial(params, now);
  const discounts = readDiscounts(account, params, customer?.id ?? null);
  const expires = expiryOf(params, now);
  const { trial_end, trial_period_days } = params.subscription_data ?? {};
  const isTrial = trial_end !== undefined || trial_period_days !== undefined;
  const totals = totalOf(account, { lines, currency: code, discounts, isTrial });
  const session = account.add('checkout.session', {
    id: `cs_test_a1${randomText(56)}`,
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: params.allow_promotion_codes ?? null,
    allowed_payment_method_types: null,
    amount_subtotal: totals.subtotal,
    amount_total: totals.total,
    automatic_tax: taxOf(params),
    billing_address_collection: params.billing_address_collection ?? null,
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: now,
    currency: code,
    currency_conversion: null,
    custom_fields: [],
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
    },
    customer: customer?.id ?? null,
    customer_account: null,
    customer_creation: customer ? null : 'always',
    customer_details: detailsOf(params, customer),
    customer_email: params.customer_email ?? null,
    discounts,
    expires_at: expires,
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    locale: params.locale ?? null,
    managed_payments: null,
    metadata: mergedMetadata({}, params.metadata),
    mode: 'subscription',
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: params.payment_method_collection ?? 'always',
    payment_method_configuration_details: null,
    payment_method_options: { card: { request_three_d_secure: 'automatic' } },
    payment_method_types: ['card'],
    payment_status: 'unpaid',
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: {
      allow_redisplay_filters: ['always'],
      payment_method_remove: 'disabled',
      payment_method_save: null,
    },
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    submit_type: null,
    subscription: null,
    success_url: params.success_url ?? null,
    tax_id_collection: {
      enabled: params.tax_id_collection?.enabled ?? false,
      required: params.tax_id_collection?.required ?? 'never',
    },
    total_details: { amount_discount: totals.discount, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: null,
    wallet_options: null,
  });
  session.url = `${account.pageBase('checkout.stripe.com')}/c/pay/${session.id}`;
  Object.assign(account.extra<CheckoutExtra>(session.id), {
    lines,
    isTrial,
    subscriptionData: params.subscription_data ?? {},
    customerUpdate: params.customer_update ?? {},
  });
  return session;
}

function taxOf({ automatic_tax }: Params): Session['automatic_tax'] {
  const enabled = automatic_tax?.enabled ?? false;
  return {
    enabled,
    liability: enabled ? { type: 'self' } : null,
    provider: enabled ? 'stripe' : null,
    status: enabled ? 'requires_location_inputs' : null,
  };
}

/** What is known of who pays, before the page is filled in. */
function detailsOf({ customer_email }: Params, customer: Objects['customer'] | null): Session['customer_details'] {
  if (!customer && customer_email === undefined) return null;
  return {
    address: null,
    business_name: null,
    email: customer ? customer.email : (customer_email ?? null),
    individual_name: null,
    name: null,
    phone: null,
    tax_exempt: customer?.tax_exempt ?? 'none',
    tax_ids: null,
  };
}
