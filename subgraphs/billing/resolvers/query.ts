import { Forbidden } from '../../../ops/runtime/errors.js';
import type { QueryResolvers } from '../resolver-types.js';
import { getPlanLimits } from '../services/get-plan-limits.js';
import { listPlans } from '../services/list-plans.js';

export const Query: QueryResolvers = {
  plans: (_root, _args, { database }) => listPlans(database),
  planLimits: (_root, _args, { database, identity }) => {
    if (!identity.organizationId) throw new Forbidden();
    return getPlanLimits(database, identity.organizationId);
  },
};
