import type { DataSource } from 'typeorm';
import { type Plan, PlanEntity } from '#billing/entities/plan.js';
import { SubscriptionEntity } from '#billing/entities/subscription.js';
import { TRIAL_PLAN } from './get-subscription.js';

/** Returns what the plan of an organization allows; one whose subscription nobody asked for yet is in its trial. */
export async function getPlanLimits(
  database: DataSource,
  organizationId: string,
): Promise<Pick<Plan, 'requestsPerMinute' | 'costPerMinute'>> {
  const subscription = await database.manager.findOneBy(SubscriptionEntity, { organizationId });
  return database.manager.findOneByOrFail(PlanEntity, { id: subscription?.planId ?? TRIAL_PLAN });
}
