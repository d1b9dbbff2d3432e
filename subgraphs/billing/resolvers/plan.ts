import type { PlanOverageResolvers, PlanResolvers } from '#billing/resolver-types.js';
import { billingIntervals, limitNames, type Prices } from '#runtime/entitlements/plans.js';

const moneyIn = (prices: Prices) => Object.entries(prices).map(([currency, amount]) => ({ amount, currency }));

export const Plan: PlanResolvers = {
  limits: ({ limits }) => limitNames.map((name) => ({ name, limit: limits[name] })),
  prices: ({ prices }) =>
    prices
      ? billingIntervals.flatMap((interval) => moneyIn(prices[interval]).map((price) => ({ interval, price })))
      : [],
};

export const PlanOverage: PlanOverageResolvers = {
  unitPrices: ({ unitPrices }) => moneyIn(unitPrices),
};
