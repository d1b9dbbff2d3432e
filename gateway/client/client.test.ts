import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createClient } from './client.js';
import { WebMetricsError } from './errors.js';
import { parseEvents } from './events.js';
import type { TypedText } from './generated/types.js';
import { memoryStore, type TokenStore, type Tokens, webStore } from './session.js';
import { delayMs } from './transport.js';

type Reply = Response | Error | (() => Promise<Response>);

interface Sent {
  url: string;
  headers: Record<string, string>;
  query: string;
  variables: Record<string, unknown> | undefined;
}

const json = (body: unknown, status = 200, headers = {}) => Response.json(body, { status, headers });
const failed = (code: string, extensions = {}) =>
  json({ data: null, errors: [{ message: code, extensions: { code, ...extensions } }] });
const UNAUTHENTICATED = () => json({ errors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }] }, 401);

/** Returns an access token that was issued now and lives for this long. */
function tokenOf(name: string, lifeSeconds = 900): string {
  const payload = btoa(JSON.stringify({ iat: 1_000, exp: 1_000 + lifeSeconds, name })).replace(/=+$/, '');
  return `e30.${payload}.signature`;
}

const Read = 'query Read { thing { id } }' as TypedText<{ thing: { id: string } | null }, { [key: string]: never }>;
const Find = 'query Find($id: ID!) { thing(id: $id) { id } }' as TypedText<{ thing: { id: string } }, { id: string }>;
const Change = 'mutation Change { change { id } }' as TypedText<{ change: { id: string } }, { [key: string]: never }>;
const Enter = 'mutation Enter { enter { accessToken refreshToken } }' as TypedText<
  { enter: Tokens },
  { [key: string]: never }
>;

