import type { StripeAccount } from './account.js';
import { billingExpansions } from './billing/index.js';
import { checkoutLines } from './checkout/line-items.js';
import { customerLists } from './customers/customer-lists.js';
import type { Expansions } from './operation.js';
import { invalidRequest } from './wire/stripe-error.js';

const MAX_LEVELS = 4;

const expansions: Expansions = {
  charge: {
    customer: 'reference',
    payment_intent: 'reference',
    balance_transaction: 'reference',
    refunds: (account: StripeAccount, { id }: { id: string }) => ({
      object: 'list',
      data: account.list('refund').filter((refund) => refund.charge === id),
      has_more: false,
      url: `/v1/charges/${id}/refunds`,
    }),
  },
  'checkout.session': {
    customer: 'reference',
    invoice: 'reference',
    payment_intent: 'reference',
    setup_intent: 'reference',
    subscription: 'reference',
    line_items: checkoutLines,
  },
  customer: {
    'invoice_settings.default_payment_method': 'reference',
    default_source: 'reference',
    test_clock: 'reference',
    ...customerLists,
  },
  discount: { 'source.coupon': 'reference', customer: 'reference', promotion_code: 'reference' },
  dispute: { charge: 'reference', payment_intent: 'reference' },
  payment_intent: { customer: 'reference', latest_charge: 'reference', payment_method: 'reference' },
  payment_method: { customer: 'reference' },
  price: {
    product: 'reference',
    currency_options: (account: StripeAccount, { id }: { id: string }) => account.extra(id).currency_options ?? {},
    tiers: () => null,
  },
  product: { default_price: 'reference' },
  promotion_code: { customer: 'reference', 'promotion.coupon': 'reference' },
  refund: { charge: 'reference', payment_intent: 'reference', balance_transaction: 'reference' },
  setup_intent: { customer: 'reference', payment_method: 'reference' },
  tax_id: { customer: 'reference', 'owner.customer': 'reference' },
  'billing_portal.session': { configuration: 'reference' },
  ...billingExpansions,
};

type Fields = Record<string, unknown>;

/** Returns a copy of an answer with its expansions. Throws 400 for paths that are too deep or cannot be expanded. */
export function expanded(account: StripeAccount, answer: unknown, paths: readonly string[]): unknown {
  const copy = structuredClone(answer);
  for (const path of paths) {
    const names = path.split('.');
    if (names.length > MAX_LEVELS)
      throw invalidRequest(`You cannot expand more than ${MAX_LEVELS} levels of a property: ${path}`, {
        param: 'expand',
      });
    expandAt(account, copy, names, path);
  }
  return copy;
}

function expandAt(account: StripeAccount, value: unknown, names: readonly string[], path: string): void {
  if (names.length === 0 || value === null || value === undefined) return;
  if (Array.isArray(value)) {
    for (const item of value) expandAt(account, item, names, path);
    return;
  }
  if (typeof value !== 'object') throw cannotExpand(path);
  const object = value as Fields;
  if (object.object === 'list') {
    if (names[0] !== 'data') throw cannotExpand(path, `You may want to try expanding 'data.${names[0]}' instead.`);
    expandAt(account, object.data, names.slice(1), path);
    return;
  }
  expandField(account, object, { names, path });
}

/** Follows plain objects down to a field that can be expanded, at most as deep as the field's own name. */
function expandField(
  account: StripeAccount,
  object: Fields,
  { names, path }: { names: readonly string[]; path: string },
): void {
  const known = expansions[String(object.object)] ?? {};
  let holder = object;
  for (let depth = 1; depth <= names.length; depth += 1) {
    const field = names[depth - 1] as string;
    const how = known[names.slice(0, depth).join('.')];
    const rest = names.slice(depth);
    if (how === 'reference') {
      const id = holder[field];
      if (typeof id === 'string') holder[field] = structuredClone(account.findAny(id) ?? id);
      else if (Array.isArray(id))
        holder[field] = id.map((one) => (typeof one === 'string' ? structuredClone(account.findAny(one) ?? one) : one));
      expandAt(account, holder[field], rest, path);
      return;
    }
    if (how !== undefined) {
      if (holder[field] === undefined) holder[field] = structuredClone(how(account, object as never));
      expandAt(account, holder[field], rest, path);
      return;
    }
    const value = holder[field];
    if (rest.length === 0) throw cannotExpand(path);
    if (value === null || value === undefined) {
      // A path through what is absent today, such as a plain object that may hold a reference, changes nothing.
      if (Object.keys(known).some((name) => name.startsWith(`${names.slice(0, depth).join('.')}.`))) return;
      throw cannotExpand(path);
    }
    if (Array.isArray(value) || isObject(value)) {
      expandAt(account, value, rest, path);
      return;
    }
    if (typeof value !== 'object') throw cannotExpand(path);
    holder = value as Fields;
  }
}

/** A list, or an object of a kind of its own. */
function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'object' in value;
}

function cannotExpand(path: string, hint = '') {
  return invalidRequest(`This property cannot be expanded (${path}). ${hint}`.trim(), { param: 'expand' });
}
