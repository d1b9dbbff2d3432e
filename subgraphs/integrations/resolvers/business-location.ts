import type { BusinessLocationResolvers } from '../resolver-types.js';
import { readLocationInsights } from '../services/list-locations.js';

export const BusinessLocation: BusinessLocationResolvers = {
  insights: (place, { range }, context) => readLocationInsights(context, place, range),
};
