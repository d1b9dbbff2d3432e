import { once } from 'es-toolkit/function';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import type { Admission } from '#gateway/graph/admit-request.js';
import type { RunOperation } from '#gateway/graph/run-operation.js';
import { isNestedDeeper } from '#gateway/graph/size-limits.js';
import { bearerChallenge } from '#gateway/http/challenge.js';
import { describeFailure, recordFailure } from '#gateway/http/describe-failure.js';
import { presentedRoute } from '#gateway/limits/presented.js';
import { unexpectedErrors } from '#runtime/alerts/unexpected-errors.js';
import { AppError, Unauthenticated } from '#runtime/errors.js';
import { originRule } from '#runtime/http/origin-rule.js';
import type { BaseServices } from '#runtime/services.js';
import { requireAllowedOrigin } from './allow-origin.js';
import type { McpCaller } from './create-server.js';
import { MCP_PATH, metadataUrl, protectedResourceRoutes } from './protected-resource.js';
import { createRecordToolCall } from './record-tool-call.js';

export interface McpOptions {
  /** Refuses sessions whose user must set up a second factor. */
  admission: Admission;
  run: RunOperation;
  auth: SubgraphDataSource;
}

/** Arguments of tools are small. */
const MAX_BODY_BYTES = 64 * 1024;
const MAX_BODY_DEPTH = 12;

/** Codes of JSON-RPC 2.0, section 5.1. */
const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;
const SERVER_ERROR = -32_000;

/** Headers that the protocol reads. Credentials stay here. */
const FORWARDED = ['accept', 'content-type', 'mcp-protocol-version', 'mcp-session-id', 'mcp-method', 'mcp-name'];

interface Message {
  id?: unknown;
  method?: unknown;
}

const messageOf = (body: unknown): Message | undefined =>
  typeof body === 'object' && body !== null && !Array.isArray(body) ? body : undefined;

function refuseBody(body: unknown): void {
  if (Array.isArray(body)) {
    throw new AppError(
      'Send one message per request: the protocol has no batches since its revision 2025-06-18.',
      'BAD_REQUEST',
    );
  }
  if (!messageOf(body)) throw new AppError('Send a JSON-RPC message: the body must be a JSON object.', 'BAD_REQUEST');
  if (isNestedDeeper(body, MAX_BODY_DEPTH)) {
    throw new AppError(`The message is nested too deep; ${MAX_BODY_DEPTH} levels are allowed.`, 'DEPTH_LIMIT_EXCEEDED');
  }
}

/** Returns the request in the form that the library takes; the body is passed beside it. */
function webRequestOf({ headers, watch }: FastifyRequest, url: string): Request {
  const forwarded = FORWARDED.flatMap((name): [string, string][] => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  return new Request(url, { method: 'POST', headers: forwarded, signal: watch?.disconnection.signal });
}

/**
 * Serves the Model Context Protocol at `/mcp` (Streamable HTTP, without sessions), and the metadata that its 401 names. Every
 * request is authenticated and counted as an operation is.
 */
export function serveMcp(app: FastifyInstance, base: BaseServices, { admission, run, auth }: McpOptions): void {
  const { config, logger, publicUrl, now } = base;
  const isAllowedOrigin = originRule(config);
  const unexpected = unexpectedErrors(base);
  const services = { run, record: createRecordToolCall(auth, now), logger, unexpected };
  // Loaded with the first request, for the start-up time and memory it takes. Never closed: it holds nothing but the requests that
  // the server waits for before it closes.
  const handlerOnce = once(async () => {
    const { createMcpHandler } = await import('@modelcontextprotocol/server');
    const { createServer } = await import('./create-server.js');
    return createMcpHandler(({ authInfo }) => createServer(services, authInfo?.extra as unknown as McpCaller), {
      onerror: (err) => logger.debug({ err }, 'MCP request refused'),
    });
  });

  const refuse = (error: FastifyError | AppError, request: FastifyRequest, reply: FastifyReply) => {
    const { status, retryAfter, body } = describeFailure(error, request.id, logger, unexpected);
    const [{ message, extensions }] = body.errors;
    recordFailure(extensions.code, request.watch);
    if (retryAfter) void reply.header('retry-after', retryAfter);
    if (status === 401) {
      const metadata = `resource_metadata="${metadataUrl(publicUrl())}"`;
      void reply.header('www-authenticate', bearerChallenge(request.headers.authorization, metadata));
    }
    const isUnparsed = error instanceof SyntaxError || error.code === 'FST_ERR_CTP_INVALID_JSON_BODY';
    const code = isUnparsed ? PARSE_ERROR : status === 400 ? INVALID_REQUEST : SERVER_ERROR;
    const id = messageOf(request.body)?.id;
    return reply.code(status).send({
      jsonrpc: '2.0',
      id: typeof id === 'string' || typeof id === 'number' ? id : null,
      error: { code, message, data: extensions },
    });
  };

  app.route({
    url: MCP_PATH,
    method: 'POST',
    bodyLimit: MAX_BODY_BYTES,
    errorHandler: (error, request, reply) => void refuse(error as FastifyError, request, reply),
    onRequest: async (request) =>
      requireAllowedOrigin(request, { publicUrl: publicUrl(), isAllowedOrigin, isLocal: !config.isProduction }),
    preHandler: async (request, reply) => {
      await admission.admit(request, reply, () => presentedRoute(request));
      const { kind } = request.identity;
      if (kind !== 'user' && kind !== 'apiKey') {
        throw new Unauthenticated('Send an API key as "Authorization: Bearer wm_…": an administrator creates it.');
      }
      refuseBody(request.body);
    },
    handler: async (request, reply) => {
      const caller: McpCaller = {
        context: admission.contextOf(request),
        method: String(messageOf(request.body)?.method),
      };
      const handler = await handlerOnce();
      const response = await handler.fetch(webRequestOf(request, `${publicUrl()}${MCP_PATH}`), {
        authInfo: { token: '', clientId: '', scopes: request.identity.scopes, extra: { ...caller } },
        parsedBody: request.body,
      });
      // Never a stream: a response has the result only, as nothing is reported meanwhile.
      const body = await response.text();
      const type = response.headers.get('content-type');
      if (type) void reply.type(type);
      return reply.code(response.status).header('cache-control', 'no-store').send(body);
    },
  });
  protectedResourceRoutes(app, publicUrl);
}
