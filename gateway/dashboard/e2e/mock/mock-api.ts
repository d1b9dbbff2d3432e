import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from '#gateway/http/server.js';
import { dashboardRoutes } from '#gateway/routes/dashboard.js';
import { createLogger } from '#runtime/log/logger.js';
import { projectRoot } from '#runtime/process/project-root.js';
import { mockAnswer, type Overrides } from './mock-schema.js';
import { NOW } from './mock-values.js';

/** The page of the dashboard with an API that invents its answers. */
export interface MockApi {
  url: string;
  close(): Promise<void>;
}

const FONTS = join(projectRoot, 'node_modules', '@embedpdf', 'fonts-latin', 'fonts');
const STATUS = {
  status: 'ok',
  version: '1.0.0',
  uptime: 86_400,
  environment: 'production',
  database: { mode: 'external', isReachable: true },
  migrations: {},
  jobs: { backend: 'postgres', waiting: 3, running: 1, dead: 0, kinds: [] },
  backups: {
    lastBackup: { finishedAt: NOW, bytes: 12_300_000, rows: 45_000 },
    isLastBackupOk: true,
    lastVerifiedRestore: null,
    isLastRestoreOk: null,
  },
  checks: { database: 'ok', cache: 'ok' },
};

/** Serves the page on a free port of loopback, and the same answers to the same questions for ever: no database, no provider, no clock. */
export async function startMockApi(overrides: Overrides = {}): Promise<MockApi> {
  const app = await createServer({ logger: createLogger({ level: 'silent' }), isAllowedOrigin: () => false });
  if (!dashboardRoutes(app, { demoFor: () => undefined })) throw new Error('The dashboard was not built.');
  app.post('/graphql', (request) => {
    const { query, variables } = request.body as { query: string; variables?: Record<string, unknown> };
    return mockAnswer(query, variables ?? {}, overrides);
  });
  app.get('/api/status', () => STATUS);
  app.get('/favicon.svg', (_, reply) =>
    reply.type('image/svg+xml').send('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"/>'),
  );
  for (const face of ['Regular', 'Bold'])
    app.get(`/fonts/${face}.ttf`, (_, reply) =>
      reply.type('font/ttf').send(readFileSync(join(FONTS, `NotoSans-${face}.ttf`))),
    );
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url, close: () => app.close() };
}
