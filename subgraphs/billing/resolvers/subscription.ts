import type {
  OrganizationSubscriptionResolvers,
  PlanChangePreviewResolvers,
  SubscriptionDiscountResolvers,
  SubscriptionOverageResolvers,
} from '#billing/resolver-types.js';
import { findOpenInvoice } from '#billing/services/questions/find-open-invoice.js';
import { moneyOf } from '#billing/stripe/amounts.js';
import { countOverage } from '#billing/usage/meters/count-overage.js';
import { FREE_PLAN, findPlan, type Plan } from '#runtime/entitlements/plans.js';

/** Returns a plan; the smallest for one that does not exist any more. */
function planOf(planId: string): Plan {
  const plan = findPlan(planId) ?? findPlan(FREE_PLAN);
  if (!plan) throw new Error(`There is no plan ${FREE_PLAN}.`);
  return plan;
}

export const OrganizationSubscription: OrganizationSubscriptionResolvers = {
  __resolveReference: ({ id }, { subscriptionById }) => subscriptionById.load(id),
  plan: async (subscription, _args, { standingBySubscription }) =>
    planOf((await standingBySubscription.load(subscription)).planId),
  status: async (subscription, _args, { standingBySubscription }) =>
    (await standingBySubscription.load(subscription)).status,
  trialEndsAt: ({ trialEndsAt, trialEnd }) => (trialEnd && trialEnd > trialEndsAt ? trialEnd : trialEndsAt),
  cancelsAt: ({ cancelAt }) => cancelAt,
  pendingChange: ({ pendingPlanId, pendingInterval, pendingAt }) =>
    pendingPlanId !== null && pendingAt
      ? { plan: planOf(pendingPlanId), interval: pendingInterval, at: pendingAt }
      : null,
  openInvoice: (subscription, _args, context) => findOpenInvoice(context, subscription),
  overage: (subscription, _args, context) => countOverage(context, subscription),
};

export const SubscriptionOverage: SubscriptionOverageResolvers = {
  unitPrice: ({ unitPrice, currency }) => moneyOf(unitPrice, currency),
  amount: ({ units, unitPrice, currency }) => moneyOf(units * unitPrice, currency),
};

export const SubscriptionDiscount: SubscriptionDiscountResolvers = {
  percentOff: ({ percentOff }) => (percentOff === null ? null : String(percentOff)),
  amountOff: ({ amountOff, currency }) => (amountOff !== null && currency ? moneyOf(amountOff, currency) : null),
  endsAt: ({ endsAt }) => (endsAt ? new Date(endsAt) : null),
};

export const PlanChangePreview: PlanChangePreviewResolvers = {
  plan: ({ planId }) => planOf(planId),
  amountDue: ({ amountDue, currency }) => moneyOf(amountDue, currency),
  tax: ({ tax, currency }) => moneyOf(tax, currency),
  lines: ({ lines, currency }) => lines.map((line) => ({ ...line, currency })),
  nextInvoice: ({ nextInvoice, currency }) =>
    nextInvoice && { amountDue: moneyOf(nextInvoice.amountDue, currency), at: nextInvoice.at },
};
