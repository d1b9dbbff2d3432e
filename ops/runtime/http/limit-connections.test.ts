import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { eventually } from '#ops/testing/eventually.js';
import { createLogger } from '#runtime/log/logger.js';
import { type ConnectionLimits, connectionLimitsFor, readConnectionLimits } from './connection-limits.js';
import { limitConnections, proxyRule, serverOptions } from './limit-connections.js';
import { OpenRequests } from './open-requests.js';

const GET = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

describe('a server with limited connections', () => {
  let app: FastifyInstance;
  let port: number;
  let finish: () => void;
  let warnings: unknown[][];
  let counted: number;
  const sockets: Socket[] = [];

  async function open(
    limits: ConnectionLimits,
    { host = '127.0.0.1', isProxy = false, stalledAfterMs = 30_000, headersTimeout = 60_000 } = {},
  ) {
    warnings = [];
    counted = 0;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    app = fastify({ ...serverOptions, http: { headersTimeout, connectionsCheckingInterval: 50 } });
    const silent = createLogger({ level: 'silent', isPretty: false });
    const logger = { ...silent, warn: (...line: unknown[]) => void warnings.push(line) };
    limitConnections(app, { logger, isProxy: () => isProxy, limits, stalledAfterMs });
    OpenRequests.of(app).onBegin(() => {
      counted += 1;
    });
    app.get('/quick', async () => 'quick');
    app.get('/slow', async () => {
      await finished;
      return 'slow';
    });
    app.get('/large', async () => 'x'.repeat(20_000_000));
    port = Number(new URL(await app.listen({ host, port: 0 })).port);
  }
  afterEach(async () => {
    finish();
    for (const socket of sockets.splice(0)) socket.destroy();
    await app.close();
  });

  /** A connection and what it received. */
  async function client(sent: string, localAddress = '127.0.0.1') {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    sockets.push(socket);
    const received = { socket, text: '', isClosed: false, pauseAt: Number.POSITIVE_INFINITY };
    socket.on('data', (chunk) => {
      received.text += chunk;
      if (received.text.length > received.pauseAt) socket.pause();
    });
    socket
      .on('error', () => {})
      .on('close', () => {
        received.isClosed = true;
      });
    await once(socket, 'connect');
    await new Promise<void>((resolve) => socket.write(sent, () => resolve()));
    return received;
  }
  const answered = (received: { text: string }, text: string) =>
    eventually(`it is answered ${text}`, () => received.text.includes(text));
  const begun = (count: number) => eventually(`${count} requests are being answered`, () => counted === count);

  it('answers however many connections of one address send nothing, or a byte', async () => {
    await open({ total: 8, perAddress: 4 });
    for (let number = 0; number < 40; number += 1) await client('G');
    const honest = await client(GET('/quick'));
    await answered(honest, 'quick');
    const elsewhere = await client(GET('/quick'), '127.0.0.2');
    await answered(elsewhere, 'quick');
    expect(warnings).toEqual([]);
  });

  it('refuses with 503 when each connection of the address has a request, and no other address', async () => {
    await open({ total: 8, perAddress: 2 });
    await client(GET('/slow'));
    await client(GET('/slow'));
    await begun(2);
    const refused = await client(GET('/quick'));
    await eventually('it is closed', () => refused.isClosed);
    expect(refused.text).toMatch(/^HTTP\/1\.1 503 /);
    expect(refused.text).toMatch(/^retry-after: 5\r$/m);
    expect(JSON.parse(refused.text.split('\r\n\r\n')[1] ?? '').errors[0].extensions).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      retryAfter: 5,
    });
    const silent = await client('');
    await eventually('a refused connection that sends nothing is closed', () => silent.isClosed);
    const elsewhere = await client(GET('/quick'), '127.0.0.2');
    await answered(elsewhere, 'quick');
    expect(warnings.map(([, text]) => text)).toEqual(['Connections refused: too many of its address']);
  });

  it('counts the connections of a proxy in all only', async () => {
    await open({ total: 3, perAddress: 1 }, { isProxy: true });
    for (let number = 0; number < 3; number += 1) await client(GET('/slow'));
    await begun(3);
    const refused = await client(GET('/quick'));
    await answered(refused, 'HTTP/1.1 503 ');
    expect(warnings.map(([, text]) => text)).toEqual(['Connections refused: too many']);
  });

  it('counts connections to each address of the host', async () => {
    await open({ total: 8, perAddress: 1 }, { host: 'localhost' });
    await client(GET('/slow'));
    await begun(1);
    await answered(await client(GET('/quick')), 'HTTP/1.1 503 ');
  });

  it('ends a connection whose head does not arrive', async () => {
    await open({ total: 8, perAddress: 8 }, { headersTimeout: 300 });
    const half = await client('GET /quick HTTP/1.1\r\n');
    await eventually('it is closed', () => half.isClosed);
    expect(half.text).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('ends a connection whose answer makes no progress, and no other', async () => {
    await open({ total: 8, perAddress: 8 }, { stalledAfterMs: 5_000 });
    const stalled = await client('');
    stalled.socket.pause();
    stalled.socket.write(GET('/large'));
    const slow = await client(GET('/slow'));
    const reader = await client('');
    reader.socket.pause();
    reader.socket.write(GET('/large'));
    await begun(3);
    // Reads a part at a time, for longer than a stalled connection may stay.
    for (let part = 1; part <= 9; part += 1) {
      reader.pauseAt = part * 2_000_000;
      reader.socket.resume();
      await eventually('it has read a part', () => reader.text.length > reader.pauseAt);
      await new Promise((resolve) => setTimeout(resolve, 600));
    }
    reader.pauseAt = Number.POSITIVE_INFINITY;
    reader.socket.resume();
    await eventually('the slow reader has it all', () => reader.text.length > 20_000_000);
    await eventually('the stalled one is ended by the server', async () => {
      const connections = await new Promise((resolve) => app.server.getConnections((_error, count) => resolve(count)));
      return connections === 2;
    });
    finish();
    await answered(slow, 'slow');
  });

  it('refuses more than ten pipelined requests', async () => {
    await open({ total: 8, perAddress: 8 });
    const greedy = await client(GET('/slow').repeat(12));
    finish();
    await eventually('it is closed', () => greedy.isClosed);
    expect(greedy.text.match(/HTTP\/1\.1 \d+/g)).toEqual([...Array(10).fill('HTTP/1.1 200'), 'HTTP/1.1 429']);
  });
});

