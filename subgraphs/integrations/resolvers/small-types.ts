import type {
  AnalyticsRowResolvers,
  BusinessLocationResolvers,
  ClientResolvers,
  SearchQueryConnectionResolvers,
} from '#integrations/resolver-types.js';
import { readLocationInsights } from '#integrations/services/analytics/list-locations.js';
import { readSearchCoverage } from '#integrations/services/analytics/list-search-queries.js';

export const AnalyticsRow: AnalyticsRowResolvers = {
  dimensionValues: ({ dimensions }) => dimensions,
  metricValues: ({ metrics }) => metrics,
};

export const BusinessLocation: BusinessLocationResolvers = {
  insights: (location, { range }, context) => readLocationInsights(context, { location, range }),
};

export const SearchQueryConnection: SearchQueryConnectionResolvers = {
  reportedThrough: async (page, _args, context) => (await readSearchCoverage(context, page)).reportedThrough,
  isFinal: async (page, _args, context) => (await readSearchCoverage(context, page)).isFinal,
};

export const Client: ClientResolvers = {
  __resolveReference: ({ id }, { clientById }) => clientById.load(id),
  accounts: ({ id }, _args, { accountsByClient }) => accountsByClient.load(id),
};
