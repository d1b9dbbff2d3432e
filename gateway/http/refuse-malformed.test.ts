import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { eventually } from '#ops/testing/eventually.js';
import { listen } from '#runtime/http/listen.js';
import type { Logger } from '#runtime/log/logger.js';
import { createServer } from './server.js';

describe('a connection without valid HTTP', () => {
  const lines: { requestId: string }[] = [];
  let app: FastifyInstance;
  let port: number;
  beforeAll(async () => {
    const info = (line: { requestId: string }) => void lines.push(line);
    const logger = { info, warn: info, error: info, audit: info } as unknown as Logger;
    app = await createServer({ logger, isAllowedOrigin: () => false });
    port = await listen(app, '127.0.0.1', 0, 'PORT');
  });
  afterAll(() => app.close());

  it.each([
    ['nonsense', 'nonsense\r\n\r\n', 400],
    ['a header that is none', 'GET / HTTP/1.1\r\nHost: x\r\nno header\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
    ['an address that cannot be decoded', 'GET /% HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
    ['endless headers', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('is answered with the request id of its log line: %s', async (_what, request, status) => {
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(request));
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('end', () => resolve(text)).on('error', reject);
    });
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toContain('x-content-type-options: nosniff');
    const requestId = /x-request-id: (\S+)/.exec(answer)?.[1];
    const [, body = ''] = answer.split('\r\n\r\n');
    expect(JSON.parse(body).errors[0].extensions).toEqual({ code: 'BAD_REQUEST', requestId });
    expect(lines.map((line) => line.requestId)).toContain(requestId);
  });

  it('is closed when the client does not read the response', async () => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.on('error', () => {}).write('nonsense\r\n\r\n');
    const connections = () =>
      new Promise<number>((resolve) => app.server.getConnections((_error, count) => resolve(count)));
    await eventually('it is there', async () => (await connections()) > 0);
    await eventually('it is gone', async () => (await connections()) === 0);
    socket.destroy();
  });

  it('may take ten seconds to send the head of a request, and a minute for all of it', () => {
    expect([app.server.headersTimeout, app.server.requestTimeout]).toEqual([10_000, 60_000]);
  });
});
