import { once } from 'node:events';
import { Agent, type IncomingMessage, request, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fastify from 'fastify';
import { eventually } from '#ops/testing/eventually.js';
import { type HealthListenerOptions, listenForProbes } from './health-listener.js';
import { answerProbesFirst, healthRoute } from './health-route.js';

const host = '127.0.0.1';
const HEALTH = 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n';

describe('the health listener', () => {
  let servers: Server[] = [];
  let port: number;
  let isStarting: boolean;
  let isHung: boolean;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  async function open(options: Partial<HealthListenerOptions> = {}) {
    const states = { isStarting: () => isStarting, isHung: () => isHung };
    ({ port, servers } = await listenForProbes({ host, port: 0, environment: 'test', ...states, ...options }));
  }
  beforeEach(() => {
    isStarting = false;
    isHung = false;
  });
  afterEach(() => {
    for (const server of servers) server.close().closeAllConnections();
  });

  async function ask(path: string, method = 'GET', hostname = host) {
    const sent = request({ hostname, port, path, method, agent, headers: { 'x-request-id': 'probe-0001' } }).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of response) text += chunk;
    return { status: response.statusCode, headers: response.headers, text };
  }

  /** Opens a connection, sends `text`, and returns all that comes back until it ends. */
  async function send(text: string): Promise<string> {
    const socket = connect({ host, port }).on('error', () => {});
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.write(text, 'latin1');
    await once(socket, 'close');
    return answer;
  }

  it('answers what the main port answers', async () => {
    await open();
    const app = fastify({ genReqId: () => 'probe-0001' });
    answerProbesFirst(app);
    healthRoute(app, 'test');
    const main = await app.inject('/health');
    const { status, headers, text } = await ask('/health');
    expect(status).toBe(main.statusCode);
    expect(JSON.parse(text)).toEqual({
      status: 'ok',
      timestamp: expect.any(String),
      environment: 'test',
      uptime: expect.any(Number),
    });
    expect(Object.keys(JSON.parse(text))).toEqual(Object.keys(main.json()));
    const { 'content-length': _length, date: _date, connection: _connection, ...expected } = main.headers;
    expect(headers).toMatchObject(expected);
  });

  it('takes a slash at the end, a query, and HEAD', async () => {
    await open();
    expect(await ask('/health/')).toMatchObject({ status: 200 });
    expect(await ask('/health?at=17')).toMatchObject({ status: 200 });
    expect(await ask('/health', 'HEAD')).toMatchObject({ status: 200, text: '' });
  });

  it('answers 503 while the process starts', async () => {
    isStarting = true;
    await open();
    const { status, text } = await ask('/health');
    expect([status, JSON.parse(text).status]).toEqual([503, 'starting']);
  });

  it('ends the connection without an answer while the main thread hangs', async () => {
    await open();
    isHung = true;
    expect(await send(HEALTH)).toBe('');
    isHung = false;
    expect((await ask('/health')).status).toBe(200);
  });

  it('refuses every other path and method', async () => {
    await open();
    expect((await ask('/healthy')).status).toBe(404);
    expect((await ask('/graphql')).status).toBe(404);
    expect((await ask('/health', 'POST')).status).toBe(405);
  });

  it.each([
    ['another protocol', '\x16\x03\x01\x02\x00\r\n\r\n', 400],
    ['a header without a name', 'GET /health HTTP/1.1\r\nHost: x\r\n: value\r\n\r\n', 400],
    ['a PROXY line', `PROXY TCP4 192.0.2.1 127.0.0.1 1 2\r\n${HEALTH}`, 400],
    ['a long header', `GET /health HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(5_000)}\r\n\r\n`, 431],
    ['no host', 'GET /health HTTP/1.1\r\n\r\n', 400],
  ])('refuses %s, and goes on', async (_what, text, status) => {
    await open();
    expect(await send(text)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect((await ask('/health')).status).toBe(200);
  });

  it('drops connections that send nothing, or only a part of a request', async () => {
    await open({ requestTimeoutMs: 50 });
    await Promise.all([send(''), send(HEALTH.slice(0, 20))]);
    // Each attempt has the same short time.
    const isAnswered = () =>
      ask('/health').then(
        ({ status }) => status === 200,
        () => false,
      );
    await eventually('a whole request is answered', isAnswered);
  });

  it('takes a limited number of connections', async () => {
    await open({ maxConnections: 2 });
    const sockets: Socket[] = [1, 2].map(() => connect({ host, port }));
    await Promise.all(sockets.map((socket) => once(socket.resume(), 'connect')));
    expect(await send('')).toBe('');
    for (const socket of sockets) socket.destroy();
    await Promise.all(sockets.map((socket) => once(socket, 'close')));
  });

  it('listens on every address of localhost', async () => {
    await open({ host: 'localhost' });
    const addresses = servers.map((server) => (server.address() as { address: string }).address);
    for (const address of addresses) expect((await ask('/health', 'GET', address)).status).toBe(200);
    expect(addresses).toContain('127.0.0.1');
  });
});
