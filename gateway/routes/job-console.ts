import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { AgendashController, CreateJobRequest } from 'agendash';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { clientOf } from '#gateway/http/client-of.js';
import type { RequireOperator } from '#gateway/identity/operator.js';
import type { OperatorAction } from '#gateway/identity/record-operator-action.js';
import { AppError, Forbidden, InvalidInput } from '#runtime/errors.js';
import type { Jobs } from '#runtime/jobs/jobs.js';
import type { Logger } from '#runtime/log/logger.js';

const PREFIX = '/jobs';

/** Agendash sets styles by script. */
const PAGE_CSP = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Agendash cuts off the actions in windows narrower than the table. */
const STYLESHEET = `.table th, .table td { padding: 0.4rem; font-size: 0.85rem; }
.table th:last-child, .table .job-actions { position: sticky; right: 0; background: #f8f9fa; white-space: nowrap; }
`;
const STYLESHEET_LINK = '<link rel="stylesheet" href="./webmetrics.css">';

export interface JobConsoleOptions {
  requireOperator: RequireOperator;
  /** Opens the job queue, which may be unavailable at start. */
  queue(): Promise<Jobs>;
  /** Records a change in the audit trail. */
  record(action: OperatorAction): Promise<void>;
  logger: Logger;
}

type Controller = AgendashController;
type Selection = { jobIds: string[] };

/** Actions of the page, by path segment. */
const changes: Record<string, (controller: Controller, body: Selection & CreateJobRequest) => Promise<object>> = {
  requeue: (controller, { jobIds }) => controller.requeueJobs(jobIds),
  retry: (controller, { jobIds }) => controller.retryJobs(jobIds),
  delete: (controller, { jobIds }) => controller.deleteJobs(jobIds),
  pause: (controller, { jobIds }) => controller.pauseJobs(jobIds),
  resume: (controller, { jobIds }) => controller.resumeJobs(jobIds),
  create: async (controller, body) => {
    if (!body.jobName) throw new InvalidInput([{ argument: 'jobName', problem: 'is missing' }]);
    return controller.createJob(body);
  },
};

interface ListQuery {
  job?: string;
  state?: string;
  q?: string;
  skip?: string;
  limit?: string;
}

/**
 * Imported by path: the package's entry imports Express, Koa and Hapi, and its Fastify plugin needs an Agenda at
 * registration.
 */
async function loadAgendash(): Promise<{ Controller: typeof AgendashController; root: string }> {
  const folder = dirname(createRequire(import.meta.url).resolve('agendash'));
  const { AgendashController: Controller } = await import(pathToFileURL(join(folder, 'AgendashController.js')).href);
  return { Controller, root: join(folder, '..', 'public') };
}

async function serveConsole(scope: FastifyInstance, { queue, logger }: JobConsoleOptions): Promise<void> {
  const { Controller, root } = await loadAgendash();
  // Store errors can contain SQL.
  const answer = async (reply: FastifyReply, work: (controller: Controller) => Promise<object>) => {
    try {
      return reply.send(await work(new Controller((await queue()).agenda)));
    } catch (error) {
      if (error instanceof AppError) return reply.code(400).send({ error: error.message });
      logger.warn({ err: error }, 'Job console request failed');
      const isTaken = (error as { code?: unknown }).code === '23505';
      const message = isTaken ? 'Another job with the same key is in the queue.' : 'The job queue failed: see the log.';
      return reply.code(400).send({ error: message });
    }
  };

  await scope.register(fastifyStatic, { root });
  const page = readFileSync(join(root, 'index.html'), 'utf8').replace('</head>', `${STYLESHEET_LINK}</head>`);
  for (const path of ['/', '/index.html']) {
    scope.get(path, (_request, reply) => reply.type('text/html; charset=utf-8').send(page));
  }
  scope.get('/webmetrics.css', (_request, reply) => reply.type('text/css; charset=utf-8').send(STYLESHEET));
  scope.get<{ Querystring: ListQuery }>('/api', ({ query }, reply) =>
    answer(reply, (controller) =>
      controller.getJobs({
        name: query.job,
        state: query.state,
        search: query.q,
        skip: Number(query.skip) || 0,
        limit: Number(query.limit) || 50,
      }),
    ),
  );
  scope.get<{ Querystring: { fullDetails?: string } }>('/api/stats', ({ query }, reply) =>
    answer(reply, (controller) => controller.getStats(query.fullDetails === 'true')),
  );
  // There is no stream of events: a browser that gets 204 does not ask again, and the page polls.
  scope.get('/api/events', (_request, reply) => reply.code(204).send());
  for (const [name, change] of Object.entries(changes)) {
    scope.post(`/api/jobs/${name}`, ({ body }, reply) =>
      answer(reply, (controller) => change(controller, (body ?? {}) as Selection & CreateJobRequest)),
    );
  }
}

/** Refuses requests of other origins, to which browsers would add the saved password. Links are allowed. */
function refuseOtherSites({ headers, method, host }: FastifyRequest): void {
  const site = headers['sec-fetch-site'] ?? 'none';
  const isLink = method === 'GET' && headers['sec-fetch-mode'] === 'navigate';
  const isOurs = site === 'same-origin' || site === 'none' || isLink;
  const origin = headers.origin;
  const isOurOrigin = origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
  if (!isOurs || !isOurOrigin) throw new Forbidden('Another site’s pages may not use the job console.');
}

/** `/jobs`: Agendash, for operators. Changes are recorded in the audit trail. */
export function jobConsoleRoute(app: FastifyInstance, options: JobConsoleOptions): void {
  const { requireOperator, record, logger } = options;
  const operators = new WeakMap<FastifyRequest, string>();

  async function authorize(request: FastifyRequest, reply: FastifyReply) {
    refuseOtherSites(request);
    // The browser then asks for credentials.
    void reply.header('www-authenticate', 'Basic realm="WebMetrics operators", charset="UTF-8"');
    const { name } = await requireOperator(request.headers.authorization, request.id, request.ip);
    void reply.removeHeader('www-authenticate');
    void reply.header('cache-control', 'no-store');
    operators.set(request, name);
    // The page uses relative links.
    if (request.url.split('?')[0] === PREFIX) return reply.redirect('jobs/');
  }

  async function recordChange(request: FastifyRequest, { statusCode }: FastifyReply) {
    const operator = operators.get(request);
    if (request.method === 'GET' || request.method === 'HEAD' || !operator) return;
    const action = request.url.split('?')[0]?.split('/').at(-1);
    const { jobIds, jobName } = (request.body ?? {}) as { jobIds?: unknown; jobName?: unknown };
    const details = { operator, action, jobIds, jobName, requestId: request.id };
    if (statusCode < 400) {
      await record({ operator, action: `jobs.${action}`, details, client: clientOf(request), requestId: request.id });
    }
    logger.audit({ ...details, status: statusCode }, 'Job console change');
  }

  void app.register(
    async (scope) => {
      scope.addHook('onRequest', authorize);
      scope.addHook('onSend', async (_request, reply) => {
        const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
        if (isPage) void reply.header('content-security-policy', PAGE_CSP);
      });
      scope.addHook('onResponse', recordChange);
      await serveConsole(scope, options);
    },
    { prefix: PREFIX },
  );
}
