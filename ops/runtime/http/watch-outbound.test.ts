import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { recordSpans } from '#ops/testing/record-spans.js';
import { createLogger } from '#runtime/log/logger.js';
import { withRequestContext } from '#runtime/scope/request-context.js';
import { inSpan, useTracer } from '#runtime/scope/spans.js';
import { renderMetrics } from '#runtime/telemetry/metrics-route.js';
import { clientAttributes } from './client-attributes.js';
import { HttpClient } from './http-client.js';

const REQUEST = { requestId: 'request-1', organizationId: 'organization-1' };

describe('an outbound call', () => {
  const { tracer, exporter } = recordSpans();
  const provider = new NodeTracerProvider();
  let server: Server;
  let host: string;
  let client: HttpClient;
  let lines: Record<string, any>[] = [];
  let received: IncomingHttpHeaders[] = [];
  let statuses: number[] = [];

  beforeAll(async () => {
    // A library's own, which would pass the trace to providers.
    provider.register({ propagator: null });
    useTracer(tracer);
    server = createServer((request, response) => {
      received.push(request.headers);
      response.statusCode = statuses.shift() ?? 200;
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    host = `127.0.0.1:${(server.address() as { port: number }).port}`;
    const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
    client = new HttpClient(createLogger({ level: 'debug', isPretty: false, destination }));
  });
  beforeEach(() => {
    lines = [];
    received = [];
    exporter.reset();
  });
  afterAll(async () => {
    useTracer(undefined);
    await provider.shutdown();
    await client.close();
    server.close();
  });

  const send = (more: object = {}) =>
    withRequestContext(REQUEST, () =>
      inSpan('request', {}, () =>
        client.send({ url: `http://${host}/v1/things?access_token=hush`, provider: 'Some Ads', ...more }),
      ),
    );

  it('is recorded without its path where that is a secret', async () => {
    await send({ url: `http://${host}/services/T0000/B0000/hush`, hasSecretPath: true });
    expect(lines).toMatchObject([{ host, status: 200 }]);
    const recorded = JSON.stringify([lines, exporter.getFinishedSpans().map(({ attributes }) => attributes)]);
    expect(recorded).not.toContain('hush');
  });

  it('is logged per attempt, with its request and without its query', async () => {
    statuses = [503];
    await send({ isIdempotent: true });
    expect(lines).toMatchObject([
      { ...REQUEST, level: 'info', provider: 'Some Ads', host, path: '/v1/things', status: 503, attempt: 1 },
      { ...REQUEST, level: 'debug', provider: 'Some Ads', host, path: '/v1/things', status: 200, attempt: 2 },
    ]);
    expect(lines[0]).toMatchObject({ method: 'GET', outcome: 'answered', durationMs: expect.any(Number) });
    expect(JSON.stringify(lines)).not.toContain('hush');
  });

  it('passes neither request id nor trace to a provider', async () => {
    await send();
    expect(Object.keys(received[0] ?? {}).sort()).toEqual(['connection', 'host']);
  });

  it('passes the trace to another part of WebMetrics, which logs and counts it', async () => {
    await send({ isOurs: true });
    const [call, request] = exporter.getFinishedSpans();
    expect(received[0]?.traceparent).toBe(`00-${request?.spanContext().traceId}-${call?.spanContext().spanId}-01`);
    expect(lines).toEqual([]);
  });

  it('is counted by provider, host and outcome', async () => {
    await send();
    const away = withRequestContext(REQUEST, () => client.send({ url: 'http://127.0.0.1:1/', provider: 'Away Ads' }));
    await expect(away).rejects.toThrow('could not be reached');
    expect(lines.at(-1)).toMatchObject({ ...REQUEST, provider: 'Away Ads', outcome: 'connection' });
    const { body } = await renderMetrics();
    const count = 'webmetrics_provider_call_duration_seconds_count';
    expect(body).toContain(`${count}{provider="Some Ads",host="${host}",outcome="answered",status_class="2xx"}`);
    expect(body).toContain(
      `${count}{provider="Away Ads",host="127.0.0.1:1",outcome="connection",status_class="none"} 1`,
    );
  });

  it('is a span of the trace, without its query', async () => {
    await send();
    const [call, request] = exporter.getFinishedSpans();
    expect(call).toMatchObject({
      name: 'GET Some Ads',
      attributes: {
        'http.request.method': 'GET',
        'http.response.status_code': 200,
        'url.full': `http://${host}/v1/things`,
        'url.path': '/v1/things',
        'server.address': '127.0.0.1',
        'server.port': Number(new URL(`http://${host}`).port),
      },
    });
    expect(call?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
    expect(JSON.stringify(call?.attributes)).not.toContain('hush');
  });

  it.each([
    ['https://user:hush@ads.example/v1?key=hush', false, 'https://ads.example/v1', 443],
    ['http://ads.example/hush', true, 'http://ads.example', 80],
    ['http://[::1]:4001/graphql', false, 'http://[::1]:4001/graphql', 4001],
  ])('to %s has no secrets in its attributes', (url, hasSecretPath, full, port) => {
    const attributes = clientAttributes('GET', url, hasSecretPath);
    expect(attributes).toMatchObject({ 'url.full': full, 'server.port': port });
    expect(JSON.stringify(attributes)).not.toContain('hush');
  });

  it('to another part of WebMetrics is a span with the same attributes', async () => {
    await send({ isOurs: true, provider: undefined });
    const [call] = exporter.getFinishedSpans();
    expect(call?.attributes).toMatchObject({ 'url.full': `http://${host}/v1/things`, 'server.address': '127.0.0.1' });
    expect(JSON.stringify(call?.attributes)).not.toContain('hush');
  });
});
