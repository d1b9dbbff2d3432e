import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { htmlTemplate } from '#runtime/html.js';
import { projectRoot, version } from '#runtime/process/project-root.js';
import { pageReader } from './page-reader.js';

/** The build puts the dashboard here. */
const PAGE = join(projectRoot, 'dist', 'gateway', 'dashboard', 'page');

/** Every script and style is a file of ours, and nothing else is loaded or asked. */
export const DASHBOARD_CSP = [
  "default-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

export interface DashboardOptions {
  /** Returns the log-in of the demo that this request may be shown. */
  demoFor(request: FastifyRequest): { email: string; password: string } | undefined;
}

/** Sends the page of the dashboard. */
export type SendDashboard = (request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/** What the page knows of this installation before it asks the API. */
const renderFacts = htmlTemplate<{ version: string; demo?: { email: string; password: string } }>(
  `<meta name="webmetrics-version" content="<%= it.version %>"><% if (it.demo) { %>
  <meta name="webmetrics-demo" content="<%= it.demo.email %> <%= it.demo.password %>"><% } %>`,
);

/**
 * Serves the dashboard below `/app`: its page for every address of a screen, its assets for ever, as their names change with their
 * content. Returns what sends the page elsewhere; undefined where it was not built.
 */
export function dashboardRoutes(app: FastifyInstance, { demoFor }: DashboardOptions): SendDashboard | undefined {
  const file = join(PAGE, 'index.html');
  if (!existsSync(file)) return undefined;
  const readPage = pageReader(file, '<meta name="webmetrics-facts">');
  const send: SendDashboard = (request, reply) => {
    const { before, after } = readPage();
    return reply
      .headers({
        'cache-control': 'no-store',
        'content-security-policy': DASHBOARD_CSP,
        'referrer-policy': 'no-referrer',
        vary: 'accept',
      })
      .type('text/html; charset=utf-8')
      .send(before + renderFacts({ version, demo: demoFor(request) }) + after);
  };
  void app.register(fastifyStatic, {
    root: join(PAGE, 'assets'),
    prefix: '/app/assets/',
    index: false,
    decorateReply: false,
    preCompressed: true,
    immutable: true,
    maxAge: '365d',
  });
  app.get('/app', send);
  app.get('/app/*', send);
  return send;
}
