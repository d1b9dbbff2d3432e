import type { QueryResolvers } from '#billing/resolver-types.js';
import { getPlanLimits, listPlans } from '#billing/services/plans.js';
import { Forbidden } from '#runtime/errors.js';

export const Query: QueryResolvers = {
  plans: (_root, _args, context) => listPlans(context),
  planLimits: (_root, _args, context) => {
    const { organizationId } = context.identity;
    if (!organizationId) throw new Forbidden();
    return getPlanLimits(context, { organizationId });
  },
};
