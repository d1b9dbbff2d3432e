import type { Measure } from '#dashboard/kit/measures/measure.ts';

/** What is measured of posts, to date. */
export const measures: readonly Measure[] = [
  { key: 'posts', unit: 'count' },
  { key: 'impressions', unit: 'count', isMoreBetter: true },
  { key: 'engagements', unit: 'count', isMoreBetter: true },
  { key: 'engagementRate', unit: 'ratio', isMoreBetter: true },
  { key: 'likes', unit: 'count', isMoreBetter: true },
  { key: 'reposts', unit: 'count', isMoreBetter: true },
  { key: 'replies', unit: 'count', isMoreBetter: true },
  { key: 'quotes', unit: 'count', isMoreBetter: true },
  { key: 'bookmarks', unit: 'count', isMoreBetter: true },
  { key: 'linkClicks', unit: 'count', isMoreBetter: true },
];

/** Those of a row of tiles. */
export const tiles = measures.slice(0, 6);

/** Those over days. */
export const lines = measures.slice(1, 3);

/** Those of a single post. */
export const columns = measures.slice(1);
