import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Agenda } from 'agenda';
import type * as Agendash from 'agendash';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { clientOf } from '#gateway/http/client-of.js';
import type { RequireOperator } from '#gateway/identity/operator.js';
import type { OperatorAction } from '#gateway/identity/record-operator-action.js';
import { AppError, Forbidden } from '#runtime/errors.js';
import type { Jobs } from '#runtime/jobs/jobs.js';
import type { Logger } from '#runtime/log/logger.js';

const PREFIX = '/jobs';

/** Agendash's one file for Fastify. The package's own entry also imports Express, Koa and Hapi, which are not here. */
async function importAgendash(): Promise<Pick<typeof Agendash, 'createFastifyPlugin'>> {
  const folder = dirname(createRequire(import.meta.url).resolve('agendash'));
  return import(pathToFileURL(join(folder, 'middlewares', 'fastify.js')).href);
}

/** What its page needs, and only it: bundled scripts and styles of its own, and styles that scripts set. */
const PAGE_CSP = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export interface JobConsoleOptions {
  requireOperator: RequireOperator;
  /** The queue. It may not be there when the gateway starts. */
  queue(): Promise<Jobs>;
  /** Writes down what an operator changed. */
  record(action: OperatorAction): Promise<void>;
  logger: Logger;
}

const called = [
  'queryJobs',
  'getJobsOverview',
  'getRunningStats',
  'now',
  'every',
  'schedule',
  'cancel',
  'disable',
  'enable',
];

/** Agenda as the console calls it, on a queue that is looked for with each call. What fails is told without its inside. */
function agendaOf({ queue, logger }: JobConsoleOptions): Agenda {
  const call = async (work: (agenda: Agenda) => unknown) => {
    try {
      return await work((await queue()).agenda);
    } catch (error) {
      if (error instanceof AppError) throw error;
      logger.warn({ err: error }, 'The job console could not do what it was asked');
      const isTaken = (error as { code?: unknown }).code === '23505';
      throw new Error(
        isTaken ? 'Another job with the same key is in the queue.' : 'The job queue did not do that: see the log.',
      );
    }
  };
  const methods = called.map((name) => [
    name,
    (...given: unknown[]) =>
      call((agenda) => (agenda as unknown as Record<string, (...args: unknown[]) => unknown>)[name]?.(...given)),
  ]);
  const db = {
    saveJob: (...given: Parameters<Agenda['db']['saveJob']>) => call((agenda) => agenda.db.saveJob(...given)),
  };
  return { ...Object.fromEntries(methods), db, hasJobLogger: () => false } as unknown as Agenda;
}

/**
 * A browser adds the password it once asked for to requests of any page. So what a page of another origin asks for is
 * refused, reading included; only following a link to the console is not.
 */
function refuseOtherSites({ headers, method, host }: FastifyRequest): void {
  const site = headers['sec-fetch-site'] ?? 'none';
  const isLink = method === 'GET' && headers['sec-fetch-mode'] === 'navigate';
  const isOurs = site === 'same-origin' || site === 'none' || isLink;
  const origin = headers.origin;
  const isOurOrigin = origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
  if (!isOurs || !isOurOrigin) throw new Forbidden('Another site’s pages may not use the job console.');
}

/** The console's page and what it asks for, at `/jobs`: for operators only, with a line in the audit log for each change. */
export function jobConsoleRoute(app: FastifyInstance, options: JobConsoleOptions): void {
  const { requireOperator, logger } = options;
  void app.register(
    async (scope) => {
      const operators = new WeakMap<FastifyRequest, string>();

      scope.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
        refuseOtherSites(request);
        // A browser asks for name and password when it sees this.
        void reply.header('www-authenticate', 'Basic realm="WebMetrics operators", charset="UTF-8"');
        const { name } = await requireOperator(request.headers.authorization, request.id);
        void reply.removeHeader('www-authenticate');
        void reply.header('cache-control', 'no-store');
        operators.set(request, name);
        // The page names its parts relative to itself.
        if (request.url.split('?')[0] === PREFIX) return reply.redirect('jobs/');
      });
      scope.addHook('onSend', async (_request, reply) => {
        const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
        if (isPage) void reply.header('content-security-policy', PAGE_CSP);
      });
      scope.addHook('onResponse', async (request, reply) => {
        const operator = operators.get(request);
        if (request.method === 'GET' || request.method === 'HEAD' || !operator) return;
        const action = request.url.split('?')[0]?.split('/').at(-1);
        const { jobIds, jobName } = (request.body ?? {}) as { jobIds?: unknown; jobName?: unknown };
        const what = { operator, action, jobIds, jobName, status: reply.statusCode, requestId: request.id };
        const { status, ...details } = what;
        if (status < 400) {
          const entry = {
            operator,
            action: `jobs.${action}`,
            details,
            client: clientOf(request),
            requestId: request.id,
          };
          await options.record(entry);
        }
        logger.audit(what, `${operator} asked the job console to ${action} jobs`);
      });
      const { createFastifyPlugin } = await importAgendash();
      await scope.register(createFastifyPlugin(agendaOf(options)));
    },
    { prefix: PREFIX },
  );
}
