import { z } from 'zod';
import type { Context } from '#billing/context.js';
import { type Subscription, SubscriptionEntity } from '#billing/entities/subscription.js';
import { deriveStanding } from '#billing/standing/derive-standing.js';
import { factsOf } from '#billing/standing/facts.js';
import { TRIAL_MS } from '#runtime/entitlements/entitlement.js';
import { parseInput } from '#runtime/parse-input.js';
import { queueSubscriptionEvent } from './queue-subscription-event.js';

const input = z.object({
  createdAt: z.iso.datetime({ offset: true, error: 'must be an instant like "2026-10-05T10:11:12.000Z"' }),
});

/**
 * Returns an organization's subscription, created on the first call as a trial of 14 days from `createdAt`. Throws
 * InvalidInput when that is needed and invalid.
 */
export async function getSubscription(
  { database, services }: Pick<Context, 'database' | 'services'>,
  { organizationId, createdAt }: { organizationId: string; createdAt: unknown },
): Promise<Subscription> {
  const { manager } = database;
  const existing = await manager.findOneBy(SubscriptionEntity, { organizationId });
  if (existing) return existing;
  const beganAt = new Date(parseInput(input, { createdAt }).createdAt);
  const trialEndsAt = new Date(beganAt.getTime() + TRIAL_MS);
  return database.transaction(async (transaction) => {
    await transaction
      .createQueryBuilder()
      .insert()
      .into(SubscriptionEntity)
      .values({ organizationId, trialEndsAt, createdAt: beganAt })
      .orIgnore()
      .execute();
    const subscription = await transaction.findOneByOrFail(SubscriptionEntity, { organizationId });
    const standing = deriveStanding(factsOf(subscription, []), beganAt);
    const occurredAt = services.now();
    await queueSubscriptionEvent(transaction, { subscription, standing, change: 'created', occurredAt });
    return subscription;
  });
}
