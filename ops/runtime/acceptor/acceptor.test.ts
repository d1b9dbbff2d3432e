import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { eventually } from '#ops/testing/eventually.js';
import { Acceptor } from './acceptor.js';
import { expectProxyLine } from './proxy-line.js';

const HOST = '127.0.0.1';
const HEALTH = 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n';
const LAST = 'GET /whoami HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

describe('an acceptor', () => {
  let app: FastifyInstance;
  let acceptor: Acceptor;
  let port: number;
  let isBehindAlive: boolean;
  let folder: string;
  let agent: Agent;
  let inHand: number;
  let hungUp: number;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'webmetrics-acceptor-'));
    const path = join(folder, 'http.sock');
    isBehindAlive = true;
    inHand = 0;
    hungUp = 0;
    agent = new Agent({ keepAlive: true, maxSockets: 1 });
    app = fastify({ forceCloseConnections: 'idle', bodyLimit: 10_000_000 });
    app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
    app.get('/health', async () => 'answered behind');
    app.get('/whoami', async ({ ip }) => ip);
    app.post('/echo', async ({ body }) => body);
    app.get('/never', ({ raw }) => {
      inHand += 1;
      raw.once('close', () => {
        hungUp += 1;
      });
      return new Promise(() => {});
    });
    app.get('/cut', async ({ raw }) => void raw.socket.destroy());
    await app.ready();
    expectProxyLine(app.server);
    await app.listen({ path });
    acceptor = new Acceptor({ host: HOST, port: 0, path, environment: 'test', isBehindAlive: () => isBehindAlive });
    port = await acceptor.listen();
  });
  afterEach(async () => {
    agent.destroy();
    await acceptor.close();
    app.server.closeAllConnections();
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function ask(path: string, method = 'GET', body?: Buffer) {
    const sent = request({ host: HOST, port, path, method, agent });
    if (body) sent.setHeader('content-type', 'application/octet-stream');
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    const { statusCode: status, headers } = response;
    return { status, headers, bytes: Buffer.concat(chunks), isReused: sent.reusedSocket };
  }

  const isPassedOn = () =>
    new Promise<boolean>((resolve) => app.server.getConnections((_error, count) => resolve(count > 0)));

  /** Sends `text`, and `rest` once the connection was passed on, and returns all that comes back. */
  async function send(text: string, rest?: string): Promise<string> {
    const socket = connect({ host: HOST, port });
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    const closed = once(socket, 'close');
    socket.write(text);
    if (rest) {
      await eventually('it is passed on', isPassedOn);
      socket.write(rest);
    }
    await closed;
    return answer;
  }

  /** The bodies of answers that came over one connection. */
  const bodiesIn = (text: string) =>
    text
      .split('HTTP/1.1 200 OK')
      .slice(1)
      .map((answer) => answer.split('\r\n\r\n')[1]);
  const healthy = expect.stringContaining('"status":"ok"');

  it('answers for itself whether the process lives', async () => {
    const { status, headers, bytes } = await ask('/health');
    expect([status, JSON.parse(bytes.toString())]).toEqual([
      200,
      { status: 'ok', timestamp: expect.any(String), environment: 'test', uptime: expect.any(Number) },
    ]);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-request-id': expect.any(String),
      date: expect.any(String),
    });
    expect(await ask('/health', 'HEAD')).toMatchObject({ status: 200, bytes: Buffer.alloc(0), isReused: true });
  });

  it('lets the server behind answer while that does not react', async () => {
    isBehindAlive = false;
    expect((await ask('/health')).bytes.toString()).toBe('answered behind');
  });

  it('passes everything else on, and tells from whom it is', async () => {
    expect((await ask('/whoami')).bytes.toString()).toBe(HOST);
    const bytes = Buffer.alloc(5_000_000, 'webmetrics');
    expect((await ask('/echo', 'POST', bytes)).bytes.equals(bytes)).toBe(true);
    expect(await ask('/nothing')).toMatchObject({ status: 404, isReused: true });
  });

  it('takes both over one connection, one after the other', async () => {
    await ask('/health');
    expect((await ask('/whoami')).isReused).toBe(true);
    expect(await ask('/health')).toMatchObject({ status: 200, isReused: true });
  });

  it('answers requests that come at once in their order', async () => {
    expect(bodiesIn(await send(HEALTH + HEALTH + LAST))).toEqual([healthy, healthy, HOST]);
    expect(bodiesIn(await send(HEALTH + LAST.slice(0, 9), LAST.slice(9)))).toEqual([healthy, HOST]);
  });

  it('passes on a request for /health that comes in pieces', async () => {
    const last = HEALTH.replace('Host', 'Connection: close\r\nHost');
    expect(bodiesIn(await send(last.slice(0, 20), last.slice(20)))).toEqual(['answered behind']);
    expect(bodiesIn(await send(last))).toEqual([healthy]);
  });

  it('reads no further while a client does not read its answers', async () => {
    let accepted: Socket | undefined;
    const note = (message: unknown) => {
      accepted = (message as { socket: Socket }).socket;
    };
    subscribe('net.server.socket', note);
    const greedy = connect({ host: HOST, port }).pause();
    await eventually('it is accepted', () => accepted !== undefined);
    unsubscribe('net.server.socket', note);
    let sent = 0;
    for (let round = 0; round < 2_000 && !accepted?.isPaused(); round += 1) {
      // Whole requests at a time: what comes in pieces is passed on.
      greedy.write(HEALTH.repeat(100));
      sent += HEALTH.length * 100;
      await eventually('they are read', () => accepted?.bytesRead === sent);
    }
    expect(accepted?.isPaused()).toBe(true);
    greedy.resume();
    await eventually('it goes on when they are read', () => accepted?.isPaused() === false);
    greedy.destroy();
  });

  it('believes no client that says it is another', async () => {
    const text = await send(`PROXY TCP4 192.0.2.1 127.0.0.1 1 2\r\n${LAST}`);
    expect(text).toMatch(/^HTTP\/1.1 400 /);
  });

  it('ends the connection behind when a client hangs up, and the other way round', async () => {
    const socket = connect({ host: HOST, port });
    socket.write('GET /never HTTP/1.1\r\nHost: x\r\n\r\n');
    await eventually('it is being answered', () => inHand === 1);
    socket.destroy();
    await eventually('the server notices', () => hungUp === 1);
    await expect(ask('/cut')).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('accepts nobody once it is closed, and keeps those who are being answered', async () => {
    const idle: Socket = connect({ host: HOST, port });
    idle.write(HEALTH);
    await once(idle, 'data');
    await ask('/whoami');
    await acceptor.close();
    await once(idle, 'close');
    const late = connect({ host: HOST, port });
    expect(await once(late, 'connect').catch(({ code }) => code)).toBe('ECONNREFUSED');
    expect(await ask('/whoami')).toMatchObject({ status: 200, isReused: true });
  });
});
