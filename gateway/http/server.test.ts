import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import type { RunOperation } from '#gateway/graph/run-operation.js';
import { createSendReportCsv, reportCsvRoute } from '#gateway/routes/report-csv.js';
import { createLogger } from '#runtime/log/logger.js';
import { createServer } from './server.js';

const ROWS = randomBytes(300_000).toString('hex');

describe('the server of the gateway', () => {
  let app: FastifyInstance;
  let url: string;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let status = 'RUNNING';

  beforeAll(async () => {
    const logger = createLogger({ level: 'silent', isPretty: false });
    app = await createServer({ logger, isAllowedOrigin: () => false });
    app.get<{ Params: { bytes: string } }>('/text/:bytes', async ({ params }) => ({
      text: 'x'.repeat(Number(params.bytes)),
    }));
    app.get('/rows.csv', (_request, reply) => {
      async function* rows() {
        yield ROWS;
        await finished;
        yield 'end';
      }
      return reply.type('text/csv; charset=utf-8').send(Readable.from(rows()));
    });
    const report = () => ({ title: 'Report', status, template: { columns: [] }, rows: null });
    const run = (async () => ({ data: { report: report() }, errors: [], extensions: {} })) as unknown as RunOperation;
    reportCsvRoute(app, {
      send: createSendReportCsv({ run, reporting: undefined as never }),
      authenticate: async () => ({ kind: 'user', scopes: [], requestId: 'request' }),
      limit: async () => {},
    } as unknown as Parameters<typeof reportCsvRoute>[1]);
    url = await app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    finish();
    app.server.closeAllConnections();
    await app.close();
  });

  it.each([
    ['br, gzip', 5_000, 'br'],
    ['gzip', 5_000, 'gzip'],
    ['gzip', 500_000, 'gzip'],
    ['identity', 5_000, undefined],
    ['compress', 5_000, undefined],
    ['br, gzip', 500, undefined],
  ])('compresses for %s an answer of %i bytes as %p', async (accepted, bytes, encoding) => {
    const { headers, rawPayload } = await app.inject({
      url: `/text/${bytes}`,
      headers: { 'accept-encoding': accepted },
    });
    expect(headers['content-encoding']).toBe(encoding);
    if (encoding)
      expect([rawPayload.length < bytes / 10, headers.vary]).toEqual([true, expect.stringMatching(/accept-encoding/)]);
  });

  it.each(['br', 'gzip', 'identity'])('streams a download as %s', async (encoding) => {
    const response = await fetch(`${url}/rows.csv`, { headers: { 'accept-encoding': encoding } });
    const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    // Before the source has ended.
    let text = '';
    while (text.length < 100_000) text += (await reader.read()).value;
    expect(ROWS.startsWith(text)).toBe(true);
    await reader.cancel();
  });

  it('answers a report that is not ready with 409, and says when to ask again', async () => {
    const early = await app.inject('/downloads/reports/one.csv');
    expect([early.statusCode, early.headers['retry-after'], early.json().errors[0].extensions.code]).toEqual([
      409,
      '5',
      'CONFLICT',
    ]);
    status = 'FAILED';
    const failed = await app.inject('/downloads/reports/one.csv');
    expect([failed.statusCode, failed.headers['retry-after']]).toEqual([409, undefined]);
  });

  it.each(['one.pdf', 'one.xlsx', 'one', 'one.csv.exe'])('has no download %s, and names the formats', async (file) => {
    const answer = await app.inject(`/downloads/reports/${file}`);
    expect([answer.statusCode, answer.json().errors[0].message]).toEqual([
      404,
      'Reports are downloaded as .csv: there is no other format.',
    ]);
  });

  it.each([
    ['/nowhere', {}, 404, 'NOT_FOUND'],
    ['/text/1', { host: 'two, hosts' }, 400, 'BAD_REQUEST'],
  ])('refuses OPTIONS %s with %j as other methods', async (path, headers, statusCode, code) => {
    const answer = await app.inject({ method: 'OPTIONS', url: path, headers });
    expect([answer.statusCode, answer.json().errors?.[0].extensions.code]).toEqual([statusCode, code]);
  });
});
