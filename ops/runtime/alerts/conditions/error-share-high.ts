import { recentRequests } from '#runtime/telemetry/observe-http.js';
import type { Condition } from './condition.js';

const MAX_SHARE = 0.05;
/** Of fewer requests a share says nothing. */
const MIN_REQUESTS = 20;

/** Whether more than 5 % of the requests of five minutes ended with a 5xx status, in this process. */
export const errorShareHigh: Condition = {
  name: 'error-share-high',
  category: 'internal',
  causes: ['database-unreachable', 'subgraph-unreachable'],
  evaluate: async () => {
    const { requests, errors } = recentRequests();
    if (requests < MIN_REQUESTS || errors / requests <= MAX_SHARE) return [];
    const share = `${Math.round((100 * errors) / requests)} %`;
    return [{ message: `${share} of the requests of five minutes ended with a 5xx status: ${errors} of ${requests}.` }];
  },
};
