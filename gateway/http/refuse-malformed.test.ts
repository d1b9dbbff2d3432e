import { once } from 'node:events';
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

  const send = (request: string) =>
    new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(request));
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('end', () => resolve(text)).on('error', reject);
    });

  it.each([
    ['two', 'Host: x\r\nHost: y\r\n'],
    ['the same twice', 'Host: x\r\nhost: x\r\n'],
    ['none', 'Host: a b/c\r\n'],
    ['two, one of them empty', 'Host:\r\nHost: x\r\n'],
  ])('is refused when its host is %s', async (_what, hosts) => {
    const answer = await send(`GET / HTTP/1.1\r\n${hosts}Connection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"Send one valid \\"Host\\" header."');
  });

  it.each(['x', 'x:80', 'api.example.com.', '[::1]:8080', '10.0.0.1:1', ''])('may name the host %j', async (host) => {
    const answer = await send(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  });

  it('is answered with problem details below the paths of REST', async () => {
    const answer = await send('GET /api/plans?x HTTP/1.1\r\nHost: x\r\nno header\r\n\r\n');
    expect(answer).toMatch(/^content-type: application\/problem\+json; charset=utf-8\r$/im);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({
      type: 'urn:webmetrics:error:BAD_REQUEST',
      status: 400,
      instance: '/api/plans',
    });
  });

  it.each([
    ['nonsense', 'nonsense\r\n\r\n', 400],
    ['an unknown method', 'FROB /plans HTTP/1.1\r\nHost: x\r\n\r\n', 501],
    ['a header that is none', 'GET / HTTP/1.1\r\nHost: x\r\nno header\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
    ['an address that cannot be decoded', 'GET /% HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
    ['endless headers', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('is answered with the request id of its log line: %s', async (_what, request, status) => {
    const answer = await send(request);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toMatch(/^x-content-type-options: nosniff\r$/im);
    const requestId = /x-request-id: (\S+)/.exec(answer)?.[1];
    const [, body = ''] = answer.split('\r\n\r\n');
    expect(JSON.parse(body).errors[0].extensions).toEqual({ code: 'BAD_REQUEST', requestId });
    await eventually('its line is logged', () => lines.some((line) => line.requestId === requestId));
  });

  it('is closed when the client does not read the response', async () => {
    const connected = once(app.server, 'connection');
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.on('error', () => {}).write('nonsense\r\n\r\n');
    await connected;
    const connections = () =>
      new Promise<number>((resolve) => app.server.getConnections((_error, count) => resolve(count)));
    await eventually('it is gone', async () => (await connections()) === 0);
    socket.destroy();
  });

  it('may take ten seconds to send the head of a request, and a minute for all of it', () => {
    expect([app.server.headersTimeout, app.server.requestTimeout]).toEqual([10_000, 60_000]);
  });
});