describe('the limits of connections', () => {
  it.each([
    [1_048_576, 60, { total: 10_000, perAddress: 256 }],
    [1_024, 60, { total: 708, perAddress: 177 }],
    [300, 100, { total: 100, perAddress: 25 }],
    [100, 90, { total: 16, perAddress: 4 }],
    [undefined, 90, { total: 10_000, perAddress: 256 }],
  ])('of %p descriptors, %i of them in use, leave some for the rest', (limit, inUse, expected) => {
    expect(connectionLimitsFor(limit, inUse)).toEqual(expected);
  });

  it('are those of this process', () => {
    expect(readConnectionLimits().total).toBeGreaterThan(15);
  });
});

describe('a proxy', () => {
  it.each([
    [false, '10.0.0.1', false],
    [0, '10.0.0.1', false],
    [1, '10.0.0.1', true],
    [['10.0.0.0/8', 'fd00::/8'], '10.9.9.9', true],
    [['10.0.0.0/8', 'fd00::/8'], '::ffff:10.9.9.9', true],
    [['10.0.0.0/8', 'fd00::/8'], 'fd00::7', true],
    [['10.0.0.0/8', '192.0.2.1'], '192.0.2.1', true],
    [['10.0.0.0/8', '192.0.2.1'], '192.0.2.2', false],
  ] as const)('trusted as %p: %s %p', (trusted, address, expected) => {
    expect(proxyRule(typeof trusted === 'object' ? [...trusted] : trusted)(address)).toBe(expected);
  });
});
