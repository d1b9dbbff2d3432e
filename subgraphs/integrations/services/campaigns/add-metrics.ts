import type { AdMetrics } from '#integrations/providers/products.js';
import { amountOfMicros } from '#runtime/money.js';
import { microsOf } from './ratios.js';

/** Conversions are counted in fractions: six places are exact where floating-point sums are not. */
const CONVERSION_UNITS = 1e6;

/** Returns the sums of metrics of one currency. */
export function addMetrics(all: Iterable<AdMetrics>, currency: string): AdMetrics {
  let impressions = 0;
  let clicks = 0;
  let cost = 0n;
  let conversions = 0;
  let conversionValue = 0n;
  for (const metrics of all) {
    impressions += metrics.impressions;
    clicks += metrics.clicks;
    cost += microsOf(metrics.cost);
    conversions += Math.round(metrics.conversions * CONVERSION_UNITS);
    conversionValue += microsOf(metrics.conversionValue);
  }
  return {
    impressions,
    clicks,
    cost: amountOfMicros(cost, currency),
    conversions: conversions / CONVERSION_UNITS,
    conversionValue: amountOfMicros(conversionValue, currency),
  };
}
