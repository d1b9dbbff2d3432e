import { EntitySchema } from 'typeorm';

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

const word = (name: string, nullable = true) => ({ type: 'text' as const, name, nullable });

export const PaymentMethodEntity = new EntitySchema<PaymentMethod>({
  name: 'PaymentMethod',
  tableName: 'payment_method',
  columns: {
    id: { type: 'text', primary: true },
    organizationId: { type: 'uuid', name: 'organization_id' },
    customerId: word('customer_id', false),
    type: word('type', false),
    brand: word('brand'),
    last4: word('last4'),
    expiryMonth: { type: 'integer', name: 'expiry_month', nullable: true },
    expiryYear: { type: 'integer', name: 'expiry_year', nullable: true },
    isDefault: { type: 'boolean', name: 'is_default' },
    fingerprintHash: word('fingerprint_hash'),
    createdAt: { type: 'timestamptz', name: 'created_at' },
  },
});
