import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newDatabase } from '#ops/testing/test-services.js';
import { schemaFile } from '#schema/type-definitions.js';
import { type Simulator, startSimulator } from '#simulator/index.js';
import { Client } from './client.js';
import { type CollectedSpan, type Collector, startCollector } from './collector.js';
import { freePort, newFolder, type StartedProcess, startProcess } from './start-process.js';

const dashboard = readFileSync(schemaFile('examples/dashboard.graphql'), 'utf8');
const range = { start: '2026-10-01', end: '2026-10-31' };
const OPERATOR_TOKEN = randomBytes(32).toString('hex');
const REQUEST_ID = 'watched-request-1';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
// Two programs, one after the other, on a machine that may have other work.
const START_TIMEOUT_MS = 180_000;

/** Returns what `find` finds once it finds something. The test's own time limit ends a vain search. */
async function eventually<Found>(find: () => Found | undefined | false | Promise<Found | undefined | false>) {
  for (;;) {
    const found = await find();
    if (found) return found;
    await wait(50);
  }
}

function linesOf(process: StartedProcess): Record<string, any>[] {
  const lines = process.output().split('\n').slice(0, -1);
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
}

describe('a gateway and a subgraph that are watched', () => {
  const secrets: string[] = [OPERATOR_TOKEN];
  let collector: Collector;
  let simulator: Simulator;
  let integrations: StartedProcess;
  let gateway: StartedProcess;
  let url: string;
  let subgraphUrl: string;
  let client: Client;
  let organizationId: string;

  beforeAll(async () => {
    collector = await startCollector();
    simulator = await startSimulator({ quiet: true });
    const [port, subgraphPort] = [await freePort(), await freePort()];
    url = `http://localhost:${port}`;
    subgraphUrl = `http://localhost:${subgraphPort}`;
    const shared = {
      DATABASE_URL: await newDatabase(),
      DATA_DIR: newFolder(),
      JWT_SECRET: randomBytes(32).toString('hex'),
      TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('hex'),
      SIMULATOR_URL: simulator.url,
      OPERATOR_TOKEN,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      PUBLIC_URL: url,
      LOG_LEVEL: 'debug',
    };
    secrets.push(shared.JWT_SECRET, shared.TOKEN_ENCRYPTION_KEY);
    integrations = await startProcess('subgraphs/serve.js', ['integrations', '--port', String(subgraphPort)], {
      environment: shared,
      readyWhen: /Subgraph integrations/,
    });
    gateway = await startProcess('gateway/main.js', [], {
      environment: { ...shared, PORT: String(port), SUBGRAPH_INTEGRATIONS_URL: `${subgraphUrl}/graphql` },
      readyWhen: /Press Ctrl-C to stop/,
    });
    const someone = await new Client(url).signUp('Nora');
    organizationId = someone.organizationId;
    secrets.push(someone.refreshToken);
    client = someone.client;
    expect((await client.connect('google-ads')).status).toBe(200);
    const headers = { 'x-request-id': REQUEST_ID, traceparent: `00-${TRACE}-${CALLER}-01` };
    const { data, errors } = await client.with(headers).ask(dashboard, { range });
    expect(errors).toBeUndefined();
    expect(data.me.organization.connections).toHaveLength(1);
  }, START_TIMEOUT_MS);

  afterAll(async () => {
    await gateway?.stop('SIGKILL');
    await integrations?.stop('SIGKILL');
    await simulator.close();
  });

  it('name the request and organization on every line it causes, in both processes and to the provider', async () => {
    const here = (process: StartedProcess) => linesOf(process).filter(({ requestId }) => requestId === REQUEST_ID);
    await eventually(() => here(gateway).length > 0 && here(integrations).some(({ msg }) => msg.startsWith('POST')));
    const [answered, ...more] = here(gateway);
    expect(more).toEqual([]);
    expect(answered).toMatchObject({
      level: 'info',
      time: expect.stringMatching(/Z$/),
      method: 'POST',
      path: '/graphql',
      status: 200,
      operation: 'Dashboard',
      type: 'query',
      durationMs: expect.any(Number),
      traceId: TRACE,
    });
    const provider = here(integrations).filter(({ provider }) => provider === 'Google Ads');
    expect(provider.length).toBeGreaterThan(0);
    expect(provider[0]).toMatchObject({ status: 200, attempt: 1, name: 'integrations' });
    for (const line of [answered, ...here(integrations)]) {
      expect(line).toMatchObject({ requestId: REQUEST_ID, organizationId, traceId: TRACE });
    }
  });

  it('log the errors a client received', async () => {
    const headers = { 'x-request-id': 'watched-request-2' };
    await client.with(headers).ask('query Missing { report(id: "nothing") { title } } ');
    await new Client(url).with({ 'x-request-id': 'watched-request-3' }).as('nonsense').ask('{ me { name } }');
    const line = (id: string) => eventually(() => linesOf(gateway).find(({ requestId }) => requestId === id));
    const missing = await client.with({ 'x-request-id': 'watched-request-4' }).ask('query Wrong { nothing }');
    expect(await line('watched-request-2')).toMatchObject({ operation: 'Missing', type: 'query' });
    expect(await line('watched-request-3')).toMatchObject({ status: 401, errorCodes: ['UNAUTHENTICATED'] });
    expect(await line('watched-request-4')).toMatchObject({ status: 400, errorCodes: [missing.code] });
  });

  it('are one trace, from the client to the provider', async () => {
    const ofTrace = () => collector.spans.filter(({ traceId }) => traceId === TRACE);
    const call = await eventually(() => ofTrace().find(({ name }) => name.endsWith(' Google Ads')));
    const above = (span: CollectedSpan): CollectedSpan[] => {
      const parent = ofTrace().find(({ spanId }) => spanId === span.parentSpanId);
      return parent ? [span, ...above(parent)] : [span];
    };
    // Each process sends its spans in batches, and what ends later can be in a later one.
    await eventually(() => above(call).at(-1)?.parentSpanId === CALLER);
    expect(above(call).map(({ service, name }) => `${service}: ${name}`)).toEqual([
      expect.stringMatching(/^webmetrics-integrations: (GET|POST) Google Ads$/),
      'webmetrics-integrations: execute integrations',
      'webmetrics-integrations: POST /graphql',
      'webmetrics-gateway: subgraph integrations',
      'webmetrics-gateway: query',
      'webmetrics-gateway: POST /graphql',
    ]);
    expect(above(call).at(-1)).toMatchObject({ parentSpanId: CALLER });
    expect(ofTrace().map(({ name }) => name)).toEqual(expect.arrayContaining(['subgraph auth', 'subgraph billing']));
    // Apollo Gateway would add its own to any tracer that is there for all.
    expect(ofTrace().filter(({ name }) => name.startsWith('gateway.'))).toEqual([]);
    expect(ofTrace().find(({ name }) => name === 'query')?.attributes).toMatchObject({
      'graphql.operation.name': 'Dashboard',
      'graphql.operation.type': 'query',
    });
    const attributesOf = (wanted: string) => ofTrace().find(({ name }) => name === wanted)?.attributes;
    expect(attributesOf('POST /graphql')).toMatchObject({ 'url.scheme': 'http', 'url.path': '/graphql' });
    expect(attributesOf('subgraph integrations')).toMatchObject({
      'url.full': expect.stringMatching(/^http:\/\/localhost:\d+\/graphql$/),
      'server.address': 'localhost',
      'server.port': expect.anything(),
    });
    expect(new Set(collector.requests)).toEqual(new Set(['POST /v1/traces application/json']));
  });

  const figures = async (address: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${address}/metrics`, { headers });
    return { status: response.status, text: await response.text() };
  };

  it('show their figures: of the gateway', async () => {
    // The tenth use gives an operation a label.
    for (let use = 1; use <= 10; use += 1) await client.ask('query Often { me { id } }');
    const { status, text } = await eventually(async () => {
      const shown = await figures(url);
      // An operation is counted after its answer.
      return shown.text.includes('operation="Often"') && shown;
    });
    expect(status).toBe(200);
    for (const series of [
      'webmetrics_http_request_duration_seconds_count{server="gateway",method="POST",route="/graphql",status_class="2xx"}',
      'webmetrics_graphql_operation_duration_seconds_count{operation="Often",type="query",outcome="ok"} 1',
      'webmetrics_graphql_operation_duration_seconds_count{operation="other",type="query",outcome="ok"}',
      'webmetrics_graphql_fields_total{field="PerformanceRow.metrics"} 1',
      'webmetrics_graphql_fields_total{field="User.organization"}',
      'webmetrics_errors_total{code="UNAUTHENTICATED"} 1',
      'webmetrics_errors_total{code="GRAPHQL_VALIDATION_FAILED"} 1',
      'webmetrics_subgraph_call_duration_seconds_count{subgraph="integrations",transport="http",outcome="ok"}',
      'webmetrics_subgraph_call_duration_seconds_count{subgraph="auth",transport="in-process",outcome="ok"}',
      'webmetrics_cache_requests_total{cache="session-identity",outcome="hit"}',
      'webmetrics_response_cache_requests_total{outcome="miss"}',
      'webmetrics_postgres_pool_connections{schema="auth",state="idle"}',
      'webmetrics_process_info{program="gateway",',
      'nodejs_eventloop_lag_p99_seconds',
    ]) {
      expect(text).toContain(series);
    }
  });

  it('show their figures: of the subgraph, to operators', async () => {
    expect((await figures(subgraphUrl)).status).toBe(401);
    expect((await figures(subgraphUrl, { authorization: 'Bearer wrong' })).status).toBe(401);
    const { status, text } = await figures(subgraphUrl, { authorization: `Bearer ${OPERATOR_TOKEN}` });
    expect(status).toBe(200);
    const { host } = new URL(simulator.url);
    expect(text).toContain(
      `webmetrics_provider_call_duration_seconds_count{provider="Google Ads",host="${host}",outcome="answered",status_class="2xx"}`,
    );
    expect(text).toContain('webmetrics_process_info{program="integrations",');
    expect(text).toContain('server="integrations",method="POST",route="/graphql",status_class="2xx"');
  });

  it('warn once when the collector is away, still answer, and stop in time', async () => {
    await collector.close();
    const warnings = () => linesOf(gateway).filter(({ msg }) => msg.startsWith('Traces cannot be sent'));
    await eventually(async () => {
      const { errors } = await client.ask('query Again { me { name } }');
      expect(errors).toBeUndefined();
      return warnings().length > 0;
    });
    expect(await gateway.stop()).toBe(0);
    expect(await integrations.stop()).toBe(0);
    expect(warnings()).toHaveLength(1);
    expect(gateway.output()).not.toMatch(/^(?!\{).*(ECONNREFUSED|OTLP)/m);
  });

  it('logged no secret', () => {
    const output = gateway.output() + integrations.output();
    expect(linesOf(gateway).length).toBeGreaterThan(5);
    for (const secret of secrets) expect(output).not.toContain(secret);
    expect(output).not.toMatch(/eyJ[\w-]+\.|[?&](code|state|token)=(?!\[redacted)/);
  });
});
