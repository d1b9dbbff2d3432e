import { discountAmounts } from '#simulator/stripe/billing/arithmetic/apply-discounts.js';
import { addCycles, type Cadence, type Period } from '#simulator/stripe/billing/arithmetic/periods.js';
import { atomically } from '#simulator/stripe/billing/fork.js';
import { collect, noPaymentMethod } from '#simulator/stripe/billing/invoices/collect-invoice.js';
import {
  type DiscountInput,
  effectiveDiscounts,
  endDiscounts,
  redeem,
} from '#simulator/stripe/billing/invoices/discounts.js';
import { draftInvoice } from '#simulator/stripe/billing/invoices/draft-invoice.js';
import { finalizeInvoice } from '#simulator/stripe/billing/invoices/finalize-invoice.js';
import {
  creditLine,
  debitLine,
  type LineDraft,
  recurringLine,
  trialLine,
  usageLine,
} from '#simulator/stripe/billing/invoices/invoice-lines.js';
import { addPendingProrations } from '#simulator/stripe/billing/invoices/pending-items.js';
import { voidInvoice } from '#simulator/stripe/billing/invoices/settle-invoice.js';
import { usageOf } from '#simulator/stripe/billing/meters/meter-usage.js';
import {
  type Account,
  type Debit,
  type Invoice,
  type Subscription,
  type SubscriptionItem,
  subscriptionExtra,
} from '#simulator/stripe/billing/model.js';
import { mergedMetadata } from '#simulator/stripe/operation.js';
import { previousAttributes } from '#simulator/stripe/previous-attributes.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';
import {
  authenticationRequired,
  INCOMPLETE_SECONDS,
  type PaymentBehavior,
  type ProrationBehavior,
  requireMethod,
  requireTaxLocation,
} from './create-subscription.js';
import { cancelAtOf, futureTrialEnd } from './resolve-dates.js';
import {
  cadenceOf,
  type ItemInput,
  isMetered,
  isSameCadence,
  itemById,
  newItem,
  periodOf,
  priceFields,
  requireCompatible,
  sellablePrice,
  setPeriod,
} from './subscription-items.js';
import { dropPendingUpdate, endSubscription, markUnpaid, paymentMethodFor } from './subscription-status.js';
import { announceNearTrialEnd } from './trial-notice.js';

/** Parameters of a change, in Stripe's names; null unsets. */
export interface UpdateParams {
  automatic_tax?: { enabled: boolean } | undefined;
  billing_cycle_anchor?: { type: 'now' | 'unchanged' } | undefined;
  cancel_at?: number | 'min_period_end' | 'max_period_end' | null | undefined;
  cancel_at_period_end?: boolean | undefined;
  cancellation_details?: { comment?: string | null | undefined; feedback?: string | null | undefined } | undefined;
  default_payment_method?: string | undefined;
  description?: string | null | undefined;
  discounts?: readonly DiscountInput[] | null | undefined;
  items?: readonly ItemInput[] | undefined;
  metadata?: Record<string, string> | null | undefined;
  off_session?: boolean | undefined;
  pause_collection?:
    | { behavior: 'keep_as_draft' | 'mark_uncollectible' | 'void'; resumes_at?: number | undefined }
    | null
    | undefined;
  payment_behavior?: PaymentBehavior | undefined;
  payment_settings?:
    | {
        payment_method_types?: string[] | null | undefined;
        save_default_payment_method?: 'off' | 'on_subscription' | undefined;
      }
    | undefined;
  proration_behavior?: ProrationBehavior | undefined;
  proration_date?: number | undefined;
  trial_end?: 'now' | number | undefined;
  trial_settings?:
    | { end_behavior: { missing_payment_method?: 'cancel' | 'create_invoice' | 'pause' | undefined } }
    | undefined;
}

