import type { AnalyticsRowResolvers } from '../resolver-types.js';

export const AnalyticsRow: AnalyticsRowResolvers = {
  dimensionValues: ({ dimensions }) => dimensions,
  metricValues: ({ metrics }) => metrics,
};
