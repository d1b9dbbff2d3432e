import { NotSimulated } from '#simulator/not-simulated.js';
import type { StripeAccount } from '#simulator/stripe/account.js';
import { boundCurrencyOf } from '#simulator/stripe/billing/subscriptions/create-subscription.js';
import { redeemableCoupon } from '#simulator/stripe/catalogue/coupons.js';
import { amountIn } from '#simulator/stripe/catalogue/prices.js';
import { isFirstTransaction, redeemableCode } from '#simulator/stripe/catalogue/promotion-codes.js';
import { type Objects, randomText } from '#simulator/stripe/objects.js';
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
  boolean,
  currency,
  integer,
  metadata,
  object,
  oneOf,
  range,
  required,
  text,
  timestamp,
  type Values,
} from '#simulator/stripe/wire/rules.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';
import { type CheckoutExtra, checkoutLines, type Line, linesOf, totalOf } from './line-items.js';

type Session = Objects['checkout.session'];

const HOUR = 60 * 60;
const DAY = 24 * HOUR;
const LOCALES =
  'auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW'.split(
    ' ',
  );

const autoOrNever = oneOf('auto', 'never');
const subscriptionData = object(
  {
    billing_cycle_anchor: timestamp(),
    billing_mode: object({ type: required(oneOf('classic', 'flexible')) }, ['flexible']),
    description: text({ max: 500 }),
    metadata: metadata(),
    proration_behavior: oneOf('create_prorations', 'none'),
    trial_end: timestamp(),
    trial_period_days: integer({ min: 1, max: 730 }),
    trial_settings: object({
      end_behavior: required(object({ missing_payment_method: required(oneOf('cancel', 'create_invoice', 'pause')) })),
    }),
  },
  [
    'application_fee_percent',
    'billing_cycle_anchor_config',
    'default_tax_rates',
    'invoice_settings',
    'on_behalf_of',
    'pending_invoice_item_interval',
    'transfer_data',
  ],
);

const createFields = {
  allow_promotion_codes: boolean(),
  automatic_tax: object({ enabled: required(boolean()) }, ['liability']),
  billing_address_collection: oneOf('auto', 'required'),
  cancel_url: text(),
  client_reference_id: text({ max: 200 }),
  currency: currency(),
  customer: text(),
  customer_email: text(),
  customer_update: object({ address: autoOrNever, name: autoOrNever, shipping: autoOrNever }),
  discounts: array(object({ coupon: text(), promotion_code: text() })),
  expires_at: timestamp(),
  line_items: array(
    object({ price: text(), quantity: integer({ min: 1 }) }, [
      'adjustable_quantity',
      'dynamic_tax_rates',
      'metadata',
      'price_data',
      'tax_rates',
    ]),
  ),
  locale: oneOf(...LOCALES),
  metadata: metadata(),
  mode: required(oneOf('payment', 'setup', 'subscription')),
  payment_method_collection: oneOf('always', 'if_required'),
  payment_method_types: array(oneOf('card')),
  return_url: text(),
  saved_payment_method_options: object({}, ['allow_redisplay_filters', 'payment_method_remove', 'payment_method_save']),
  subscription_data: subscriptionData,
  success_url: text(),
  tax_id_collection: object({ enabled: required(boolean()), required: oneOf('if_supported', 'never') }),
  ui_mode: oneOf('elements', 'embedded_page', 'form', 'hosted_page'),
};
type Params = Values<typeof createFields>;

const FOREIGN = [
  'adaptive_pricing',
  'after_expiration',
  'branding_settings',
  'consent_collection',
  'custom_fields',
  'custom_text',
  'customer_account',
  'customer_creation',
  'excluded_payment_method_types',
  'integration_identifier',
  'invoice_creation',
  'managed_payments',
  'name_collection',
  'optional_items',
  'origin_context',
  'payment_intent_data',
  'payment_method_configuration',
  'payment_method_data',
  'payment_method_options',
  'permissions',
  'phone_number_collection',
  'redirect_on_completion',
  'setup_intent_data',
  'shipping_address_collection',
  'shipping_options',
  'submit_type',
  'wallet_options',
];

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

