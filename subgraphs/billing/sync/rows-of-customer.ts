import { createHmac } from 'node:crypto';
import type Stripe from 'stripe';
import type { Invoice, InvoiceLine } from '#billing/entities/invoice.js';
import type { Payment } from '#billing/entities/payment.js';
import type { PaymentMethod } from '#billing/entities/payment-method.js';
import type { StoredDiscount, Subscription } from '#billing/entities/subscription.js';
import type { StripeStatus } from '#billing/standing/derive-standing.js';
import { currencyOf } from '#billing/stripe/amounts.js';
import { intervalOf, planOfProduct } from '#billing/stripe/catalogue-ids.js';
import { declineReasonOf } from '#billing/stripe/declines.js';
import { idOf } from '#billing/stripe/id-of.js';
import type { CustomerAtStripe } from './read-customer.js';

/** What is mirrored of a subscription. */
export type SubscriptionAtStripe = Omit<
  Subscription,
  | 'id'
  | 'organizationId'
  | 'trialEndsAt'
  | 'createdAt'
  | 'customerId'
  | 'formerCustomerIds'
  | 'hasCardOfAnotherTrial'
  | 'checkoutId'
  | 'deletionAt'
  | 'cancelledForDeletion'
  | 'freeSince'
  | 'version'
  | 'syncs'
  | 'syncedAt'
>;

/** The rows that mirror a customer. */
export interface CustomerRows {
  subscription: SubscriptionAtStripe;
  invoices: Invoice[];
  payments: Payment[];
  methods: PaymentMethod[];
}

export interface RowOwner {
  organizationId: string;
  customerId: string;
  /** By which fingerprints of cards are hashed. */
  cardKey: Buffer;
}

const at = (seconds: number) => new Date(seconds * 1000);
const atOrNull = (seconds: number | null | undefined) => (typeof seconds === 'number' ? at(seconds) : null);
const isoOf = (seconds: number) => at(seconds).toISOString();

/** Returns the sum of discounts or taxes, in the currency's smallest unit. */
export const sumOf = (amounts: { amount: number }[] | null | undefined) =>
  (amounts ?? []).reduce((total, { amount }) => total + amount, 0);

const RANKS: Record<StripeStatus, number> = {
  active: 4,
  trialing: 4,
  past_due: 4,
  paused: 4,
  unpaid: 3,
  incomplete: 2,
  canceled: 1,
  incomplete_expired: 0,
};
/** The comment at Stripe of a subscription that was cancelled as its card has had a trial in another organization. */
export const TRIAL_REFUSED = 'webmetrics: the card has had a trial before';

/** Whether a trial was refused, so that nothing has begun. */
const isRefused = ({ status, cancellation_details: details, ended_at, trial_end }: Stripe.Subscription) =>
  status === 'canceled' && details?.comment === TRIAL_REFUSED && (ended_at ?? 0) <= (trial_end ?? 0);

const rankOf = (subscription: Stripe.Subscription) =>
  isRefused(subscription) ? 0 : (RANKS[subscription.status as StripeStatus] ?? 0);
const hasBegun = (subscription: Stripe.Subscription) =>
  rankOf(subscription) > 0 && subscription.status !== 'incomplete';

/** Whether a subscription is in use, or paused, whatever was paid for it. */
export const isOngoing = (subscription: Stripe.Subscription): boolean => rankOf(subscription) === RANKS.active;

/** Returns the subscription that counts: one in use before others, and of those the newest. */
function currentOf(subscriptions: Stripe.Subscription[]): Stripe.Subscription | undefined {
  return subscriptions.toSorted(
    (one, other) => rankOf(other) - rankOf(one) || other.created - one.created || (other.id < one.id ? -1 : 1),
  )[0];
}

const isMetered = ({ price }: Stripe.SubscriptionItem) => price.recurring?.usage_type === 'metered';

/** Returns the item of the plan: others are metered. */
function planItemOf({ items }: Stripe.Subscription): Stripe.SubscriptionItem | undefined {
  return items.data.find((item) => !isMetered(item)) ?? items.data[0];
}

const subscriptionOf = (invoice: Stripe.Invoice) => idOf(invoice.parent?.subscription_details?.subscription);

function discountOf({ discounts }: Stripe.Subscription): StoredDiscount | null {
  const [discount] = discounts;
  if (!discount || typeof discount === 'string') return null;
  const { promotion_code: code, end, source } = discount;
  const coupon = typeof source.coupon === 'object' ? source.coupon : null;
  return {
    promotionCode: typeof code === 'object' ? (code?.code ?? null) : null,
    name: coupon?.name ?? null,
    percentOff: coupon?.percent_off ?? null,
    amountOff: coupon?.amount_off ?? null,
    currency: coupon?.currency ? currencyOf(coupon.currency) : null,
    endsAt: end ? isoOf(end) : null,
  };
}

const ENDED_BY: Record<string, Subscription['endedBy']> = {
  payment_failed: 'PAYMENT_FAILED',
  payment_disputed: 'PAYMENT_DISPUTED',
};

