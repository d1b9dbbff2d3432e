import { Clock } from '#simulator/clock.js';
import { StripeAccount } from '#simulator/stripe/account.js';
import type { AnyObject } from '#simulator/stripe/objects.js';
import type { Account } from './model.js';
import { billingReactions } from './reactions.js';

const SHARED = new Set<string>(['product', 'price', 'coupon', 'promotion_code', 'billing.meter', 'discount']);
const LEFT_OUT = new Set<string>(['event', 'webhook_endpoint']);

/** Returns a copy of the account as far as one customer is concerned: what happens in it reaches nobody. */
export function fork(account: Account, customer: string): Account {
  const all = account.state().objects.filter((object): object is AnyObject => !('deleted' in object && object.deleted));
  const invoices = new Set(
    account
      .list('invoice')
      .filter((one) => one.customer === customer)
      .map(({ id }) => id),
  );
  const objects = all.filter((object) => {
    if (LEFT_OUT.has(object.object)) return false;
    if (SHARED.has(object.object) || object.id === customer) return true;
    if (object.object === 'invoice_payment') return invoices.has(String(object.invoice));
    if (object.object === 'test_helpers.test_clock') return true;
    if (object.object === 'billing.meter_event') return Object.values(object.payload).includes(customer);
    return 'customer' in object && object.customer === customer;
  });
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

/** Does work whole or not at all: what throws in a copy never happens in the account. */
export function atomically<T>(account: Account, customer: string, work: (account: Account) => T): T {
  work(fork(account, customer));
  return work(account);
}
