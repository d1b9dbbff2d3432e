import type { preHandlerAsyncHookHandler } from 'fastify';
import type { Authenticate } from '#gateway/identity/authenticate.js';
import { anonymous } from '#runtime/identity/identity.js';
import type { LimitRequests } from './limit-requests.js';

/** Returns what counts the requests of a route besides `/graphql` by their client, with or without credentials. */
export function limitRoute(limitRequests: LimitRequests, authenticate: Authenticate): preHandlerAsyncHookHandler {
  return async ({ ip, id, headers: { authorization } }, reply) => {
    await limitRequests(reply, ip, async () => (authorization ? authenticate(authorization, id) : anonymous(id)));
  };
}
