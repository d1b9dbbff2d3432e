import { readFileSync } from 'node:fs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { publicTextRoute } from '#gateway/http/entity-tag.js';
import { wantsPage } from '#gateway/http/wants-page.js';
import type { SendDashboard } from '#gateway/routes/dashboard.js';
import { version } from '#runtime/process/project-root.js';
import type { BaseServices } from '#runtime/services.js';
import { schemaFile } from '#schema/type-definitions.js';
import { renderManual } from './manual.js';
import { sendPage } from './page.js';
import { type StartOptions, startIndex, startPage } from './start-page.js';

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1a4fd6"/><path d="M7 23l6-8 5 4 7-11" fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

function manualRoutes(app: FastifyInstance): void {
  const pages = renderManual();
  for (const [name, page] of pages) {
    app.get(name ? `/manual/${name}` : '/manual', (_request, reply) => sendPage(reply, { ...page(), text: '' }));
  }
}

export interface StartRoutesOptions extends Pick<BaseServices, 'config' | 'publicUrl'> {
  /** Returns the log-in of the demo that this request may be shown. */
  demoFor(request: FastifyRequest): StartOptions['demo'];
  /** Absent = there is no dashboard. */
  sendDashboard?: SendDashboard;
}

/**
 * `GET /`: the dashboard in browsers, or links for programs. Also the start page at `/start`, which `/` is without a dashboard, the
 * manual, the icon and, with introspection, the schema.
 */
export function startRoutes(
  app: FastifyInstance,
  { config, publicUrl, demoFor, sendDashboard }: StartRoutesOptions,
): void {
  const { environment, hasExplorer, dashboardUrl } = config;
  const exists = (path: string) => (path === '/graphql' ? hasExplorer : app.hasRoute({ method: 'GET', url: path }));
  const sendStart = (request: FastifyRequest, reply: FastifyReply) => {
    const page = sendDashboard ? '/' : dashboardUrl;
    return sendPage(reply, startPage({ version, environment, exists, dashboardUrl: page, demo: demoFor(request) }));
  };
  app.get('/', (request, reply) => {
    if (!wantsPage(request)) {
      void reply.header('cache-control', 'no-store');
      return reply.send(startIndex(publicUrl(), { version, exists }));
    }
    return sendDashboard ? sendDashboard(request, reply) : sendStart(request, reply);
  });
  app.get('/start', sendStart);
  manualRoutes(app);
  for (const path of ['/favicon.svg', '/favicon.ico']) {
    publicTextRoute(app, path, { type: 'image/svg+xml', make: () => ICON });
  }
  if (config.traffic.hasIntrospection) {
    const make = () => readFileSync(schemaFile('api.graphql'), 'utf8');
    publicTextRoute(app, '/schema.graphql', { type: 'text/plain; charset=utf-8', make });
  }
}
