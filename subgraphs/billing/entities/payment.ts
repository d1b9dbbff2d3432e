import { EntitySchema } from 'typeorm';
import { instant, smallestUnits, text } from './columns.js';

export interface StoredRefund {
  id: string;
  /** In the currency's smallest unit. */
  amount: number;
  /** `pending`, `succeeded`, `failed` and others, as Stripe names them. */
  status: string | null;
  reason: string | null;
  /** ISO 8601. */
  createdAt: string;
}

/** A charge as Stripe has it, also a failed one; amounts are in the currency's smallest unit. */
export interface Payment {
  id: string;
  /** null = the organization was erased, the payment is kept. */
  organizationId: string | null;
  customerId: string;
  invoiceId: string | null;
  paymentIntentId: string | null;
  status: 'succeeded' | 'pending' | 'failed';
  /** ISO 4217. */
  currency: string;
  amount: number;
  amountRefunded: number;
  /** A decline code of Stripe's. */
  failureCode: string | null;
  cardBrand: string | null;
  cardLast4: string | null;
  receiptUrl: string | null;
  refunds: StoredRefund[];
  disputeId: string | null;
  /** `needs_response`, `under_review`, `won`, `lost` and others, as Stripe names them. */
  disputeStatus: string | null;
  disputeReason: string | null;
  disputeAmount: number | null;
  /** Until when evidence can be given. */
  disputeDueAt: Date | null;
  createdAt: Date;
  /** `YYYY-MM-DD`, once the organization is erased. */
  keptUntil: string | null;
}

export const PaymentEntity = new EntitySchema<Payment>({
  name: 'Payment',
  tableName: 'payment',
  columns: {
    id: { type: 'text', primary: true },
    organizationId: { type: 'uuid', name: 'organization_id', nullable: true },
    customerId: text('customer_id', { nullable: false }),
    invoiceId: text('invoice_id'),
    paymentIntentId: text('payment_intent_id'),
    status: text('status', { nullable: false }),
    currency: text('currency', { nullable: false }),
    amount: smallestUnits('amount'),
    amountRefunded: smallestUnits('amount_refunded'),
    failureCode: text('failure_code'),
    cardBrand: text('card_brand'),
    cardLast4: text('card_last4'),
    receiptUrl: text('receipt_url'),
    refunds: { type: 'jsonb' },
    disputeId: text('dispute_id'),
    disputeStatus: text('dispute_status'),
    disputeReason: text('dispute_reason'),
    disputeAmount: smallestUnits('dispute_amount', { nullable: true }),
    disputeDueAt: instant('dispute_due_at'),
    createdAt: instant('created_at', { nullable: false }),
    keptUntil: { type: 'date', name: 'kept_until', nullable: true },
  },
});
