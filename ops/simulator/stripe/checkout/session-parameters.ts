import type { Objects } from '#simulator/stripe/objects.js';
import {
  array,
  boolean,
  currency,
  integer,
  metadata,
  object,
  oneOf,
  required,
  text,
  timestamp,
  type Values,
} from '#simulator/stripe/wire/rules.js';

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

/** What a session can be created with. */
export const createFields = {
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

export type Session = Objects['checkout.session'];

export type Params = Values<typeof createFields>;

/** What Stripe has beside. */
export const FOREIGN = [
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
