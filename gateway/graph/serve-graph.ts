import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, RouteHandlerMethod } from 'fastify';
import type { GatewayContext } from '#gateway/context.js';
import { clientOf } from '#gateway/http/client-of.js';
import type { Authenticate } from '#gateway/identity/authenticate.js';
import type { LimitRequests } from '#gateway/limits/limit-requests.js';

/** Names the request in refusals Apollo makes before its plugins run: a body that is no operation, a missing CSRF header. */
function withRequestId(payload: unknown, requestId: string): unknown {
  if (typeof payload !== 'string' || !payload.startsWith('{"errors"')) return payload;
  const answer = JSON.parse(payload) as { errors: { extensions?: object }[] };
  for (const error of answer.errors) error.extensions = { ...error.extensions, requestId };
  return JSON.stringify(answer);
}

/**
 * Puts the graph at `/graphql`, answering each request for the identity its credentials stand for, as many as
 * `limitRequests` lets through. A page that Apollo
 * shows there is sent with `pagePolicy` as its Content-Security-Policy. The server may be started later, but before
 * `authenticate` lets the first request through.
 */
export function serveGraph(
  app: FastifyInstance,
  apollo: ApolloServer<GatewayContext>,
  authenticate: Authenticate,
  pagePolicy?: string,
  limitRequests: LimitRequests = (_reply, _address, authenticated) => authenticated(),
): void {
  let answer: RouteHandlerMethod | undefined;
  app.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    preHandler: async (request, reply) => {
      const authenticated = () => authenticate(request.headers.authorization, request.id);
      const identity = await limitRequests(reply, request.ip, authenticated);
      // A part of WebMetrics says itself for whom it asks.
      request.identity = { client: clientOf(request), ...identity };
    },
    onSend: async (request, reply, payload) => {
      const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
      if (isPage && pagePolicy) void reply.header('content-security-policy', pagePolicy);
      return reply.statusCode >= 400 ? withRequestId(payload, request.id) : payload;
    },
    handler: function (request, reply) {
      answer ??= fastifyApolloHandler(apollo, {
        context: async ({ identity, watch }) => ({ identity, watch }),
      }) as RouteHandlerMethod;
      return answer.call(this, request, reply);
    },
  });
}
