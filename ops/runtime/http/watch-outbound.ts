import type { Logger } from '#runtime/log/logger.js';
import { currentTraceparent, errorTypeOf, failSpan, inSpan } from '#runtime/scope/spans.js';
import { observeProviderCall } from '#runtime/telemetry/observe-provider.js';
import type { OutboundRequest, OutboundResponse, RequestFailed } from './http-client.js';

type SendOnce = (request: OutboundRequest) => Promise<OutboundResponse>;

/** Shows a call to another part of WebMetrics, which goes on with the trace, as that part logs and counts it itself. */
function askOurselves(request: OutboundRequest, send: SendOnce): Promise<OutboundResponse> {
  const { method = 'GET', url, headers } = request;
  const attributes = { 'http.request.method': method, 'server.address': new URL(url).host };
  return inSpan(method, { kind: 'client', attributes }, () => {
    const traceparent = currentTraceparent();
    return send(traceparent ? { ...request, headers: { ...headers, traceparent } } : request);
  });
}

/**
 * Sends one attempt of an outbound request, and says in log, figures and traces who was asked, what came of it and how
 * long it took. Neither the request's id nor its trace leaves WebMetrics, and of the address only host and path are told,
 * not even the path where that is a secret.
 */
export function watchOutbound(
  request: OutboundRequest,
  attempt: number,
  logger: Logger | undefined,
  send: SendOnce,
): Promise<OutboundResponse> {
  if (request.isOurs) return askOurselves(request, send);
  const { method = 'GET', url, provider } = request;
  const { host, hostname, pathname } = new URL(url);
  const path = request.hasSecretPath ? undefined : pathname;
  const startedAt = performance.now();
  const tell = (outcome: string, status?: number) => {
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
    'http.request.method': method,
    'server.address': hostname,
    'url.path': path,
    'http.request.resend_count': attempt > 1 ? attempt - 1 : undefined,
    'webmetrics.provider': provider,
  };
  return inSpan(`${method} ${provider ?? host}`, { kind: 'client', attributes }, async (span) => {
    try {
      const response = await send(request);
      tell('answered', response.status);
      span?.setAttribute('http.response.status_code', response.status);
      if (response.status >= 400) failSpan(span, String(response.status));
      return response;
    } catch (error) {
      tell((error as RequestFailed).reason ?? errorTypeOf(error));
      throw error;
    }
  });
}
