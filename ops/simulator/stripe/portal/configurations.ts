import type { StripeAccount } from '#simulator/stripe/account.js';
import type { Objects } from '#simulator/stripe/objects.js';
import {
  type Call,
  mergedMetadata,
  type Operation,
  operation,
  pageFields,
  pageOf,
} from '#simulator/stripe/operation.js';
import {
  array,
  boolean,
  emptyable,
  integer,
  metadata,
  object,
  oneOf,
  required,
  text,
  type Values,
} from '#simulator/stripe/wire/rules.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';

type Configuration = Objects['billing_portal.configuration'];
type Features = Configuration['features'];

const proration = oneOf('always_invoice', 'create_prorations', 'none');
const features = object({
  customer_update: object({
    allowed_updates: emptyable(array(oneOf('address', 'email', 'name', 'phone', 'shipping', 'tax_id'))),
    enabled: boolean(),
  }),
  invoice_history: object({ enabled: required(boolean()) }),
  payment_method_update: object({ enabled: required(boolean()) }, ['payment_method_configuration']),
  subscription_cancel: object({
    cancellation_reason: object(
      {
        enabled: boolean(),
        options: emptyable(
          array(
            oneOf(
              'customer_service',
              'low_quality',
              'missing_features',
              'other',
              'switched_service',
              'too_complex',
              'too_expensive',
              'unused',
            ),
          ),
        ),
      },
      ['feedback_options'],
    ),
    enabled: boolean(),
    mode: oneOf('at_period_end', 'immediately'),
    proration_behavior: proration,
  }),
  subscription_pause: object({ enabled: boolean() }, ['duration']),
  subscription_update: object({
    billing_cycle_anchor: oneOf('now', 'unchanged'),
    default_allowed_updates: emptyable(array(oneOf('price', 'promotion_code', 'quantity'))),
    enabled: boolean(),
    products: emptyable(
      array(
        object({
          adjustable_quantity: object({ enabled: required(boolean()), maximum: integer(), minimum: integer() }),
          prices: required(array(text())),
          product: required(text()),
        }),
      ),
    ),
    proration_behavior: proration,
    schedule_at_period_end: object({
      conditions: emptyable(array(object({ type: required(oneOf('decreasing_item_amount', 'shortening_interval')) }))),
    }),
    trial_update_behavior: oneOf('continue_trial', 'end_trial'),
  }),
});
const profile = object({
  headline: emptyable(text({ max: 60 })),
  privacy_policy_url: emptyable(text()),
  terms_of_service_url: emptyable(text()),
});
const shared = {
  business_profile: profile,
  default_return_url: emptyable(text()),
  login_page: object({ enabled: required(boolean()) }),
  metadata: metadata(),
  name: emptyable(text()),
};
const createFields = { ...shared, features: required(features) };
const updateFields = { ...shared, active: boolean(), features };

export const portalConfigurationOperations: readonly Operation[] = [
  operation('POST', '/v1/billing_portal/configurations', createFields, create),
  operation('GET', '/v1/billing_portal/configurations/{id}', {}, ({ account, id }) =>
    account.get('billing_portal.configuration', id),
  ),
  operation('POST', '/v1/billing_portal/configurations/{id}', updateFields, update),
  operation(
    'GET',
    '/v1/billing_portal/configurations',
    { ...pageFields, active: boolean(), is_default: boolean() },
    ({ account, params, path }) =>
      pageOf(
        account
          .list('billing_portal.configuration')
          .filter(
            (one) =>
              (params.active === undefined || one.active === params.active) &&
              (params.is_default === undefined || one.is_default === params.is_default),
          ),
        { params, path },
      ),
  ),
];

type Given = NonNullable<Values<{ features: typeof features }>['features']>;

const none: Features = {
  customer_update: { allowed_updates: [], enabled: false },
  invoice_history: { enabled: false },
  payment_method_update: { enabled: false, payment_method_configuration: null },
  subscription_cancel: {
    cancellation_reason: { enabled: false, feedback_options: null, options: [] },
    enabled: false,
    mode: 'at_period_end',
    proration_behavior: 'none',
  },
  subscription_pause: { duration: { interval_options: [], type: 'indefinite' }, enabled: false },
  subscription_update: {
    billing_cycle_anchor: null,
    default_allowed_updates: [],
    enabled: false,
    products: [],
    proration_behavior: 'none',
    schedule_at_period_end: { conditions: [] },
    trial_update_behavior: 'end_trial',
  },
};

function create({ account, params }: Call<Values<typeof createFields>>): Configuration {
  const configuration = account.add('billing_portal.configuration', {
    active: true,
    application: null,
    business_profile: profileOf(params.business_profile, {
      headline: null,
      privacy_policy_url: null,
      terms_of_service_url: null,
    }),
    created: account.now(),
    default_return_url: params.default_return_url ?? null,
    features: merged(account, none, params.features),
    is_default: false,
    livemode: false,
    login_page: { enabled: params.login_page?.enabled ?? false, url: null },
    metadata: mergedMetadata({}, params.metadata),
    name: params.name ?? null,
    updated: account.now(),
  });
  account.emit('billing_portal.configuration.created', configuration);
  return configuration;
}

