import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { wantsPage } from '#gateway/http/wants-page.js';
import { AppError } from '#runtime/errors.js';
import { projectRoot } from '#runtime/process/project-root.js';
import type { BaseServices } from '#runtime/services.js';
import { readExamples } from './examples.js';
import { type ExplorerSettings, explorerCsp, renderExplorer, SANDBOX_SCRIPT } from './explorer-page.js';

/** The build puts GraphiQL here, beside the scripts of `browser/`. */
const ASSETS = join(projectRoot, 'dist', 'gateway', 'explorer', 'browser');

export interface ExplorerOptions extends Pick<BaseServices, 'config' | 'now'> {
  /** Returns the log-in that this request may be shown. */
  demoFor(request: FastifyRequest): ExplorerSettings['demo'];
}

/** Sends the page of a navigation to `/graphql`; returns whether it did. */
export type SendExplorer = (request: FastifyRequest, reply: FastifyReply) => boolean;

/**
 * Serves the scripts of the explorer, and returns what sends its page to browsers at `/graphql`: Apollo Sandbox where its host
 * can be reached, else GraphiQL. In production no script of another host runs, so it is GraphiQL.
 */
export function serveExplorer(app: FastifyInstance, { config, now, demoFor }: ExplorerOptions): SendExplorer {
  const { hasExplorer, isProduction } = config;
  const isNavigation = (request: FastifyRequest) => request.method !== 'POST' && wantsPage(request);
  if (!hasExplorer) {
    return (request) => {
      const { query } = request.query as { query?: unknown };
      if (isNavigation(request) && query === undefined)
        throw new AppError('There is no explorer here: programs send operations to this address by POST.', 'NOT_FOUND');
      return false;
    };
  }
  const headers = {
    'cache-control': 'no-store',
    'content-security-policy': explorerCsp(!isProduction),
    vary: 'accept',
  };
  const sandboxScript = isProduction ? undefined : SANDBOX_SCRIPT;
  void app.register(fastifyStatic, { root: ASSETS, prefix: '/explorer/', index: false, decorateReply: false });
  return (request, reply) => {
    if (!isNavigation(request)) return false;
    const page = renderExplorer({ examples: readExamples(now()), demo: demoFor(request), sandboxScript });
    void reply.headers(headers).type('text/html; charset=utf-8').send(page);
    return true;
  };
}
