import type { FastifyReply, preHandlerAsyncHookHandler } from 'fastify';
import type { Authenticate } from '#gateway/identity/authenticate.js';
import type { RateLimit, Standing } from '#runtime/cache/rate-limit.js';
import { RateLimited, Unauthenticated } from '#runtime/errors.js';
import { anonymous } from '#runtime/identity/identity.js';
import type { Allowance, Allowances } from './allowances.js';

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

/** Returns how this gateway limits clients. Credentials that do not hold count for the address they came from. */
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

/** Returns what counts the requests of a route besides `/graphql` by their client, with or without credentials. */
export function limitRoute(limitRequests: LimitRequests, authenticate: Authenticate): preHandlerAsyncHookHandler {
  return async ({ ip, id, headers: { authorization } }, reply) => {
    await limitRequests(reply, ip, async () => (authorization ? authenticate(authorization, id) : anonymous(id)));
  };
}
