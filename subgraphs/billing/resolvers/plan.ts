import { amountOfMicros } from '../../../ops/runtime/money.js';
import type { PlanResolvers } from '../resolver-types.js';

export const Plan: PlanResolvers = {
  monthlyPrice: ({ monthlyPriceMicros, currency }) => ({
    amount: amountOfMicros(monthlyPriceMicros, currency),
    currency,
  }),
};
