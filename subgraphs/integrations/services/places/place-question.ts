import type { LocationDay } from '#integrations/providers/products.js';
import { metricSql } from '#integrations/services/figures/metric-sql.js';

/** What figures of places are grouped by. */
export type PlaceDimension = 'PLACE' | 'ACCOUNT' | 'CLIENT' | 'DAY' | 'WEEK' | 'MONTH';

export type PlaceMetric =
  | 'SEARCH_IMPRESSIONS'
  | 'MAPS_IMPRESSIONS'
  | 'WEBSITE_CLICKS'
  | 'CALL_CLICKS'
  | 'DIRECTION_REQUESTS'
  | 'CONVERSATIONS'
  | 'BOOKINGS'
  | 'INTERACTIONS';

/** The columns of figures, of tables and of statements, with the names of the API. */
export const placeColumns = {
  searchImpressions: 'search_impressions',
  mapsImpressions: 'maps_impressions',
  websiteClicks: 'website_clicks',
  callClicks: 'call_clicks',
  directionRequests: 'direction_requests',
  conversations: 'conversations',
  bookings: 'bookings',
} as const satisfies Record<keyof LocationDay['metrics'], string>;

/** Google's own sum of interactions, without orders of food. https://support.google.com/business/answer/9918094 */
export const interactions = [
  'websiteClicks',
  'callClicks',
  'directionRequests',
  'conversations',
  'bookings',
] as const satisfies (keyof typeof placeColumns)[];

/** The metrics of places over sums. */
export const placeMetrics = metricSql<PlaceMetric>({
  SEARCH_IMPRESSIONS: (side) => `${side}_search_impressions`,
  MAPS_IMPRESSIONS: (side) => `${side}_maps_impressions`,
  WEBSITE_CLICKS: (side) => `${side}_website_clicks`,
  CALL_CLICKS: (side) => `${side}_call_clicks`,
  DIRECTION_REQUESTS: (side) => `${side}_direction_requests`,
  CONVERSATIONS: (side) => `${side}_conversations`,
  BOOKINGS: (side) => `${side}_bookings`,
  INTERACTIONS: (side) => interactions.map((name) => `${side}_${placeColumns[name]}`).join(' + '),
});

/** The sums of a row. */
export const placeSums = Object.fromEntries(
  Object.values(placeColumns).map((column) => [
    column,
    (rows: string) => `coalesce(sum(fact.${column}) FILTER (WHERE ${rows}), 0)`,
  ]),
);
