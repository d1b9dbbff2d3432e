import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from '#runtime/log/logger.js';
import { withRequestContext } from '#runtime/scope/request-context.js';
import type { RequestContext, Span } from '#runtime/scope/scope.js';
import { failSpan, startSpan, traceparentOf, withSpan } from '#runtime/scope/spans.js';
import { observeHttpRequest } from '#runtime/telemetry/observe-http.js';
import { OpenRequests } from './open-requests.js';

export interface RequestWatch {
  context: RequestContext;
  span?: Span;
  operation?: { name?: string; type?: string; client?: { name: string; version?: string } };
  errorCodes?: string[];
  /** Whether a refusal is routine, as that of a probe while a process prepares: then it is not logged. */
  isRoutine?: boolean;
  /** In milliseconds, as of `performance.now()`. */
  startedAt: number;
  /** When a stream was answered, whose duration is no measure of anything; undefined for any other response. */
  answeredAt?: number;
  isFinished?: boolean;
  /** Aborted when the client disconnects before the response was sent. */
  disconnection: AbortController;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** undefined = refused before any hook ran. */
    watch?: RequestWatch;
  }
}

/** Of a request whose client disconnected before the response was sent, as in nginx. */
const CLIENT_CLOSED_REQUEST = 499;

/** Polled every few seconds: logged, they would drown the rest. */
const QUIET_PATHS = new Set(['/health', '/ready', '/metrics']);

/** Asked every few seconds by balancers and supervisors, also for as long as they are refused. */
const PROBES = new Set(['/health', '/ready']);

/** Whether the last probe of each path was refused. */
type Probes = Map<string, boolean>;

/** Whether a request for a quiet path is worth a line: a probe whose answer has changed, or metrics that were refused. */
function isNews(probes: Probes, path: string, status: number, isRoutine = false): boolean {
  const isRefused = status >= 400 && !isRoutine;
  if (!PROBES.has(path)) return isRefused;
  if (status === CLIENT_CLOSED_REQUEST) return false;
  const wasRefused = probes.get(path) ?? false;
  probes.set(path, isRefused);
  return isRefused !== wasRefused;
}

/** Returns a URL without its query. */
export function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

/** The token of a share link is in its path: it opens a report, and has no place in logs and traces. */
const SHARE_TOKEN = /^(\/shared\/)[^/]+/;

/** Returns the path of a URL as it is logged: without secrets. */
function loggedPathOf(url: string): string {
  return pathOf(url).replace(SHARE_TOKEN, '$1…');
}

function startServerSpan({ method, url, protocol, routeOptions, headers }: FastifyRequest): Span | undefined {
  const route = routeOptions.url;
  return startSpan(route ? `${method} ${route}` : method, {
    kind: 'server',
    parent: typeof headers.traceparent === 'string' ? headers.traceparent : undefined,
    attributes: {
      'http.request.method': method,
      'http.route': route,
      'url.path': loggedPathOf(url),
      'url.scheme': protocol,
    },
  });
}

interface Watcher {
  server: string;
  logger: Logger;
  probes: Probes;
}

function logAnswer(
  { logger, probes }: Watcher,
  { method, url, watch }: FastifyRequest,
  status: number,
  elapsedMs: number,
): void {
  const path = loggedPathOf(url);
  if (QUIET_PATHS.has(path) && !isNews(probes, path, status, watch?.isRoutine)) return;
  const { name, type, client } = watch?.operation ?? {};
  const errorCodes = watch?.errorCodes?.length ? watch.errorCodes : undefined;
  const line = {
    method,
    path,
    status,
    durationMs: Math.round(elapsedMs * 10) / 10,
    operation: name,
    type,
    client,
    errorCodes,
  };
  const words = name ? `${method} ${path} ${status} ${name}` : `${method} ${path} ${status}`;
  if (status >= 500 && !PROBES.has(path)) logger.error(line, words);
  else logger.info(line, words);
}

function finish(watcher: Watcher, request: FastifyRequest, status: number, elapsedMs: number): void {
  const { method, routeOptions, watch } = request;
  if (watch) watch.isFinished = true;
  const answeredMs = watch?.answeredAt === undefined ? elapsedMs : watch.answeredAt - watch.startedAt;
  observeHttpRequest({ server: watcher.server, method, route: routeOptions.url, status }, answeredMs / 1_000);
  const span = watch?.span;
  span?.setAttribute('http.response.status_code', status);
  if (status >= 500) failSpan(span, String(status));
  span?.end();
  const log = () => logAnswer(watcher, request, status, elapsedMs);
  if (watch) withRequestContext(watch.context, () => withSpan(span, log));
  else log();
}

/**
 * Associates whatever a request causes with it, in log and traces, and records its outcome and duration in log and
 * metrics. To be called before any other hook is added.
 */
export function watchRequests(app: FastifyInstance, server: string, logger: Logger): void {
  const requests = OpenRequests.of(app);
  const watcher: Watcher = { server, logger, probes: new Map() };
  app.decorateRequest('watch', undefined);
  app.addHook('onRequest', (request, _reply, done) => {
    const span = QUIET_PATHS.has(pathOf(request.url)) ? undefined : startServerSpan(request);
    const context = { requestId: request.id, ...(span && { traceparent: traceparentOf(span) }) };
    const disconnection = new AbortController();
    request.watch = { context, span, startedAt: performance.now(), disconnection };
    withRequestContext(context, () => withSpan(span, done), disconnection.signal);
  });
  // The body is read in a callback of the connection, outside the request's scope.
  app.addHook('preValidation', ({ watch }, _reply, done) => {
    if (watch) withRequestContext(watch.context, () => withSpan(watch.span, done), watch.disconnection.signal);
    else done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    finish(watcher, request, reply.statusCode, reply.elapsedTime);
    done();
  });
  requests.onEnd((request) => {
    const { watch } = request;
    if (!watch || watch.isFinished) return;
    finish(watcher, request, CLIENT_CLOSED_REQUEST, performance.now() - watch.startedAt);
    watch.disconnection.abort();
  });
}
