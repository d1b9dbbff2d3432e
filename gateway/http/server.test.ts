import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import type { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import { createSendReportFile, reportFileRoutes } from '#gateway/routes/report-files.js';
import type { FileRequest } from '#kit/file-answer.js';
import { Conflict } from '#runtime/errors.js';
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
    const openFile = async ({ parameters: { id, format }, knownTags, isHead }: FileRequest) => {
      if (id === 'early') throw new Conflict('Wait.', { retryAfter: 5 });
      if (id === 'failed') throw new Conflict('Order it again.');
      const isKnown = knownTags?.includes('"tag"') ?? false;
      const facts = {
        name: `Überblick 1 – 2 “حملة” 概要.${format}`,
        type: 'text/csv; charset=utf-8',
        etag: '"tag"',
        isKnown,
      };
      async function* broken() {
        yield ROWS;
        throw new Error('The database is away');
      }
      return { ...facts, body: isKnown || isHead ? null : Readable.from(id === 'broken' ? broken() : [ROWS]) };
    };
    const reporting = { openFile } as unknown as SubgraphDataSource;
    const limit = async () => {};
    const options = { send: createSendReportFile(reporting), limit, admission: { admit: limit } };
    reportFileRoutes(app, options as unknown as Parameters<typeof reportFileRoutes>[1]);
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
    const early = await app.inject('/reports/early/download.csv');
    expect([early.statusCode, early.headers['retry-after'], early.json().errors[0].extensions.code]).toEqual([
      409,
      '5',
      'CONFLICT',
    ]);
    const failed = await app.inject('/api/reports/failed/download.csv');
    expect([failed.statusCode, failed.headers['retry-after'], failed.json().code]).toEqual([
      409,
      undefined,
      'CONFLICT',
    ]);
  });

  it('sends a file as it is, with its name in any script, or 304 to whom has it', async () => {
    const path = '/reports/one/download.csv?for=excel';
    const headers = { 'accept-encoding': 'br, gzip' };
    const sent = await app.inject({ url: path, headers });
    expect([sent.statusCode, sent.headers['content-encoding'], sent.headers.etag]).toEqual([200, undefined, '"tag"']);
    expect(sent.body).toBe(ROWS);
    expect(sent.headers['content-disposition']).toBe(
      `attachment; filename="Uberblick 1 - 2 _ _.csv"; filename*=UTF-8''${encodeURIComponent('Überblick 1 – 2 “حملة” 概要.csv')}`,
    );
    for (const tag of ['"tag"', '"other", W/"tag"', '*']) {
      const known = await app.inject({ url: path, headers: { 'if-none-match': tag } });
      expect([known.statusCode, known.body]).toEqual(tag === '*' ? [200, ROWS] : [304, '']);
    }
    const head = await app.inject({ method: 'HEAD', url: path });
    expect([head.statusCode, head.body, head.headers.etag, head.headers['content-length']]).toEqual([
      200,
      '',
      '"tag"',
      undefined,
    ]);
    expect((await app.inject('/reports/one/download.csv?for=excel&for=excel')).statusCode).toBe(400);
  });

  it('cuts the connection when a file cannot be made to its end', async () => {
    const response = await fetch(`${url}/reports/broken/download.csv`);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  it.each([
    ['/nowhere', {}, 404, 'NOT_FOUND'],
    ['/text/1', { host: 'two, hosts' }, 400, 'BAD_REQUEST'],
  ])('refuses OPTIONS %s with %j as other methods', async (path, headers, statusCode, code) => {
    const answer = await app.inject({ method: 'OPTIONS', url: path, headers });
    expect([answer.statusCode, answer.json().errors?.[0].extensions.code]).toEqual([statusCode, code]);
  });
});
