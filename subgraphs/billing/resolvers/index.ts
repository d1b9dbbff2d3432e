import type {
  OrganizationResolvers,
  OrganizationSubscriptionResolvers,
  PlanResolvers,
  QueryResolvers,
  Resolvers,
} from '#billing/resolver-types.js';
import { getSubscription } from '#billing/services/get-subscription.js';
import { getPlanLimits, listPlans } from '#billing/services/plans.js';
import { subscriptionStatus } from '#billing/services/subscription-status.js';
import { Forbidden } from '#runtime/errors.js';
import { Money } from '#runtime/money.js';

const Query: QueryResolvers = {
  plans: (_root, _args, context) => listPlans(context),
  planLimits: (_root, _args, context) => {
    const { organizationId } = context.identity;
    if (!organizationId) throw new Forbidden();
    return getPlanLimits(context, { organizationId });
  },
};

const Organization: OrganizationResolvers = {
  __resolveReference: (reference, { identity }) => (reference.id === identity.organizationId ? reference : null),
  subscription: ({ id: organizationId, createdAt }, _args, context) =>
    getSubscription(context, { organizationId, createdAt }),
};

const OrganizationSubscription: OrganizationSubscriptionResolvers = {
  __resolveReference: ({ id }, { subscriptionById }) => subscriptionById.load(id),
  plan: ({ planId }, _args, { planById }) => planById.load(planId),
  status: (subscription, _args, { services }) => subscriptionStatus(subscription, services.now()),
};

const Plan: PlanResolvers = {
  monthlyPrice: ({ monthlyPriceMicros, currency }) => ({
    amount: Money.fromMicros(monthlyPriceMicros, currency).toString(),
    currency,
  }),
};

export const resolvers: Resolvers = { Query, Plan, OrganizationSubscription, Organization };