describe('the client', () => {
  let lastInit: RequestInit;
  let sent: Sent[];
  let replies: Reply[];
  /** Answers what has no reply of its own. */
  let answer: (request: Sent) => Response | Promise<Response>;

  beforeEach(() => {
    sent = [];
    replies = [];
    answer = () => json({ data: { thing: { id: '1' } } });
  });

  const fakeFetch = (async (url: string, init: RequestInit) => {
    init.signal?.throwIfAborted();
    lastInit = init;
    const { query = '', variables } = typeof init.body === 'string' ? JSON.parse(init.body) : {};
    const request = { url, headers: init.headers as Record<string, string>, query, variables };
    sent.push(request);
    const reply = replies.shift();
    if (reply instanceof Error) throw reply;
    const given = typeof reply === 'function' ? reply() : (reply ?? answer(request));
    return new Promise<Response>((resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      Promise.resolve(given).then(resolve, reject);
    });
  }) as typeof fetch;
  const clientOf = (options = {}) =>
    createClient({ url: 'https://metrics.example/', apiKey: 'wm_key', fetch: fakeFetch, ...options });

  it('sends operations with the key and the name of the program', async () => {
    const client = clientOf({ name: 'sheet', version: '2' });
    expect(await client.request(Find, { id: '1' })).toEqual({ thing: { id: '1' } });
    expect(sent).toEqual([
      {
        url: 'https://metrics.example/graphql',
        headers: expect.objectContaining({
          authorization: 'Bearer wm_key',
          'client-name': 'sheet',
          'client-version': '2',
        }),
        query: String(Find),
        variables: { id: '1' },
      },
    ]);
  });

  it('takes texts, documents of code generators, and parsed ones with `print`', async () => {
    class TypedDocumentString<Result, Variables> extends String {
      __apiType?: (variables: Variables) => Result;
    }
    const document = new TypedDocumentString<{ thing: { id: string } }, { id: string }>('query Typed { thing { id } }');
    const { thing } = await clientOf().request(document, { id: '1' });
    expect(thing.id satisfies string).toBe('1');
    await clientOf().request('{ thing { id } }');
    const parsed = { kind: 'Document', definitions: [] };
    await expect(clientOf().request(parsed as never)).rejects.toThrow('print');
    await clientOf({ print: () => 'query Printed { thing }' }).request(parsed as never);
    expect(sent.map(({ query }) => query)).toEqual([String(document), '{ thing { id } }', 'query Printed { thing }']);
    // @ts-expect-error a variable is missing
    await clientOf().request(Find);
    // @ts-expect-error a variable of another type
    await clientOf().request(Find, { id: 1 });
  });

  it('rejects a partial answer with its data, or returns it with the errors', async () => {
    const partial = () =>
      json({
        data: { thing: null, other: 1 },
        errors: [{ message: 'x', path: ['thing'], extensions: { code: 'FORBIDDEN' } }],
      });
    replies = [partial(), partial()];
    await expect(clientOf().request(Read)).rejects.toMatchObject({ code: 'FORBIDDEN', data: { other: 1 } });
    const { data, errors } = await clientOf().execute(Read);
    expect(data).toEqual({ thing: null, other: 1 });
    expect(errors).toMatchObject([{ path: ['thing'] }]);
  });

  it('has everything an error says', async () => {
    const details = [{ argument: 'range', problem: 'is too long' }];
    const limit = { name: 'CONNECTIONS', used: 5, allowed: 5, planId: 'pro' };
    replies = [
      failed('BAD_USER_INPUT', { details, requestId: 'r-1', requiredScope: 's', challenge: 'c' }),
      failed('LIMIT_REACHED', { limit }),
      json({ title: 'No', detail: 'Not there.', code: 'NOT_FOUND', requestId: 'r-2' }, 404),
      failed('OF_TOMORROW'),
      new Response('<html>', { status: 400 }),
    ];
    const errors = [];
    for (let index = 0; index < 5; index += 1)
      errors.push(
        await clientOf()
          .execute(Read)
          .catch((error) => error),
      );
    expect(errors).toEqual(Array.from({ length: 5 }, () => expect.any(WebMetricsError)));
    expect(errors).toMatchObject([
      {
        code: 'BAD_USER_INPUT',
        details,
        requestId: 'r-1',
        requiredScope: 's',
        limit: undefined,
        challenge: 'c',
        status: 200,
      },
      { code: 'LIMIT_REACHED', limit },
      { code: 'NOT_FOUND', message: 'Not there.', requestId: 'r-2', status: 404 },
      { code: 'UNKNOWN_ERROR', extensions: { code: 'OF_TOMORROW' } },
      { code: 'INVALID_RESPONSE', status: 400 },
    ]);
  });

  it('retries a query whatever passes: no connection, a proxy, a limit, a part that is away', async () => {
    replies = [
      new TypeError('fetch failed'),
      new Response('<html>', { status: 502 }),
      failed('RATE_LIMITED', { retryAfter: 0.01 }),
      failed('SUBGRAPH_UNAVAILABLE', { retryAfter: 0.01 }),
    ];
    expect(await clientOf({ retries: 4 }).request(Read)).toEqual({ thing: { id: '1' } });
    expect(sent).toHaveLength(5);
  });

  it('does not retry what another attempt does not help, what asks for a long wait, or without end', async () => {
    for (const [code, extensions] of [
      ['BAD_USER_INPUT'],
      ['CONFLICT'],
      ['RATE_LIMITED', { retryAfter: 900 }],
    ] as const) {
      replies = [failed(code, extensions)];
      await expect(clientOf().request(Read)).rejects.toMatchObject({ code });
    }
    expect(sent).toHaveLength(3);
    answer = () => failed('SERVICE_UNAVAILABLE', { retryAfter: 0.001 });
    await expect(clientOf({ retries: 2 }).request(Read)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(sent).toHaveLength(6);
  });

  it('retries a mutation with an idempotency key only', async () => {
    replies = [new TypeError('fetch failed')];
    await expect(clientOf().request(Change)).rejects.toMatchObject({ code: 'NETWORK_ERROR' });
    replies = [
      new TypeError('fetch failed'),
      failed('CONFLICT', { retryAfter: 0.01 }),
      json({ data: { change: { id: '2' } } }),
    ];
    expect(await clientOf().request(Change, {}, { idempotencyKey: 'k' })).toEqual({ change: { id: '2' } });
    expect(sent.map(({ headers }) => headers['idempotency-key'])).toEqual([undefined, 'k', 'k', 'k']);
  });

  it('waits as long as it is asked to, else a random time that grows', () => {
    expect(delayMs(2, 0, () => 0)).toBe(2_000);
    expect(delayMs(2, 0, () => 1)).toBe(2_400);
    expect([0, 1, 2, 20].map((attempt) => delayMs(undefined, attempt, () => 1))).toEqual([300, 600, 1_200, 20_000]);
    expect(delayMs(undefined, 3, () => 0)).toBe(0);
  });

  it('ends with its deadline, or with the caller’s signal, also while it waits', async () => {
    const never = () => new Promise<Response>(() => {});
    replies = [never];
    await expect(clientOf().request(Read, {}, { timeoutMs: 5 })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    const reason = new Error('closed by the user');
    replies = [never];
    await expect(clientOf().request(Read, {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    replies = [failed('RATE_LIMITED', { retryAfter: 30 })];
    const waiting = clientOf().request(Read, {}, { signal: controller.signal });
    answer = () => json({ data: {} });
    setTimeout(() => controller.abort(reason), 5);
    await expect(waiting).rejects.toBe(reason);
    // A wait beyond the deadline is not begun.
    replies = [failed('RATE_LIMITED', { retryAfter: 30 })];
    await expect(clientOf().request(Read, {}, { timeoutMs: 29_000 })).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });

  it('yields the items of a list wherever it is, and ends with a list that does not go on', async () => {
    const page = (names: string[], endCursor: string | null, hasNextPage = endCursor !== null) =>
      json({
        data: { outer: { items: { edges: names.map((node) => ({ node })), pageInfo: { hasNextPage, endCursor } } } },
      });
    const List = 'query List($after: String) { x }' as TypedText<
      {
        outer: {
          items: { edges: { node: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
        } | null;
      },
      { size: number; after?: string | null }
    >;
    replies = [page(['a', 'b'], 'c1'), page([], 'c2'), page(['c'], null)];
    const found: string[] = [];
    for await (const item of clientOf().paginate(List, { size: 2 }, ({ outer }) => outer?.items)) found.push(item);
    expect(found).toEqual(['a', 'b', 'c']);
    expect(sent.map(({ variables }) => variables)).toEqual([
      { size: 2 },
      { size: 2, after: 'c1' },
      { size: 2, after: 'c2' },
    ]);
    replies = [page(['a'], 'c1'), page(['a'], 'c1')];
    const endless = async () => {
      for await (const _ of clientOf().paginate(List, { size: 2 }, ({ outer }) => outer?.items));
    };
    await expect(endless()).rejects.toMatchObject({ code: 'INVALID_RESPONSE' });
  });

  describe('with a session', () => {
    let generation: number;
    let refreshes: string[];
    let store: TokenStore;
    const sessionOf = (options = {}) => clientOf({ apiKey: undefined, store, ...options });

    beforeEach(() => {
      generation = 0;
      refreshes = [];
      store = memoryStore({ accessToken: tokenOf('old'), refreshToken: 'refresh-0' });
      answer = ({ query, variables, headers }) => {
        if (query.includes('RefreshSession')) {
          refreshes.push(String(variables?.refreshToken));
          if (variables?.refreshToken !== `refresh-${generation}`) return UNAUTHENTICATED();
          generation += 1;
          const tokens = { accessToken: tokenOf(`new-${generation}`), refreshToken: `refresh-${generation}` };
          return json({ data: { refreshSession: tokens } });
        }
        if (query.includes('enter')) {
          if (headers.authorization) return UNAUTHENTICATED();
          return json({
            data: { enter: { accessToken: tokenOf(`new-${generation}`), refreshToken: `refresh-${generation}` } },
          });
        }
        const isNew = generation > 0 && headers.authorization === `Bearer ${tokenOf(`new-${generation}`)}`;
        return isNew ? json({ data: { thing: { id: '1' } } }) : UNAUTHENTICATED();
      };
    });

    it('exchanges a refused token once for all requests, mutations included', async () => {
      const client = sessionOf();
      const answers = await Promise.all([client.request(Read), client.request(Change), client.request(Read)]);
      expect(answers).toEqual(Array(3).fill({ thing: { id: '1' } }));
      expect(refreshes).toEqual(['refresh-0']);
      expect(await store.get()).toMatchObject({ refreshToken: 'refresh-1' });
    });

    it('exchanges a token before it expires', async () => {
      const before = Date.now();
      store = memoryStore({ accessToken: tokenOf('old'), refreshToken: 'refresh-0', renewAt: before });
      await sessionOf().request(Read);
      expect(sent.map(({ query }) => query.slice(0, 20))).toEqual(['mutation RefreshSess', 'query Read { thing {']);
      const { renewAt = 0 } = (await store.get()) ?? {};
      const exchangedAt = renewAt - (900 - 60) * 1_000;
      expect([before <= exchangedAt, exchangedAt <= Date.now()]).toEqual([true, true]);
    });

    it('signs out when the session has ended, and in again in spite of its old tokens', async () => {
      generation = 7;
      const signedOut: string[] = [];
      const client = sessionOf({ onSignedOut: () => void signedOut.push('signed out') });
      await expect(client.request(Read)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      expect([signedOut, await store.get()]).toEqual([['signed out'], undefined]);
      await store.set({ accessToken: tokenOf('old'), refreshToken: 'refresh-0' });
      await client.signIn(Enter);
      expect(await client.request(Read)).toEqual({ thing: { id: '1' } });
      await expect(client.signIn(Read)).rejects.toThrow('no tokens');
    });

    it('keeps its tokens when the exchange cannot be made', async () => {
      const working = answer;
      answer = (request) => (request.query.includes('RefreshSession') ? failed('CONFIGURATION') : working(request));
      await expect(sessionOf().request(Read)).rejects.toMatchObject({ code: 'CONFIGURATION' });
      expect(await store.get()).toMatchObject({ refreshToken: 'refresh-0' });
    });

    it('ends at the server and here', async () => {
      const client = sessionOf();
      await client.request(Read);
      answer = () => json({ data: { logOut: true } });
      await client.signOut();
      expect(sent.at(-1)?.query).toContain('logOut');
      expect(await store.get()).toBeUndefined();
    });

    it('is kept in the storage of a browser', async () => {
      const kept = new Map<string, string>();
      store = webStore({
        getItem: (key) => kept.get(key) ?? null,
        setItem: (key, value) => void kept.set(key, value),
        removeItem: (key) => void kept.delete(key),
      });
      expect(await store.get()).toBeUndefined();
      await store.set({ accessToken: 'a', refreshToken: 'r' });
      expect(await store.get()).toEqual({ accessToken: 'a', refreshToken: 'r' });
      await store.set(undefined);
      expect(kept.size).toBe(0);
    });

    describe('in two tabs', () => {
      const own = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
      const clients: { close(): void }[] = [];
      let isLocked = Promise.resolve<unknown>(undefined);
      beforeEach(() => {
        const locks = {
          request: <Result>(_name: string, work: () => Promise<Result>) => {
            const result = isLocked.then(work, work);
            isLocked = result;
            return result;
          },
        };
        Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { locks } });
      });
      afterEach(() => {
        for (const client of clients.splice(0)) client.close();
        if (own) Object.defineProperty(globalThis, 'navigator', own);
        else Reflect.deleteProperty(globalThis, 'navigator');
      });
      const tab = (options = {}) => {
        const client = sessionOf(options);
        clients.push(client);
        return client;
      };

      it('exchanges a token once for both where they share a store', async () => {
        await Promise.all([tab().request(Read), tab().request(Read)]);
        expect(refreshes).toEqual(['refresh-0']);
      });

      it('reports a sign-out to the other where they share a store', async () => {
        const first = tab();
        const signedOut = new Promise<void>((resolve) => {
          tab({ onSignedOut: resolve })
            .request(Read)
            .then(async () => {
              answer = () => json({ data: { logOut: true } });
              await first.signOut();
            })
            .catch(() => {});
        });
        await signedOut;
        expect(await store.get()).toBeUndefined();
      });

      it('gives new tokens, and the end of the session, to the tab that has the same ones in its memory', async () => {
        const other = memoryStore({ accessToken: tokenOf('old'), refreshToken: 'refresh-0' });
        const stranger = memoryStore({ accessToken: tokenOf('other'), refreshToken: 'of another user' });
        const stored: string[] = [];
        let notify = () => {};
        const watched = (name: string, inner: TokenStore): TokenStore => ({
          get: () => inner.get(),
          set: (tokens) => {
            void inner.set(tokens);
            stored.push(`${name} ${tokens?.refreshToken}`);
            notify();
          },
        });
        const next = () =>
          new Promise<void>((resolve) => {
            notify = resolve;
          });
        tab({ store: watched('other', other) });
        tab({ store: watched('stranger', stranger) });
        const client = tab();
        let received = next();
        await client.request(Read);
        await received;
        expect(await other.get()).toEqual(await store.get());
        received = next();
        answer = () => json({ data: { logOut: true } });
        await client.signOut();
        await received;
        expect(stored).toEqual(['other refresh-1', 'other undefined']);
      });
    });
  });

  describe('with a stream of events', () => {
    const streamOf = (...chunks: (string | Error)[]) =>
      new Response(
        new ReadableStream(
          {
            pull(controller) {
              const chunk = chunks.shift();
              if (chunk === undefined) controller.close();
              else if (chunk instanceof Error) controller.error(chunk);
              else controller.enqueue(new TextEncoder().encode(chunk));
            },
          },
          // Only what is read is made.
          { highWaterMark: 0 },
        ),
      );
    const eventOf = (id: string, state: object) => `id: ${id}\nevent: report\ndata: ${JSON.stringify(state)}\n\n`;

    it('reads it as the standard says', async () => {
      const body = streamOf(': hi\r', '\nretry: 5\r\n\r\ndata: {\ndata:"a"', ': 1}\nid:7\n\n', 'data: cut off').body;
      const events = [];
      for await (const event of parseEvents(body as ReadableStream<Uint8Array>)) events.push(event);
      expect(events).toEqual([{ retry: '5' }, { data: '{\n"a": 1}', id: '7' }]);
    });

    it('yields states until the last, and resumes whatever ends it before', async () => {
      replies = [
        streamOf('retry: 1\n\n', eventOf('a', { status: 'QUEUED' }), ':\n\n'),
        streamOf(eventOf('b', { status: 'RUNNING' }), new TypeError('terminated')),
        streamOf('event: error\ndata: {"code":"UNAUTHENTICATED","detail":"expired"}\n\n'),
        streamOf(eventOf('c', { status: 'READY' }), eventOf('d', { status: 'never' })),
      ];
      const states = [];
      for await (const { status } of clientOf().reportEvents('r/1')) states.push(status);
      expect(states).toEqual(['QUEUED', 'RUNNING', 'READY']);
      expect(sent.map(({ url, headers }) => [url, headers['last-event-id']])).toEqual([
        ['https://metrics.example/api/reports/r%2F1/events', undefined],
        ['https://metrics.example/api/reports/r%2F1/events', 'a'],
        ['https://metrics.example/api/reports/r%2F1/events', 'b'],
        ['https://metrics.example/api/reports/r%2F1/events', 'b'],
      ]);
    });

    it.each(['READY', 'FAILED', 'CANCELLED', 'EXPIRED'])('ends with %s', async (last) => {
      replies = [streamOf(eventOf('a', { status: 'RUNNING' }), eventOf('b', { status: last }))];
      const states = [];
      for await (const { status } of clientOf().reportEvents('r1')) states.push(status);
      expect(states).toEqual(['RUNNING', last]);
    });

    it('ends when there is nothing left to wait for, when it is refused, and with the signal', async () => {
      replies = [new Response(null, { status: 204 })];
      const states = [];
      for await (const state of clientOf().reportEvents('r1', { lastEventId: 'c' })) states.push(state);
      expect(states).toEqual([]);
      replies = [json({ title: 'No', code: 'NOT_FOUND' }, 404)];
      await expect(clientOf().reportEvents('r1').next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
      const controller = new AbortController();
      const reason = new Error('enough');
      replies = [streamOf('retry: 60000\n\n', eventOf('a', { total: 1 }))];
      const stream = clientOf().connectionEvents({ signal: controller.signal });
      await stream.next();
      const next = stream.next();
      controller.abort(reason);
      await expect(next).rejects.toBe(reason);
    });
  });

  it('downloads a report once it is ready', async () => {
    replies = [
      failed('CONFLICT', { retryAfter: 0.01 }),
      new Response('a,b\r\n', { headers: { 'content-disposition': 'attachment; filename="r.csv"' } }),
    ];
    replies[0] = json({ errors: [{ message: 'wait', extensions: { code: 'CONFLICT', retryAfter: 0.01 } }] }, 409);
    const { fileName, response } = await clientOf().downloadReport('r1');
    expect([fileName, await response.text()]).toEqual(['r.csv', 'a,b\r\n']);
    expect(sent.at(-1)?.url).toBe('https://metrics.example/reports/r1/download.csv');
  });

  it('reads a resource with its credentials, and rejects with what refused it', async () => {
    replies = [json({ status: 'ok' }), json({ code: 'FORBIDDEN', title: 'No.' }, 403)];
    const client = clientOf();
    expect(await client.readResource('/api/status')).toEqual({ status: 'ok' });
    expect(sent.at(-1)).toMatchObject({
      url: 'https://metrics.example/api/status',
      headers: { authorization: 'Bearer wm_key' },
    });
    await expect(client.readResource('/api/other')).rejects.toMatchObject({ code: 'FORBIDDEN', status: 403 });
  });

  it('reads and replaces a file, again when it is unknown what became of it', async () => {
    replies = [new Response('PNG', { headers: { 'content-type': 'image/png' } })];
    const client = clientOf();
    expect(await (await client.readFile('/api/branding/logo')).text()).toBe('PNG');
    replies = [new TypeError('fetch failed'), json({ data: { version: 2 } })];
    const picture = new Blob(['PNG'], { type: 'image/png' });
    expect(await client.replaceFile('/api/branding/logo', picture)).toEqual({ version: 2 });
    expect(sent.map(({ url }) => url)).toEqual(Array(3).fill('https://metrics.example/api/branding/logo'));
    expect(lastInit).toMatchObject({
      method: 'PUT',
      body: picture,
      headers: { authorization: 'Bearer wm_key', 'content-type': 'image/png' },
    });
    const details = [{ argument: 'body', problem: 'must be a picture: PNG, JPEG or SVG' }];
    replies = [json({ code: 'BAD_USER_INPUT', title: 'No.', details }, 400), json({ code: 'NOT_FOUND' }, 404)];
    await expect(client.replaceFile('/api/branding/logo', picture)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(client.readFile('/api/branding/logo')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
