import type {
  AccountHistoryResolvers,
  AnalyticsRowResolvers,
  BusinessLocationResolvers,
  ClientResolvers,
} from '#integrations/resolver-types.js';
import { readLocationInsights } from '#integrations/services/analytics/list-locations.js';

export const AccountHistory: AccountHistoryResolvers = {
  restatedDays: ({ providerId, ownRestatedDays }, _args, { providers }) =>
    ownRestatedDays ?? providers.find(providerId)?.history?.restatedDays ?? null,
};

export const AnalyticsRow: AnalyticsRowResolvers = {
  dimensionValues: ({ dimensions }) => dimensions,
  metricValues: ({ metrics }) => metrics,
};

export const BusinessLocation: BusinessLocationResolvers = {
  insights: (location, { range }, context) => readLocationInsights(context, { location, range }),
};

export const Client: ClientResolvers = {
  __resolveReference: ({ id }, { clientById }) => clientById.load(id),
  accounts: ({ id }, _args, { accountsByClient }) => accountsByClient.load(id),
};
