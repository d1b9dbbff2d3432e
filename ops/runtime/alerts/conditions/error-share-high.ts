import { recentRequests } from '#runtime/telemetry/observe-http.js';
import type { Condition } from './condition.js';
import { LIMITS } from './limits.js';

/** Whether more than 5 % of the requests of five minutes ended with a 5xx status, in this process. */
export const errorShareHigh: Condition = {
  name: 'error-share-high',
  category: 'internal',
  causes: ['database-unreachable', 'subgraph-unreachable'],
  evaluate: async () => {
    const { requests, errors } = recentRequests();
    if (requests < LIMITS.errorRequests || errors / requests <= LIMITS.errorShare) return [];
    const share = `${Math.round((100 * errors) / requests)} %`;
    return [{ message: `${share} of the requests of five minutes ended with a 5xx status: ${errors} of ${requests}.` }];
  },
};
