import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import type { Admission } from '#gateway/graph/admit-request.js';
import type { OperationAnswer, RunOperation } from '#gateway/graph/run-operation.js';
import { createServer } from '#gateway/http/server.js';
import { eventually } from '#ops/testing/eventually.js';
import { Unauthenticated } from '#runtime/errors.js';
import type { Identity } from '#runtime/identity/identity.js';
import { createLogger } from '#runtime/log/logger.js';
import { Lifecycle } from '#runtime/process/lifecycle.js';
import { registry } from '#runtime/telemetry/registry.js';
import { eventSources } from './event-source.js';
import { eventRoutes } from './open-events.js';
import { MAX_STREAMS_PER_CALLER } from './stream-limits.js';

interface Event {
  id?: string;
  event?: string;
  data?: string;
}

/** Reads a stream event by event. */
class Reader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #text = '';
  comments = 0;

  constructor({ body }: Response) {
    this.#chunks = body![Symbol.asyncIterator]();
  }

  /** Returns the next event; undefined at the end. */
  async next(): Promise<Event | undefined> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end < 0) {
        const { done, value } = await this.#chunks.next();
        if (done) return undefined;
        this.#text += new TextDecoder().decode(value);
        continue;
      }
      const lines = this.#text.slice(0, end).split('\n');
      this.#text = this.#text.slice(end + 2);
      if (lines[0]?.startsWith(':')) this.comments += 1;
      const event = Object.fromEntries(
        lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      if (event.data) return event;
    }
  }
}

const answered = (data: Record<string, unknown>): OperationAnswer => ({ data, errors: [], extensions: {} });
const reportOf = (progress: number, status = progress === 100 ? 'READY' : 'RUNNING') =>
  answered({ report: { id: 'r1', status, progress } });
const refused = (code: string): OperationAnswer => ({
  data: null,
  errors: [{ message: `It is ${code}.`, extensions: { code } }],
  extensions: {},
});

const gauge = async (name: string) => {
  const { values } = (await registry.getSingleMetric(name)!.get()) as { values: { value: number }[] };
  return values[0]?.value;
};

