import type { QueryResolvers, Resolvers } from '#billing/resolver-types.js';
import { previewPlanChange } from '#billing/services/commands/preview-plan-change.js';
import { getRequestLimits } from '#billing/services/get-request-limits.js';
import { plans } from '#runtime/entitlements/plans.js';
import { Forbidden } from '#runtime/errors.js';
import { Invoice, InvoiceLine, InvoiceTax, PlanChangeLine } from './invoice.js';
import { Mutation } from './mutation.js';
import { Organization } from './organization.js';
import { Payment, Refund } from './payment.js';
import { Plan, PlanOverage } from './plan.js';
import {
  OrganizationSubscription,
  PlanChangePreview,
  SubscriptionDiscount,
  SubscriptionOverage,
} from './subscription.js';

const Query: QueryResolvers = {
  plans: () => [...plans],
  planLimits: (_root, _args, context) => {
    const { organizationId } = context.identity;
    if (!organizationId) throw new Forbidden();
    return getRequestLimits(context, { organizationId });
  },
  previewPlanChange: (_root, given, context) => previewPlanChange(context, given),
};

export const resolvers: Resolvers = {
  Query,
  Mutation,
  ...{
    Plan,
    PlanOverage,
    OrganizationSubscription,
    SubscriptionDiscount,
    SubscriptionOverage,
    PlanChangePreview,
    Organization,
  },
  ...{ Invoice, InvoiceLine, InvoiceTax, PlanChangeLine, Payment, Refund },
};
