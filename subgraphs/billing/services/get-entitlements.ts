import type { Context } from '#billing/context.js';
import type { Access } from '#runtime/entitlements/entitlement.js';
import { findPlan, type LimitName, limitNames, limitOf, type Plan } from '#runtime/entitlements/plans.js';

/** How much of each limit is used, where that is counted; null = it cannot be counted now. */
export type Used = Partial<Record<LimitName, number | null>>;

export interface EntitlementLimit {
  name: LimitName;
  /** null = unlimited. */
  limit: number | null;
  used: number | null;
  remaining: number | null;
}

export interface OrganizationEntitlements {
  plan: Plan | null;
  access: Access;
  limits: EntitlementLimit[];
}

/** Returns what an organization may use now, beside what it uses. */
export async function getEntitlements(
  { services }: Pick<Context, 'services'>,
  { organizationId, used: counted }: { organizationId: string; used: Used },
): Promise<OrganizationEntitlements> {
  const { planId, access } = await services.entitlements.of(organizationId);
  const limits = limitNames.map((name) => {
    const limit = limitOf(planId, name);
    const used = counted[name] ?? null;
    return { name, limit, used, remaining: limit === null || used === null ? null : Math.max(0, limit - used) };
  });
  return { plan: findPlan(planId) ?? null, access, limits };
}