describe('a stream of events', () => {
  const logger = createLogger({ level: 'silent', isPretty: false });
  let app: FastifyInstance;
  let lifecycle: Lifecycle;
  let url: string;
  let answer: OperationAnswer;
  let reads: { name: string; identity: Identity }[];
  let identities: Map<string, Identity>;
  let held: Promise<void> | undefined;

  const user = (userId: string, organizationId = 'o1', role: Identity['role'] = 'VIEWER'): Identity => ({
    kind: 'user',
    userId,
    organizationId,
    role,
    scopes: [],
    requestId: `of-${userId}`,
  });

  beforeEach(async () => {
    reads = [];
    held = undefined;
    identities = new Map([
      ['anna', user('anna')],
      ['ben', user('ben')],
      ['cleo', user('cleo', 'o2')],
    ]);
    answer = reportOf(0);
    lifecycle = new Lifecycle(logger);
    app = await createServer({ logger, isAllowedOrigin: () => false });
    const identify = async (authorization = '') => {
      const identity = identities.get(authorization);
      if (!identity) throw new Unauthenticated();
      return identity;
    };
    const admission: Admission = {
      admit: async (request) => {
        request.identity = await identify(request.headers.authorization);
      },
      contextOf: ({ identity, headers }) => ({ identity, readIdentity: () => identify(headers.authorization) }),
    };
    const run: RunOperation = async <Data>(name: string, _variables: unknown, { identity }: { identity: Identity }) => {
      reads.push({ name, identity });
      await held;
      return answer as OperationAnswer<Data>;
    };
    const sources = eventSources.map((source) => ({ ...source, shortestMs: 5, longestMs: 20 }));
    eventRoutes(app, { run, admission, lifecycle, logger, sources, heartbeatMs: 50 });
    await app.listen({ host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    await lifecycle.close();
    app.server.closeAllConnections();
    await app.close();
    await closed();
  });

  const open = (as: string, { path = '/api/reports/r1/events', headers = {}, signal = undefined as never } = {}) =>
    fetch(url + path, { headers: { authorization: as, ...headers }, signal });
  const closed = () =>
    eventually('no stream is open, and nothing is read', async () => {
      return (await gauge('webmetrics_event_streams')) === 0 && (await gauge('webmetrics_event_states')) === 0;
    });

  it('sends a report’s state and its changes only, and ends when it is ready', async () => {
    const response = await open('anna');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    const reader = new Reader(response);
    const events = [await reader.next()];
    await eventually('it was read again without a change', () => reads.length > 3);
    for (const progress of [40, 100]) {
      answer = reportOf(progress);
      events.push(await reader.next());
    }
    expect(events.map((event) => [event?.event, JSON.parse(event?.data ?? '{}').progress])).toEqual([
      ['report', 0],
      ['report', 40],
      ['report', 100],
    ]);
    expect(await reader.next()).toBeUndefined();
    await closed();
  });

  it('resumes: a client that has the state receives the next, and has nothing to wait for after the last', async () => {
    const first = new AbortController();
    const { id = '' } = (await new Reader(await open('anna', { signal: first.signal as never })).next()) ?? {};
    first.abort();
    const reader = new Reader(await open('ben', { headers: { 'last-event-id': id } }));
    await eventually('it was read for ben', () => reads.filter(({ identity }) => identity.userId === 'ben').length > 2);
    answer = reportOf(100);
    const last = await reader.next();
    expect(JSON.parse(last?.data ?? '')).toMatchObject({ progress: 100 });
    const again = await open('anna', { headers: { 'last-event-id': last?.id ?? '' } });
    expect([again.status, await again.text()]).toEqual([204, '']);
  });

  it('is read once for all who may see the same, each of whom bears the cost in turn', async () => {
    const readers = await Promise.all(['anna', 'ben', 'anna', 'cleo'].map(async (as) => new Reader(await open(as))));
    for (const reader of readers) await reader.next();
    expect(await gauge('webmetrics_event_streams')).toBe(4);
    // Another organization's is another state.
    expect(await gauge('webmetrics_event_states')).toBe(2);
    reads = [];
    await eventually('many reads', () => reads.length > 20);
    expect(new Set(reads.map(({ identity }) => identity.userId))).toEqual(new Set(['anna', 'ben', 'cleo']));
    answer = reportOf(70);
    for (const reader of readers) expect((await reader.next())?.data).toContain('70');
  });

  it('is closed with its reads when the client disconnects, also during the first read', async () => {
    const gone = new AbortController();
    const reader = new Reader(await open('anna', { signal: gone.signal as never }));
    await reader.next();
    expect(await gauge('webmetrics_event_streams')).toBe(1);
    gone.abort();
    await closed();
    let release = () => {};
    held = new Promise((resolve) => {
      release = resolve;
    });
    const before = reads.length;
    const early = new AbortController();
    const opening = open('anna', { signal: early.signal as never }).catch(() => undefined);
    await eventually('the first read began', () => reads.length > before);
    early.abort();
    await opening;
    release();
    await closed();
  });

  it('ends with an error when the session ends, and when rights change', async () => {
    const reader = new Reader(await open('anna'));
    await reader.next();
    identities.delete('anna');
    const event = await reader.next();
    expect(event?.event).toBe('error');
    expect(JSON.parse(event?.data ?? '')).toMatchObject({
      status: 401,
      code: 'UNAUTHENTICATED',
      requestId: expect.any(String),
    });
    expect(await reader.next()).toBeUndefined();

    const demoted = new Reader(await open('ben'));
    await demoted.next();
    identities.set('ben', user('ben', 'o1', 'ADMIN'));
    expect(JSON.parse((await demoted.next())?.data ?? '')).toMatchObject({ code: 'FORBIDDEN' });
    const limited = new Reader(await open('cleo'));
    await limited.next();
    identities.set('cleo', { ...user('cleo', 'o2'), clientIds: ['acme'] });
    expect(JSON.parse((await limited.next())?.data ?? '')).toMatchObject({ code: 'FORBIDDEN' });
    await closed();
  });

  it('ends with an error when the state is gone, and endures one that passes', async () => {
    const reader = new Reader(await open('anna'));
    await reader.next();
    answer = refused('SUBGRAPH_UNAVAILABLE');
    const before = reads.length;
    await eventually('failed reads', () => reads.length > before + 1);
    answer = reportOf(50);
    expect((await reader.next())?.data).toContain('50');
    answer = answered({ report: null });
    expect(JSON.parse((await reader.next())?.data ?? '')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await reader.next()).toBeUndefined();
  });

  it('ends for all when its state cannot be read for long', async () => {
    const reader = new Reader(await open('anna'));
    await reader.next();
    answer = refused('SERVICE_UNAVAILABLE');
    expect(JSON.parse((await reader.next())?.data ?? '')).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await closed();
  });

  it('has comments while nothing happens', async () => {
    const reader = new Reader(await open('anna'));
    await reader.next();
    const next = reader.next();
    await eventually('heartbeats', () => reader.comments > 1);
    answer = reportOf(100);
    await next;
  });

  it('ends when the process stops, which opens no other', async () => {
    const reader = new Reader(await open('anna'));
    await reader.next();
    const closing = lifecycle.close();
    expect(await reader.next()).toBeUndefined();
    await closing;
    const response = await open('anna');
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    await closed();
  });

  it.each([
    ['without credentials', 401, 'UNAUTHENTICATED', 'nobody', {}, undefined],
    ['of another organization’s report', 404, 'NOT_FOUND', 'cleo', {}, answered({ report: null })],
    [
      'for a client that accepts other types only',
      406,
      'BAD_REQUEST',
      'anna',
      { headers: { accept: 'application/json' } },
      undefined,
    ],
    ['without the scope', 403, 'FORBIDDEN', 'anna', {}, refused('FORBIDDEN')],
    ['with a parameter', 400, 'BAD_USER_INPUT', 'anna', { path: '/api/reports/r1/events?since=1' }, undefined],
    [
      'without an organization',
      403,
      'FORBIDDEN',
      'anna',
      { path: '/api/connections/events' },
      answered({ organization: null }),
    ],
  ])('is refused before it opens: %s', async (_what, status, code, as, options, given) => {
    if (given) answer = given;
    const response = await open(as, options);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await response.json()).toMatchObject({ status, code, type: `urn:webmetrics:error:${code}` });
    await closed();
  });

  it('is refused beyond the number one caller may have, until one is closed', async () => {
    const last = new AbortController();
    const readers = await Promise.all(
      Array.from(
        { length: MAX_STREAMS_PER_CALLER },
        async (_, index) => new Reader(await open('anna', index === 0 ? { signal: last.signal as never } : {})),
      ),
    );
    const refusal = await open('anna');
    expect([refusal.status, refusal.headers.get('retry-after')]).toEqual([429, '10']);
    expect((await open('ben')).status).toBe(200);
    await readers[0]?.next();
    last.abort();
    await eventually('another may be opened', async () => (await open('anna')).status === 200);
  });

  it('answers GET only', async () => {
    const response = await fetch(`${url}/api/connections/events`, {
      method: 'POST',
      headers: { authorization: 'anna' },
    });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
  });
});
