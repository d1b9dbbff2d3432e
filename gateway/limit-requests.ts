import type { FastifyReply } from 'fastify';
import { RateLimited, Unauthenticated } from '../ops/runtime/errors.js';
import type { RateLimit, RateLimits, Standing } from '../ops/runtime/rate-limit.js';
import type { TrafficConfig } from '../ops/runtime/traffic-config.js';
import type { Authenticate } from './authenticate.js';
import { addressKey, personKey } from './client-key.js';

const ANONYMOUS_WINDOW_SECONDS = 15 * 60;
const SIGNED_IN_WINDOW_SECONDS = 60;

/** Counts a request by its client and tells it in headers how it stands. Throws RateLimited for one too many. */
export type LimitRequests = (
  reply: FastifyReply,
  address: string,
  authenticate: () => ReturnType<Authenticate>,
) => ReturnType<Authenticate>;

/** In the form of draft-ietf-httpapi-ratelimit-headers-06, the last one with a header for each number. */
function writeHeaders(reply: FastifyReply, { points, windowSeconds }: RateLimit, standing: Standing): void {
  void reply.headers({
    'ratelimit-limit': points,
    'ratelimit-remaining': standing.remaining,
    'ratelimit-reset': standing.resetSeconds,
    'ratelimit-policy': `${points};w=${windowSeconds}`,
  });
}

async function take(reply: FastifyReply, limit: RateLimit | undefined, key: string): Promise<void> {
  if (!limit) return;
  const standing = await limit.count(key);
  writeHeaders(reply, limit, standing);
  if (standing.isAllowed) return;
  throw new RateLimited(
    `These are too many requests: ${limit.points} in ${limit.windowSeconds} seconds are allowed. ` +
      `Wait ${standing.resetSeconds} seconds.`,
    standing.resetSeconds,
  );
}

/**
 * Returns how this gateway limits clients: people who signed in by who they are, all others by network address. Parts of
 * WebMetrics itself are not limited. Credentials that do not hold count for the address they came from.
 */
export function createLimitRequests(limits: RateLimits, config: TrafficConfig): LimitRequests {
  const open = (name: string, points: number, windowSeconds: number) =>
    points > 0 ? limits.open({ name, points, windowSeconds }) : undefined;
  const anonymous = open('anonymous', config.anonymousLimit, ANONYMOUS_WINDOW_SECONDS);
  const signedIn = open('signed-in', config.signedInLimit, SIGNED_IN_WINDOW_SECONDS);
  return async (reply, address, authenticate) => {
    const identity = await authenticate().catch(async (error: unknown) => {
      if (error instanceof Unauthenticated) await take(reply, anonymous, addressKey(address));
      throw error;
    });
    const person = personKey(identity);
    if (person) await take(reply, signedIn, person);
    else if (identity.kind === 'anonymous') await take(reply, anonymous, addressKey(address));
    return identity;
  };
}
