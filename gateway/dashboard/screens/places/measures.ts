import type { Measure } from '#dashboard/kit/measures/measure.ts';

/** What is measured of the profiles of places. */
export const measures: readonly Measure[] = [
  { key: 'interactions', unit: 'count', isMoreBetter: true },
  { key: 'searchImpressions', unit: 'count', isMoreBetter: true },
  { key: 'mapsImpressions', unit: 'count', isMoreBetter: true },
  { key: 'websiteClicks', unit: 'count', isMoreBetter: true },
  { key: 'callClicks', unit: 'count', isMoreBetter: true },
  { key: 'directionRequests', unit: 'count', isMoreBetter: true },
  { key: 'conversations', unit: 'count', isMoreBetter: true },
  { key: 'bookings', unit: 'count', isMoreBetter: true },
];

/** Those of a row of tiles. */
export const tiles = measures.slice(0, 6);

/** Those over days. */
export const lines = measures.slice(0, 2);
