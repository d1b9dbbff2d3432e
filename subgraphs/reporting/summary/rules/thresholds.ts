import type { SectionKind } from '#reporting/dataset/dataset.js';

/** A change below this share of the figure before is noise. */
export const LEAST_CHANGE = 0.05;

/** A row is mentioned for what it adds to a change from this share of the total before. */
export const LEAST_CONTRIBUTION = 0.1;

/** A new row, or one that vanished, is mentioned from this share of the total. */
export const LEAST_SHARE = 0.05;

/** A ratio of a row is mentioned from this share of all cost, and this far from the ratio of the total. */
export const LEAST_COST_SHARE = 0.1;
export const LEAST_DEVIATION = 0.25;

/** A budget is off its pace from these shares of what is expected. */
export const FAST_PACE = 1.15;
export const SLOW_PACE = 0.85;

// What less than is chance. Amounts have none: they differ by currency.
const LEAST_VOLUME: Record<string, number> = {
  impressions: 1_000,
  searchimpressions: 1_000,
  mapsimpressions: 1_000,
  clicks: 50,
  websiteclicks: 20,
  conversions: 20,
  sessions: 100,
  engagedsessions: 100,
  newusers: 100,
  views: 100,
  events: 100,
  keyevents: 20,
  transactions: 20,
  interactions: 50,
  engagements: 50,
};

const BASIS: Record<string, string> = {
  ctr: 'impressions',
  cpm: 'impressions',
  position: 'impressions',
  cpc: 'clicks',
  cpa: 'conversions',
  roas: 'conversions',
  engagementrate: 'sessions',
  averagesessionduration: 'sessions',
  keyeventrate: 'sessions',
};

/** Returns the metric that says whether a figure is more than chance, and from how many. */
export function leastVolumeOf(metric: string): { metric: string; least: number } {
  const basis = BASIS[metric] ?? metric;
  return { metric: basis, least: LEAST_VOLUME[basis] ?? 0 };
}

const ADVERTISING = ['cost', 'conversions', 'conversionvalue', 'roas', 'cpa', 'clicks', 'impressions', 'ctr'];

/** The metrics a summary states of a kind of figures, the most important first. */
export const headlines: Record<SectionKind, string[]> = {
  PERFORMANCE: ADVERTISING,
  ACCOUNTS: ADVERTISING,
  SEARCH_QUERIES: ['clicks', 'impressions', 'position', 'ctr'],
  ANALYTICS: ['sessions', 'keyevents', 'revenue', 'transactions', 'newusers', 'keyeventrate', 'engagementrate'],
  PLACES: ['interactions', 'websiteclicks', 'directionrequests', 'callclicks', 'searchimpressions', 'mapsimpressions'],
  POSTS: ['impressions', 'engagements', 'engagementrate', 'linkclicks', 'posts'],
  BUDGETS: [],
  TEXT: [],
};

/** What rows contribute to, by kind of figures: the first that the section has. */
export const contributions: Record<SectionKind, string[]> = {
  PERFORMANCE: ['conversions', 'conversionvalue', 'clicks', 'impressions', 'cost'],
  ACCOUNTS: ['conversions', 'conversionvalue', 'clicks', 'impressions', 'cost'],
  SEARCH_QUERIES: ['clicks', 'impressions'],
  ANALYTICS: ['keyevents', 'sessions'],
  PLACES: ['interactions', 'websiteclicks', 'searchimpressions'],
  POSTS: ['engagements', 'impressions'],
  BUDGETS: [],
  TEXT: [],
};
