import type { AnalyticsRowResolvers } from '#integrations/resolver-types.js';

export const AnalyticsRow: AnalyticsRowResolvers = {
  dimensionValues: ({ dimensions }) => dimensions,
  metricValues: ({ metrics }) => metrics,
};
