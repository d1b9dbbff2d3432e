import type { PlanResolvers } from '../resolver-types.js';
import { amountOfMicros } from '../../../ops/runtime/money.js';

export const Plan: PlanResolvers = {
  monthlyPrice: ({ monthlyPriceMicros, currency }) => ({
    amount: amountOfMicros(monthlyPriceMicros, currency),
    currency,
  }),
};
