import { ACCOUNT_COUNTRY } from '#simulator/stripe/billing/arithmetic/calculate-tax.js';
import { HOUR, type Period } from '#simulator/stripe/billing/arithmetic/periods.js';
import type { Account, Customer, Invoice, Subscription } from '#simulator/stripe/billing/model.js';
import { listOf } from '#simulator/stripe/operation.js';
import type { LineDraft } from './invoice-lines.js';
import { taxpayerOf } from './invoice-totals.js';

/** What an invoice is made of. */
export interface NewInvoice {
  customer: Customer;
  subscription: Subscription | null;
  reason: NonNullable<Invoice['billing_reason']>;
  lines: readonly LineDraft[];
  period: Period;
  /** Whether it becomes final an hour later by itself. */
  finalizesItself: boolean;
  currency: string;
  description?: string | null;
  metadata?: Record<string, string>;
  prorationDate?: number | undefined;
  /** Default true. */
  takesPendingItems?: boolean;
}

/** Returns a draft without lines. */
export function blankInvoice(account: Account, wanted: NewInvoice, now: number): Omit<Invoice, 'id' | 'object'> {
  const { customer, subscription } = wanted;
  const isTaxed = subscription?.automatic_tax.enabled ?? false;
  return {
    account_country: ACCOUNT_COUNTRY,
    account_name: 'WebMetrics',
    account_tax_ids: null,
    amount_due: 0,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_paid_off_stripe: 0,
    amount_remaining: 0,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: wanted.finalizesItself,
    automatic_tax: {
      disabled_reason: null,
      enabled: isTaxed,
      liability: isTaxed ? { type: 'self' } : null,
      provider: null,
      status: null,
    },
    automatically_finalizes_at: wanted.finalizesItself ? now + HOUR : null,
    billing_reason: wanted.reason,
    collection_method: 'charge_automatically',
    created: now,
    currency: wanted.currency,
    custom_fields: null,
    customer: customer.id,
    customer_account: null,
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: null,
    customer_tax_exempt: customer.tax_exempt ?? 'none',
    customer_tax_ids: taxpayerOf(account, customer).taxIds.map(({ type, value }) => ({ type, value })),
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: wanted.description ?? null,
    discounts: [...(subscription?.discounts ?? [])],
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: null,
    lines: listOf([], '') as unknown as Invoice['lines'],
    livemode: false,
    metadata: wanted.metadata ?? {},
    next_payment_attempt: wanted.finalizesItself ? now + HOUR : null,
    number: null,
    on_behalf_of: null,
    parent: subscription && {
      quote_details: null,
      subscription_details: {
        metadata: { ...subscription.metadata },
        subscription: subscription.id,
        ...(wanted.prorationDate !== undefined && { subscription_proration_date: wanted.prorationDate }),
      },
      type: 'subscription_details',
    },
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: wanted.period.end,
    period_start: wanted.period.start,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: customer.balance,
    statement_descriptor: null,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal: 0,
    subtotal_excluding_tax: 0,
    test_clock: customer.test_clock ?? null,
    total: 0,
    total_discount_amounts: [],
    total_excluding_tax: 0,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: now,
  };
}
