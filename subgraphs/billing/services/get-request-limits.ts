import type { Context } from '#billing/context.js';
import { type RequestLimits, requestLimitsOf } from '#runtime/entitlements/plans.js';

/** Returns the limits of requests of an organization, by the plan that it has now. */
export async function getRequestLimits(
  { services }: Pick<Context, 'services'>,
  { organizationId }: { organizationId: string },
): Promise<RequestLimits> {
  const { planId } = await services.entitlements.of(organizationId);
  return requestLimitsOf(planId);
}