/** Changes a subscription: https://docs.stripe.com/api/subscriptions/update. Throws without having changed anything. */
export function updateSubscription(account: Account, id: string, params: UpdateParams): Subscription {
  const { customer } = account.get('subscription', id);
  return atomically(account, customer, (copy) => {
    update(copy, id, params);
    return copy.get('subscription', id);
  });
}

/** What a change invoices at once, if anything. */
export interface Updated {
  invoice: Invoice | null;
}

/** As `updateSubscription`, in an account that is a copy; with `isPreview` an invoice stays a draft. */
export function update(account: Account, id: string, params: UpdateParams, { isPreview = false } = {}): Updated {
  const subscription = account.get('subscription', id);
  refuseImpossible(account, subscription, params);
  if (params.items || params.trial_end !== undefined) expirePendingUpdate(account, subscription);
  const before = structuredClone(subscription);
  const debitsBefore = structuredClone(subscriptionExtra(account, subscription).debits ?? {});
  changePlainFields(account, subscription, params);
  const change = changeBilling(account, subscription, params);
  changeCancellation(account, subscription, params);
  const announce = () => {
    const previous = previousAttributes(before, subscription);
    if (Object.keys(previous).length === 0) return;
    account.emit('customer.subscription.updated', subscription, previous);
    announceNearTrialEnd(account, subscription);
  };
  if (change.later.length > 0) addPendingProrations(account, subscription, change.later);
  if (change.now.length === 0) {
    announce();
    if (change.endsTrialUnpaid) endUnpaidTrial(account, subscription);
    return { invoice: null };
  }
  const invoice = draftInvoice(account, {
    customer: account.get('customer', subscription.customer),
    subscription,
    reason: 'subscription_update',
    lines: change.now,
    period: periodOf(before),
    finalizesItself: false,
    currency: subscription.currency,
    prorationDate: isPreview ? params.proration_date : undefined,
  });
  invoice.auto_advance = true;
  if (isPreview) return { invoice };
  if (params.payment_behavior !== 'pending_if_incomplete') announce();
  finalizeInvoice(account, invoice);
  if (invoice.status === 'open') payUpdate(account, invoice, { subscription, before, debitsBefore, params });
  if (params.payment_behavior === 'pending_if_incomplete') announce();
  return { invoice };
}

/** Drops a pending update that was not paid in time, or is replaced by another, and voids its invoice. */
export function expirePendingUpdate(account: Account, subscription: Subscription): void {
  const { pendingItems } = subscriptionExtra(account, subscription);
  const invoice = account.find('invoice', pendingItems?.invoice ?? '');
  if (!invoice) return;
  if (invoice.status === 'open') voidInvoice(account, invoice);
  else dropPendingUpdate(account, invoice);
}

function payUpdate(
  account: Account,
  invoice: Invoice,
  {
    subscription,
    before,
    debitsBefore,
    params,
  }: { subscription: Subscription; before: Subscription; debitsBefore: Record<string, Debit>; params: UpdateParams },
): void {
  const extra = subscriptionExtra(account, subscription);
  const behavior = params.payment_behavior ?? 'allow_incomplete';
  if (behavior === 'default_incomplete') {
    markUnpaid(account, invoice);
    return;
  }
  if (behavior === 'pending_if_incomplete')
    extra.pendingItems = {
      invoice: invoice.id,
      items: structuredClone(subscription.items.data),
      anchor: subscription.billing_cycle_anchor,
      debits: structuredClone(extra.debits ?? {}),
    };
  const outcome = collect(account, invoice);
  if (outcome.kind === 'succeeded') {
    extra.pendingItems = null;
    return;
  }
  if (behavior === 'error_if_incomplete') throw outcome.kind === 'failed' ? outcome.error : authenticationRequired();
  if (behavior !== 'pending_if_incomplete') return;
  const pending = extra.pendingItems?.items ?? [];
  const isReset = subscription.billing_cycle_anchor !== before.billing_cycle_anchor;
  Object.assign(subscription, {
    items: before.items,
    billing_cycle_anchor: before.billing_cycle_anchor,
    status: before.status,
    trial_end: before.trial_end,
    trial_start: before.trial_start,
    pending_update: {
      billing_cycle_anchor: isReset ? subscription.billing_cycle_anchor : null,
      cancel_at_period_end: null,
      discount: null,
      discounts: null,
      expires_at: account.now(subscription.customer) + INCOMPLETE_SECONDS,
      metadata: null,
      subscription_items: pending,
      trial_end: null,
      trial_from_plan: null,
    },
  } satisfies Partial<Subscription>);
  extra.debits = debitsBefore;
}

