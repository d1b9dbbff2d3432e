import { EntitySchema } from 'typeorm';

/** What an organization is subscribed to: one row per organization, from the first time anyone asks. */
export interface Subscription {
  id: string;
  organizationId: string;
  planId: string;
  trialEndsAt: Date;
  /** Where it stands once something was bought; null = nothing was, and the clock tells. */
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
