import type Big from 'big.js';
import { decimalOf, quotient } from '#integrations/services/figures/metric-change.js';
import type { AdSums } from './found-performance.js';
import type { Metric } from './performance-question.js';

const micros = (amount: Big | null) => amount?.times('1e-6') ?? null;

const values: Record<Metric, (sums: AdSums) => Big | null> = {
  IMPRESSIONS: ({ impressions }) => decimalOf(impressions),
  CLICKS: ({ clicks }) => decimalOf(clicks),
  COST: ({ cost }) => micros(decimalOf(cost)),
  CONVERSIONS: ({ conversions }) => decimalOf(conversions),
  CONVERSION_VALUE: ({ value }) => micros(decimalOf(value)),
  CTR: ({ clicks, impressions }) => quotient(clicks, impressions),
  CPC: ({ cost, clicks }) => micros(quotient(cost, clicks)),
  CPM: ({ cost, impressions }) => micros(quotient(cost, impressions))?.times(1000) ?? null,
  CPA: ({ cost, conversions }) => micros(quotient(cost, conversions)),
  ROAS: ({ value, cost }) => quotient(value, cost),
};

/** Returns a metric of sums, amounts in units of their currency; null where it is unknown. */
export const metricOfSums = (metric: Metric, sums: AdSums): Big | null => values[metric](sums);

const addText = (one: string | null, other: string | null): string | null => {
  if (one === null || other === null) return one ?? other;
  return (decimalOf(one) as Big).plus(other).toFixed();
};

/** Returns the sums of sums: what none of them reports is unknown. */
export const addSums = (all: AdSums[]): AdSums =>
  all.reduce(
    (total, one) => ({
      impressions: addText(total.impressions, one.impressions) as string,
      clicks: addText(total.clicks, one.clicks) as string,
      cost: addText(total.cost, one.cost) as string,
      conversions: addText(total.conversions, one.conversions),
      value: addText(total.value, one.value),
    }),
    { impressions: '0', clicks: '0', cost: '0', conversions: null, value: null },
  );
