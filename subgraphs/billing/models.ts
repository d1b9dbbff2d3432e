// What resolvers hand over for a GraphQL type where it differs from the type's own fields (read by `npm run schema`).

import type { Plan } from './entities/plan.js';
import type { Subscription } from './entities/subscription.js';

export type PlanModel = Plan;
export type OrganizationSubscriptionModel = Subscription;

/** The organization as the gateway represents it. */
export interface OrganizationModel {
  id: string;
  /** An instant as text, from the auth subgraph; only there when the subscription is asked for. */
  createdAt?: unknown;
}
