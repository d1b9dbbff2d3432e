import type { PlanResolvers } from '#billing/resolver-types.js';
import { Money } from '#runtime/money.js';

export const Plan: PlanResolvers = {
  monthlyPrice: ({ monthlyPriceMicros, currency }) => ({
    amount: Money.fromMicros(monthlyPriceMicros, currency).toString(),
    currency,
  }),
};
