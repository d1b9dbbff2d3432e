import { Clock } from '#simulator/clock.js';
import { StripeAccount } from '#simulator/stripe/account.js';
import type { AnyObject, Kind } from '#simulator/stripe/objects.js';
import type { Account } from './model.js';
import { billingReactions } from './reactions.js';

/** What all customers share. */
const SHARED: readonly Kind[] = [
  'product',
  'price',
  'coupon',
  'promotion_code',
  'billing.meter',
  'test_helpers.test_clock',
];

/** What decides about a customer's subscriptions, beside payments that are not settled and meter events. */
const OWNED: readonly Kind[] = [
  'discount',
  'invoice',
  'invoiceitem',
  'payment_method',
  'subscription',
  'subscription_schedule',
  'tax_id',
];

/** Returns a copy of the account as far as one customer is concerned: what happens in it has no effect outside. */
export function fork(account: Account, customer: string): Account {
  const objects = [...objectsFor(account, customer)];
  return new StripeAccount({
    clock: new Clock(() => new Date(account.now() * 1000)),
    settings: account.settings,
    reactions: billingReactions,
    state: {
      objects: structuredClone(objects),
      extras: structuredClone(Object.fromEntries(objects.map(({ id }) => [id, account.extra(id)]))),
      keys: {},
      base: account.base,
    },
  });
}

// Oldest first, as they are stored.
function* objectsFor(account: Account, customer: string): Generator<AnyObject> {
  for (const kind of SHARED) yield* account.list(kind).reverse();
  yield account.get('customer', customer);
  for (const kind of OWNED)
    for (const object of account.list(kind).reverse())
      if ('customer' in object && object.customer === customer) yield object;
  for (const payment of account.list('invoice_payment').reverse()) {
    const intent = account.find('payment_intent', payment.payment.payment_intent ?? '');
    if (payment.status === 'open' && intent?.customer === customer) yield* [payment, intent];
  }
  for (const event of account.list('billing.meter_event').reverse())
    if (Object.values(event.payload).includes(customer)) yield event;
}

/** Does work whole or not at all: what throws in a copy never happens in the account. */
export function atomically<T>(account: Account, customer: string, work: (account: Account) => T): T {
  work(fork(account, customer));
  return work(account);
}
