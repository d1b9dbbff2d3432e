import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Admission } from '#gateway/graph/admit-request.js';
import { privateCacheKey } from '#gateway/graph/response-cache.js';
import { dataOf, type RunOperation } from '#gateway/graph/run-operation.js';
import { requestError } from '#gateway/http/refuse-headers.js';
import { presentedRoute } from '#gateway/limits/presented.js';
import { preferredType } from '#gateway/rest/accept.js';
import { InvalidInput, ServiceUnavailable, Unauthenticated } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Logger } from '#runtime/log/logger.js';
import type { Lifecycle } from '#runtime/process/lifecycle.js';
import { watchStreams } from '#runtime/telemetry/observe-streams.js';
import { type EventSource, eventSources, snapshotOf } from './event-source.js';
import { type OpenedStream, openStream } from './open-stream.js';
import { SharedReads } from './shared-reads.js';
import { StreamLimits } from './stream-limits.js';

export interface EventOptions {
  run: RunOperation;
  admission: Admission;
  lifecycle: Lifecycle;
  logger: Logger;
  /** Default: all. */
  sources?: readonly EventSource[];
  /** Default: 15 seconds. */
  heartbeatMs?: number;
}

const STREAM_TYPE = 'text/event-stream';

type Params = Record<string, string>;

function lastEventIdOf({ headers }: FastifyRequest): string | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}

function refuseParameters(query: unknown): void {
  const names = Object.keys(query as object);
  if (names.length > 0) {
    throw new InvalidInput(names.map((argument) => ({ argument, problem: 'is not a parameter of this resource' })));
  }
}

/**
 * Adds the streams of `eventSources`: `text/event-stream` over GET, in place of subscriptions, which @apollo/gateway does not
 * execute (decision 0066). A client that names the last state of a finished one in `Last-Event-ID` gets 204.
 */
export function eventRoutes(app: FastifyInstance, options: EventOptions): void {
  const { run, admission, lifecycle, logger, sources = eventSources, heartbeatMs } = options;
  const reads = new SharedReads();
  const limits = new StreamLimits();
  const streams = new Set<OpenedStream>();
  watchStreams(() => ({ open: limits.total, states: reads.size }));
  lifecycle.onStop(() => {
    for (const { end } of [...streams]) end();
  });

  const reader = (source: EventSource, params: Params, request?: FastifyRequest) => async (identity: Identity) => {
    const readAt = performance.now();
    const context = request ? admission.contextOf(request) : { identity };
    return snapshotOf(source, dataOf(await run(source.operation, params, context)), readAt);
  };

  async function answer(source: EventSource, request: FastifyRequest<{ Params: Params }>, reply: FastifyReply) {
    const { params, query, identity } = request;
    const { event, shortestMs, longestMs } = source;
    refuseParameters(query);
    if (identity.kind === 'anonymous') throw new Unauthenticated();
    if (lifecycle.isStopping) throw new ServiceUnavailable({ retryAfter: 1 });
    const keyOf = (of: Identity) => `${event} ${JSON.stringify(params)} ${privateCacheKey(of) ?? of.userId}`;
    const release = limits.open(identity);
    try {
      const first = await reader(source, params, request)(identity);
      const lastEventId = lastEventIdOf(request);
      if (first.isLast && first.id === lastEventId) {
        release();
        return reply.code(204).send();
      }
      const { readIdentity = async () => identity } = admission.contextOf(request);
      const opened = openStream({
        event,
        state: { key: keyOf(identity), read: reader(source, params), shortestMs, longestMs },
        identity,
        first,
        lastEventId,
        reads,
        readIdentity,
        keyOf,
        logger,
        heartbeatMs,
      });
      streams.add(opened);
      opened.body.once('close', () => {
        streams.delete(opened);
        release();
      });
      // From now on it is the stream's duration, not the time to an answer.
      if (request.watch) request.watch.answeredAt = performance.now();
      return reply
        .headers({
          'content-type': `${STREAM_TYPE}; charset=utf-8`,
          'cache-control': 'no-store, no-transform',
          'x-accel-buffering': 'no',
        })
        .send(opened.body);
    } catch (error) {
      release();
      throw error;
    }
  }

  const routes = sources.flatMap((source) =>
    [source.path, source.alias ?? []].flat().map((path) => ({ source, url: path.replace(/\{(\w+)\}/g, ':$1') })),
  );
  for (const { source, url } of routes) {
    app.get<{ Params: Params }>(url, {
      exposeHeadRoute: false,
      preHandler: async (request, reply) => {
        if (!preferredType(request.headers.accept, [STREAM_TYPE])) {
          throw requestError(406, `This is sent as ${STREAM_TYPE}.`, 'NOT_ACCEPTABLE');
        }
        await admission.admit(request, reply, () => presentedRoute(request));
      },
      handler: (request, reply) => answer(source, request, reply),
    });
  }
}
