import { EntitySchema } from 'typeorm';
import { instant, text } from './columns.js';

/** A card, or another means of payment, attached to the customer at Stripe. */
export interface PaymentMethod {
  id: string;
  organizationId: string;
  customerId: string;
  /** `card` and others, as Stripe names them. */
  type: string;
  brand: string | null;
  last4: string | null;
  expiryMonth: number | null;
  expiryYear: number | null;
  isDefault: boolean;
  /** Keyed hash of what identifies the card at Stripe. */
  fingerprintHash: string | null;
  createdAt: Date;
}

export const PaymentMethodEntity = new EntitySchema<PaymentMethod>({
  name: 'PaymentMethod',
  tableName: 'payment_method',
  columns: {
    id: { type: 'text', primary: true },
    organizationId: { type: 'uuid', name: 'organization_id' },
    customerId: text('customer_id', { nullable: false }),
    type: text('type', { nullable: false }),
    brand: text('brand'),
    last4: text('last4'),
    expiryMonth: { type: 'integer', name: 'expiry_month', nullable: true },
    expiryYear: { type: 'integer', name: 'expiry_year', nullable: true },
    isDefault: { type: 'boolean', name: 'is_default' },
    fingerprintHash: text('fingerprint_hash'),
    createdAt: instant('created_at', { nullable: false }),
  },
});