function create({ account, params }: Call<Params>): Session {
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
    automatic_tax: {
      enabled: params.automatic_tax?.enabled ?? false,
      liability: params.automatic_tax?.enabled ? { type: 'self' } : null,
      provider: params.automatic_tax?.enabled ? 'stripe' : null,
      status: params.automatic_tax?.enabled ? 'requires_location_inputs' : null,
    },
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
    customer_details: customer
      ? {
          address: null,
          business_name: null,
          email: customer.email,
          individual_name: null,
          name: null,
          phone: null,
          tax_exempt: customer.tax_exempt ?? 'none',
          tax_ids: null,
        }
      : params.customer_email === undefined
        ? null
        : {
            address: null,
            business_name: null,
            email: params.customer_email,
            individual_name: null,
            name: null,
            phone: null,
            tax_exempt: 'none',
            tax_ids: null,
          },
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

function checkUrls({ success_url, cancel_url, return_url }: Params): void {
  if (success_url === undefined)
    throw invalidRequest(
      'Missing required param: success_url. You must provide a success_url for Checkout Sessions with ui_mode=hosted_page.',
      { code: 'parameter_missing', param: 'success_url' },
    );
  if (return_url !== undefined)
    throw invalidRequest('`return_url` can only be used with an embedded ui_mode.', { param: 'return_url' });
  for (const [param, url] of Object.entries({ success_url, cancel_url }))
    if (url !== undefined && !['http:', 'https:'].includes(URL.parse(url.replaceAll(/[{}]/g, ''))?.protocol ?? ''))
      throw invalidRequest('Not a valid URL', { code: 'url_invalid', param });
}

function checkCustomerUpdate(params: Params, customer: Objects['customer'] | null): void {
  const { customer_update, automatic_tax, tax_id_collection } = params;
  if (customer === null) {
    if (customer_update)
      throw invalidRequest('`customer_update` can only be used with `customer`.', { param: 'customer_update' });
    return;
  }
  if (automatic_tax?.enabled && customer_update?.address !== 'auto' && !customer.address?.country)
    throw invalidRequest(
      "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set either `customer_update[address]` to 'auto' or `customer_update[shipping]` to 'auto' to save the address entered in Checkout to the Customer.",
      { code: 'customer_tax_location_invalid', param: 'automatic_tax' },
    );
  if (tax_id_collection?.enabled && customer_update?.name !== 'auto')
    throw invalidRequest(
      'Tax ID collection requires updating business name on the customer. To enable tax ID collection for an existing customer, please set `customer_update[name]` to `auto`.',
      { param: 'tax_id_collection' },
    );
}

/** Throws 400 when the customer already pays in another currency. */
function currencyOf(account: StripeAccount, params: Params, customer: Objects['customer'] | null): string {
  const first = params.line_items?.[0]?.price;
  const code =
    params.currency ?? (first === undefined ? 'usd' : account.get('price', first, 'line_items[0][price]').currency);
  const bound = customer ? boundCurrencyOf(account, customer) : undefined;
  if (bound && bound !== code)
    throw invalidRequest(
      `You cannot combine currencies on a single customer. This customer has an active subscription, subscription schedule, discount, quote, or invoice item with currency ${bound}`,
      { param: 'currency' },
    );
  return code;
}

function readLines(account: StripeAccount, { line_items = [] }: Params, code: string): Line[] {
  if (line_items.length === 0)
    throw invalidRequest('Missing required param: line_items.', { code: 'parameter_missing', param: 'line_items' });
  if (line_items.length > 20)
    throw invalidRequest('A subscription has at most 20 recurring prices.', { param: 'line_items' });
  const lines = line_items.map(({ price: id, quantity }, n): Line => {
    const param = `line_items[${n}]`;
    if (id === undefined)
      throw invalidRequest(`Missing required param: ${param}[price].`, {
        code: 'parameter_missing',
        param: `${param}[price]`,
      });
    const price = account.get('price', id, `${param}[price]`);
    if (!price.active)
      throw invalidRequest(`The price specified is inactive. This field only accepts active prices.`, {
        param: `${param}[price]`,
      });
    if (!account.get('product', price.product).active)
      throw invalidRequest(
        `The product ${price.product} is marked as inactive, and thus no new subscriptions can be created to it.`,
        {
          param: `${param}[price]`,
        },
      );
    const isMetered = price.recurring?.usage_type === 'metered';
    if (isMetered && quantity !== undefined)
      throw invalidRequest('Quantity should not be specified where usage_type is `metered`.', {
        param: `${param}[quantity]`,
      });
    if (!isMetered && quantity === undefined)
      throw invalidRequest(`Quantity is required. Add \`quantity\` to \`${param}\``, { param: `${param}[quantity]` });
    if (!amountIn(account, price, code))
      throw invalidRequest(
        `The price specified only supports \`${price.currency}\`. This doesn't match the expected currency: \`${code}\`.`,
        { param: `${param}[price]` },
      );
    return { id: `li_1${randomText(23)}`, price: price.id, quantity: quantity ?? null };
  });
  const prices = lines.map(({ price }) => account.get('price', price));
  if (!prices.some(({ recurring }) => recurring))
    throw invalidRequest('You must provide at least one recurring price in `subscription` mode when using prices.', {
      param: 'line_items',
    });
  if (prices.some(({ recurring }) => !recurring))
    throw new NotSimulated('one-time prices in a subscription’s Checkout session');
  const rhythms = new Set(prices.map(({ recurring }) => `${recurring?.interval} ${recurring?.interval_count}`));
  if (rhythms.size > 1)
    throw invalidRequest('Checkout does not support multiple prices with different billing intervals.', {
      param: 'line_items',
    });
  return lines;
}

function checkTrial({ subscription_data: data }: Params, now: number): void {
  if (!data) return;
  if (data.trial_end !== undefined && data.trial_period_days !== undefined)
    throw onlyOne('subscription_data[trial_end]', 'subscription_data[trial_period_days]');
  if (data.trial_end !== undefined && data.trial_end < now + 2 * DAY)
    throw invalidRequest('The `trial_end` date has to be at least 2 days in the future.', {
      param: 'subscription_data[trial_end]',
    });
  if (data.trial_end !== undefined && data.trial_end > now + 730 * DAY)
    throw invalidRequest('The `trial_end` date has to be at most 2 years in the future.', {
      param: 'subscription_data[trial_end]',
    });
  if (data.billing_cycle_anchor !== undefined && data.billing_cycle_anchor <= now)
    throw invalidRequest('The `billing_cycle_anchor` must be in the future.', {
      param: 'subscription_data[billing_cycle_anchor]',
    });
}

function readDiscounts(
  account: StripeAccount,
  { discounts, allow_promotion_codes }: Params,
  customer: string | null,
): Session['discounts'] {
  if (discounts === undefined) return [];
  if (allow_promotion_codes !== undefined) throw onlyOne('allow_promotion_codes', 'discounts');
  if (discounts.length > 1) throw invalidRequest('You can only apply one discount.', { param: 'discounts' });
  return discounts.map(({ coupon, promotion_code }) => {
    if ((coupon === undefined) === (promotion_code === undefined))
      throw onlyOne('discounts[0][coupon]', 'discounts[0][promotion_code]');
    if (promotion_code === undefined)
      return { coupon: redeemableCoupon(account, coupon ?? '', 'discounts[0][coupon]').id, promotion_code: null };
    account.get('promotion_code', promotion_code, 'discounts[0][promotion_code]');
    const found = redeemableCode(account, promotion_code, {
      param: 'discounts[0][promotion_code]',
      customer,
      isFirst: isFirstTransaction(account, customer),
    });
    return { coupon: null, promotion_code: found.code.id };
  });
}

function expiryOf({ expires_at }: Params, now: number): number {
  if (expires_at === undefined) return now + DAY;
  if (expires_at < now + HOUR / 2 || expires_at > now + DAY)
    throw invalidRequest(
      'The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.',
      { param: 'expires_at' },
    );
  return expires_at;
}

function onlyOne(one: string, other: string) {
  return invalidRequest(`You may only specify one of these parameters: ${one}, ${other}.`, { param: one });
}

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
