import DataLoader from 'dataloader';
import type { DataSource } from 'typeorm';
import { columnsOf } from '#runtime/database/columns-of.js';
import { prepared } from '#runtime/database/prepared-statements.js';
import type { Services } from '#runtime/services.js';
import { type Subscription, SubscriptionEntity } from './entities/subscription.js';
import type { DerivedStanding } from './standing/derive-standing.js';
import { readStanding } from './standing/read-standing.js';

const SUBSCRIPTION = prepared(`
  SELECT ${columnsOf(SubscriptionEntity, { alias: 'subscription' })} FROM billing.subscription WHERE organization_id = $1`);

/** Returns the subscription of an organization; null when there is none yet. */
export async function findSubscription(
  database: DataSource,
  { organizationId }: { organizationId: string },
): Promise<Subscription | null> {
  const [subscription = null] = await database.query<Subscription[]>(SUBSCRIPTION, [organizationId]);
  return subscription;
}

/** Loads the identity's subscription; any other is null. */
export function subscriptionById(
  database: DataSource,
  organizationId: string | undefined,
): DataLoader<string, Subscription | null> {
  return new DataLoader(async (ids) => {
    const own = organizationId ? await findSubscription(database, { organizationId }) : null;
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
