import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '#runtime/log/logger.js';
import { withRequestContext } from '#runtime/scope/request-context.js';
import type { RequestContext, Span } from '#runtime/scope/scope.js';
import { failSpan, startSpan, traceparentOf, withSpan } from '#runtime/scope/spans.js';
import { observeHttpRequest } from '#runtime/telemetry/observe-http.js';

/** What is known of a request besides its HTTP: for its log line. */
export interface RequestWatch {
  context: RequestContext;
  span?: Span;
  /** The GraphQL operation in it. */
  operation?: { name?: string; type?: string };
  /** Of the errors in the answer. */
  errorCodes?: string[];
  /** Whether a refusal is routine, as that of a probe while a process prepares: then it is not logged. */
  isRoutine?: boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined for a request that was refused before any hook ran. */
    watch?: RequestWatch;
  }
}

/** Asked every few seconds by those who watch: written down, they would be all there is in the log. */
const QUIET_PATHS = new Set(['/health', '/ready', '/metrics']);

/** The path of an address, without what is asked there. */
export function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

function startServerSpan({ method, url, routeOptions, headers }: FastifyRequest): Span | undefined {
  const route = routeOptions.url;
  return startSpan(route ? `${method} ${route}` : method, {
    kind: 'server',
    parent: typeof headers.traceparent === 'string' ? headers.traceparent : undefined,
    attributes: { 'http.request.method': method, 'http.route': route, 'url.path': pathOf(url) },
  });
}

function logAnswer(logger: Logger, { method, url, watch }: FastifyRequest, status: number, elapsedMs: number): void {
  const path = pathOf(url);
  // A probe that is refused is worth a line.
  if (QUIET_PATHS.has(path) && (status < 400 || watch?.isRoutine)) return;
  const { name, type } = watch?.operation ?? {};
  const errorCodes = watch?.errorCodes?.length ? watch.errorCodes : undefined;
  const line = { method, path, status, durationMs: Math.round(elapsedMs * 10) / 10, operation: name, type, errorCodes };
  const words = name ? `${method} ${path} ${status} ${name}` : `${method} ${path} ${status}`;
  if (status >= 500) logger.error(line, words);
  else logger.info(line, words);
}

function finish(server: string, logger: Logger, request: FastifyRequest, { statusCode, elapsedTime }: FastifyReply) {
  const { method, routeOptions, watch } = request;
  observeHttpRequest({ server, method, route: routeOptions.url, status: statusCode }, elapsedTime / 1_000);
  const span = watch?.span;
  span?.setAttribute('http.response.status_code', statusCode);
  if (statusCode >= 500) failSpan(span, String(statusCode));
  span?.end();
  const log = () => logAnswer(logger, request, statusCode, elapsedTime);
  if (watch) withRequestContext(watch.context, () => withSpan(span, log));
  else log();
}

/**
 * Makes everything a request causes known as caused by it, in log lines and traces, and once it is answered logs it,
 * counts it and says how long it took. Comes before all other hooks.
 */
export function watchRequests(app: FastifyInstance, server: string, logger: Logger): void {
  app.decorateRequest('watch', undefined);
  app.addHook('onRequest', (request, _reply, done) => {
    const span = QUIET_PATHS.has(pathOf(request.url)) ? undefined : startServerSpan(request);
    request.watch = { context: { requestId: request.id, ...(span && { traceparent: traceparentOf(span) }) }, span };
    withRequestContext(request.watch.context, () => withSpan(span, done));
  });
  // Reading the body ends in a callback of the connection, which knows of no request.
  app.addHook('preValidation', ({ watch }, _reply, done) => {
    if (watch) withRequestContext(watch.context, () => withSpan(watch.span, done));
    else done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    finish(server, logger, request, reply);
    done();
  });
}
