import { Money } from '#runtime/money.js';
import type { AdMetrics } from './products.js';

/** Conversions may be fractions; sums of millionths are exact. */
const CONVERSION_UNITS = 1e6;

/** Returns the sums of metrics of one currency. */
export function addMetrics(metrics: Iterable<AdMetrics>, currency: string): AdMetrics {
  const all = [...metrics];
  const sum = (numberOf: (one: AdMetrics) => number) => all.reduce((total, one) => total + numberOf(one), 0);
  const sumMoney = (amountOf: (one: AdMetrics) => string) => Money.sum(all.map(amountOf), currency).toString();
  return {
    impressions: sum(({ impressions }) => impressions),
    clicks: sum(({ clicks }) => clicks),
    cost: sumMoney(({ cost }) => cost),
    conversions: sum(({ conversions }) => Math.round(conversions * CONVERSION_UNITS)) / CONVERSION_UNITS,
    conversionValue: sumMoney(({ conversionValue }) => conversionValue),
  };
}
