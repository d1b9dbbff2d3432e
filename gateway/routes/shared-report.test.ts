import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import type { SubgraphDataSource } from '#gateway/federation/data-sources/subgraph-data-source.js';
import { createServer } from '#gateway/http/server.js';
import type { Identity } from '#runtime/identity/identity.js';
import { createLogger } from '#runtime/log/logger.js';
import { sharedReportRoutes } from './shared-report.js';

const TOKEN = 'a'.repeat(43);
const page = {
  state: 'OPEN',
  language: 'ar',
  direction: 'rtl',
  title: '<b>',
  style: 'p{}',
  body: '<main>report</main>',
};
const shared = { shareId: 's1', reportId: 'r1', organizationId: 'o1', formats: ['PDF', 'CSV'], logo: 'AAAA' };

interface Asked {
  variables: Record<string, unknown>;
  identity: Identity;
}

describe('/shared/:token', () => {
  let app: FastifyInstance;
  let answer: Record<string, unknown>;
  let asked: Asked[];
  let sent: { identity: Identity; parameters: unknown }[];
  let counts: Map<string, number>;
  let publicUrl: string;

  beforeEach(async () => {
    answer = { viewSharedReport: page };
    [asked, sent, counts, publicUrl] = [[], [], new Map(), 'https://reports.example.com'];
    app = await createServer({
      logger: createLogger({ level: 'silent', isPretty: false }),
      isAllowedOrigin: () => false,
    });
    const reporting = {
      execute: async ({ variables }: Asked, { identity }: { identity: Identity }) => {
        asked.push({ variables, identity });
        return { data: answer };
      },
    } as unknown as SubgraphDataSource;
    const count = async (key: string) => {
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return { isAllowed: (counts.get(key) ?? 0) <= 20, remaining: 0, resetSeconds: 7 };
    };
    const requestLimits = { open: () => ({ count }) } as never;
    sharedReportRoutes(app, {
      reporting,
      requestLimits,
      publicUrl: () => publicUrl,
      sendFile: async ({ identity }, reply, parameters) => {
        sent.push({ identity, parameters });
        return reply.type('text/csv').send('a,b');
      },
    });
    await app.ready();
  });
  afterEach(() => app.close());

  const html = { accept: 'text/html,*/*;q=0.8' };
  const get = (url = '', headers: Record<string, string> = html, method: 'GET' | 'HEAD' = 'GET') =>
    app.inject({ method, url: `/shared/${TOKEN}${url}`, headers });
  const post = (payload: string, headers: Record<string, string> = html) =>
    app.inject({
      method: 'POST',
      url: `/shared/${TOKEN}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      payload,
    });

  it('shows the page as a service without organization, allowing its one style sheet only', async () => {
    const { statusCode, headers, body } = await get();
    expect(statusCode).toBe(200);
    expect(body).toContain('<html lang="ar" dir="rtl">');
    expect(body).toContain('<title>&lt;b&gt;</title>');
    const hash = createHash('sha256').update('p{}').digest('base64');
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    );
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    expect(headers['x-robots-tag']).toContain('noindex');
    expect(asked).toMatchObject([
      { variables: { token: TOKEN, access: null, isCounted: true }, identity: { kind: 'service', scopes: [] } },
    ]);
    expect(asked[0]?.identity.organizationId).toBeUndefined();
  });

  it('counts no view for HEAD, or for what a browser fetches ahead', async () => {
    await get('', html, 'HEAD');
    await get('', { ...html, 'sec-purpose': 'prefetch;prerender' });
    expect(asked.map(({ variables }) => variables.isCounted)).toEqual([false, false]);
  });

  it('answers links that open nothing with 404: a page for people, an error for programs', async () => {
    answer = { viewSharedReport: { ...page, state: 'CLOSED' }, sharedReport: null };
    expect((await get()).statusCode).toBe(404);
    for (const url of ['', '/logo.png', '/report.pdf']) {
      const { statusCode, body } = await get(url, { accept: 'application/json' });
      expect([statusCode, JSON.parse(body).errors[0].extensions.code]).toEqual([404, 'NOT_FOUND']);
    }
  });

  it('keeps the password in a cookie of its path, and passes it on', async () => {
    answer = { unlockSharedReport: { access: 'a.b.c', retryAfter: null, page: null } };
    const { statusCode, headers } = await post('password=right');
    expect([statusCode, headers.location]).toEqual([303, `/shared/${TOKEN}`]);
    const attributes = `Path=/shared/${TOKEN}; Max-Age=3600; HttpOnly; SameSite=Strict`;
    expect(headers['set-cookie']).toBe(`shared-report=a.b.c; ${attributes}; Secure`);
    publicUrl = 'http://127.0.0.1:8080';
    expect((await post('password=right')).headers['set-cookie']).toBe(`shared-report=a.b.c; ${attributes}`);
    answer = { viewSharedReport: page };
    await get('', { ...html, cookie: 'x=1; shared-report=a.b.c; y=2' });
    expect(asked.at(-1)?.variables.access).toBe('a.b.c');
  });

  it('says what is wrong with a password, with a code for programs', async () => {
    const locked = { ...page, state: 'LOCKED' };
    const codes = async (unlocked: object) => {
      answer = { unlockSharedReport: { access: null, page: locked, retryAfter: null, ...unlocked } };
      const forPrograms = await post('password=wrong', { accept: 'application/json' });
      const { statusCode, headers } = await post('password=wrong');
      return [statusCode, headers['retry-after'], JSON.parse(forPrograms.body).errors[0].extensions.code];
    };
    expect(await codes({})).toEqual([403, undefined, 'FORBIDDEN']);
    expect(await codes({ retryAfter: 60 })).toEqual([429, '60', 'RATE_LIMITED']);
    expect(await codes({ page: { ...page, state: 'CLOSED' } })).toEqual([404, undefined, 'NOT_FOUND']);
  });

  it.each([
    ['none', '', {}, 400],
    ['two', 'password=a&password=b', {}, 400],
    ['one of another site', 'password=a', { 'sec-fetch-site': 'cross-site' }, 403],
    ['one too long', `password=${'x'.repeat(11_000)}`, {}, 413],
  ])('refuses a password that is %s', async (_what, payload, headers, status) => {
    expect((await post(payload, { ...html, ...headers })).statusCode).toBe(status);
    expect(asked).toEqual([]);
  });

  it('sends the files it offers, as the bearer of the link, and its logo', async () => {
    answer = { sharedReport: shared };
    expect((await get('/report.csv')).statusCode).toBe(200);
    const identity = { kind: 'share', organizationId: 'o1', share: { shareId: 's1', reportId: 'r1' }, scopes: [] };
    expect(sent).toMatchObject([{ identity, parameters: { id: 'r1', format: 'csv' } }]);
    for (const format of ['xlsx', 'PDF', 'exe', '..%2Fcsv']) {
      expect((await get(`/report.${format}`)).statusCode).toBe(404);
    }
    expect(sent).toHaveLength(1);
    expect((await get('/logo.png')).headers).toMatchObject({
      'content-type': 'image/png',
      'cache-control': 'no-store',
    });
  });

  it('limits the requests of an address', async () => {
    for (let request = 0; request < 20; request += 1) await get();
    const { statusCode, headers } = await get('/report.pdf', { accept: 'application/json' });
    expect([statusCode, headers['retry-after']]).toEqual([429, '7']);
    expect(asked).toHaveLength(20);
    expect([...counts.keys()]).toEqual(['127.0.0.1']);
  });
});
