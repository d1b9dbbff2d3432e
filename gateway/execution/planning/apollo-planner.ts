import type { QueryPlanner } from '@apollo/query-planner';
import type { Planner } from './planner.js';

/** Returns the planner of a loaded Apollo Gateway, which is not made a second time: that takes seconds. */
export function apolloPlanner(planner: QueryPlanner): Planner {
  return { plan: ({ operation }) => planner.buildQueryPlan(operation) };
}
