import { NotSimulated } from '#simulator/not-simulated.js';
import { hasTaxLocation } from '#simulator/stripe/billing/arithmetic/calculate-tax.js';
import { addCycles, type Cadence, HOUR, type Period } from '#simulator/stripe/billing/arithmetic/periods.js';
import { atomically } from '#simulator/stripe/billing/fork.js';
import { collect, noPaymentMethod } from '#simulator/stripe/billing/invoices/collect-invoice.js';
import { type DiscountInput, redeem } from '#simulator/stripe/billing/invoices/discounts.js';
import { draftInvoice } from '#simulator/stripe/billing/invoices/draft-invoice.js';
import { finalizeInvoice } from '#simulator/stripe/billing/invoices/finalize-invoice.js';
import {
  debitLine,
  type LineDraft,
  recurringLine,
  trialLine,
} from '#simulator/stripe/billing/invoices/invoice-lines.js';
import { taxpayerOf } from '#simulator/stripe/billing/invoices/invoice-totals.js';
import {
  type Account,
  type Customer,
  type Price,
  type Subscription,
  subscriptionExtra,
} from '#simulator/stripe/billing/model.js';
import { newId } from '#simulator/stripe/objects.js';
import { mergedMetadata } from '#simulator/stripe/operation.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';
import { cancelAtOf, firstAnchor, trialEndOf } from './resolve-dates.js';
import {
  cadenceOf,
  type ItemInput,
  isMetered,
  itemList,
  newItem,
  periodOf,
  requireCompatible,
  sellablePrice,
} from './subscription-items.js';
import { paymentMethodFor } from './subscription-status.js';
import { announceNearTrialEnd } from './trial-notice.js';

type MissingPaymentMethod = 'cancel' | 'create_invoice' | 'pause';
export type PaymentBehavior =
  | 'allow_incomplete'
  | 'default_incomplete'
  | 'error_if_incomplete'
  | 'pending_if_incomplete';
export type ProrationBehavior = 'always_invoice' | 'create_prorations' | 'none';

/** Parameters of a subscription that begins, in Stripe's names. */
export interface SubscriptionParams {
  customer: string;
  items: readonly ItemInput[];
  automatic_tax?: { enabled: boolean } | undefined;
  billing_cycle_anchor?: number | undefined;
  billing_mode?: { type: 'classic' | 'flexible' } | undefined;
  cancel_at?: number | 'min_period_end' | 'max_period_end' | null | undefined;
  cancel_at_period_end?: boolean | undefined;
  currency?: string | undefined;
  default_payment_method?: string | undefined;
  description?: string | null | undefined;
  discounts?: readonly DiscountInput[] | null | undefined;
  metadata?: Record<string, string> | null | undefined;
  payment_behavior?: PaymentBehavior | undefined;
  payment_settings?:
    | {
        payment_method_types?: string[] | null | undefined;
        save_default_payment_method?: 'off' | 'on_subscription' | undefined;
      }
    | undefined;
  proration_behavior?: ProrationBehavior | undefined;
  trial_end?: 'now' | number | undefined;
  trial_period_days?: number | undefined;
  trial_settings?: { end_behavior: { missing_payment_method?: MissingPaymentMethod | undefined } } | undefined;
  /** The checkout session that sells it. */
  checkoutSession?: string;
}

/** An unpaid first invoice can be paid for so long. */
export const INCOMPLETE_SECONDS = 23 * HOUR;

/** Begins a subscription: https://docs.stripe.com/api/subscriptions/create. Throws without having changed anything. */
export function createSubscription(account: Account, params: SubscriptionParams): Subscription {
  account.get('customer', params.customer, 'customer');
  return atomically(account, params.customer, (copy) => create(copy, params));
}

