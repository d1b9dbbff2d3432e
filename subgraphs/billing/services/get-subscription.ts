import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { type Subscription, SubscriptionEntity } from '#billing/entities/subscription.js';
import { parseInput } from '#runtime/parse-input.js';

/** What an organization has until something is bought. */
export const TRIAL_PLAN = 'trial';
const TRIAL_MS = 14 * 24 * 60 * 60 * 1000;

const input = z.object({
  createdAt: z.iso.datetime({ offset: true, error: 'must be an instant like "2026-10-05T10:11:12.000Z"' }),
});

/**
 * Returns an organization's subscription, which is a trial counted from the organization's `createdAt` until something
 * is bought. The first to ask writes it down; any number may be first at once.
 */
export async function getSubscription(
  database: DataSource,
  organizationId: string,
  createdAt: unknown,
): Promise<Subscription> {
  const existing = await database.manager.findOneBy(SubscriptionEntity, { organizationId });
  if (existing) return existing;
  const beganAt = new Date(parseInput(input, { createdAt }).createdAt);
  const trialEndsAt = new Date(beganAt.getTime() + TRIAL_MS);
  await database
    .createQueryBuilder()
    .insert()
    .into(SubscriptionEntity)
    .values({ organizationId, planId: TRIAL_PLAN, trialEndsAt, purchaseStatus: null, createdAt: beganAt })
    .orIgnore()
    .execute();
  return database.manager.findOneByOrFail(SubscriptionEntity, { organizationId });
}
