import type { RateLimit } from '#runtime/cache/rate-limit.js';
import { addressKey } from '#runtime/identity/address-key.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { BaseServices } from '#runtime/services.js';
import type { ReadPlanLimits } from './plan-limits.js';

/** The limit of one client and the key it is counted by. */
export interface Allowance {
  limit: RateLimit;
  key: string;
}

/** The limits of clients; undefined = unlimited. */
export interface Allowances {
  requests(identity: Identity, address: string): Promise<Allowance | undefined>;
  cost(identity: Identity): Promise<Allowance | undefined>;
}

const ANONYMOUS_WINDOW_SECONDS = 15 * 60;
const SIGNED_IN_WINDOW_SECONDS = 60;
/** Cost per anonymous request: enough for a log-in or the list of plans. */
const ANONYMOUS_COST_PER_REQUEST = 200;

/** Returns the key of a user or an API key; undefined for anyone else. */
function personKey({ kind, userId, apiKeyId }: Identity): string | undefined {
  if (kind === 'apiKey') return `key:${apiKeyId}`;
  return kind === 'user' ? userId : undefined;
}

/** Returns the limits: of users and API keys by plan, of anonymous clients by address. Services are not limited. */
export function createAllowances(
  { config: { traffic }, requestLimits }: Pick<BaseServices, 'config' | 'requestLimits'>,
  readPlanLimits: ReadPlanLimits,
): Allowances {
  const open = (name: string, points: number, windowSeconds: number) =>
    points > 0 ? requestLimits.open({ name, points, windowSeconds }) : undefined;
  const allowance = (key: string, limit: RateLimit | undefined) => limit && { key, limit };

  const ofSignedIn = async (
    name: string,
    { organizationId = '', requestId }: Identity,
    set: number | undefined,
    inPlan: 'requestsPerMinute' | 'costPerMinute',
  ) => open(name, set ?? (await readPlanLimits(organizationId, requestId))[inPlan], SIGNED_IN_WINDOW_SECONDS);

  // Opened before the first request, so that the state of Redis is known.
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