/** As `createSubscription`, in an account that is a copy. */
export function create(account: Account, params: SubscriptionParams): Subscription {
  const customer = account.get('customer', params.customer, 'customer');
  if (params.payment_behavior === 'pending_if_incomplete')
    throw invalidRequest('`payment_behavior=pending_if_incomplete` is only supported on subscription updates.', {
      param: 'payment_behavior',
    });
  if (params.billing_mode?.type === 'classic') throw new NotSimulated('the billing mode classic of Stripe');
  const now = account.now(customer.id);
  const priced = params.items.map((input, index) => ({
    input,
    price: sellablePrice(account, input, `items[${index}]`),
  }));
  const currency = currencyOf(account, customer, { wanted: params.currency, price: priced[0]?.price });
  requireCompatible(account, priced, currency);
  const cadence = priced[0]?.price.recurring as Cadence;
  const trialEnd = trialEndOf(params, now);
  const anchor =
    params.billing_cycle_anchor === undefined && trialEnd !== null
      ? trialEnd
      : firstAnchor(params.billing_cycle_anchor, cadence, trialEnd ?? now);
  const period: Period = { start: now, end: trialEnd ?? (anchor > now ? anchor : addCycles(anchor, cadence, 1)) };
  requireMethod(account, customer, params.default_payment_method);
  requireTaxLocation(account, customer, params.automatic_tax?.enabled ?? false);
  const id = newId('subscription');
  const subscription = account.add('subscription', blankSubscription({ id, customer, currency, now, params }));
  subscription.items = itemList(
    id,
    priced.map(({ price, input }) => newItem(account, subscription, { price, input, period })),
  );
  Object.assign(subscription, {
    billing_cycle_anchor: anchor,
    trial_start: trialEnd === null ? null : now,
    trial_end: trialEnd,
    ...cancellationOf(params, { period, now }),
  } satisfies Partial<Subscription>);
  subscription.discounts = redeem(account, params.discounts ?? [], {
    customer: customer.id,
    currency,
    subscription: id,
    start: now,
    checkoutSession: params.checkoutSession ?? null,
    param: 'discounts',
  });
  begin(account, subscription, { customer, params, now });
  announceNearTrialEnd(account, subscription);
  return subscription;
}

/** The first invoice, and what its payment makes of the subscription. */
function begin(
  account: Account,
  subscription: Subscription,
  { customer, params, now }: { customer: Customer; params: SubscriptionParams; now: number },
): void {
  const lines = firstLines(account, subscription, { params, now });
  const method = paymentMethodFor(account, { customer: customer.id, methods: [subscription.default_payment_method] });
  const isTrial = subscription.trial_end !== null;
  const goesOn = isTrial ? 'trialing' : 'active';
  if (lines.length === 0) {
    subscription.status = goesOn;
    account.emit('customer.subscription.created', subscription);
    return;
  }
  const draft = {
    customer,
    subscription,
    reason: 'subscription_create' as const,
    lines,
    period: { start: now, end: now },
    finalizesItself: false,
    currency: subscription.currency,
  };
  const isFree = isTrial || lines.every(({ amount }) => amount === 0);
  subscription.status = isFree ? goesOn : 'incomplete';
  const invoice = draftInvoice(account, draft);
  if (invoice.amount_due > 0) subscription.status = 'incomplete';
  account.emit('customer.subscription.created', subscription);
  invoice.auto_advance = true;
  finalizeInvoice(account, invoice);
  if (invoice.status !== 'open') return;
  subscriptionExtra(account, subscription).expiresAt = now + INCOMPLETE_SECONDS;
  if (params.payment_behavior === 'default_incomplete') return;
  if (!method) throw noPaymentMethod();
  const outcome = collect(account, invoice, { method });
  if (params.payment_behavior !== 'error_if_incomplete' || outcome.kind === 'succeeded') return;
  throw outcome.kind === 'failed' ? outcome.error : authenticationRequired();
}

/** The refusal of a payment that only its owner can complete. */
export function authenticationRequired() {
  return invalidRequest(
    'This payment requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with the latest invoice.',
    { code: 'subscription_payment_intent_requires_action' },
  );
}

function firstLines(
  account: Account,
  subscription: Subscription,
  { params, now }: { params: SubscriptionParams; now: number },
): LineDraft[] {
  const period = periodOf(subscription);
  const licensed = subscription.items.data.filter(({ price }) => !isMetered(price));
  const charges = licensed.map((item) => ({ account, subscription, item, period }));
  if (subscription.trial_end !== null) return charges.map(trialLine);
  if (subscription.billing_cycle_anchor === now) return charges.map(recurringLine);
  if (params.proration_behavior === 'none') return [];
  return charges.map((charge) => partialLine(charge, subscription, now));
}