function endedByOf(subscription: Stripe.Subscription): Subscription['endedBy'] {
  if (subscription.ended_at === null) return null;
  if (isRefused(subscription)) return 'TRIAL_REFUSED';
  return ENDED_BY[subscription.cancellation_details?.reason ?? ''] ?? null;
}

function subscriptionRow(
  { subscriptions, scheduledChanges }: CustomerAtStripe,
  invoices: Invoice[],
): SubscriptionAtStripe {
  const current = currentOf(subscriptions);
  const begun = subscriptions.filter(hasBegun).map(({ start_date }) => start_date);
  const firstSubscribedAt = begun.length > 0 ? at(Math.min(...begun)) : null;
  if (!current) return { ...NO_SUBSCRIPTION, firstSubscribedAt };
  const item = planItemOf(current);
  const open = invoices
    .filter(({ stripeSubscriptionId, status }) => stripeSubscriptionId === current.id && status === 'open')
    .filter(({ attemptCount, amountRemaining }) => attemptCount > 0 && amountRemaining > 0)
    .map((invoice) => ({ ...invoice, since: invoice.finalizedAt ?? invoice.createdAt }))
    .sort((one, other) => one.since.getTime() - other.since.getTime() || (one.id < other.id ? -1 : 1))[0];
  const isOver = current.ended_at !== null;
  const change = isOver ? undefined : scheduledChanges.get(current.id);
  const periodEnd = atOrNull(item?.current_period_end);
  const endsAt = atOrNull(current.cancel_at) ?? (current.cancel_at_period_end ? periodEnd : null);
  return {
    stripeSubscriptionId: current.id,
    stripeItemId: item?.id ?? null,
    meteredItemId: current.items.data.find(isMetered)?.id ?? null,
    status: current.status as StripeStatus,
    planId: planOfProduct(item?.price.product),
    interval: intervalOf(item?.price.recurring),
    currency: currencyOf(current.currency),
    periodStart: atOrNull(item?.current_period_start),
    periodEnd,
    trialEnd: atOrNull(current.trial_end),
    startedAt: at(current.start_date),
    cancelAt: isOver ? null : endsAt,
    canceledAt: atOrNull(current.canceled_at),
    endedAt: atOrNull(current.ended_at),
    endedBy: endedByOf(current),
    isPaused: current.pause_collection !== null,
    pausedUntil: atOrNull(current.pause_collection?.resumes_at),
    scheduleId: isOver ? null : idOf(current.schedule),
    pendingPlanId: change ? (planOfProduct(change.price.product) ?? '') : null,
    pendingInterval: change ? intervalOf(change.price.recurring) : null,
    pendingAt: change ? at(change.at) : null,
    discount: discountOf(current),
    pastDueSince: open?.since ?? null,
    nextPaymentAttemptAt: open?.nextPaymentAttemptAt ?? null,
    firstSubscribedAt,
  };
}

/** Of a customer that never subscribed. */
const NO_SUBSCRIPTION: SubscriptionAtStripe = {
  stripeSubscriptionId: null,
  stripeItemId: null,
  meteredItemId: null,
  status: null,
  planId: null,
  interval: null,
  currency: null,
  periodStart: null,
  periodEnd: null,
  trialEnd: null,
  startedAt: null,
  cancelAt: null,
  canceledAt: null,
  endedAt: null,
  endedBy: null,
  isPaused: false,
  pausedUntil: null,
  scheduleId: null,
  pendingPlanId: null,
  pendingInterval: null,
  pendingAt: null,
  discount: null,
  pastDueSince: null,
  nextPaymentAttemptAt: null,
  firstSubscribedAt: null,
};

/** Returns a line of an invoice as it is stored. */
export function lineOf(line: Stripe.InvoiceLineItem): InvoiceLine {
  const { invoice_item_details: item, subscription_item_details: ofSubscription } = line.parent ?? {};
  return {
    id: line.id,
    description: line.description,
    amount: line.amount,
    quantity: line.quantity,
    isProration: item?.proration ?? ofSubscription?.proration ?? false,
    planId: planOfProduct(line.pricing?.price_details?.product),
    periodStart: isoOf(line.period.start),
    periodEnd: isoOf(line.period.end),
  };
}

/** Returns the payment intents that were made for an invoice. */
function intentsOf({ payments }: Stripe.Invoice): string[] {
  return (payments?.data ?? []).flatMap(({ payment }) => idOf(payment.payment_intent) ?? []);
}

const WAITING = new Set(['requires_payment_method', 'requires_confirmation', 'requires_action', 'processing']);

