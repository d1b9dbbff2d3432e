import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyRequest, RouteHandlerMethod } from 'fastify';
import type { GatewayContext } from '#gateway/context.js';
import { clientOf } from '#gateway/http/client-of.js';
import type { Authenticate } from '#gateway/identity/authenticate.js';
import type { LimitRequests } from '#gateway/limits/limit-requests.js';
import { presentedOperation } from '#gateway/limits/presented.js';
import type { Identity } from '#runtime/identity/identity.js';

/** Apollo refuses malformed requests before its plugins run, without a request id. */
function withRequestId(payload: unknown, status: number, requestId: string): unknown {
  if (typeof payload !== 'string' || !payload.startsWith('{"errors"')) return payload;
  const answer = JSON.parse(payload) as { errors: { extensions?: object }[] };
  const code = status === 405 ? { code: 'METHOD_NOT_ALLOWED' } : {};
  for (const error of answer.errors) error.extensions = { ...error.extensions, ...code, requestId };
  return JSON.stringify(answer);
}

/** Other processes of WebMetrics pass on the client they act for. */
const withClient = (request: FastifyRequest, identity: Identity): Identity => ({
  client: clientOf(request),
  ...identity,
});

/**
 * Serves `/graphql`, authenticated and limited, with bodies of `bodyLimit` bytes (default: the server's); a page there is sent with `pagePolicy`. Apollo may be started later,
 * but before the first request is authenticated.
 */
export function serveGraph(
  app: FastifyInstance,
  apollo: ApolloServer<GatewayContext>,
  authenticate: Authenticate,
  pagePolicy?: string,
  limitRequests: LimitRequests = async (_reply, _address, authenticated) => ({ identity: await authenticated() }),
  bodyLimit?: number,
): void {
  let answer: RouteHandlerMethod | undefined;
  app.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    bodyLimit,
    preHandler: async (request, reply) => {
      const authenticated = () => authenticate(request.headers.authorization, request.id);
      const present = () => presentedOperation(request);
      const { identity, bucket } = await limitRequests(reply, request.ip, authenticated, present);
      request.identity = withClient(request, identity);
      request.bucket = bucket;
    },
    onSend: async (request, reply, payload) => {
      const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
      if (isPage) void reply.type('text/html; charset=utf-8');
      if (isPage && pagePolicy) void reply.header('content-security-policy', pagePolicy);
      return reply.statusCode >= 400 ? withRequestId(payload, reply.statusCode, request.id) : payload;
    },
    handler: function (request, reply) {
      answer ??= fastifyApolloHandler(apollo, {
        context: async (request) => ({
          identity: request.identity,
          watch: request.watch,
          bucket: request.bucket,
          readIdentity: async () =>
            withClient(request, await authenticate(request.headers.authorization, request.id, { isFresh: true })),
        }),
      }) as RouteHandlerMethod;
      return answer.call(this, request, reply);
    },
  });
}