/** The part of a full period that lies before the anchor. */
function partialLine(charge: Parameters<typeof debitLine>[0], subscription: Subscription, now: number): LineDraft {
  const full = {
    start: addCycles(subscription.billing_cycle_anchor, cadenceOf(subscription), -1),
    end: subscription.billing_cycle_anchor,
  };
  return { ...debitLine({ ...charge, period: full }, now), period: charge.period };
}

/** Returns the currency of a subscription. Throws 400 for one that the customer cannot be charged in. */
export function currencyOf(
  account: Account,
  customer: Customer,
  { wanted, price }: { wanted?: string | undefined; price: Price | undefined },
): string {
  const currency = wanted ?? price?.currency ?? 'usd';
  const bound = boundCurrencyOf(account, customer);
  if (bound && bound !== currency)
    throw invalidRequest(
      `You cannot combine currencies on a single customer. This customer has an active subscription, subscription schedule, discount, quote, or invoice item with currency ${bound}`,
    );
  return currency;
}

/** The currency that what a customer already has commits to, if anything does. */
export function boundCurrencyOf(account: Account, customer: Customer): string | undefined {
  const live = account
    .list('subscription')
    .find((one) => one.customer === customer.id && !['canceled', 'incomplete_expired'].includes(one.status));
  const pending = account.list('invoiceitem').find((one) => one.customer === customer.id && one.invoice === null);
  return live?.currency ?? pending?.currency;
}

/** Throws 400 unless a payment method is the customer's. */
export function requireMethod(account: Account, customer: Customer, id: string | undefined): void {
  if (id === undefined || account.find('payment_method', id)?.customer === customer.id) return;
  throw invalidRequest(
    `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`,
    { code: 'resource_missing', param: 'default_payment_method' },
  );
}

/** Throws 400 when automatic tax cannot tell where a customer is. */
export function requireTaxLocation(account: Account, customer: Customer, isEnabled: boolean): void {
  if (isEnabled && !hasTaxLocation(taxpayerOf(account, customer)))
    throw invalidRequest(
      "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.",
      { code: 'customer_tax_location_invalid', param: 'automatic_tax[enabled]' },
    );
}

function cancellationOf(
  { cancel_at, cancel_at_period_end }: SubscriptionParams,
  { period, now }: { period: Period; now: number },
): Partial<Subscription> {
  if (cancel_at_period_end && cancel_at)
    throw invalidRequest('You may only specify one of these parameters: cancel_at, cancel_at_period_end.', {
      code: 'parameters_exclusive',
      param: 'cancel_at_period_end',
    });
  const at = cancel_at_period_end ? period.end : cancelAtOf(cancel_at ?? null, period, now);
  return at === null ? {} : { cancel_at: at, cancel_at_period_end: cancel_at_period_end ?? false, canceled_at: now };
}

function blankSubscription({
  id,
  customer,
  currency,
  now,
  params,
}: {
  id: string;
  customer: Customer;
  currency: string;
  now: number;
  params: SubscriptionParams;
}): Omit<Subscription, 'object'> {
  const isTaxed = params.automatic_tax?.enabled ?? false;
  return {
    id,
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: isTaxed, liability: isTaxed ? { type: 'self' } : null },
    billing_cycle_anchor: now,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: { proration_discounts: 'included' }, type: 'flexible' },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: 'charge_automatically',
    created: now,
    currency,
    customer: customer.id,
    customer_account: null,
    days_until_due: null,
    default_payment_method: params.default_payment_method ?? null,
    default_source: null,
    default_tax_rates: [],
    description: params.description ?? null,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    items: itemList(id, []),
    latest_invoice: null,
    livemode: false,
    managed_payments: null,
    metadata: mergedMetadata({}, params.metadata),
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: (params.payment_settings?.payment_method_types ?? null) as never,
      save_default_payment_method: params.payment_settings?.save_default_payment_method ?? 'off',
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: now,
    status: 'incomplete',
    test_clock: customer.test_clock ?? null,
    transfer_data: null,
    trial_end: null,
    trial_settings: {
      end_behavior: {
        billing_cycle_anchor: null,
        missing_payment_method: params.trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice',
      },
    },
    trial_start: null,
  };
}
