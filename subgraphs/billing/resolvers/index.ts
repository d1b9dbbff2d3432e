import type {
  MutationResolvers,
  OrganizationResolvers,
  OrganizationSubscriptionResolvers,
  QueryResolvers,
  Resolvers,
} from '#billing/resolver-types.js';
import { getRequestLimits } from '#billing/services/get-request-limits.js';
import { getSubscription } from '#billing/services/get-subscription.js';
import { keepWithinPlan } from '#billing/services/keep-within-plan.js';
import { subscriptionStatus } from '#billing/services/subscription-status.js';
import { findPlan, plans, TRIAL_PLAN } from '#runtime/entitlements/plans.js';
import { Forbidden } from '#runtime/errors.js';
import { Plan, PlanOverage } from './plan.js';

const Query: QueryResolvers = {
  plans: () => [...plans],
  planLimits: (_root, _args, context) => {
    const { organizationId } = context.identity;
    if (!organizationId) throw new Forbidden();
    return getRequestLimits(context, { organizationId });
  },
};

const Mutation: MutationResolvers = {
  keepWithinPlan: (_root, given, context) => keepWithinPlan(context, given),
};

const Organization: OrganizationResolvers = {
  __resolveReference: (reference, { identity }) => (reference.id === identity.organizationId ? reference : null),
  subscription: ({ id: organizationId, createdAt }, _args, context) =>
    getSubscription(context, { organizationId, createdAt }),
};

const OrganizationSubscription: OrganizationSubscriptionResolvers = {
  __resolveReference: ({ id }, { subscriptionById }) => subscriptionById.load(id),
  plan: ({ planId }) => {
    const plan = findPlan(planId ?? TRIAL_PLAN);
    if (!plan) throw new Error(`There is no plan ${planId}`);
    return plan;
  },
  status: (subscription, _args, { services }) => subscriptionStatus(subscription, services.now()),
};

export const resolvers: Resolvers = { Query, Mutation, Plan, PlanOverage, OrganizationSubscription, Organization };
