import type { Measure } from '#dashboard/kit/measures/measure.ts';

/** What is measured of advertising. */
export const measures: readonly Measure[] = [
  { key: 'cost', unit: 'money' },
  { key: 'conversions', unit: 'count', isMoreBetter: true },
  { key: 'conversionValue', unit: 'money', isMoreBetter: true },
  { key: 'cpa', unit: 'money', isMoreBetter: false },
  { key: 'roas', unit: 'multiple', isMoreBetter: true },
  { key: 'clicks', unit: 'count', isMoreBetter: true },
  { key: 'impressions', unit: 'count', isMoreBetter: true },
  { key: 'ctr', unit: 'ratio', isMoreBetter: true },
  { key: 'cpc', unit: 'money', isMoreBetter: false },
  { key: 'cpm', unit: 'money', isMoreBetter: false },
];

/** Those of a row of tiles. */
export const tiles = measures.slice(0, 6);

/** Those over days. */
export const lines = measures.slice(0, 2);
