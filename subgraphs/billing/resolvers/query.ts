import type { QueryResolvers } from '../resolver-types.js';
import { listPlans } from '../services/list-plans.js';

export const Query: QueryResolvers = {
  plans: (_root, _args, { database }) => listPlans(database),
};
