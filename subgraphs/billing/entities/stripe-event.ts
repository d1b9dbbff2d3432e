import { EntitySchema } from 'typeorm';
import { instant, text } from './columns.js';

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
    customerId: text('customer_id'),
    isLive: { type: 'boolean', name: 'is_live' },
    createdAt: instant('created_at', { nullable: false }),
    receivedAt: instant('received_at', { nullable: false }),
    body: { type: 'text' },
    state: { type: 'text' },
    ignoredBecause: text('ignored_because'),
    attempts: { type: 'integer', default: 0 },
    dueAt: instant('due_at', { nullable: false }),
    error: { type: 'text', nullable: true },
    settledAt: instant('settled_at'),
  },
});
