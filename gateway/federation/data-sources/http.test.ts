import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { GatewayContext } from '#gateway/context.js';
import { anonymous, IdentitySigner } from '#runtime/identity/identity.js';
import { HttpDataSource } from './http.js';

const MAX_BYTES = 1024 * 1024;

describe('the answer of a subgraph over HTTP', () => {
  let server: Server;
  let dataSource: HttpDataSource;
  let url: string;

  async function answerWith(respond: (response: ServerResponse) => void): Promise<HttpDataSource> {
    server = createServer((_request, response) => respond(response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
    dataSource = new HttpDataSource({ name: 'billing', url, maxBytes: MAX_BYTES });
    return dataSource;
  }
  afterEach(async () => {
    await dataSource.close();
    server.close();
  });
  const ask = () => dataSource.execute({ query: '{ plans { id } }' }, { identity: anonymous('request-1') });

  it('is read up to the limit of bytes', async () => {
    const text = JSON.stringify({ data: { text: 'x'.repeat(MAX_BYTES - 20) } });
    await answerWith((response) => response.end(text));
    expect(await ask()).toMatchObject({ data: { text: expect.any(String) } });
  });

  it('is refused beyond the limit while it arrives, and its connection closed', async () => {
    let closed: Promise<unknown> | undefined;
    let written = 0;
    await answerWith((response) => {
      closed = once(response, 'close');
      const chunk = Buffer.alloc(64 * 1024, 'x');
      // Endless: read as a whole, it would never be answered.
      const write = () => {
        do written += chunk.length;
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', write);
      write();
    });
    await expect(ask()).rejects.toMatchObject({
      code: 'ANSWER_TOO_LARGE',
      message: 'The answer of the subgraph billing has more than 1 MiB: ask for fewer items (`first`) or fields.',
    });
    await closed;
    expect(written).toBeGreaterThan(MAX_BYTES / 2);
  });

  it.each<[string, string, number]>([
    ['once more for a query', '{ plans { id } }', 2],
    ['once more for a named query', 'query Plans__billing__0 { plans { id } }', 2],
    ['not again for a mutation', 'mutation Change__auth__0 { change }', 1],
  ])('is asked for %s when its connection is closed under it', async (_what, query, times) => {
    let asked = 0;
    await answerWith((response) => {
      asked += 1;
      if (asked === 1) response.socket?.destroy();
      else response.end('{"data":{"plans":[]}}');
    });
    const answer = dataSource.execute({ query }, { identity: anonymous('request-1') });
    if (times === 2) expect(await answer).toMatchObject({ data: { plans: [] } });
    else await expect(answer).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' });
    expect(asked).toBe(times);
  });

  it('is asked for three times at most', async () => {
    let asked = 0;
    await answerWith((response) => {
      asked += 1;
      response.socket?.destroy();
    });
    await expect(ask()).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE', reason: 'UNREACHABLE' });
    expect(asked).toBe(3);
  });

  it.each<[string, string, number, Record<string, string>, number]>([
    ['once more for a query', '{ plans { id } }', 503, { 'retry-after': '0' }, 2],
    [
      'once more after a date that has passed',
      '{ plans { id } }',
      502,
      { 'retry-after': new Date(0).toUTCString() },
      2,
    ],
    ['not again before Retry-After', '{ plans { id } }', 503, { 'retry-after': '3600' }, 1],
    ['not again after what it means is unknown', '{ plans { id } }', 504, { 'retry-after': 'soon' }, 1],
    ['not again for a mutation', 'mutation { change }', 503, {}, 1],
    ['not again for another status', '{ plans { id } }', 500, {}, 1],
  ])('is asked for %s when a server does not give it', async (_what, query, status, headers, times) => {
    let asked = 0;
    await answerWith((response) => {
      asked += 1;
      if (asked === 1) response.writeHead(status, headers).end('away');
      else response.end('{"data":{"plans":[]}}');
    });
    const answer = dataSource.execute({ query }, { identity: anonymous('request-1') });
    if (times === 2) expect(await answer).toMatchObject({ data: { plans: [] } });
    else await expect(answer).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE', reason: 'INVALID_ANSWER' });
    expect(asked).toBe(times);
  });

  it('is not asked for any longer than the rest of the operation, which the subgraph is told', async () => {
    const waits: unknown[] = [];
    await answerWith((response) => {
      waits.push(response.req.headers['x-deadline-ms']);
      response.end('{"data":{"plans":[]}}');
    });
    const signed = new HttpDataSource({
      name: 'billing',
      url,
      signer: new IdentitySigner('a secret of at least 32 characters'),
    });
    const context = (startedAt: number) => ({
      identity: anonymous('request-1'),
      watch: { context: { requestId: 'request-1' }, startedAt, disconnection: new AbortController() },
    });
    const query = '{ plans { id } }';
    await signed.execute({ query }, context(performance.now()));
    await signed.execute({ query }, context(performance.now() - 50_000));
    expect(Number(waits[0])).toBeGreaterThan(10_000);
    expect(Number(waits[1])).toBeLessThanOrEqual(10_000);
    await expect(signed.execute({ query }, context(performance.now() - 61_000))).rejects.toMatchObject({
      reason: 'TIMEOUT',
    });
    expect(waits).toHaveLength(2);
    await signed.close();
  });
});

describe('the circuit of a subgraph', () => {
  let server: Server;
  let dataSource: HttpDataSource;
  let respond: (response: ServerResponse) => void;
  let asked = 0;

  beforeEach(async () => {
    asked = 0;
    server = createServer((_request, response) => {
      asked += 1;
      respond(response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
    dataSource = new HttpDataSource({ name: 'billing', url });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    server.closeAllConnections();
    await dataSource.close();
    server.close();
  });
  const ask = (context: Partial<GatewayContext> = {}) =>
    dataSource.execute({ query: 'mutation { change }' }, { identity: anonymous('request-1'), ...context });
  const reasons = async (times: number, given?: () => Partial<GatewayContext>) => {
    const found: unknown[] = [];
    for (let time = 0; time < times; time += 1) {
      found.push(
        await ask(given?.()).then(
          () => 'ok',
          ({ reason, retryAfter }) => [reason, retryAfter],
        ),
      );
    }
    return found;
  };
  const away = (response: ServerResponse) => void response.writeHead(503).end('away');

  it('opens after five failures in a row, and closes when the one call that tries it is answered', async () => {
    respond = away;
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now);
    const failed = ['INVALID_ANSWER', undefined];
    expect(await reasons(6)).toEqual([...Array(5).fill(failed), ['CIRCUIT_OPEN', 2]]);
    expect(asked).toBe(5);
    clock.mockReturnValue(now + 2_000);
    const held: ServerResponse[] = [];
    const arrived = new Promise<void>((resolve) => {
      respond = (response) => {
        held.push(response);
        resolve();
      };
    });
    const tried = ask();
    await arrived;
    expect(await reasons(2)).toEqual(Array(2).fill(['CIRCUIT_OPEN', 2]));
    held[0]?.end('{"data":{"change":true}}');
    expect(await tried).toMatchObject({ data: { change: true } });
    respond = (response) => void response.end('{"data":{"change":true}}');
    expect(await reasons(2)).toEqual(['ok', 'ok']);
    expect(asked).toBe(8);
  });

  it('stays closed for errors in answers, refusals, large answers and clients that disconnect', async () => {
    respond = (response) => void response.writeHead(400).end('{"errors":[{"message":"No."}]}');
    expect(await reasons(6)).toEqual(Array(6).fill('ok'));
    respond = (response) => void response.writeHead(404).end('not here');
    expect(await reasons(6)).toEqual(Array(6).fill(['INVALID_ANSWER', undefined]));
    respond = () => {};
    const disconnected = () => {
      const disconnection = new AbortController();
      const timer = setImmediate(() => disconnection.abort());
      timer.unref();
      return { watch: { context: { requestId: 'request-1' }, startedAt: performance.now(), disconnection } };
    };
    expect(await reasons(6, disconnected)).toEqual(Array(6).fill(['UNREACHABLE', undefined]));
    respond = (response) => void response.end('{"data":{"change":true}}');
    expect(await reasons(1)).toEqual(['ok']);
  });
});
