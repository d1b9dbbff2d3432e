import type {
  PlaceChangeResolvers,
  PlaceMetricsResolvers,
  PlaceRowResolvers,
  PlaceTotalResolvers,
} from '#integrations/resolver-types.js';
import type { FoundSums } from '#integrations/services/figures/grouped-statement.js';
import { interactions, type PlaceMetric, placeColumns } from '#integrations/services/places/place-question.js';
import { explainWith } from './explain.js';
import { change, changesOf, client, metricsOf, sumOf, sumOfAll } from './grouped-figures.js';

const reads = {
  searchImpressions: sumOf(placeColumns.searchImpressions),
  mapsImpressions: sumOf(placeColumns.mapsImpressions),
  websiteClicks: sumOf(placeColumns.websiteClicks),
  callClicks: sumOf(placeColumns.callClicks),
  directionRequests: sumOf(placeColumns.directionRequests),
  conversations: sumOf(placeColumns.conversations),
  bookings: sumOf(placeColumns.bookings),
  interactions: sumOfAll(interactions.map((name) => placeColumns[name])),
};

export const PlaceMetrics: PlaceMetricsResolvers = metricsOf(reads);
export const PlaceChange: PlaceChangeResolvers = changesOf(reads);
const explain = explainWith<PlaceMetric, FoundSums>(reads);

export const PlaceTotal: PlaceTotalResolvers = { change, explain };
export const PlaceRow: PlaceRowResolvers = { change, client, explain };
