import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { eventually } from '#ops/testing/eventually.js';
import { createLogger, type Logger } from '#runtime/log/logger.js';
import { currentRequestContext, recordOrganization } from '#runtime/scope/request-context.js';
import { currentScope } from '#runtime/scope/scope.js';
import { metricsRoute, renderMetrics, requireOperatorToken } from '#runtime/telemetry/metrics-route.js';
import { OpenRequests } from './open-requests.js';
import { requestIdOf } from './request-id.js';
import { watchRequests } from './watch-requests.js';

describe('a watched server', () => {
  let app: FastifyInstance;
  let logger: Logger;
  let lines: Record<string, any>[];

  beforeEach(() => {
    lines = [];
    logger = createLogger({
      level: 'info',
      isPretty: false,
      destination: { write: (line) => lines.push(JSON.parse(line)) },
    });
    app = fastify({ genReqId: ({ headers }) => requestIdOf(headers) });
    watchRequests(app, 'test', logger);
    app.get('/health', async () => ({ status: 'ok' }));
    const config = { isProduction: true, operator: { token: 'operator-token', organizationId: undefined } };
    metricsRoute(app, ({ headers }) => requireOperatorToken(headers.authorization, config));
    app.post('/things/:id', async () => {
      await Promise.resolve();
      recordOrganization('organization-1');
      logger.info('in the handler');
      return currentRequestContext();
    });
    app.get('/shared/:token/report.pdf', async () => 'file');
    app.get('/fail', async () => {
      throw new Error('no');
    });
  });
  afterEach(() => app.close());

  const post = (requestId: string, payload: object = { some: 'body' }) =>
    app.inject({ method: 'POST', url: '/things/17?token=hush', headers: { 'x-request-id': requestId }, payload });

  it('keeps the request context in all the request causes, also after its body was read', async () => {
    expect((await post('request-1')).json()).toEqual({ requestId: 'request-1', organizationId: 'organization-1' });
    expect(lines.map(({ msg, requestId, organizationId }) => [msg, requestId, organizationId])).toEqual([
      ['in the handler', 'request-1', 'organization-1'],
      ['POST /things/17 200', 'request-1', 'organization-1'],
    ]);
    expect(lines[1]).toMatchObject({ level: 'info', method: 'POST', path: '/things/17', status: 200 });
    expect(lines[1]?.durationMs).toEqual(expect.any(Number));
    expect(JSON.stringify(lines)).not.toContain('hush');
  });

  it('logs no token of a share link, which is in its path', async () => {
    await app.inject({ url: '/shared/hush/report.pdf?token=hush' });
    await app.inject({ url: '/shared/hush' });
    expect(lines.map(({ path }) => path)).toEqual(['/shared/…/report.pdf', '/shared/…']);
    expect(JSON.stringify(lines)).not.toContain('hush');
  });

  it('keeps the contexts of concurrent requests apart', async () => {
    const ids = Array.from({ length: 20 }, (_, number) => `request-${number}`);
    const answers = await Promise.all(ids.map((id) => post(id, { large: 'x'.repeat(50_000) })));
    expect(answers.map((answer) => answer.json().requestId)).toEqual(ids);
  });

  it('gives a request an id when its own is malformed', async () => {
    const { requestId } = (await post('no good')).json();
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('logs a failure as an error, and no probes', async () => {
    await app.inject('/health');
    await app.inject({ url: '/metrics', headers: { authorization: 'Bearer operator-token' } });
    await app.inject('/fail');
    expect(lines.map(({ level, msg }) => [level, msg])).toEqual([['error', 'GET /fail 500']]);
  });

  it('logs a probe when its answer is another than before, and never as an error', async () => {
    let status = 503;
    app.get('/ready', async ({ watch }, reply) => {
      if (watch) watch.isRoutine = status === 503 && lines.length === 0 && !wasReady;
      return reply.code(status).send({});
    });
    let wasReady = false;
    for (const next of [503, 503, 200, 200, 503, 503, 503, 200, 200]) {
      status = next;
      wasReady ||= status === 200;
      await app.inject('/ready');
    }
    expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
      ['info', 'GET /ready 503'],
      ['info', 'GET /ready 200'],
    ]);
  });

  it('records each of pipelined requests once, also when the client disconnects', async () => {
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let begun = 0;
    const signals: (AbortSignal | undefined)[] = [];
    app.get('/slow', async () => {
      begun += 1;
      signals.push(currentScope().signal);
      await finished;
      return 'slow';
    });
    app.get('/probe', (_request, reply) => {
      reply.hijack();
      reply.raw.end('ok');
    });
    const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
    const answered = connect(Number(port), '127.0.0.1', () => answered.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n'));
    const hungUp = connect(Number(port), '127.0.0.1', () => {
      hungUp.write('GET /slow?token=hush HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(5));
    });
    await eventually('six requests are being answered', async () => begun === 6);
    hungUp.destroy();
    await eventually('five are recorded', async () => lines.length === 5);
    expect(lines.map(({ level, msg }) => [level, msg])).toEqual(Array(5).fill(['info', 'GET /slow 499']));
    expect(signals.filter((signal) => signal?.aborted)).toHaveLength(5);
    finish();
    await once(answered, 'data');
    answered.destroy();
    await eventually('the sixth is recorded', async () => lines.length > 5);
    expect((await fetch(`http://127.0.0.1:${port}/probe`)).status).toBe(200);
    await eventually('their connections are gone', async () => OpenRequests.of(app).isEmpty());
    expect(lines.slice(5).map(({ msg }) => msg)).toEqual(['GET /slow 200', 'GET /probe 200']);
    const { body } = await renderMetrics();
    const count = 'webmetrics_http_request_duration_seconds_count';
    expect(body).toContain(`${count}{server="test",method="GET",route="/slow",status_class="4xx"} 5`);
    expect(JSON.stringify(lines)).not.toContain('hush');
  });

  it('counts requests by their route and not their path', async () => {
    await post('request-1');
    await app.inject('/nothing/here');
    const { body } = await renderMetrics();
    const count = 'webmetrics_http_request_duration_seconds_count';
    expect(body).toContain(`${count}{server="test",method="POST",route="/things/:id",status_class="2xx"}`);
    expect(body).toContain(`${count}{server="test",method="GET",route="none",status_class="4xx"}`);
    expect(body).not.toMatch(/nothing|17"/);
  });

  it.each([undefined, 'Bearer wrong', 'Bearer ', 'Basic operator-token'])(
    'refuses its metrics to a client with %p',
    async (authorization) => {
      app.setErrorHandler((error: { code?: string }, _request, reply) => reply.code(401).send({ code: error.code }));
      const answer = await app.inject({ url: '/metrics', headers: authorization ? { authorization } : {} });
      expect([answer.statusCode, answer.json()]).toEqual([401, { code: 'UNAUTHENTICATED' }]);
      expect(lines.map(({ msg }) => msg)).toEqual(['GET /metrics 401']);
    },
  );

  it('shows its metrics to operators, in the format of Prometheus', async () => {
    const answer = await app.inject({ url: '/metrics', headers: { authorization: 'Bearer operator-token' } });
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.body).toMatch(/^# HELP webmetrics_/m);
    expect(answer.body).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(answer.body).toMatch(/^webmetrics_event_loop_utilization_ratio [\d.e-]+$/m);
  });
});
