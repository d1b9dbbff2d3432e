import { createHash } from 'node:crypto';
import type { RateLimit } from '#runtime/cache/rate-limit.js';
import type { RequestLimits } from '#runtime/entitlements/plans.js';
import { addressKey } from '#runtime/identity/address-key.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { BaseServices } from '#runtime/services.js';
import type { ReadPlanLimits } from './plan-limits.js';
import { mayCarryToken, type Presented } from './presented.js';
import type { RecognizeToken } from './recognize-token.js';

/** The limit of one client and the key it is counted by. */
export interface Allowance {
  limit: RateLimit;
  key: string;
}

/** The limits of clients; undefined = unlimited. */
export interface Allowances {
  /**
   * Returns what a request without credentials is counted under: a token that WebMetrics issued, as of a device, a session or
   * a mailed link; else its network and purpose, so that requests for one purpose leave the others alone.
   */
  bucketOf(address: string, presented: Presented): Promise<string>;
  /** `bucket`: of a request without credentials. */
  requests(identity: Identity, bucket: string | undefined): Promise<Allowance | undefined>;
  cost(identity: Identity, bucket: string | undefined): Promise<Allowance | undefined>;
  /** Of wrong credentials from an address. */
  credentials(address: string): Allowance | undefined;
}

const ANONYMOUS_WINDOW_SECONDS = 15 * 60;
const SIGNED_IN_WINDOW_SECONDS = 60;
/** Cost per anonymous request: enough for a log-in or the list of plans. */
const ANONYMOUS_COST_PER_REQUEST = 200;

/**
 * Returns the key of a user, or of all API keys of an organization, which would else multiply its allowance; undefined for
 * anyone else.
 */
function accountKey({ kind, userId, organizationId }: Identity): string | undefined {
  if (kind === 'apiKey') return `keys:${organizationId}`;
  return kind === 'user' ? userId : undefined;
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url');

/** Returns the limits: of users and API keys by plan, of anonymous clients by bucket. Services are not limited. */
export function createAllowances(
  { config: { traffic }, requestLimits }: Pick<BaseServices, 'config' | 'requestLimits'>,
  readPlanLimits: ReadPlanLimits,
  recognizeToken: RecognizeToken,
): Allowances {
  /** `points`: 0 or null = unlimited. */
  const open = (name: string, points: number | null, windowSeconds: number) =>
    points ? requestLimits.open({ name, points, windowSeconds }) : undefined;
  const allowance = (key: string, limit: RateLimit | undefined) => limit && { key, limit };

  const ofSignedIn = async (
    name: string,
    { organizationId = '', requestId }: Identity,
    set: number | undefined,
    inPlan: keyof RequestLimits,
  ) => open(name, set ?? (await readPlanLimits(organizationId, requestId))[inPlan], SIGNED_IN_WINDOW_SECONDS);

  // Opened before the first request, so that the state of Redis is known.
  const anonymous = open('anonymous', traffic.anonymousLimit, ANONYMOUS_WINDOW_SECONDS);
  const anonymousCost = open(
    'anonymous-cost',
    traffic.anonymousLimit * ANONYMOUS_COST_PER_REQUEST,
    ANONYMOUS_WINDOW_SECONDS,
  );

  const wrongCredentials = open('wrong-credentials', traffic.anonymousLimit, ANONYMOUS_WINDOW_SECONDS);

  return {
    bucketOf: async (address, { purpose, texts }) => {
      for (const text of mayCarryToken(purpose) ? texts : []) {
        if (await recognizeToken(text)) return `token ${hashOf(text)}`;
      }
      return `${addressKey(address)} ${purpose}`;
    },
    requests: async (identity, bucket) => {
      const person = accountKey(identity);
      if (person) {
        const limit = await ofSignedIn('signed-in', identity, traffic.signedInLimit, 'requestsPerMinute');
        return allowance(person, limit);
      }
      if (identity.kind !== 'anonymous' || !bucket) return undefined;
      return allowance(bucket, anonymous);
    },
    cost: async (identity, bucket) => {
      const person = accountKey(identity);
      if (person) {
        const limit = await ofSignedIn('signed-in-cost', identity, traffic.costLimit, 'costPerMinute');
        return allowance(person, limit);
      }
      if (identity.kind !== 'anonymous' || !bucket) return undefined;
      return allowance(bucket, anonymousCost);
    },
    credentials: (address) => allowance(addressKey(address), wrongCredentials),
  };
}
