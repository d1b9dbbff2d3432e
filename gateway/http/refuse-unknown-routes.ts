import { escapeRegExp } from 'es-toolkit/string';
import type { FastifyInstance } from 'fastify';
import { AppError } from '#runtime/errors.js';
import { pathOf } from '#runtime/http/watch-requests.js';
import { requestError } from './refuse-headers.js';

/** A segment may have its parameter behind a text: `download.:format`. */
const partOf = (part: string) => (part.startsWith(':') ? '[^/]+' : escapeRegExp(part));

function matcherOf(route: string): RegExp {
  const pattern = route
    .split('/')
    .map((segment) =>
      segment === '*'
        ? '.*'
        : segment
            .split(/(:\w+)/)
            .map(partOf)
            .join(''),
    )
    .join('/');
  return new RegExp(`^${pattern}/?$`);
}

/**
 * Answers a path that has routes for other methods with 405 and `Allow`, `OPTIONS` with 204 and `Allow`, and a path without routes
 * with 404, before the body is read. To be called before routes are added.
 */
export function refuseUnknownRoutes(app: FastifyInstance): void {
  const routes = new Map<string, { matcher: RegExp; methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    // The preflight route of CORS, which matches every path.
    if (url === '*') return;
    const route = routes.get(url) ?? { matcher: matcherOf(url), methods: new Set() };
    routes.set(url, route);
    for (const each of [method].flat()) route.methods.add(each);
  });
  app.addHook('onRequest', (request, reply, done) => {
    // Preflights are answered before.
    const isOptions = request.method === 'OPTIONS';
    if (!request.is404 && !isOptions) return done();
    const path = pathOf(request.url);
    const matching = [...routes.values()].filter(({ matcher }) => matcher.test(path));
    const allowed = [...new Set(matching.flatMap(({ methods }) => [...methods]))].sort();
    if (allowed.length === 0) return done(new AppError(`There is nothing at ${path}.`, 'NOT_FOUND'));
    void reply.header('allow', allowed.join(', '));
    if (isOptions) return void reply.code(204).send();
    done(requestError(405, `Send ${allowed.join(' or ')} here.`, 'METHOD_NOT_ALLOWED'));
  });
}
