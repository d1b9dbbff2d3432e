import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createServer } from '#gateway/http/server.js';
import { startRoutes } from '#gateway/pages/start-routes.js';
import { parseConfig } from '#runtime/config/config.js';
import { createLogger } from '#runtime/log/logger.js';
import { projectRoot } from '#runtime/process/project-root.js';
import { dashboardRoutes } from './dashboard.js';

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const demo = { email: 'demo@example.com', password: '"correct"-horse' };

async function open(hasDashboard: boolean): Promise<FastifyInstance> {
  const app = await createServer({ logger: createLogger({ level: 'silent' }), isAllowedOrigin: () => false });
  const demoFor = ({ headers }: FastifyRequest) => (headers.via ? undefined : demo);
  const sendDashboard = hasDashboard ? dashboardRoutes(app, { demoFor }) : undefined;
  startRoutes(app, { config: parseConfig({}), publicUrl: () => 'https://metrics.example.com', demoFor, sendDashboard });
  app.get('/api/me', () => ({ isApi: true }));
  return app;
}

describe('the dashboard', () => {
  let app: FastifyInstance;
  beforeAll(async () => {
    app = await open(true);
  });
  afterAll(() => app.close());

  it.each(['/', '/app', '/app/overview', '/app/campaigns/7?period=last_7d'])(
    'is what a browser gets at %s, without inline code and never from a cache',
    async (url) => {
      const { statusCode, headers, body } = await app.inject({ url, headers: BROWSER });
      expect([statusCode, headers['cache-control']]).toEqual([200, 'no-store']);
      expect(headers['content-security-policy']).toContain("default-src 'self'; ");
      expect(headers['content-security-policy']).not.toMatch(/unsafe|nonce|\*|https?:/);
      expect(body).toContain('<div id="root">');
      expect(body).not.toMatch(/<script>|<style| style=| on\w+=|webmetrics-facts/);
    },
  );

  it('knows the log-in of the demo only where it may be shown', async () => {
    const near = await app.inject({ url: '/', headers: BROWSER });
    expect(near.body).toContain('content="demo@example.com &quot;correct&quot;-horse"');
    const far = await app.inject({ url: '/', headers: { ...BROWSER, via: '1.1 proxy' } });
    expect(far.body).not.toContain('demo@example.com');
    expect(far.body).toContain('name="webmetrics-version"');
  });

  it('has assets that are compressed before, and never change', async () => {
    const names = readdirSync(join(projectRoot, 'dist/gateway/dashboard/page/assets'));
    const script = names.find((name) => /^index-.*\.js$/.test(name));
    const { statusCode, headers } = await app.inject({
      url: `/app/assets/${script}`,
      headers: { 'accept-encoding': 'br, gzip' },
    });
    expect([statusCode, headers['content-encoding']]).toEqual([200, 'br']);
    expect(headers['cache-control']).toMatch(/max-age=31536000.*immutable/);
    expect((await app.inject('/app/assets/gone-1234.js')).statusCode).toBe(404);
  });

  it('leaves everything else to the API', async () => {
    expect((await app.inject('/')).json()).toMatchObject({ name: 'WebMetrics' });
    expect((await app.inject({ url: '/api/me', headers: BROWSER })).json()).toEqual({ isApi: true });
    expect((await app.inject({ url: '/api/nothing', headers: BROWSER })).statusCode).toBe(404);
    expect((await app.inject({ url: '/start', headers: BROWSER })).body).toContain('>Dashboard</a>');
  });

  it('is not there when it is off: the start page is', async () => {
    const off = await open(false);
    const { body } = await off.inject({ url: '/', headers: BROWSER });
    expect(body).not.toContain('id="root"');
    expect(body).toContain('Marketing analytics behind one API');
    expect((await off.inject({ url: '/app/overview', headers: BROWSER })).statusCode).toBe(404);
    await off.close();
  });
});
