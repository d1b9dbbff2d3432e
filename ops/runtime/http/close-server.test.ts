import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { createLogger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { closeGracefully } from './close-server.js';

/** Longer than a test may take. */
const NEVER_MS = 3_600_000;

describe('a closing server', () => {
  let app: FastifyInstance;
  let lifecycle: Lifecycle;
  let url: string;
  let cut: unknown[];
  let arrived: () => void;
  let finish: () => void;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  async function open(limitMs: number, host = '127.0.0.1') {
    const silent = createLogger({ level: 'silent', isPretty: false });
    lifecycle = new Lifecycle(silent);
    app = fastify({ forceCloseConnections: 'idle', return503OnClosing: false });
    const logger = { ...silent, warn: (...args: unknown[]) => void cut.push(args[0]) };
    closeGracefully(app, { lifecycle, logger, limitMs });
    app.get('/quick', async () => 'quick');
    app.get('/slow', async () => {
      arrived();
      await finished;
      return 'slow';
    });
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    url = await app.listen({ host, port: 0 });
  }

  beforeEach(() => {
    cut = [];
  });
  afterEach(async () => {
    finish();
    await lifecycle.close();
    agent.destroy();
  });

  async function get(path: string): Promise<{ connection: string | undefined; text: string; isReused: boolean }> {
    const sent = request(url + path, { agent }).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of response) text += chunk;
    return { connection: response.headers.connection, text, isReused: sent.reusedSocket };
  }

  /** Resolves once the next slow request is being answered. */
  const arrival = () =>
    new Promise<void>((resolve) => {
      arrived = resolve;
    });

  const isAccepting = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => resolve(true));
      socket.on('error', () => resolve(false)).on('connect', () => socket.destroy());
    });

  it.each(['127.0.0.1', 'localhost'])('answers what is in flight on %s, with connection: close', async (host) => {
    await open(10_000, host);
    // Where the host has several addresses: one besides that of the main server.
    url = `http://127.0.0.1:${new URL(url).port}`;
    const isThere = arrival();
    const slow = get('/slow');
    await isThere;
    let isClosed = false;
    const closing = lifecycle.close().then(() => {
      isClosed = true;
    });
    while (await isAccepting()) await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(isClosed).toBe(false);
    finish();
    expect(await slow).toMatchObject({ connection: 'close', text: 'slow' });
    await closing;
    expect(cut).toEqual([]);
  });

  it('ends kept-alive connections with the next answer once a stop is announced', async () => {
    await open(10_000);
    let isClosable = () => {};
    lifecycle.onClose('Running jobs', () => new Promise((resolve) => (isClosable = resolve)));
    expect((await get('/quick')).connection).toBe('keep-alive');
    const closing = lifecycle.close();
    expect(await get('/quick')).toEqual({ connection: 'close', text: 'quick', isReused: true });
    expect(await get('/quick')).toEqual({ connection: 'close', text: 'quick', isReused: false });
    isClosable();
    await closing;
  });

  it('cuts what takes longer than the limit, and logs what that was', async () => {
    await open(30);
    const isThere = arrival();
    const slow = get('/slow?token=secret');
    slow.catch(() => {});
    await isThere;
    await lifecycle.close();
    await expect(slow).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(cut).toEqual([{ requests: [expect.stringMatching(/^GET \/slow \(/)] }]);
  });

  it('does not wait for pipelined requests whose client disconnected at once', async () => {
    await open(NEVER_MS);
    const client = connect(Number(new URL(url).port), '127.0.0.1');
    const isThere = arrival();
    client.write('GET /slow HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(5));
    await isThere;
    client.destroy();
    await lifecycle.close();
    expect(cut).toEqual([]);
  });

  it('answers the first of pipelined requests, with connection: close', async () => {
    await open(10_000);
    const client = connect(Number(new URL(url).port), '127.0.0.1');
    let text = '';
    client.on('data', (chunk) => {
      text += chunk;
    });
    const isThere = arrival();
    client.write('GET /slow HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(3));
    await isThere;
    const ended = once(client, 'close');
    const closing = lifecycle.close();
    finish();
    await Promise.all([closing, ended]);
    expect(text).toMatch(/^connection: close\r$/m);
    expect(text).toMatch(/slow$/);
    expect(cut).toEqual([]);
  });

  it('does not wait for connections that send nothing, or only a part of a request', async () => {
    await open(NEVER_MS);
    const { port } = new URL(url);
    const [silent, half] = [connect(Number(port), '127.0.0.1'), connect(Number(port), '127.0.0.1')];
    half.write('GET /quick HTTP/1.1\r\nhost: x\r\n');
    await get('/quick');
    const ended = [silent, half].map((socket) =>
      once(
        socket.on('error', () => {}),
        'close',
      ),
    );
    await lifecycle.close();
    await Promise.all(ended);
  });

  it('does not wait for a client that disconnected, or never sent a whole request', async () => {
    await open(NEVER_MS);
    const half = connect(Number(new URL(url).port), '127.0.0.1');
    half.on('error', () => {});
    half.write('GET /quick HTTP/1.1\r\nhost: x\r\n');
    const isThere = arrival();
    const gone = request(`${url}/slow`, { agent });
    gone.on('error', () => {});
    gone.end();
    await isThere;
    gone.destroy();
    await lifecycle.close();
    expect(cut).toEqual([]);
  });
});
