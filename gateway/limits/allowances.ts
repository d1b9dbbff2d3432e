import type { RateLimit } from '#runtime/cache/rate-limit.js';
import { addressKey } from '#runtime/identity/address-key.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { BaseServices } from '#runtime/services.js';
import type { ReadPlanLimits } from './plan-limits.js';

/** What one client may do, and under which key it is counted. */
export interface Allowance {
  limit: RateLimit;
  key: string;
}

/** What clients may do; undefined = as much as they like. */
export interface Allowances {
  /** Requests. */
  requests(identity: Identity, address: string): Promise<Allowance | undefined>;
  /** What operations cost. */
  cost(identity: Identity): Promise<Allowance | undefined>;
}

const ANONYMOUS_WINDOW_SECONDS = 15 * 60;
const SIGNED_IN_WINDOW_SECONDS = 60;
/** What clients without credentials may spend per request they may make: a log-in, or a look at the plans. */
const ANONYMOUS_COST_PER_REQUEST = 200;

/** Returns the person or the API key behind a request, or undefined when it is counted by its address. */
function personKey({ kind, userId, apiKeyId }: Identity): string | undefined {
  if (kind === 'apiKey') return `key:${apiKeyId}`;
  return kind === 'user' ? userId : undefined;
}

/**
 * Returns what clients of this gateway may do: people and API keys by who they are and as much as their plan says, all
 * others by network address. Parts of WebMetrics itself are not limited.
 */
export function createAllowances(
  { config: { traffic }, rateLimits }: Pick<BaseServices, 'config' | 'rateLimits'>,
  readPlanLimits: ReadPlanLimits,
): Allowances {
  const open = (name: string, points: number, windowSeconds: number) =>
    points > 0 ? rateLimits.open({ name, points, windowSeconds }) : undefined;
  const allowance = (key: string, limit: RateLimit | undefined) => limit && { key, limit };

  const ofSignedIn = async (
    name: string,
    { organizationId = '', requestId }: Identity,
    set: number | undefined,
    inPlan: 'requestsPerMinute' | 'costPerMinute',
  ) => open(name, set ?? (await readPlanLimits(organizationId, requestId))[inPlan], SIGNED_IN_WINDOW_SECONDS);

  // Opened now: Redis is known to be there, or not, before the first request.
  const anonymous = open('anonymous', traffic.anonymousLimit, ANONYMOUS_WINDOW_SECONDS);
  const anonymousCost = open(
    'anonymous-cost',
    traffic.anonymousLimit * ANONYMOUS_COST_PER_REQUEST,
    ANONYMOUS_WINDOW_SECONDS,
  );

  return {
    requests: async (identity, address) => {
      const person = personKey(identity);
      if (person) {
        const limit = await ofSignedIn('signed-in', identity, traffic.signedInLimit, 'requestsPerMinute');
        return allowance(person, limit);
      }
      if (identity.kind !== 'anonymous') return undefined;
      return allowance(addressKey(address), anonymous);
    },
    cost: async (identity) => {
      const person = personKey(identity);
      if (person) {
        const limit = await ofSignedIn('signed-in-cost', identity, traffic.costLimit, 'costPerMinute');
        return allowance(person, limit);
      }
      if (identity.kind !== 'anonymous' || !identity.client) return undefined;
      return allowance(addressKey(identity.client.address), anonymousCost);
    },
  };
}