/** A trial that ends without a payment method, where that was not to make an invoice. */
function endUnpaidTrial(account: Account, subscription: Subscription): void {
  if (subscription.trial_settings?.end_behavior.missing_payment_method === 'cancel')
    endSubscription(account, subscription);
  else pauseAfterTrial(account, subscription);
}

/** Pauses a subscription whose trial ended without a payment method. */
export function pauseAfterTrial(account: Account, subscription: Subscription): void {
  pause(account, subscription, 'trial_end_without_payment_method');
}

/** Pauses a subscription: nothing is invoiced until it is resumed. */
export function pause(
  account: Account,
  subscription: Subscription,
  type: 'trial_end_without_payment_method' | 'pause_requested',
): void {
  const before = structuredClone(subscription);
  subscription.status = 'paused';
  subscription.status_details = {
    paused: { subscription: { type }, transitioned_at: account.now(subscription.customer), type: 'subscription' },
  };
  account.emit('customer.subscription.updated', subscription, previousAttributes(before, subscription));
  account.emit('customer.subscription.paused', subscription);
}

const PENDING_ALLOWED = new Set([
  'billing_cycle_anchor',
  'items',
  'off_session',
  'payment_behavior',
  'proration_behavior',
  'proration_date',
  'trial_end',
]);

function refuseImpossible(account: Account, subscription: Subscription, params: UpdateParams): void {
  const sent = Object.entries(params).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  const ended = ['canceled', 'incomplete_expired'].includes(subscription.status);
  if (ended && sent.some((name) => name !== 'metadata' && name !== 'cancellation_details'))
    throw invalidRequest('A canceled subscription can only update its cancellation_details and metadata.', {
      code: 'invalid_canceled_subscription_fields',
    });
  if (params.cancel_at_period_end && params.cancel_at)
    throw invalidRequest('You may only specify one of these parameters: cancel_at, cancel_at_period_end.', {
      code: 'parameters_exclusive',
      param: 'cancel_at_period_end',
    });
  const foreign = sent.find((name) => !PENDING_ALLOWED.has(name));
  if (params.payment_behavior === 'pending_if_incomplete' && foreign)
    throw invalidRequest(
      `When \`payment_behavior\` is \`pending_if_incomplete\`, only these parameters are supported: ${[...PENDING_ALLOWED].join(', ')}.`,
      { param: foreign },
    );
  if (subscription.schedule && (params.cancel_at_period_end !== undefined || params.cancel_at !== undefined))
    throw invalidRequest(
      `The subscription is managed by the subscription schedule \`${subscription.schedule}\`, and updating any cancelation behavior directly is not allowed. Please update the schedule instead.`,
      { param: params.cancel_at === undefined ? 'cancel_at_period_end' : 'cancel_at' },
    );
  refuseProrationDate(subscription, params);
  requireMethod(account, account.get('customer', subscription.customer), params.default_payment_method);
}

/** The rules of `proration_date`, the same for a change and for its preview. */
function refuseProrationDate(subscription: Subscription, params: UpdateParams): void {
  if (params.proration_date === undefined) return;
  const refuse = (message: string) => invalidRequest(message, { param: 'proration_date' });
  if (params.billing_cycle_anchor?.type === 'now')
    throw refuse('You cannot specify `proration_date` when `billing_cycle_anchor=now`');
  if (params.proration_behavior === 'none')
    throw refuse('You cannot specify `proration_date` when `proration_behavior=none`');
  const { start, end } = periodOf(subscription);
  if (params.proration_date < start || params.proration_date >= end)
    throw refuse('Cannot specify proration_date outside of the current billing period.');
}

