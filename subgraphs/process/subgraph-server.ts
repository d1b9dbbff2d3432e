import fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { CachePolicy } from '#kit/cache-policy.js';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import type { Executor, SubgraphRequest } from '#kit/executor.js';
import type { FileRequest } from '#kit/file-answer.js';
import { jsonSize, MAX_SUBGRAPH_ANSWER_BYTES } from '#kit/json-size.js';
import { type UnexpectedErrors, unexpectedErrors } from '#runtime/alerts/unexpected-errors.js';
import type { Config } from '#runtime/config/config.js';
import { isRowId } from '#runtime/database/database.js';
import { errorCodes } from '#runtime/error-codes.js';
import { AnswerTooLarge, AppError, Unauthenticated } from '#runtime/errors.js';
import { formatError } from '#runtime/format-error.js';
import { answerProbesFirst, healthRoute } from '#runtime/health/health-route.js';
import type { Readiness } from '#runtime/health/readiness.js';
import { readyRoute } from '#runtime/health/ready-route.js';
import { closeGracefully } from '#runtime/http/close-server.js';
import { deadlineIn } from '#runtime/http/deadline.js';
import { limitConnections, serverOptions } from '#runtime/http/limit-connections.js';
import { requestIdOf } from '#runtime/http/request-id.js';
import { watchRequests } from '#runtime/http/watch-requests.js';
import type { Identity, TokenSigner } from '#runtime/identity/identity.js';
import type { Logger } from '#runtime/log/logger.js';
import { anySignal } from '#runtime/scope/any-signal.js';
import { currentScope, withScope } from '#runtime/scope/scope.js';
import { failSpan, inSpan, isTracing } from '#runtime/scope/spans.js';
import type { Services } from '#runtime/services.js';
import { metricsRoute, requireOperatorToken } from '#runtime/telemetry/metrics-route.js';
import { openProcessReadiness } from './process-checks.js';
import { createSubgraphReports, type SubgraphReport } from './subgraph-report.js';

interface SubgraphServerOptions {
  subgraph: RunningSubgraph;
  signer: TokenSigner;
  logger: Logger;
  readiness: Readiness;
  readReport(): Promise<SubgraphReport>;
  environment: string;
  unexpected?: UnexpectedErrors;
  /** Who may read `/metrics`. */
  config: Pick<Config, 'operator' | 'isProduction'>;
}

// One call can have the keys of a thousand entities.
const BODY_LIMIT_BYTES = 8 * 1024 * 1024;

function cacheControlOf({ maxAge, scope }: CachePolicy): string {
  return maxAge > 0 ? `max-age=${maxAge}, ${scope.toLowerCase()}` : 'no-store';
}

/** Returns the identity the gateway signed for a request. Throws Unauthenticated when there is none. */
async function identityOf(request: FastifyRequest, subgraph: RunningSubgraph, signer: TokenSigner) {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (!token) throw new Unauthenticated('Only the gateway may ask this subgraph.');
  return signer.verify(token, subgraph.name);
}

function recordOperation(
  { watch }: FastifyRequest,
  { requestId, organizationId }: Identity,
  name?: string | null,
): void {
  if (!watch) return;
  if (requestId) watch.context.requestId = requestId;
  watch.context.organizationId = organizationId;
  watch.operation = { name: name ?? undefined };
}

/** Runs `work` whose signal is also aborted when the gateway no longer waits for the answer. */
function untilDeadline<Result>({ headers }: FastifyRequest, work: () => Result): Result {
  const timeoutMs = deadlineIn(headers);
  if (timeoutMs === undefined) return work();
  const scope = currentScope();
  const signals = [AbortSignal.timeout(timeoutMs), ...(scope.signal ? [scope.signal] : [])];
  return withScope({ ...scope, signal: anySignal(...signals) }, work);
}

/** Makes each operation a span of its request's trace. In the gateway's process the call of the subgraph is that span. */
function traceExecutor(name: string, execute: Executor): Executor {
  return (request, identity) => {
    if (!isTracing()) return execute(request, identity);
    const { operationName } = request;
    const attributes = { 'graphql.operation.name': operationName ?? undefined, 'webmetrics.subgraph': name };
    return inSpan(`execute ${name}`, { attributes }, async (span) => {
      const response = await execute(request, identity);
      const [error] = response.errors ?? [];
      if (error) failSpan(span, String(error.extensions?.code));
      return response;
    });
  };
}