function update({ account, params, id }: Call<Values<typeof updateFields>>): Configuration {
  const configuration = account.get('billing_portal.configuration', id);
  return account.change(
    configuration,
    {
      ...(params.active !== undefined && { active: params.active }),
      ...(params.default_return_url !== undefined && { default_return_url: params.default_return_url }),
      ...(params.name !== undefined && { name: params.name }),
      business_profile: profileOf(params.business_profile, configuration.business_profile),
      features: params.features ? merged(account, configuration.features, params.features) : configuration.features,
      login_page: { ...configuration.login_page, ...params.login_page },
      metadata: mergedMetadata(configuration.metadata ?? {}, params.metadata),
      updated: account.now(),
    },
    'billing_portal.configuration.updated',
  );
}

function profileOf(
  given: Values<{ profile: typeof profile }>['profile'],
  before: Configuration['business_profile'],
): Configuration['business_profile'] {
  return {
    headline: given?.headline === undefined ? before.headline : given.headline,
    privacy_policy_url: given?.privacy_policy_url === undefined ? before.privacy_policy_url : given.privacy_policy_url,
    terms_of_service_url:
      given?.terms_of_service_url === undefined ? before.terms_of_service_url : given.terms_of_service_url,
  };
}

/** Throws 400 for switching plans without saying between which. */
function merged(account: StripeAccount, before: Features, given: Given): Features {
  const { subscription_update: switching, customer_update: details, subscription_cancel: ending } = given;
  if (switching?.enabled && !(switching.products ?? before.subscription_update.products)?.length)
    throw invalidRequest(
      'You must provide `features[subscription_update][products]` when `features[subscription_update][enabled]` is true.',
      { code: 'parameter_missing', param: 'features[subscription_update][products]' },
    );
  for (const [n, { product, prices }] of (switching?.products ?? []).entries()) {
    const param = `features[subscription_update][products][${n}]`;
    account.get('product', product, `${param}[product]`);
    for (const price of prices)
      if (account.get('price', price, `${param}[prices]`).product !== product)
        throw invalidRequest(`Price ${price} does not belong to product ${product}.`, { param: `${param}[prices]` });
  }
  if (details?.enabled && !(details.allowed_updates ?? before.customer_update.allowed_updates).length)
    throw invalidRequest('You must provide `features[customer_update][allowed_updates]`.', {
      code: 'parameter_missing',
      param: 'features[customer_update][allowed_updates]',
    });
  return {
    customer_update: {
      allowed_updates:
        details?.allowed_updates === undefined
          ? before.customer_update.allowed_updates
          : (details.allowed_updates ?? []),
      enabled: details?.enabled ?? before.customer_update.enabled,
    },
    invoice_history: given.invoice_history ?? before.invoice_history,
    payment_method_update: { ...before.payment_method_update, ...given.payment_method_update },
    subscription_cancel: {
      cancellation_reason: {
        enabled: ending?.cancellation_reason?.enabled ?? before.subscription_cancel.cancellation_reason.enabled,
        feedback_options: null,
        options: ending?.cancellation_reason?.options ?? before.subscription_cancel.cancellation_reason.options,
      },
      enabled: ending?.enabled ?? before.subscription_cancel.enabled,
      mode: ending?.mode ?? before.subscription_cancel.mode,
      proration_behavior: ending?.proration_behavior ?? before.subscription_cancel.proration_behavior,
    },
    subscription_pause: {
      ...before.subscription_pause,
      ...(given.subscription_pause?.enabled !== undefined && { enabled: given.subscription_pause.enabled }),
    },
    subscription_update: {
      ...before.subscription_update,
      ...(switching?.billing_cycle_anchor !== undefined && { billing_cycle_anchor: switching.billing_cycle_anchor }),
      ...(switching?.default_allowed_updates !== undefined && {
        default_allowed_updates: switching.default_allowed_updates ?? [],
      }),
      ...(switching?.enabled !== undefined && { enabled: switching.enabled }),
      ...(switching?.products !== undefined && {
        products: (switching.products ?? []).map(({ adjustable_quantity, prices, product }) => ({
          adjustable_quantity: {
            enabled: adjustable_quantity?.enabled ?? false,
            maximum: adjustable_quantity?.maximum ?? null,
            minimum: adjustable_quantity?.minimum ?? 1,
          },
          prices,
          product,
        })),
      }),
      ...(switching?.proration_behavior !== undefined && { proration_behavior: switching.proration_behavior }),
      ...(switching?.schedule_at_period_end !== undefined && {
        schedule_at_period_end: { conditions: switching.schedule_at_period_end.conditions ?? [] },
      }),
      ...(switching?.trial_update_behavior !== undefined && { trial_update_behavior: switching.trial_update_behavior }),
    },
  };
}