function invoiceRow(invoice: Stripe.Invoice, intents: Map<string, Stripe.PaymentIntent>, owner: RowOwner): Invoice {
  const waiting = intentsOf(invoice)
    .flatMap((id) => intents.get(id) ?? [])
    .filter(({ status }) => WAITING.has(status))
    .sort((one, other) => other.created - one.created)[0];
  const isOpen = invoice.status === 'open';
  const failure = isOpen ? waiting?.last_payment_error : undefined;
  const { finalized_at, paid_at, voided_at } = invoice.status_transitions;
  return {
    id: invoice.id,
    organizationId: owner.organizationId,
    customerId: owner.customerId,
    stripeSubscriptionId: subscriptionOf(invoice),
    number: invoice.number,
    status: (invoice.status ?? 'draft') as Invoice['status'],
    billingReason: invoice.billing_reason,
    currency: currencyOf(invoice.currency),
    subtotal: invoice.subtotal,
    discountTotal: sumOf(invoice.total_discount_amounts),
    taxTotal: sumOf(invoice.total_taxes),
    total: invoice.total,
    amountDue: invoice.amount_due,
    amountPaid: invoice.amount_paid,
    amountRemaining: invoice.amount_remaining,
    attemptCount: invoice.attempt_count,
    nextPaymentAttemptAt: atOrNull(invoice.next_payment_attempt),
    paymentStatus: isOpen ? (waiting?.status ?? null) : null,
    failureCode: failure ? declineReasonOf(failure) : null,
    periodStart: at(invoice.period_start),
    periodEnd: at(invoice.period_end),
    createdAt: at(invoice.created),
    dueAt: atOrNull(invoice.due_date),
    finalizedAt: atOrNull(finalized_at),
    paidAt: atOrNull(paid_at),
    voidedAt: atOrNull(voided_at),
    hostedUrl: invoice.hosted_invoice_url ?? null,
    pdfUrl: invoice.invoice_pdf ?? null,
    lines: invoice.lines.data.map(lineOf),
    taxes: (invoice.total_taxes ?? []).map((tax) => ({
      amount: tax.amount,
      taxableAmount: tax.taxable_amount,
      behavior: tax.tax_behavior,
      rateId: tax.tax_rate_details?.tax_rate ?? null,
    })),
    keptUntil: null,
  };
}

function paymentRow(
  charge: Stripe.Charge,
  {
    invoiceOf,
    disputes,
    owner,
  }: { invoiceOf: Map<string, string>; owner: RowOwner } & Pick<CustomerAtStripe, 'disputes'>,
): Payment {
  const dispute = disputes.get(charge.id);
  const intentId = idOf(charge.payment_intent);
  const card = charge.payment_method_details?.card;
  return {
    id: charge.id,
    organizationId: owner.organizationId,
    customerId: owner.customerId,
    invoiceId: (intentId && invoiceOf.get(intentId)) ?? null,
    paymentIntentId: intentId,
    status: charge.status as Payment['status'],
    currency: currencyOf(charge.currency),
    amount: charge.amount,
    amountRefunded: charge.amount_refunded,
    failureCode: charge.failure_code
      ? declineReasonOf({ code: charge.failure_code, decline_code: charge.outcome?.reason ?? undefined })
      : null,
    cardBrand: card?.brand ?? null,
    cardLast4: card?.last4 ?? null,
    receiptUrl: charge.receipt_url,
    refunds: (charge.refunds?.data ?? [])
      .toSorted((one, other) => one.created - other.created || (one.id < other.id ? -1 : 1))
      .map(({ id, amount, status, reason, created }) => ({ id, amount, status, reason, createdAt: isoOf(created) })),
    disputeId: dispute?.id ?? null,
    disputeStatus: dispute?.status ?? null,
    disputeReason: dispute?.reason ?? null,
    disputeAmount: dispute?.amount ?? null,
    disputeDueAt: atOrNull(dispute?.evidence_details.due_by),
    createdAt: at(charge.created),
    keptUntil: null,
  };
}

function methodRow(method: Stripe.PaymentMethod, defaultId: string | null, owner: RowOwner): PaymentMethod {
  const { card } = method;
  const fingerprint = card?.fingerprint;
  return {
    id: method.id,
    organizationId: owner.organizationId,
    customerId: owner.customerId,
    type: method.type,
    brand: card?.brand ?? null,
    last4: card?.last4 ?? null,
    expiryMonth: card?.exp_month ?? null,
    expiryYear: card?.exp_year ?? null,
    isDefault: method.id === defaultId,
    fingerprintHash: fingerprint ? createHmac('sha256', owner.cardKey).update(fingerprint).digest('hex') : null,
    createdAt: at(method.created),
  };
}

/** Returns the rows that mirror what Stripe says of a customer: they depend on nothing else. */
export function rowsOfCustomer(state: CustomerAtStripe, owner: RowOwner): CustomerRows {
  const intents = new Map(state.intents.map((intent) => [intent.id, intent]));
  const invoiceOf = new Map(
    state.invoices.flatMap((invoice) => intentsOf(invoice).map((intent): [string, string] => [intent, invoice.id])),
  );
  const invoices = state.invoices.map((invoice) => invoiceRow(invoice, intents, owner));
  const defaultId =
    idOf(currentOf(state.subscriptions)?.default_payment_method) ??
    idOf(state.customer?.invoice_settings.default_payment_method);
  return {
    subscription: subscriptionRow(state, invoices),
    invoices,
    payments: state.charges.map((charge) => paymentRow(charge, { invoiceOf, disputes: state.disputes, owner })),
    methods: state.methods.map((method) => methodRow(method, defaultId, owner)),
  };
}
