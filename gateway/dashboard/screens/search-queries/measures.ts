import type { Measure } from '#dashboard/kit/measures/measure.ts';

/** What is measured of search results. A position of 1 is on top. */
export const measures: readonly Measure[] = [
  { key: 'clicks', unit: 'count', isMoreBetter: true },
  { key: 'impressions', unit: 'count', isMoreBetter: true },
  { key: 'ctr', unit: 'ratio', isMoreBetter: true },
  { key: 'position', unit: 'count', isMoreBetter: false },
];

/** Those over days. */
export const lines = measures.slice(0, 2);
