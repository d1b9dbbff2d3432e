import { receiveEvent } from '#billing/events/receive-event.js';
import { registerEndpoint } from '#billing/events/register-endpoint.js';
import type { MutationResolvers } from '#billing/resolver-types.js';
import { applyPromotionCode } from '#billing/services/commands/apply-promotion-code.js';
import { cancelSubscription } from '#billing/services/commands/cancel-subscription.js';
import { changePlan } from '#billing/services/commands/change-plan.js';
import { openBillingPortal } from '#billing/services/commands/open-billing-portal.js';
import { pauseSubscription } from '#billing/services/commands/pause-subscription.js';
import { resumeSubscription } from '#billing/services/commands/resume-subscription.js';
import { startCheckout } from '#billing/services/commands/start-checkout.js';
import { keepWithinPlan } from '#billing/services/keep-within-plan.js';
import { recordUsage } from '#billing/usage/record-usage.js';

export const Mutation: MutationResolvers = {
  receiveStripeEvent: (_root, given, context) => receiveEvent(context, given),
  registerStripeEndpoint: (_root, given, context) => registerEndpoint(context, given),
  recordUsage: (_root, given, context) => recordUsage(context, given),
  keepWithinPlan: (_root, given, context) => keepWithinPlan(context, given),
  startCheckout: (_root, given, context) => startCheckout(context, given),
  openBillingPortal: (_root, given, context) => openBillingPortal(context, given),
  changePlan: async (_root, given, context) => ({ subscription: await changePlan(context, given) }),
  cancelSubscription: async (_root, given, context) => ({ subscription: await cancelSubscription(context, given) }),
  resumeSubscription: async (_root, _args, context) => ({ subscription: await resumeSubscription(context) }),
  pauseSubscription: async (_root, given, context) => ({ subscription: await pauseSubscription(context, given) }),
  applyPromotionCode: async (_root, given, context) => ({ subscription: await applyPromotionCode(context, given) }),
};
