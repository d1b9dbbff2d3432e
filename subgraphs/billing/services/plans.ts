import type { Context } from '#billing/context.js';
import { type Plan, PlanEntity } from '#billing/entities/plan.js';
import { SubscriptionEntity } from '#billing/entities/subscription.js';
import { TRIAL_PLAN } from './get-subscription.js';

/** Returns the plans on offer, the smallest first. */
export function listPlans({ database }: Pick<Context, 'database'>): Promise<Plan[]> {
  return database.manager.find(PlanEntity, { order: { position: 'ASC' } });
}

/** Returns the limits of an organization's plan, by default the trial. */
export async function getPlanLimits(
  { database }: Pick<Context, 'database'>,
  { organizationId }: { organizationId: string },
): Promise<Pick<Plan, 'requestsPerMinute' | 'costPerMinute'>> {
  const subscription = await database.manager.findOneBy(SubscriptionEntity, { organizationId });
  return database.manager.findOneByOrFail(PlanEntity, { id: subscription?.planId ?? TRIAL_PLAN });
}
