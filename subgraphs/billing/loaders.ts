import DataLoader from 'dataloader';
import type { DataSource } from 'typeorm';
import type { Services } from '#runtime/services.js';
import { type Subscription, SubscriptionEntity } from './entities/subscription.js';
import type { DerivedStanding } from './standing/derive-standing.js';
import { readStanding } from './standing/read-standing.js';

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

/** Derives what subscriptions are now, each once in an operation. */
export function standingBySubscription(
  { manager }: DataSource,
  { now }: Pick<Services, 'now'>,
): DataLoader<Subscription, DerivedStanding> {
  return new DataLoader((subscriptions) =>
    Promise.all(subscriptions.map((subscription) => readStanding(manager, { subscription, now: now() }))),
  );
}
