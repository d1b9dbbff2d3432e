import { EventEmitter } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { createAdmission } from '#gateway/graph/admit-request.js';
import { createServer } from '#gateway/http/server.js';
import type { Identity } from '#runtime/identity/identity.js';
import type { Logger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { LoadQueue, shedLoad } from './shed-load.js';

const warn = jest.fn();
const logger = { debug() {}, info() {}, warn, error() {}, audit() {} } as unknown as Logger;
const connected = () => new AbortController().signal;

describe('the queue of requests', () => {
  /** Fills the turns that there are, and returns what ends them. */
  const fill = (queue: LoadQueue) =>
    Promise.all(Array.from({ length: queue.concurrency }, () => queue.enter(connected())));
  const least = (options: { maxWaiting?: number; maxWaitMs?: number } = {}) => {
    const queue = new LoadQueue({ logger, ...options });
    for (let times = 0; times < 20; times += 1) queue.adapt(1_000);
    return queue;
  };

  it('gives turns in the order of arrival', async () => {
    const queue = least();
    const [end] = await fill(queue);
    const order: number[] = [];
    const waiting = [1, 2].map(async (number) => {
      const next = await queue.enter(connected());
      order.push(number);
      return next;
    });
    expect(queue.waiting).toBe(2);
    end?.();
    (await waiting[0])?.();
    await waiting[1];
    expect([order, queue.waiting]).toEqual([[1, 2], 0]);
  });

  it('runs half as many while the event loop lags, and more when it does not and requests wait', async () => {
    const queue = new LoadQueue({ logger });
    const first = queue.concurrency;
    queue.adapt(101);
    expect(queue.concurrency).toBe(first / 2);
    queue.adapt(75);
    expect(queue.concurrency).toBe(first / 2);
    for (let times = 0; times < 100; times += 1) queue.adapt(1);
    expect(queue.concurrency).toBe(first);
    await fill(queue);
    void queue.enter(connected());
    queue.adapt(1);
    expect([queue.concurrency > first, queue.waiting]).toEqual([true, 0]);
    expect(least().concurrency).toBe(8);
  });

  it('refuses requests beyond those that may wait, and those that waited too long, with one warning', async () => {
    warn.mockClear();
    const queue = least({ maxWaiting: 1, maxWaitMs: 1 });
    await fill(queue);
    const late = queue.enter(connected());
    await expect(queue.enter(connected())).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      retryAfter: expect.any(Number),
    });
    await expect(late).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryAfter: expect.any(Number) });
    expect([queue.waiting, warn.mock.calls.length]).toEqual([0, 1]);
  });

  it('is left by a client that disconnects, and keeps one that runs for longer than others may wait', async () => {
    const queue = least({ maxWaitMs: 1 });
    const [end] = await fill(queue);
    const client = new AbortController();
    const left = new LoadQueue({ logger });
    const waiting = queue.enter(client.signal);
    client.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await expect(queue.enter(connected())).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    end?.();
    expect(await queue.enter(connected())).toEqual(expect.any(Function));
    expect(left.waiting).toBe(0);
  });
});

describe('a request that takes a turn', () => {
  const lifecycle = new Lifecycle(logger);
  const arrivals = new EventEmitter();
  const answers: (() => void)[] = [];
  let app: FastifyInstance;

  async function open(): Promise<string> {
    app = await createServer({ logger, isAllowedOrigin: () => false });
    const authenticate = async (authorization: string | undefined): Promise<Identity> => ({
      kind: authorization === 'service' ? 'service' : 'user',
      scopes: [],
      requestId: 'request-1',
    });
    // As many turns however long this takes: they would grow while requests wait, and shrink while the event loop lags.
    jest.useFakeTimers();
    const takeTurn = shedLoad(app, { logger, lifecycle });
    jest.useRealTimers();
    const { admit } = createAdmission(authenticate, { takeTurn });
    app.get('/health', async () => 'ok');
    app.get('/api/work', {
      preHandler: (request, reply) => admit(request, reply, () => ({ purpose: 'operation', texts: [] })),
      handler: async ({ headers }) => {
        const answered = new Promise<void>((answer) => answers.push(answer));
        arrivals.emit('arrival', headers.authorization);
        await answered;
        return 'done';
      },
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  }
  const arrived = (who: string, times = 1) =>
    new Promise<void>((resolve) => {
      let left = times;
      arrivals.on('arrival', (authorization) => {
        if (authorization === who) left -= 1;
        if (left === 0) resolve();
      });
    });
  afterEach(async () => {
    for (const answer of answers.splice(0)) answer();
    await app.close();
    await lifecycle.close();
  });

  it('waits for one that ends, by its answer or with its connection; services and probes do not wait', async () => {
    const url = await open();
    const client = new AbortController();
    const ask = (authorization: string, signal?: AbortSignal) =>
      fetch(`${url}/api/work`, { headers: { authorization }, signal }).then((response) => response.status);
    const running = arrived('first', 128);
    const first = Array.from({ length: 128 }, (_, number) => ask('first', number === 0 ? client.signal : undefined));
    await running;
    const [second, third, service] = [arrived('second'), arrived('third'), arrived('service')];
    const waiting = [ask('second'), ask('third')];
    const ofService = ask('service');
    await service;
    expect([(await fetch(`${url}/health`)).status, answers.length]).toEqual([200, 129]);
    answers[1]?.();
    await Promise.race([second, third]);
    client.abort();
    await Promise.all([second, third]);
    await expect(first[0]).rejects.toThrow();
    for (const answer of answers) answer();
    expect(await Promise.all([...first.slice(1), ...waiting, ofService])).toEqual(Array(130).fill(200));
  });
});
