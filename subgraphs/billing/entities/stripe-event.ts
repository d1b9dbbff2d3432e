import { EntitySchema } from 'typeorm';

/** An event of Stripe's, stored once by its id. */
export interface StripeEvent {
  id: string;
  type: string;
  /** null = it is about no customer. */
  customerId: string | null;
  /** Whether it is of Stripe's live mode. */
  isLive: boolean;
  createdAt: Date;
  receivedAt: Date;
  /** As it was received. */
  body: string;
  state: 'RECEIVED' | 'APPLIED' | 'IGNORED';
  ignoredBecause: string | null;
  attempts: number;
  /** When it is applied next. */
  dueAt: Date;
  /** Why it could not be applied last time. */
  error: string | null;
  settledAt: Date | null;
}

export const StripeEventEntity = new EntitySchema<StripeEvent>({
  name: 'StripeEvent',
  tableName: 'stripe_event',
  columns: {
    id: { type: 'text', primary: true },
    type: { type: 'text' },
    customerId: { type: 'text', name: 'customer_id', nullable: true },
    isLive: { type: 'boolean', name: 'is_live' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    receivedAt: { type: 'timestamptz', name: 'received_at' },
    body: { type: 'text' },
    state: { type: 'text' },
    ignoredBecause: { type: 'text', name: 'ignored_because', nullable: true },
    attempts: { type: 'integer', default: 0 },
    dueAt: { type: 'timestamptz', name: 'due_at' },
    error: { type: 'text', nullable: true },
    settledAt: { type: 'timestamptz', name: 'settled_at', nullable: true },
  },
});
