import type { Context } from '#billing/context.js';
import { FREE_PLAN, findPlan, limitOf } from '#runtime/entitlements/plans.js';

/** Per minute; null = unlimited. */
export interface RequestLimits {
  requestsPerMinute: number | null;
  costPerMinute: number | null;
}

/** Returns the limits of requests of an organization; those of the smallest plan where its plan is unknown, as it may still read. */
export async function getRequestLimits(
  { services }: Pick<Context, 'services'>,
  { organizationId }: { organizationId: string },
): Promise<RequestLimits> {
  const { planId } = await services.entitlements.of(organizationId);
  const known = findPlan(planId) ? planId : FREE_PLAN;
  return {
    requestsPerMinute: limitOf(known, 'REQUESTS_PER_MINUTE'),
    costPerMinute: limitOf(known, 'COST_PER_MINUTE'),
  };
}
