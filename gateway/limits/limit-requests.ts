import type { FastifyReply, preHandlerAsyncHookHandler } from 'fastify';
import type { Authenticate } from '#gateway/identity/authenticate.js';
import type { RateLimit, Standing } from '#runtime/cache/rate-limit.js';
import { RateLimited, Unauthenticated } from '#runtime/errors.js';
import { anonymous } from '#runtime/identity/identity.js';
import type { Allowance, Allowances } from './allowances.js';

/** Counts a request and sets its rate limit headers. Throws RateLimited. */
export type LimitRequests = (
  reply: FastifyReply,
  address: string,
  authenticate: () => ReturnType<Authenticate>,
) => ReturnType<Authenticate>;

/** draft-ietf-httpapi-ratelimit-headers-06, the last with a header for each number. */
function writeHeaders(reply: FastifyReply, { points, windowSeconds }: RateLimit, standing: Standing): void {
  void reply.headers({
    'ratelimit-limit': points,
    'ratelimit-remaining': standing.remaining,
    'ratelimit-reset': standing.resetSeconds,
    'ratelimit-policy': `${points};w=${windowSeconds}`,
  });
}

async function take(reply: FastifyReply, allowance: Allowance | undefined): Promise<void> {
  if (!allowance) return;
  const { limit, key } = allowance;
  const standing = await limit.count(key);
  writeHeaders(reply, limit, standing);
  if (standing.isAllowed) return;
  throw new RateLimited(
    `These are too many requests: ${limit.points} in ${limit.windowSeconds} seconds are allowed. ` +
      `Wait ${standing.resetSeconds} seconds.`,
    standing.resetSeconds,
  );
}

/** Returns the request limit of `/graphql`. Invalid credentials count for the address. */
export function createLimitRequests(allowances: Allowances): LimitRequests {
  return async (reply, address, authenticate) => {
    const identity = await authenticate().catch(async (error: unknown) => {
      if (error instanceof Unauthenticated) await take(reply, await allowances.requests(anonymous(''), address));
      throw error;
    });
    await take(reply, await allowances.requests(identity, address));
    return identity;
  };
}

/** Returns the request limit of every other route. */
export function limitRoute(limitRequests: LimitRequests, authenticate: Authenticate): preHandlerAsyncHookHandler {
  return async ({ ip, id, headers: { authorization } }, reply) => {
    await limitRequests(reply, ip, async () => (authorization ? authenticate(authorization, id) : anonymous(id)));
  };
}
