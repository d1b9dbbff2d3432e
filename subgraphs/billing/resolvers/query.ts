import type { QueryResolvers } from '#billing/resolver-types.js';
import { getPlanLimits } from '#billing/services/get-plan-limits.js';
import { listPlans } from '#billing/services/list-plans.js';
import { Forbidden } from '#runtime/errors.js';

export const Query: QueryResolvers = {
  plans: (_root, _args, { database }) => listPlans(database),
  planLimits: (_root, _args, { database, identity }) => {
    if (!identity.organizationId) throw new Forbidden();
    return getPlanLimits(database, identity.organizationId);
  },
};
