import type { OrganizationSubscriptionResolvers } from '#billing/resolver-types.js';
import { subscriptionStatus } from '#billing/services/subscription-status.js';

export const OrganizationSubscription: OrganizationSubscriptionResolvers = {
  __resolveReference: ({ id }, { subscriptionById }) => subscriptionById.load(id),
  plan: ({ planId }, _args, { planById }) => planById.load(planId),
  status: (subscription, _args, { services }) => subscriptionStatus(subscription, services.now()),
};
