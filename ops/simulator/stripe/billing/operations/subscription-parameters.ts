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
  timestamp,
  wordOr,
} from '#simulator/stripe/wire/rules.js';

export const discountRule = object({ coupon: text(), discount: text(), promotion_code: text() });
export const prorationBehavior = oneOf('always_invoice', 'create_prorations', 'none');

const itemForeign = ['billing_thresholds', 'current_trial', 'discounts', 'plan', 'price_data', 'tax_rates'];

/** Items of a subscription that begins. */
const newItems = array(object({ metadata: metadata(), price: text(), quantity: integer() }, itemForeign));

/** Items of a subscription that is changed: those with an id exist. */
const changedItems = array(
  object(
    {
      clear_usage: boolean(),
      deleted: boolean(),
      id: text(),
      metadata: metadata(),
      price: text(),
      quantity: integer(),
    },
    itemForeign,
  ),
);

const cancellationDetails = object(
  {
    comment: emptyable(text()),
    feedback: emptyable(
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
  },
  ['feedback_option'],
);

/** Parameters that a beginning and a changed subscription have in common. */
const shared = {
  automatic_tax: object({ enabled: required(boolean()) }, ['liability']),
  cancel_at_period_end: boolean(),
  default_payment_method: text(),
  discounts: emptyable(array(discountRule, { max: 20 })),
  metadata: metadata(),
  off_session: boolean(),
  payment_behavior: oneOf('allow_incomplete', 'default_incomplete', 'error_if_incomplete', 'pending_if_incomplete'),
  payment_settings: object(
    {
      payment_method_types: emptyable(array(oneOf('card'))),
      save_default_payment_method: oneOf('off', 'on_subscription'),
    },
    ['payment_method_options'],
  ),
  proration_behavior: prorationBehavior,
  trial_end: wordOr(['now'], timestamp()),
  trial_settings: object({
    end_behavior: required(
      object({ missing_payment_method: oneOf('cancel', 'create_invoice', 'pause') }, ['billing_cycle_anchor']),
    ),
  }),
};

const foreign = [
  'add_invoice_items',
  'application_fee_percent',
  'billing_schedules',
  'billing_thresholds',
  'days_until_due',
  'default_source',
  'default_tax_rates',
  'invoice_settings',
  'on_behalf_of',
  'pending_invoice_item_interval',
  'transfer_data',
  'trial_from_plan',
];

const cancelAt = wordOr(['max_period_end', 'min_period_end'], timestamp());

export const createFields = {
  ...shared,
  billing_cycle_anchor: timestamp(),
  billing_mode: object({ type: required(oneOf('classic', 'flexible')) }, ['flexible']),
  cancel_at: cancelAt,
  collection_method: oneOf('charge_automatically'),
  currency: text({ max: 3 }),
  customer: required(text()),
  description: text({ max: 500 }),
  items: required(newItems),
  trial_period_days: integer({ min: 0 }),
};
export const createForeign = [...foreign, 'backdate_start_date', 'billing_cycle_anchor_config', 'customer_account'];

export const updateFields = {
  ...shared,
  billing_cycle_anchor: object({ type: required(oneOf('now', 'unchanged')) }),
  cancel_at: emptyable(cancelAt),
  cancellation_details: cancellationDetails,
  collection_method: oneOf('charge_automatically'),
  description: emptyable(text({ max: 500 })),
  items: changedItems,
  pause_collection: emptyable(
    object({ behavior: required(oneOf('keep_as_draft', 'mark_uncollectible', 'void')), resumes_at: timestamp() }),
  ),
  proration_date: timestamp(),
};
export const updateForeign = foreign;

export const cancelFields = {
  cancellation_details: cancellationDetails,
  invoice_now: boolean(),
  prorate: boolean(),
};

/** What a preview supposes of a subscription. */
export const previewDetails = object(
  {
    billing_cycle_anchor: object({ type: required(oneOf('now', 'unchanged')) }, ['timestamp']),
    billing_mode: object({ type: required(oneOf('classic', 'flexible')) }, ['flexible']),
    cancel_at: emptyable(cancelAt),
    cancel_at_period_end: boolean(),
    items: changedItems,
    metadata: metadata(),
    proration_behavior: prorationBehavior,
    proration_date: timestamp(),
    trial_end: wordOr(['now'], timestamp()),
  },
  ['billing_schedules', 'cancel_now', 'default_tax_rates', 'pause', 'resume_at', 'start_date'],
);
