import type { FastifyReply, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import type { Authenticate } from '#gateway/identity/authenticate.js';
import type { RateLimit, Standing } from '#runtime/cache/rate-limit.js';
import { RateLimited, Unauthenticated } from '#runtime/errors.js';
import { anonymous, type Identity } from '#runtime/identity/identity.js';
import type { Allowance, Allowances } from './allowances.js';
import { type Presented, presentedRoute } from './presented.js';
import type { UsageCounter } from './usage-counter.js';

/** Who makes a request. */
export interface Admitted {
  identity: Identity;
  /** What a request without credentials is counted under. */
  bucket?: string;
}

/** Counts a request and sets its rate limit headers. Throws RateLimited. */
export type LimitRequests = (
  reply: FastifyReply,
  address: string,
  authenticate: () => ReturnType<Authenticate>,
  present: () => Presented,
) => Promise<Admitted>;

/** Runs `check`, counts credentials that it refuses with Unauthenticated, and throws RateLimited when they are too many. */
export type LimitCredentials = <Result>(
  address: string,
  check: () => Promise<Result>,
  reply?: FastifyReply,
) => Promise<Result>;

/** draft-ietf-httpapi-ratelimit-headers-06, the last with a header for each number. */
function writeHeaders(reply: FastifyReply, { points, windowSeconds }: RateLimit, standing: Standing): void {
  void reply.headers({
    'ratelimit-limit': points,
    'ratelimit-remaining': standing.remaining,
    'ratelimit-reset': standing.resetSeconds,
    'ratelimit-policy': `${points};w=${windowSeconds}`,
  });
}

async function take(allowance: Allowance | undefined, reply?: FastifyReply): Promise<void> {
  if (!allowance) return;
  const { limit, key } = allowance;
  const standing = await limit.count(key);
  if (reply) writeHeaders(reply, limit, standing);
  if (standing.isAllowed) return;
  throw new RateLimited(
    `These are too many requests: ${limit.points} in ${limit.windowSeconds} seconds are allowed. ` +
      `Wait ${standing.resetSeconds} seconds.`,
    standing.resetSeconds,
  );
}

/**
 * Returns the limit of wrong credentials. They are too long to be guessed, so right ones pass whatever was sent from their
 * network before.
 */
export function createLimitCredentials(allowances: Allowances): LimitCredentials {
  return async (address, check, reply) => {
    try {
      return await check();
    } catch (error) {
      if (error instanceof Unauthenticated) await take(allowances.credentials(address), reply);
      throw error;
    }
  };
}

/** Returns the request limit of `/graphql`; `usage` counts what it admits. */
export function createLimitRequests(allowances: Allowances, usage: Pick<UsageCounter, 'countRequest'>): LimitRequests {
  const limitCredentials = createLimitCredentials(allowances);
  return async (reply, address, authenticate, present) => {
    const identity = await limitCredentials(address, authenticate, reply);
    const bucket = identity.kind === 'anonymous' ? await allowances.bucketOf(address, present()) : undefined;
    await take(await allowances.requests(identity, bucket), reply);
    usage.countRequest(identity);
    return { identity, bucket };
  };
}

/** Returns the request limit of every other route, which leaves the identity it counted with the request. */
export function limitRoute(limitRequests: LimitRequests, authenticate: Authenticate): preHandlerAsyncHookHandler {
  return async (request: FastifyRequest, reply) => {
    const { ip, id, headers } = request;
    const identify = async () => (headers.authorization ? authenticate(headers.authorization, id) : anonymous(id));
    const { identity } = await limitRequests(reply, ip, identify, () => presentedRoute(request));
    request.identity = identity;
  };
}
