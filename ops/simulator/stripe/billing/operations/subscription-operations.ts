import { endDiscounts } from '#simulator/stripe/billing/invoices/discounts.js';
import type { Account, Subscription } from '#simulator/stripe/billing/model.js';
import { createSubscription } from '#simulator/stripe/billing/subscriptions/create-subscription.js';
import {
  cancelSubscription,
  pauseSubscription,
  resumeSubscription,
} from '#simulator/stripe/billing/subscriptions/stop-subscription.js';
import { periodOf } from '#simulator/stripe/billing/subscriptions/subscription-items.js';
import { updateSubscription } from '#simulator/stripe/billing/subscriptions/update-subscription.js';
import { isWithin, type Operation, operation, pageFields, pageOf } from '#simulator/stripe/operation.js';
import { object, oneOf, range, required, text, timestamp } from '#simulator/stripe/wire/rules.js';
import { noSuch } from '#simulator/stripe/wire/stripe-error.js';
import {
  cancelFields,
  createFields,
  createForeign,
  prorationBehavior,
  updateFields,
  updateForeign,
} from './subscription-parameters.js';

const ROOT = '/v1/subscriptions';

const listFields = {
  ...pageFields,
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  created: range(),
  current_period_end: range(),
  current_period_start: range(),
  customer: text(),
  price: text(),
  status: oneOf(
    'active',
    'all',
    'canceled',
    'ended',
    'incomplete',
    'incomplete_expired',
    'past_due',
    'paused',
    'trialing',
    'unpaid',
  ),
  test_clock: text(),
};

export const subscriptionOperations: readonly Operation[] = [
  operation('POST', ROOT, createFields, ({ account, params }) => createSubscription(account, params), createForeign),
  operation(
    'GET',
    ROOT,
    listFields,
    ({ account, params, path }) => {
      if (params.customer !== undefined) account.get('customer', params.customer, 'customer');
      const isWanted = (one: Subscription) =>
        (params.customer === undefined || one.customer === params.customer) &&
        // Those on test clocks are listed by customer or clock only.
        (params.test_clock === undefined
          ? params.customer !== undefined || one.test_clock === null
          : one.test_clock === params.test_clock) &&
        (params.price === undefined || one.items.data.some(({ price }) => price.id === params.price)) &&
        isWithin(one.created, params.created) &&
        isWithin(periodOf(one).start, params.current_period_start) &&
        isWithin(periodOf(one).end, params.current_period_end) &&
        hasStatus(one, params.status);
      return pageOf(account.list('subscription').filter(isWanted), { params, path });
    },
    ['automatic_tax', 'customer_account', 'plan'],
  ),
  operation('GET', `${ROOT}/{id}`, {}, ({ account, id }) => account.get('subscription', id)),
  operation(
    'POST',
    `${ROOT}/{id}`,
    updateFields,
    ({ account, params, id }) => updateSubscription(account, id, params),
    updateForeign,
  ),
  operation('DELETE', `${ROOT}/{id}`, cancelFields, ({ account, params, id }) =>
    cancelSubscription(account, id, params),
  ),
  operation(
    'POST',
    `${ROOT}/{id}/resume`,
    {
      billing_cycle_anchor: object({ type: required(oneOf('now', 'unchanged')) }),
      payment_behavior: oneOf('resume_on_payment_attempt', 'resume_on_payment_success'),
      proration_behavior: prorationBehavior,
      proration_date: timestamp(),
    },
    ({ account, params, id }) => resumeSubscription(account, id, params),
  ),
  operation('POST', `${ROOT}/{id}/pause`, {}, ({ account, id }) => pauseSubscription(account, id), [
    'bill_for',
    'invoicing_behavior',
    'type',
  ]),
  operation('DELETE', `${ROOT}/{id}/discount`, {}, ({ account, id }) => deleteDiscount(account, id)),
  operation(
    'GET',
    '/v1/subscription_items',
    { ...pageFields, subscription: required(text()) },
    ({ account, params, path }) =>
      pageOf(account.get('subscription', params.subscription, 'subscription').items.data, { params, path }),
  ),
  operation('GET', '/v1/subscription_items/{id}', {}, ({ account, id }) => {
    for (const { items } of account.list('subscription')) {
      const item = items.data.find((one) => one.id === id);
      if (item) return item;
    }
    throw noSuch('subscription_item', id);
  }),
];

function hasStatus({ status }: Subscription, wanted: string | undefined): boolean {
  if (wanted === undefined) return status !== 'canceled';
  if (wanted === 'all') return true;
  if (wanted === 'ended') return status === 'canceled' || status === 'incomplete_expired';
  return status === wanted;
}

function deleteDiscount(account: Account, id: string) {
  const subscription = account.get('subscription', id);
  const discount = account.find('discount', subscription.discounts[0] ?? '');
  if (!discount) throw noSuch('discount', id);
  endDiscounts(account, subscription, [...subscription.discounts]);
  account.emit('customer.subscription.updated', subscription, { discounts: [discount.id] });
  return { ...discount, deleted: true };
}
