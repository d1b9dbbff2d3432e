import type { StripeAccount } from '#simulator/stripe/account.js';
import type { Objects } from '#simulator/stripe/objects.js';

export type Customer = Objects['customer'];
export type Coupon = Objects['coupon'];
export type Discount = Objects['discount'];
export type Invoice = Objects['invoice'];
export type InvoiceItem = Objects['invoiceitem'];
export type LineItem = Invoice['lines']['data'][number];
export type PaymentIntent = Objects['payment_intent'];
export type PaymentMethod = Objects['payment_method'];
export type Price = Objects['price'];
export type Schedule = Objects['subscription_schedule'];
export type Subscription = Objects['subscription'];
export type SubscriptionItem = Subscription['items']['data'][number];
export type Account = StripeAccount;

/** What was last charged for an item: credits are computed from it. */
export interface Debit {
  /** After discounts, without tax that comes on top. */
  amount: number;
  start: number;
  end: number;
  quantity: number;
  /** null while it is a pending invoice item. */
  invoice: string | null;
  line: string | null;
}

/** What only the simulator knows of a subscription. */
export interface SubscriptionExtra extends Record<string, unknown> {
  /** By item. */
  debits: Record<string, Debit>;
  /** The end of the trial that was announced. */
  trialEndAnnounced: number;
  /** The end of the period whose invoice was announced. */
  invoiceAnnounced: number;
  /** Metered items that a schedule has removed with the period: their usage is on its invoice. */
  endedItems: SubscriptionItem[];
  /** When an incomplete subscription expires. */
  expiresAt: number | null;
  /** When the subscription became paused, and the end of what was paid then. */
  resumptionInvoice: string | null;
  /** Items to take over once the invoice of a pending update is paid. */
  pendingItems: {
    invoice: string;
    items: SubscriptionItem[];
    anchor: number;
    debits: Record<string, Debit>;
  } | null;
}

/** What only the simulator knows of an invoice. */
export interface InvoiceExtra extends Record<string, unknown> {
  failedAttempts: number;
  /** Whether it is being collected: its payment reports nothing then. */
  isCollecting: boolean;
  /** Which item each line charges. */
  debitOfLine: Record<string, { item: string; start: number; end: number; quantity: number }>;
}

/** Returns what only the simulator knows of a subscription, to be changed in place. */
export function subscriptionExtra(
  account: Account,
  subscription: Pick<Subscription, 'id'>,
): Partial<SubscriptionExtra> {
  return account.extra<SubscriptionExtra>(subscription.id);
}

/** Returns what only the simulator knows of an invoice, to be changed in place. */
export function invoiceExtra(account: Account, invoice: Pick<Invoice, 'id'>): Partial<InvoiceExtra> {
  return account.extra<InvoiceExtra>(invoice.id);
}

export type CancellationReason = NonNullable<NonNullable<Subscription['cancellation_details']>['reason']>;