function changePlainFields(account: Account, subscription: Subscription, params: UpdateParams): void {
  const { automatic_tax, payment_settings, trial_settings, cancellation_details } = params;
  if (automatic_tax) {
    requireTaxLocation(account, account.get('customer', subscription.customer), automatic_tax.enabled);
    subscription.automatic_tax = {
      disabled_reason: null,
      enabled: automatic_tax.enabled,
      liability: automatic_tax.enabled ? { type: 'self' } : null,
    };
  }
  subscription.metadata = mergedMetadata(subscription.metadata, params.metadata);
  if (params.default_payment_method !== undefined) subscription.default_payment_method = params.default_payment_method;
  if (params.description !== undefined) subscription.description = params.description;
  if (cancellation_details)
    subscription.cancellation_details = {
      ...noDetails,
      ...subscription.cancellation_details,
      ...(cancellation_details as Partial<typeof noDetails>),
    };
  if (payment_settings && subscription.payment_settings)
    Object.assign(
      subscription.payment_settings,
      Object.fromEntries(Object.entries(payment_settings).filter(([, value]) => value !== undefined)),
    );
  const missing = trial_settings?.end_behavior.missing_payment_method;
  if (missing && subscription.trial_settings) subscription.trial_settings.end_behavior.missing_payment_method = missing;
  if (params.pause_collection !== undefined)
    subscription.pause_collection = params.pause_collection && {
      behavior: params.pause_collection.behavior,
      resumes_at: params.pause_collection.resumes_at ?? null,
    };
  if (params.discounts !== undefined) changeDiscounts(account, subscription, params.discounts ?? []);
}

const noDetails = { comment: null, feedback: null, feedback_option: null, reason: null };

function changeDiscounts(account: Account, subscription: Subscription, wanted: readonly DiscountInput[]): void {
  const before = subscription.discounts;
  const after = redeem(account, wanted, {
    customer: subscription.customer,
    currency: subscription.currency,
    subscription: subscription.id,
    start: account.now(subscription.customer),
    param: 'discounts',
  });
  endDiscounts(
    account,
    subscription,
    before.filter((id) => !after.includes(id)),
  );
  subscription.discounts = after;
}

function changeCancellation(account: Account, subscription: Subscription, params: UpdateParams): void {
  const now = account.now(subscription.customer);
  const { cancel_at, cancel_at_period_end } = params;
  if (cancel_at_period_end === undefined && cancel_at === undefined) {
    if (subscription.cancel_at_period_end) subscription.cancel_at = periodOf(subscription).end;
    return;
  }
  const at = cancel_at_period_end
    ? periodOf(subscription).end
    : cancelAtOf(cancel_at ?? null, periodOf(subscription), now);
  Object.assign(subscription, {
    cancel_at: at,
    cancel_at_period_end: cancel_at_period_end ?? false,
    canceled_at: at === null ? null : now,
    cancellation_details: {
      ...noDetails,
      ...subscription.cancellation_details,
      reason: at === null ? null : 'cancellation_requested',
    },
  } satisfies Partial<Subscription>);
}

/** What a change costs at once, and what waits for the next invoice. */
interface BillingChange {
  now: LineDraft[];
  later: LineDraft[];
  endsTrialUnpaid: boolean;
}

const nothing: BillingChange = { now: [], later: [], endsTrialUnpaid: false };

