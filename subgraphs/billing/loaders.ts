import DataLoader from 'dataloader';
import type { DataSource } from 'typeorm';
import { type Subscription, SubscriptionEntity } from './entities/subscription.js';

/** Loads the identity's subscription; any other is null. */
export function subscriptionById(
  database: DataSource,
  organizationId: string | undefined,
): DataLoader<string, Subscription | null> {
  return new DataLoader(async (ids) => {
    const own = organizationId ? await database.manager.findOneBy(SubscriptionEntity, { organizationId }) : null;
    return ids.map((id) => (id === own?.id ? own : null));
  });
}
