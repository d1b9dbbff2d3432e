import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { createServer } from '#gateway/http/server.js';
import { startRoutes } from '#gateway/pages/start-routes.js';
import { parseConfig } from '#runtime/config/config.js';
import { createLogger } from '#runtime/log/logger.js';
import { readExample, readExamples } from './examples.js';
import { renderExplorer } from './explorer-page.js';
import { serveExplorer } from './serve-explorer.js';

const TODAY = new Date('2026-03-02T23:00:00Z');
const PAGE = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const demo = { email: 'demo@example.com', password: 'correct-horse' };

/** The pages for people, without anything behind them. */
async function openPages(settings: Record<string, string>, isProduction = false): Promise<FastifyInstance> {
  const config = { ...parseConfig(settings), isProduction, environment: isProduction ? 'production' : 'test' } as const;
  const app = await createServer({ logger: createLogger({ level: 'silent' }), isAllowedOrigin: () => false });
  const demoFor = () => (isProduction ? undefined : demo);
  const sendPage = serveExplorer(app, { config, now: () => TODAY, demoFor });
  startRoutes(app, { config, publicUrl: () => 'https://metrics.example.com', demoFor });
  app.get('/graphql', (request, reply) => (sendPage(request, reply) ? reply : { answered: true }));
  app.get('/docs', () => 'documentation');
  return app;
}

describe('the examples of the explorer', () => {
  it('begin with the dashboard', () => {
    const [first, ...others] = readExamples(TODAY);
    expect(first?.query).toContain('query Dashboard(');
    expect(others.length).toBeGreaterThan(0);
  });

  it('are about the last 30 days, and the 30 days before those', () => {
    const query = 'query Any($id: ID, $now: DateRangeInput!, $before: DateRangeInput) { a }';
    expect(readExample(query, TODAY).variables).toEqual({
      now: { start: '2026-01-31', end: '2026-03-01' },
      before: { start: '2026-01-01', end: '2026-01-30' },
    });
  });
});

describe('the explorer and the start page', () => {
  let app: FastifyInstance;
  beforeAll(async () => {
    app = await openPages({});
  });
  afterAll(() => app.close());
  const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });

  it('is sent to browsers only, with a policy that allows no inline code or style', async () => {
    const { body, headers } = await get('/graphql', PAGE);
    expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    const policy = String(headers['content-security-policy']);
    expect(policy).not.toMatch(/unsafe|nonce|\*/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(body).not.toMatch(/<script>| style=|<style| on\w+=/);
    expect(body).toContain('Log in as demo@example.com');
    expect((await get('/graphql', { accept: '*/*' })).json()).toEqual({ answered: true });
  });

  it('escapes what its script is given', () => {
    const query = `"'><script>alert(1)</script>`;
    const html = renderExplorer({ examples: [{ query, variables: {} }] });
    expect(html).not.toContain('<script>');
    const [, settings = ''] = /data-settings="([^"]*)"/.exec(html) ?? [];
    const entities: Record<string, string> = { '&quot;': '"', '&#39;': "'", '&lt;': '<', '&gt;': '>', '&amp;': '&' };
    expect(JSON.parse(settings.replace(/&(quot|#39|lt|gt|amp);/g, (entity) => entities[entity] ?? ''))).toEqual({
      examples: [{ query, variables: {} }],
    });
  });

  it.each([
    ['/explorer/explorer.js', 'application/javascript'],
    ['/explorer/explorer.css', 'text/css'],
    ...['react', 'react-dom', 'graphiql'].map((name) => [`/explorer/${name}.min.js`, 'application/javascript']),
    ['/explorer/graphiql.min.css', 'text/css'],
  ])('has %s', async (path, type) => {
    const { statusCode, headers } = await get(path as string);
    expect([statusCode, headers['content-type']]).toEqual([200, expect.stringContaining(type as string)]);
  });

  it('links to what exists, and shows the log-in of the demo', async () => {
    const { body, headers } = await get('/', PAGE);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    const links = [...body.matchAll(/<a href="([^"]+)"/g)].map(([, href]) => href);
    expect(links).toEqual(['/graphql', '/docs', '/schema.graphql', '/manual']);
    expect(body).toContain('demo@example.com / correct-horse');
  });

  it('is an index of links for programs', async () => {
    const { statusCode, body } = await get('/');
    expect([statusCode, JSON.parse(body)]).toEqual([
      200,
      {
        name: 'WebMetrics',
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        links: {
          graphql: 'https://metrics.example.com/graphql',
          explorer: 'https://metrics.example.com/graphql',
          rest: 'https://metrics.example.com/docs',
          schema: 'https://metrics.example.com/schema.graphql',
          manual: 'https://metrics.example.com/manual',
        },
      },
    ]);
    expect(body).not.toContain('correct-horse');
  });

  it('sends icon and schema once', async () => {
    for (const path of ['/favicon.svg', '/favicon.ico', '/schema.graphql']) {
      const { statusCode, headers } = await get(path);
      expect([statusCode, path, headers['cache-control']]).toEqual([200, path, 'public, max-age=300']);
      expect((await get(path, { 'if-none-match': String(headers.etag) })).statusCode).toBe(304);
    }
    expect((await get('/schema.graphql')).body).toContain('type Query');
  });
});

describe('in production', () => {
  const open = async (settings: Record<string, string>) => openPages(settings, true);

  it('there is neither explorer nor schema nor log-in', async () => {
    const app = await open({ EXPLORER: 'off', GRAPHQL_INTROSPECTION: 'off' });
    const explorer = await app.inject({ url: '/graphql', headers: PAGE });
    expect([explorer.statusCode, explorer.body]).toEqual([404, expect.stringContaining('There is no explorer here')]);
    expect((await app.inject({ url: '/graphql?query=%7Bplans%7Bid%7D%7D', headers: PAGE })).json()).toEqual({
      answered: true,
    });
    for (const url of ['/explorer/graphiql.min.js', '/schema.graphql']) {
      expect((await app.inject({ url })).statusCode).toBe(404);
    }
    const { body } = await app.inject({ url: '/', headers: PAGE });
    expect(body).not.toMatch(/\/graphql|\/schema|log-in/);
    await app.close();
  });

  it('an explorer that is turned on runs no code of another host', async () => {
    const app = await open({ EXPLORER: 'on' });
    const { statusCode, headers, body } = await app.inject({ url: '/graphql', headers: PAGE });
    expect(statusCode).toBe(200);
    expect(`${headers['content-security-policy']} ${body}`).not.toContain('apollographql');
    expect(body).not.toContain('log-in');
    await app.close();
  });
});
