import type { Logger } from '#runtime/log/logger.js';
import { currentTraceparent, errorTypeOf, failSpan, inSpan } from '#runtime/scope/spans.js';
import { observeProviderCall } from '#runtime/telemetry/observe-calls.js';
import { clientAttributes } from './client-attributes.js';

export interface ObservedRequest {
  method?: 'GET' | 'POST' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  /** Its name in log and metrics. */
  provider?: string;
  /** Whether it goes to another part of WebMetrics, which logs and counts it. */
  isOurs?: boolean;
  /** As of a chat tool's webhook: then only the host is logged. */
  hasSecretPath?: boolean;
}

type Send<Request, Response> = (request: Request) => Promise<Response>;

function traceInternal<Request extends ObservedRequest, Response>(request: Request, send: Send<Request, Response>) {
  const { method = 'GET', url, headers, hasSecretPath } = request;
  const attributes = clientAttributes(method, url, hasSecretPath);
  return inSpan(method, { kind: 'client', attributes }, () => {
    const traceparent = currentTraceparent();
    return send(traceparent ? { ...request, headers: { ...headers, traceparent } } : request);
  });
}

/**
 * Sends one attempt of an outbound request, and records it with outcome and duration in log, metrics and traces. Neither
 * request id nor trace leave WebMetrics. Of the URL only host and path are recorded, and of a secret path not even that.
 */
export function watchOutbound<Request extends ObservedRequest, Response extends { status: number }>(
  request: Request,
  attempt: number,
  logger: Logger | undefined,
  send: Send<Request, Response>,
): Promise<Response> {
  if (request.isOurs) return traceInternal(request, send);
  const { method = 'GET', url, provider } = request;
  const { host, pathname } = new URL(url);
  const path = request.hasSecretPath ? undefined : pathname;
  const startedAt = performance.now();
  const record = (outcome: string, status?: number) => {
    const elapsedMs = performance.now() - startedAt;
    observeProviderCall({ provider, host, outcome, status }, elapsedMs / 1_000);
    const durationMs = Math.round(elapsedMs * 10) / 10;
    // Calls that succeed are routine; those of a first start alone are about a hundred.
    const level = status !== undefined && status < 400 ? 'debug' : 'info';
    logger?.[level](
      { provider, host, method, path, status, outcome, durationMs, attempt },
      `${provider ?? host}: ${status ?? outcome}`,
    );
  };
  const attributes = {
    ...clientAttributes(method, url, request.hasSecretPath),
    'http.request.resend_count': attempt > 1 ? attempt - 1 : undefined,
    'webmetrics.provider': provider,
  };
  return inSpan(`${method} ${provider ?? host}`, { kind: 'client', attributes }, async (span) => {
    try {
      const response = await send(request);
      record('answered', response.status);
      span?.setAttribute('http.response.status_code', response.status);
      if (response.status >= 400) failSpan(span, String(response.status));
      return response;
    } catch (error) {
      record((error as { reason?: string }).reason ?? errorTypeOf(error));
      throw error;
    }
  });
}
