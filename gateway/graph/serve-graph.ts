import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, RouteHandlerMethod } from 'fastify';
import type { GatewayContext } from '#gateway/context.js';
import { presentedOperation } from '#gateway/limits/presented.js';
import type { Admission } from './admit-request.js';

/** Apollo refuses malformed requests before its plugins run, without a request id. */
function withRequestId(payload: unknown, status: number, requestId: string): unknown {
  if (typeof payload !== 'string' || !payload.startsWith('{"errors"')) return payload;
  const answer = JSON.parse(payload) as { errors: { extensions?: object }[] };
  const code = status === 405 ? { code: 'METHOD_NOT_ALLOWED' } : {};
  for (const error of answer.errors) error.extensions = { ...error.extensions, ...code, requestId };
  return JSON.stringify(answer);
}

/**
 * Serves `/graphql`, authenticated and limited, with bodies of `bodyLimit` bytes (default: the server's); a page there is sent with `pagePolicy`. Apollo may be started later,
 * but before the first request is authenticated.
 */
export function serveGraph(
  app: FastifyInstance,
  apollo: ApolloServer<GatewayContext>,
  { admit, contextOf }: Admission,
  pagePolicy?: string,
  bodyLimit?: number,
): void {
  let answer: RouteHandlerMethod | undefined;
  app.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    bodyLimit,
    preHandler: (request, reply) => admit(request, reply, () => presentedOperation(request)),
    onSend: async (request, reply, payload) => {
      const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
      if (isPage) void reply.type('text/html; charset=utf-8');
      if (isPage && pagePolicy) void reply.header('content-security-policy', pagePolicy);
      return reply.statusCode >= 400 ? withRequestId(payload, reply.statusCode, request.id) : payload;
    },
    handler: function (request, reply) {
      answer ??= fastifyApolloHandler(apollo, {
        context: async (request) => contextOf(request),
      }) as RouteHandlerMethod;
      return answer.call(this, request, reply);
    },
  });
}
