import DataLoader from 'dataloader';
import type { DataSource } from 'typeorm';
import { type Subscription, SubscriptionEntity } from '#billing/entities/subscription.js';

/** Loads the subscription of the identity's organization; any other is null, as if it did not exist. */
export function subscriptionById(
  database: DataSource,
  organizationId: string | undefined,
): DataLoader<string, Subscription | null> {
  return new DataLoader(async (ids) => {
    const own = organizationId ? await database.manager.findOneBy(SubscriptionEntity, { organizationId }) : null;
    return ids.map((id) => (id === own?.id ? own : null));
  });
}
