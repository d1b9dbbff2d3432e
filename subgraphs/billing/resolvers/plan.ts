import type { PlanResolvers } from '#billing/resolver-types.js';
import { amountOfMicros } from '#runtime/money.js';

export const Plan: PlanResolvers = {
  monthlyPrice: ({ monthlyPriceMicros, currency }) => ({
    amount: amountOfMicros(monthlyPriceMicros, currency),
    currency,
  }),
};