/** `POST /files`: a file as a stream, its facts in the headers; a refusal has the form of a GraphQL error. */
function fileRoute(app: FastifyInstance, { subgraph, signer, logger, unexpected }: SubgraphServerOptions): void {
  app.post<{ Body: FileRequest | null }>('/files', async (request, reply) => {
    const identity = await identityOf(request, subgraph, signer);
    const { kind = '', parameters = {}, knownTags, isHead } = request.body ?? {};
    recordOperation(request, identity, `file ${kind}`);
    const signal = request.watch?.disconnection.signal ?? new AbortController().signal;
    try {
      const { name, type, etag, body, isKnown } = await subgraph.openFile(
        { kind, parameters, knownTags, isHead },
        identity,
        signal,
      );
      void reply.headers({ etag, 'x-file-name': encodeURIComponent(name), 'cache-control': 'no-store' }).type(type);
      return reply.code(isKnown ? 304 : 200).send(body ?? undefined);
    } catch (error) {
      const failure = new GraphQLError('', { path: ['file', kind], originalError: error as Error });
      const refusal = formatError(failure, identity.requestId, logger, unexpected);
      const code = (refusal.extensions?.code ?? 'INTERNAL_SERVER_ERROR') as keyof typeof errorCodes;
      if (request.watch) request.watch.errorCodes = [code];
      return reply.code(errorCodes[code]?.status ?? 500).send({ errors: [refusal] });
    }
  });
}

/**
 * Returns an HTTP server that executes operations of one subgraph. Apart from probes and metrics it answers the gateway
 * only: without an identity that the gateway signed for this subgraph, any request gets 401.
 */
function createSubgraphServer(options: SubgraphServerOptions): FastifyInstance {
  const { subgraph, signer, logger, readiness, readReport, environment, unexpected, config } = options;
  const app = fastify({
    ...serverOptions,
    bodyLimit: BODY_LIMIT_BYTES,
    requestIdHeader: false,
    genReqId: ({ headers }) => requestIdOf(headers),
  });
  limitConnections(app, { logger, isProxy: () => true });
  answerProbesFirst(app);
  watchRequests(app, subgraph.name, logger);
  const execute = traceExecutor(subgraph.name, subgraph.execute);
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const isAppError = error instanceof AppError;
    const status = error instanceof AnswerTooLarge ? 400 : isAppError ? 401 : (error.statusCode ?? 500);
    const isUnexpected = status >= 500;
    if (isUnexpected) {
      logger.error({ err: error, requestId: request.id }, 'Unexpected error in a subgraph server');
      unexpected?.raise(error, request.id);
    }
    const code = isAppError ? error.code : 'BAD_REQUEST';
    const message = isUnexpected ? 'Internal error' : error.message;
    const more = isUnexpected ? unexpected?.extensionsOf(error) : undefined;
    if (request.watch) request.watch.errorCodes = [code];
    if (status === 401) void reply.header('www-authenticate', 'Bearer realm="WebMetrics"');
    return reply.code(status).send({ errors: [{ message, extensions: { code, requestId: request.id, ...more } }] });
  });
  healthRoute(app, environment);
  readyRoute(app, readiness);
  app.get('/status', async (request, reply) => {
    const { kind } = await identityOf(request, subgraph, signer);
    if (kind !== 'service') throw new Unauthenticated('Only the gateway itself may ask for this.');
    return reply.header('cache-control', 'no-store').send(await readReport());
  });
  app.get<{ Params: { personId: string } }>('/personal-data/:personId', async (request, reply) => {
    const { kind } = await identityOf(request, subgraph, signer);
    if (kind !== 'service') throw new Unauthenticated('Only the gateway itself may ask for this.');
    const { personId } = request.params;
    const data = isRowId(personId) ? await subgraph.personalData(personId) : {};
    return reply.header('cache-control', 'no-store').send(data);
  });
  fileRoute(app, options);
  metricsRoute(app, ({ headers }) => requireOperatorToken(headers.authorization, config));
  app.post<{ Body: SubgraphRequest | null }>('/graphql', async (request, reply) => {
    const identity = await identityOf(request, subgraph, signer);
    const { query, variables, operationName } = request.body ?? { query: '' };
    recordOperation(request, identity, operationName);
    const run = () => execute({ query, variables, operationName }, identity);
    const { cachePolicy, ...response } = await untilDeadline(request, run);
    if (jsonSize(response, MAX_SUBGRAPH_ANSWER_BYTES) > MAX_SUBGRAPH_ANSWER_BYTES) {
      throw new AnswerTooLarge(`The answer of the subgraph ${subgraph.name}`, MAX_SUBGRAPH_ANSWER_BYTES);
    }
    if (request.watch) request.watch.errorCodes = response.errors?.map(({ extensions }) => String(extensions?.code));
    return reply.header('cache-control', cacheControlOf(cachePolicy)).send(response);
  });
  return app;
}

/** Opens the server of one subgraph, ready to listen, and its readiness checks unless they are open, until the lifecycle closes. */
export async function openSubgraphServer(
  services: Services,
  subgraph: RunningSubgraph,
  opened?: Readiness,
): Promise<FastifyInstance> {
  const { config, internalSigner, logger, lifecycle } = services;
  const readiness = opened ?? (await openProcessReadiness(services, [subgraph], { areJobsRequired: false }));
  const readReport = createSubgraphReports(services);
  const app = createSubgraphServer({
    subgraph,
    signer: internalSigner,
    logger,
    readiness,
    readReport: () => readReport(subgraph),
    environment: config.environment,
    unexpected: unexpectedErrors(services),
    config,
  });
  closeGracefully(app, { lifecycle, logger });
  return app;
}
