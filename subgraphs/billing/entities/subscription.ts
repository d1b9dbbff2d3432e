import { EntitySchema } from 'typeorm';

/** An organization's subscription, created on first request. */
export interface Subscription {
  id: string;
  organizationId: string;
  planId: string;
  trialEndsAt: Date;
  /** null = a trial. */
  purchaseStatus: 'ACTIVE' | 'PAST_DUE' | 'CANCELED' | null;
  createdAt: Date;
}

export const SubscriptionEntity = new EntitySchema<Subscription>({
  name: 'Subscription',
  tableName: 'subscription',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    organizationId: { type: 'uuid', name: 'organization_id' },
    planId: { type: 'text', name: 'plan_id' },
    trialEndsAt: { type: 'timestamptz', name: 'trial_ends_at' },
    purchaseStatus: { type: 'text', name: 'purchase_status', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
  },
});