function changeBilling(account: Account, subscription: Subscription, params: UpdateParams): BillingChange {
  const isBilling =
    params.items !== undefined || params.trial_end !== undefined || params.billing_cycle_anchor?.type === 'now';
  if (!isBilling) return nothing;
  const now = account.now(subscription.customer);
  const old = structuredClone(subscription);
  subscription.items.data = changedItems(account, subscription, params.items ?? []);
  requireCompatible(account, subscription.items.data, subscription.currency);
  const isTrialing = old.status === 'trialing';
  const trialEnd =
    params.trial_end === undefined || params.trial_end === 'now' ? null : futureTrialEnd(params.trial_end, now);
  if (trialEnd !== null) return startTrial(account, subscription, { old, trialEnd, params });
  if (isTrialing && params.trial_end !== 'now') return nothing;
  const isReset =
    (params.trial_end === 'now' && isTrialing) ||
    params.billing_cycle_anchor?.type === 'now' ||
    !isSameCadence(cadenceOf(old), cadenceOf(subscription)) ||
    (isFree(account, old) && !isFree(account, subscription));
  if (isReset) return resetCycle(account, subscription, { old, params });
  const lines = prorations(account, { old, subscription, from: params.proration_date ?? now });
  if (lines.length === 0) return nothing;
  if (subscription.status === 'incomplete')
    throw invalidRequest(
      'You cannot update a subscription in `incomplete` status in a way that results in a new invoice. Pay or void the first invoice before.',
    );
  switch (params.proration_behavior ?? 'create_prorations') {
    case 'always_invoice':
      return { ...nothing, now: lines };
    case 'create_prorations':
      return { ...nothing, later: lines };
    case 'none':
      return nothing;
  }
}

function changedItems(account: Account, subscription: Subscription, inputs: readonly ItemInput[]): SubscriptionItem[] {
  const items = structuredClone(subscription.items.data);
  for (const [index, input] of inputs.entries()) {
    const param = `items[${index}]`;
    if (input.id === undefined) {
      const price = sellablePrice(account, input, param);
      items.push(newItem(account, subscription, { price, input, period: periodOf(subscription) }));
      continue;
    }
    const known = itemById(subscription, input.id, `${param}[id]`);
    const item = items.find(({ id }) => id === known.id) as SubscriptionItem;
    if (input.deleted) {
      items.splice(items.indexOf(item), 1);
      continue;
    }
    const isNewPrice = input.price !== undefined && input.price !== item.price.id;
    const price = isNewPrice ? sellablePrice(account, input, param) : item.price;
    Object.assign(item, priceFields(price, input.quantity ?? item.quantity));
    if (isMetered(price)) delete item.quantity;
    item.metadata = mergedMetadata(item.metadata, input.metadata);
  }
  return items;
}

function startTrial(
  account: Account,
  subscription: Subscription,
  { old, trialEnd, params }: { old: Subscription; trialEnd: number; params: UpdateParams },
): BillingChange {
  const now = account.now(subscription.customer);
  const isTrialing = old.status === 'trialing';
  Object.assign(subscription, {
    status: 'trialing',
    trial_start: isTrialing ? old.trial_start : now,
    trial_end: trialEnd,
    billing_cycle_anchor: trialEnd,
  } satisfies Partial<Subscription>);
  setPeriod(subscription, { start: isTrialing ? periodOf(old).start : now, end: trialEnd });
  if (isTrialing) return nothing;
  const credits = params.proration_behavior === 'none' ? [] : credited(account, old, now);
  const period = periodOf(subscription);
  const licensed = subscription.items.data.filter(({ price }) => !isMetered(price));
  return {
    ...nothing,
    now: [...credits, ...licensed.map((item) => trialLine({ account, subscription, item, period }))],
  };
}

