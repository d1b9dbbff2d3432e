import type {
  PlaceChangeResolvers,
  PlaceMetricsResolvers,
  PlaceRowResolvers,
  PlaceTotalResolvers,
} from '#integrations/resolver-types.js';
import { interactions, placeColumns } from '#integrations/services/places/place-question.js';
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
export const PlaceTotal: PlaceTotalResolvers = { change };
export const PlaceRow: PlaceRowResolvers = { change, client };
