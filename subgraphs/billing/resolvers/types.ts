import type {
  OrganizationResolvers,
  OrganizationSubscriptionResolvers,
  PlanResolvers,
} from '#billing/resolver-types.js';
import { getSubscription } from '#billing/services/get-subscription.js';
import { subscriptionStatus } from '#billing/services/subscription-status.js';
import { Money } from '#runtime/money.js';

export const Organization: OrganizationResolvers = {
  __resolveReference: (reference, { identity }) => (reference.id === identity.organizationId ? reference : null),
  subscription: ({ id: organizationId, createdAt }, _args, context) =>
    getSubscription(context, { organizationId, createdAt }),
};

export const OrganizationSubscription: OrganizationSubscriptionResolvers = {
  __resolveReference: ({ id }, { subscriptionById }) => subscriptionById.load(id),
  plan: ({ planId }, _args, { planById }) => planById.load(planId),
  status: (subscription, _args, { services }) => subscriptionStatus(subscription, services.now()),
};

export const Plan: PlanResolvers = {
  monthlyPrice: ({ monthlyPriceMicros, currency }) => ({
    amount: Money.fromMicros(monthlyPriceMicros, currency).toString(),
    currency,
  }),
};