/** A new cycle begins now: what is left of the old one is given back, and the new one is charged whole. */
function resetCycle(
  account: Account,
  subscription: Subscription,
  { old, params }: { old: Subscription; params: UpdateParams },
): BillingChange {
  const now = account.now(subscription.customer);
  const isTrialing = old.status === 'trialing';
  if (isTrialing) {
    subscription.trial_end = now;
    const method = paymentMethodFor(account, {
      customer: subscription.customer,
      methods: [subscription.default_payment_method],
    });
    const missing = subscription.trial_settings?.end_behavior.missing_payment_method;
    if (!method && missing !== 'create_invoice' && !isFree(account, subscription))
      return { ...nothing, endsTrialUnpaid: true };
    if (!method && !isFree(account, subscription)) throw noPaymentMethod();
    subscription.status = 'active';
  }
  subscription.billing_cycle_anchor = now;
  const period = { start: now, end: addCycles(now, cadenceOf(subscription) as Cadence, 1) };
  setPeriod(subscription, period);
  const credits =
    isTrialing || params.proration_behavior === 'none' ? [] : credited(account, old, params.proration_date ?? now);
  const usage = old.items.data
    .filter(({ price }) => isMetered(price))
    .map((item) => {
      const used = { start: periodOf(old).start, end: now };
      return usageLine(
        { account, subscription, item, period: used },
        usageOf(account, { price: item.price, customer: old.customer, period: used }),
      );
    });
  const licensed = subscription.items.data.filter(({ price }) => !isMetered(price));
  const charges = licensed.map((item) => recurringLine({ account, subscription, item, period }));
  return { ...nothing, now: [...credits, ...usage.filter(({ quantity }) => quantity > 0), ...charges] };
}

/** Credits for the rest of what all items were charged. */
export function credited(account: Account, old: Subscription, from: number): LineDraft[] {
  return old.items.data.flatMap((item) => creditOf(account, old, { item, from }));
}

function creditOf(
  account: Account,
  old: Subscription,
  { item, from }: { item: SubscriptionItem; from: number },
): LineDraft[] {
  const charge = { account, subscription: old, item, period: periodOf(old) };
  const debit = subscriptionExtra(account, old).debits?.[item.id];
  if (isMetered(item.price) || !debit || debit.end <= from || debit.amount === 0) return [];
  return [creditLine(charge, debit, from)];
}

/** Credits and charges for the rest of the period, for each item that differs. */
function prorations(
  account: Account,
  { old, subscription, from }: { old: Subscription; subscription: Subscription; from: number },
): LineDraft[] {
  const isChanged = (item: SubscriptionItem) => {
    const before = old.items.data.find(({ id }) => id === item.id);
    return !before || before.price.id !== item.price.id || before.quantity !== item.quantity;
  };
  const credits = old.items.data
    .filter((item) => {
      const next = subscription.items.data.find(({ id }) => id === item.id);
      return !next || isChanged(next);
    })
    .flatMap((item) => creditOf(account, old, { item, from }));
  const debits = licensedLines(account, subscription, periodOf(old))
    .filter(({ item }) => isChanged(item))
    .map(({ charge, net }) => debitLine(charge, from, net));
  return [...credits, ...debits];
}

/** What each licensed item costs in a period, and what the discounts of the subscription leave of it. */
function licensedLines(account: Account, subscription: Subscription, period: Period) {
  const items = subscription.items.data.filter(({ price }) => !isMetered(price));
  const charges = items.map((item) => ({ account, subscription, item, period }));
  const amounts = charges.map((charge) => recurringLine(charge).amount);
  const now = account.now(subscription.customer);
  const off = discountAmounts(
    items.map(({ price }, index) => ({
      amount: amounts[index] ?? 0,
      discountable: true,
      product: String(price.product),
    })),
    effectiveDiscounts(account, subscription.discounts, now),
    subscription.currency,
  );
  return charges.map((charge, index) => ({
    charge,
    item: charge.item,
    net: (off[index] ?? []).reduce((left, { amount }) => left - amount, amounts[index] ?? 0),
  }));
}

function isFree(account: Account, subscription: Subscription): boolean {
  return subscription.items.data
    .filter(({ price }) => !isMetered(price))
    .every((item) => recurringLine({ account, subscription, item, period: periodOf(subscription) }).amount === 0);
}
