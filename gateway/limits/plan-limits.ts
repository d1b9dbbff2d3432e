import { LRUCache } from 'lru-cache';
import { askSubgraph } from '#gateway/federation/ask-subgraph.js';
import type { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import { FREE_PLAN, type RequestLimits, requestLimitsOf } from '#runtime/entitlements/plans.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Logger } from '#runtime/log/logger.js';

/** Returns the limits of an organization; those of the smallest plan without one, or while billing does not answer. */
export type ReadPlanLimits = (organizationId: string, requestId: string) => Promise<RequestLimits>;

/** With the ten seconds for which billing keeps entitlements, a change takes effect within 40 seconds. */
const CACHE_TTL_MS = 30_000;
const MAX_CACHED = 10_000;
const SMALLEST_PLAN = requestLimitsOf(FREE_PLAN);

const names = Object.keys(SMALLEST_PLAN).join(' ');
const PLAN_LIMITS = /* GraphQL */ `query PlanLimits { planLimits { ${names} } }`;

/** Returns the limits by plan, cached for half a minute. */
export function createPlanLimits(billing: SubgraphDataSource, logger: Logger): ReadPlanLimits {
  const cached = new LRUCache<string, RequestLimits, string>({
    max: MAX_CACHED,
    ttl: CACHE_TTL_MS,
    allowStaleOnFetchRejection: true,
    fetchMethod: async (organizationId, _known, { context: requestId }) => {
      const identity: Identity = { kind: 'service', organizationId, scopes: [], requestId };
      const { planLimits } = await askSubgraph<{ planLimits: RequestLimits }>(
        billing,
        { query: PLAN_LIMITS, variables: {} },
        identity,
      );
      return planLimits;
    },
  });
  return async (organizationId, requestId) => {
    if (!organizationId) return SMALLEST_PLAN;
    try {
      return (await cached.fetch(organizationId, { context: requestId })) ?? SMALLEST_PLAN;
    } catch (err) {
      logger.warn({ err, organizationId }, 'Plan limits unavailable');
      return SMALLEST_PLAN;
    }
  };
}
