import type { PlanResolvers } from '../resolver-types.js';
import { moneyFromMicros } from '../services/money-from-micros.js';

export const Plan: PlanResolvers = {
  monthlyPrice: ({ monthlyPriceMicros, currency }) => moneyFromMicros(monthlyPriceMicros, currency),
};
