import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#ops/testing/eventually.js';
import { readBody } from '#ops/testing/read-body.js';
import type { Logger } from '#runtime/log/logger.js';
import { currentRequestContext } from '#runtime/scope/request-context.js';
import { Client } from './client.js';
import { databaseRows } from './database-rows.js';
import { type OpenTransport, openTransport, transports } from './open-transport.js';

interface Line {
  level: string;
  requestId?: string;
  err?: { message: string };
  alert?: boolean;
  category?: string;
}

/** A logger that records its lines. */
function keepingLogger(): { logger: Logger; lines: Line[] } {
  const lines: Line[] = [];
  // Like the real one, it adds the id of the current request.
  const at = (level: string) => (entry: unknown) => {
    if (typeof entry === 'object') lines.push({ requestId: currentRequestContext()?.requestId, ...entry, level });
  };
  const logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), audit: at('audit') };
  return { logger: logger as unknown as Logger, lines };
}

const PLANS = '{ plans { id } }';
const json = { 'content-type': 'application/json' };

const PAYMENTS = '{ organization { payments { edges { cursor } } } }';

/** Lets every read of payments fail inside the billing subgraph, as no client could bring about. */
const breakPayments = (transport: OpenTransport) =>
  databaseRows(transport, 'ALTER TABLE billing.payment RENAME TO broken');

/** Waits for a line that is logged after the answer was sent. */
async function lineOf(lines: Line[], isIt: (line: Line) => boolean): Promise<Line> {
  for (let attempt = 0; attempt < 6_000; attempt += 1) {
    const line = lines.find(isIt);
    if (line) return line;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('There is no such line in the log.');
}

describe.each(transports)('an error of which a client hears (%s)', (name) => {
  let transport: OpenTransport;
  const { logger, lines } = keepingLogger();
  beforeAll(async () => {
    transport = await openTransport(name, {}, logger);
  });
  afterAll(() => transport.close());

  const refusals: [string, string, RequestInit][] = [
    ['an address where there is nothing', '/nothing', {}],
    ['an address that cannot be decoded', '/%c0', {}],
    [
      'a token that does not hold',
      '/graphql',
      { method: 'POST', headers: { ...json, authorization: 'Bearer x' }, body: '{}' },
    ],
    ['a request any page could send', `/graphql?query=${encodeURIComponent(PLANS)}`, {}],
    ['a body that is no JSON', '/graphql', { method: 'POST', headers: json, body: '{' }],
    ['an empty body', '/graphql', { method: 'POST', headers: json }],
    ['another type of body', '/graphql', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: PLANS }],
    ['an operation that is none', '/graphql', { method: 'POST', headers: json, body: '{"query":"{"}' }],
    ['a field that is not there', '/graphql', { method: 'POST', headers: json, body: '{"query":"{ nothing }"}' }],
    ['a permission that lacks', '/graphql', { method: 'POST', headers: json, body: '{"query":"{ me { id } }"}' }],
    ['a consent that was not requested', '/oauth/google-ads/callback?state=unknown&code=x', {}],
    ['a link that does not hold', '/reports/1/download.csv?token=x', {}],
    ['a report without credentials', '/reports/1/download.csv', {}],
  ];

  it.each(refusals)('names the request as the log does: %s', async (_what, path, init) => {
    const response = await fetch(transport.url + path, init);
    const { errors } = (await response.json()) as { errors: { extensions: { requestId: string } }[] };
    const requestId = response.headers.get('x-request-id');
    expect(requestId).toBeTruthy();
    expect(errors.map(({ extensions }) => extensions.requestId)).toEqual(errors.map(() => requestId));
    await lineOf(lines, (line) => line.requestId === requestId);
  });

  it('names it on a page for people, too', async () => {
    const path = '/oauth/google-ads/callback?state=unknown&code=x';
    const response = await fetch(transport.url + path, { headers: { accept: 'text/html' } });
    const requestId = String(response.headers.get('x-request-id'));
    expect(await response.text()).toContain(requestId);
    await lineOf(lines, (line) => line.requestId === requestId);
  });

  it('names the request where a subgraph refuses', async () => {
    for (const url of Object.values(transport.subgraphUrls)) {
      const headers = { ...json, 'x-request-id': 'request-of-a-stranger' };
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query: PLANS }) });
      const { errors } = (await response.json()) as { errors: { extensions: object }[] };
      expect(errors[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED', requestId: 'request-of-a-stranger' });
    }
  });

  it('that is unexpected is in the log with its cause, and raises an alert', async () => {
    const { client } = await new Client(transport.url).signUp('Ada');
    await breakPayments(transport);
    const { errors, data } = await client.ask(PAYMENTS);
    expect(data).toEqual({ organization: { payments: null } });
    const [{ message, extensions }] = errors;
    expect(message).toBe('Internal error');
    expect(extensions).toEqual({
      code: 'INTERNAL_SERVER_ERROR',
      requestId: expect.any(String),
      serviceName: 'billing',
    });
    const { requestId } = extensions;
    const logged = await lineOf(lines, (line) => line.requestId === requestId && line.level === 'error' && !line.alert);
    expect(logged.err?.message).toContain('billing.payment');
    const alert = await lineOf(lines, (line) => line.requestId === requestId && line.alert === true);
    expect(alert.category).toBe('database');
  });
});

describe.each(transports)('in development (%s)', (name) => {
  let transport: OpenTransport;
  let sentry: Server;
  let envelopes: string[];
  beforeAll(async () => {
    envelopes = [];
    sentry = createServer(async (request, response) => {
      const body = await readBody(request);
      if (!body) return;
      envelopes.push(body.toString());
      response.end('{}');
    });
    await new Promise<void>((resolve) => sentry.listen(0, '127.0.0.1', resolve));
    const { port } = sentry.address() as AddressInfo;
    transport = await openTransport(name, { SENTRY_DSN: `http://key@127.0.0.1:${port}/1` });
    // Opened as a test, whose jobs leave no timers behind.
    for (const { config } of [transport.base, ...transport.served]) config.environment = 'development';
    await breakPayments(transport);
  });
  afterAll(async () => {
    await transport.close();
    await new Promise((resolve) => sentry.close(resolve));
  });

  it('clients get the subgraph of an error, and Sentry the request id', async () => {
    const { client } = await new Client(transport.url).signUp('Ada');
    const { errors } = await client.ask(PAYMENTS);
    const { stacktrace, requestId } = errors[0].extensions;
    expect(stacktrace[0]).toMatch(/^QueryFailedError/);
    expect(stacktrace.some((line: string) => /^\s+at .+:\d+:\d+/.test(line))).toBe(true);
    // Jobs of billing read payments, too, and fail.
    const reported = () => envelopes.find((envelope) => envelope.includes(requestId));
    await eventually('it is reported', () => reported() !== undefined);
    expect(reported()).toContain('unexpected QueryFailedError at _entities.payments');
  });

  it('an error that was expected has no stack', async () => {
    const { errors } = await new Client(transport.url).ask('{ me { id } }');
    expect(errors[0].extensions).toEqual(expect.not.objectContaining({ stacktrace: expect.anything() }));
  });
});
