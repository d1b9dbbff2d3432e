// The parent values of GraphQL types whose fields have resolvers (read by `npm run schema`).

import type { Overage, Plan } from '#runtime/entitlements/plans.js';
import type { Subscription } from './entities/subscription.js';

export type PlanModel = Plan;
export type PlanOverageModel = Overage;
export type OrganizationSubscriptionModel = Subscription;

/** The organization as the gateway references it. */
export interface OrganizationModel {
  id: string;
  /** ISO 8601, from the auth subgraph when the subscription is requested. */
  createdAt?: unknown;
}
