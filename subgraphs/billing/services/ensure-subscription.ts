import { z } from 'zod';
import type { Context } from '#billing/context.js';
import { type Subscription, SubscriptionEntity } from '#billing/entities/subscription.js';
import { findSubscription } from '#billing/loaders.js';
import { TRIAL_MS } from '#runtime/entitlements/entitlement.js';
import { parseInput } from '#runtime/parse-input.js';
import { beginSubscriptions, reportBegun } from './begin-subscriptions.js';

const input = z.object({
  createdAt: z.iso.datetime({ offset: true, error: 'must be an instant like "2026-10-05T10:11:12.000Z"' }),
});

/**
 * Returns an organization's subscription, stored on the first call as the organization began: with a trial, or on the plan Free. Where it
 * has no entitlement, its trial is the 14 days from `createdAt`, and over without one. Throws InvalidInput when that is needed and invalid.
 */
export async function ensureSubscription(
  { database, services }: Pick<Context, 'database' | 'services'>,
  { organizationId, ...given }: { organizationId: string; createdAt?: unknown },
): Promise<Subscription> {
  const existing = await findSubscription(database, { organizationId });
  if (existing) return existing;
  const now = services.now();
  return database.transaction(async (manager) => {
    await beginSubscriptions(manager, { organizationId, now });
    const begun = await manager.findOneBy(SubscriptionEntity, { organizationId });
    if (begun) return begun;
    const beganAt = 'createdAt' in given ? new Date(parseInput(input, given).createdAt) : null;
    const createdAt = beganAt ?? new Date(now.getTime() - TRIAL_MS);
    const trialEndsAt = new Date(createdAt.getTime() + TRIAL_MS);
    const { raw } = await manager
      .createQueryBuilder()
      .insert()
      .into(SubscriptionEntity)
      .values({ organizationId, trialEndsAt, createdAt })
      .orIgnore()
      .returning('id')
      .execute();
    if (raw.length > 0) await reportBegun(manager, { organizationId, now });
    return manager.findOneByOrFail(SubscriptionEntity, { organizationId });
  });
}
