import { EntitySchema } from 'typeorm';
import { instant, smallestUnits, text } from './columns.js';

/** A line of an invoice; amounts are in the currency's smallest unit. */
export interface InvoiceLine {
  id: string;
  description: string | null;
  amount: number;
  quantity: number | null;
  isProration: boolean;
  /** Of our catalogue; null for other lines. */
  planId: string | null;
  /** ISO 8601. */
  periodStart: string;
  periodEnd: string;
}

export interface InvoiceTax {
  amount: number;
  taxableAmount: number | null;
  /** `inclusive` or `exclusive`. */
  behavior: string;
  /** Of Stripe's tax rate. */
  rateId: string | null;
}

/** An invoice as Stripe has it; amounts are in the currency's smallest unit. */
export interface Invoice {
  id: string;
  /** null = the organization was erased, the invoice is kept. */
  organizationId: string | null;
  customerId: string;
  stripeSubscriptionId: string | null;
  /** null until it is finalized. */
  number: string | null;
  status: 'draft' | 'open' | 'paid' | 'uncollectible' | 'void';
  billingReason: string | null;
  /** ISO 4217. */
  currency: string;
  subtotal: number;
  discountTotal: number;
  taxTotal: number;
  total: number;
  amountDue: number;
  amountPaid: number;
  amountRemaining: number;
  attemptCount: number;
  nextPaymentAttemptAt: Date | null;
  /** Of the payment that is waited for, as Stripe names it: `requires_action` and others. */
  paymentStatus: string | null;
  /** Why its last payment failed: a decline code of Stripe's. */
  failureCode: string | null;
  periodStart: Date;
  periodEnd: Date;
  createdAt: Date;
  dueAt: Date | null;
  finalizedAt: Date | null;
  paidAt: Date | null;
  voidedAt: Date | null;
  hostedUrl: string | null;
  pdfUrl: string | null;
  lines: InvoiceLine[];
  taxes: InvoiceTax[];
  /** `YYYY-MM-DD`, once the organization is erased. */
  keptUntil: string | null;
}

export const InvoiceEntity = new EntitySchema<Invoice>({
  name: 'Invoice',
  tableName: 'invoice',
  columns: {
    id: { type: 'text', primary: true },
    organizationId: { type: 'uuid', name: 'organization_id', nullable: true },
    customerId: text('customer_id', { nullable: false }),
    stripeSubscriptionId: text('stripe_subscription_id'),
    number: text('number'),
    status: text('status', { nullable: false }),
    billingReason: text('billing_reason'),
    currency: text('currency', { nullable: false }),
    subtotal: smallestUnits('subtotal'),
    discountTotal: smallestUnits('discount_total'),
    taxTotal: smallestUnits('tax_total'),
    total: smallestUnits('total'),
    amountDue: smallestUnits('amount_due'),
    amountPaid: smallestUnits('amount_paid'),
    amountRemaining: smallestUnits('amount_remaining'),
    attemptCount: { type: 'integer', name: 'attempt_count' },
    nextPaymentAttemptAt: instant('next_payment_attempt_at'),
    paymentStatus: text('payment_status'),
    failureCode: text('failure_code'),
    periodStart: instant('period_start', { nullable: false }),
    periodEnd: instant('period_end', { nullable: false }),
    createdAt: instant('created_at', { nullable: false }),
    dueAt: instant('due_at'),
    finalizedAt: instant('finalized_at'),
    paidAt: instant('paid_at'),
    voidedAt: instant('voided_at'),
    hostedUrl: text('hosted_url'),
    pdfUrl: text('pdf_url'),
    lines: { type: 'jsonb' },
    taxes: { type: 'jsonb' },
    keptUntil: { type: 'date', name: 'kept_until', nullable: true },
  },
});
