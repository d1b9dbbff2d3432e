import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import type { GatewayContext } from '#gateway/context.js';
import { presentedOperation } from '#gateway/limits/presented.js';
import type { Admission } from './admit-request.js';

/** Apollo refuses malformed requests before its plugins run, without a request id. */
function withRequestId(payload: unknown, status: number, requestId: string): unknown {
  const text = Buffer.isBuffer(payload) ? payload.toString() : payload;
  if (typeof text !== 'string' || !text.startsWith('{"errors"')) return payload;
  const answer = JSON.parse(text) as { errors: { extensions?: object }[] };
  const code = status === 405 ? { code: 'METHOD_NOT_ALLOWED' } : {};
  for (const error of answer.errors) error.extensions = { ...error.extensions, ...code, requestId };
  return JSON.stringify(answer);
}

export interface ServeGraphOptions {
  /** Sends the page of a browser's navigation, without counting it; returns whether it did. */
  sendPage?(request: FastifyRequest, reply: FastifyReply): boolean;
  /** Of a request, in bytes; absent = the server's. */
  bodyLimit?: number;
}

/** Serves `/graphql`, authenticated and limited. Apollo may be started later, but before the first request is authenticated. */
export function serveGraph(
  app: FastifyInstance,
  apollo: ApolloServer<GatewayContext>,
  { admit, contextOf }: Admission,
  { sendPage, bodyLimit }: ServeGraphOptions = {},
): void {
  let answer: RouteHandlerMethod | undefined;
  app.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    bodyLimit,
    preHandler: async (request, reply) => {
      if (sendPage?.(request, reply)) return reply;
      await admit(request, reply, () => presentedOperation(request));
    },
    onSend: async (request, reply, payload) =>
      reply.statusCode >= 400 ? withRequestId(payload, reply.statusCode, request.id) : payload,
    handler: function (request, reply) {
      answer ??= fastifyApolloHandler(apollo, {
        context: async (request) => contextOf(request),
      }) as RouteHandlerMethod;
      return answer.call(this, request, reply);
    },
  });
}
