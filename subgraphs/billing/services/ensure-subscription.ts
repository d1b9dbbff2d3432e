import type { Context } from '#billing/context.js';
import { type Subscription, SubscriptionEntity } from '#billing/entities/subscription.js';
import { TRIAL_MS } from '#runtime/entitlements/entitlement.js';
import { readEntitlement } from '#runtime/entitlements/entitlements.js';

/**
 * Returns an organization's row, created on the first call with the trial that sign-up began: until billing has written the
 * first entitlement, the next one is due at the trial's end. Where nothing is known of the organization, its trial is over.
 */
export async function ensureSubscription(
  { database, services }: Pick<Context, 'database' | 'services'>,
  { organizationId }: { organizationId: string },
): Promise<Subscription> {
  const { manager } = database;
  const existing = await manager.findOneBy(SubscriptionEntity, { organizationId });
  if (existing) return existing;
  const entitlement = await readEntitlement(manager, { organizationId });
  const trialEndsAt = entitlement?.next?.at ?? services.now();
  const createdAt = new Date(trialEndsAt.getTime() - TRIAL_MS);
  await manager
    .createQueryBuilder()
    .insert()
    .into(SubscriptionEntity)
    .values({ organizationId, trialEndsAt, createdAt })
    .orIgnore()
    .execute();
  return manager.findOneByOrFail(SubscriptionEntity, { organizationId });
}
