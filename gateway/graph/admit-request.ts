import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayContext } from '#gateway/context.js';
import { clientNameOf, clientOf } from '#gateway/http/client-of.js';
import type { Authenticate } from '#gateway/identity/authenticate.js';
import type { LimitRequests } from '#gateway/limits/limit-requests.js';
import type { Presented } from '#gateway/limits/presented.js';
import type { TakeTurn } from '#gateway/limits/shed-load.js';
import type { Identity } from '#runtime/identity/identity.js';
import { readIdempotencyKey } from './idempotency-key.js';

/** Authentication and limits of requests that run operations. */
export interface Admission {
  /** Authenticates and counts a request. Throws InvalidInput for an `Idempotency-Key`, Unauthenticated, RateLimited and ServiceUnavailable. */
  admit(request: FastifyRequest, reply: FastifyReply, present: () => Presented): Promise<void>;
  /** Returns the context of an operation of an admitted request. */
  contextOf(request: FastifyRequest): GatewayContext;
}

/** Other processes of WebMetrics pass on the client they act for. */
const withClient = (request: FastifyRequest, identity: Identity): Identity => ({
  client: clientOf(request),
  ...identity,
});

export interface AdmissionLimits {
  /** Absent = requests are not counted. */
  limitRequests?: LimitRequests;
  /** Absent = they run at once. */
  takeTurn?: TakeTurn;
}

/** Returns the admission of requests. */
export function createAdmission(
  authenticate: Authenticate,
  { limitRequests, takeTurn }: AdmissionLimits = {},
): Admission {
  return {
    admit: async (request, reply, present) => {
      const idempotencyKey = readIdempotencyKey(request);
      const authenticated = () => authenticate(request.headers.authorization, request.id);
      const { identity, bucket } = limitRequests
        ? await limitRequests(reply, request.ip, authenticated, present)
        : { identity: await authenticated(), bucket: undefined };
      request.identity = withClient(request, identity);
      request.bucket = bucket;
      request.idempotencyKey = idempotencyKey;
      // Another request may wait for that of a service.
      if (identity.kind !== 'service') await takeTurn?.(request, reply);
    },
    contextOf: (request) => ({
      identity: request.identity,
      clientName: clientNameOf(request),
      watch: request.watch,
      bucket: request.bucket,
      idempotencyKey: request.idempotencyKey,
      readIdentity: async () =>
        withClient(request, await authenticate(request.headers.authorization, request.id, { isFresh: true })),
      identify: async (accessToken) =>
        withClient(request, await authenticate(`Bearer ${accessToken}`, request.id, { isFresh: true })),
    }),
  };
}
