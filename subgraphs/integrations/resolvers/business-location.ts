import type { BusinessLocationResolvers } from '#integrations/resolver-types.js';
import { readLocationInsights } from '#integrations/services/analytics/list-locations.js';

export const BusinessLocation: BusinessLocationResolvers = {
  insights: (place, { range }, context) => readLocationInsights(context, place, range),
};
