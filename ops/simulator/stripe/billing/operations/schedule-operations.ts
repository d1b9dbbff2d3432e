import { NotSimulated } from '#simulator/not-simulated.js';
import {
  cancelSchedule,
  releaseSchedule,
  scheduleFromSubscription,
  updateSchedule,
} from '#simulator/stripe/billing/subscriptions/schedules.js';
import { isWithin, type Operation, operation, pageFields, pageOf } from '#simulator/stripe/operation.js';
import {
  array,
  boolean,
  emptyable,
  integer,
  metadata,
  object,
  oneOf,
  range,
  required,
  text,
  timestamp,
  wordOr,
} from '#simulator/stripe/wire/rules.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';
import { discountRule, prorationBehavior } from './subscription-parameters.js';

const endBehavior = oneOf('cancel', 'release');

const phase = object(
  {
    items: required(
      array(
        object({ price: text(), quantity: integer(), metadata: metadata() }, [
          'billing_thresholds',
          'discounts',
          'plan',
          'price_data',
          'tax_rates',
        ]),
      ),
    ),
    discounts: emptyable(array(discountRule)),
    duration: object({
      interval: required(oneOf('day', 'month', 'week', 'year')),
      interval_count: integer({ min: 1 }),
    }),
    end_date: wordOr(['now'], timestamp()),
    start_date: wordOr(['now'], timestamp()),
    metadata: metadata(),
    proration_behavior: prorationBehavior,
  },
  [
    'add_invoice_items',
    'application_fee_percent',
    'automatic_tax',
    'billing_cycle_anchor',
    'billing_thresholds',
    'collection_method',
    'currency',
    'default_payment_method',
    'default_tax_rates',
    'description',
    'invoice_settings',
    'on_behalf_of',
    'transfer_data',
    'trial',
    'trial_end',
  ],
);

const FOREIGN = ['default_settings', 'pause_schedules', 'billing_mode', 'customer_account'];
const ROOT = '/v1/subscription_schedules';

export const scheduleOperations: readonly Operation[] = [
  operation(
    'POST',
    ROOT,
    {
      customer: text(),
      end_behavior: endBehavior,
      from_subscription: text(),
      metadata: metadata(),
      phases: array(phase),
      start_date: wordOr(['now'], timestamp()),
    },
    ({ account, params }) => {
      const { from_subscription, phases, start_date, customer, end_behavior } = params;
      if (from_subscription === undefined)
        throw new NotSimulated('a schedule of Stripe that does not begin with from_subscription');
      if (phases || start_date !== undefined || customer !== undefined || end_behavior !== undefined)
        throw invalidRequest(
          'When `from_subscription` is set, no other schedule parameters than `metadata` can be set: update the schedule afterwards.',
          { code: 'parameters_exclusive', param: 'from_subscription' },
        );
      return scheduleFromSubscription(account, from_subscription, params);
    },
    FOREIGN,
  ),
  operation(
    'GET',
    ROOT,
    {
      ...pageFields,
      canceled_at: range(),
      completed_at: range(),
      created: range(),
      customer: text(),
      released_at: range(),
      scheduled: boolean(),
    },
    ({ account, params, path }) =>
      pageOf(
        account
          .list('subscription_schedule')
          .filter(
            (one) =>
              isWithin(one.created, params.created) &&
              (params.customer === undefined || one.customer === params.customer) &&
              (!params.canceled_at || (one.canceled_at !== null && isWithin(one.canceled_at, params.canceled_at))) &&
              (!params.completed_at ||
                (one.completed_at !== null && isWithin(one.completed_at, params.completed_at))) &&
              (!params.released_at || (one.released_at !== null && isWithin(one.released_at, params.released_at))) &&
              (!params.scheduled || one.status === 'not_started'),
          ),
        { params, path },
      ),
    ['customer_account'],
  ),
  operation('GET', `${ROOT}/{id}`, {}, ({ account, id }) => account.get('subscription_schedule', id)),
  operation(
    'POST',
    `${ROOT}/{id}`,
    { end_behavior: endBehavior, metadata: metadata(), phases: array(phase), proration_behavior: prorationBehavior },
    ({ account, params, id }) => updateSchedule(account, id, params),
    FOREIGN,
  ),
  operation('POST', `${ROOT}/{id}/release`, { preserve_cancel_date: boolean() }, ({ account, id }) =>
    releaseSchedule(account, id),
  ),
  operation('POST', `${ROOT}/{id}/cancel`, {}, ({ account, id }) => cancelSchedule(account, id), [
    'invoice_now',
    'prorate',
  ]),
];
