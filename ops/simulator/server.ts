import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Fastify from 'fastify';
import { answerAdmin } from './admin/index.js';
import type { AdminTools } from './admin/tools.js';
import type { CallHandler, Outcome } from './call-handler.js';
import type { SimulatedProvider } from './provider.js';
import { providers } from './providers.js';
import type { WireAnswer, WireRequest } from './wire.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
const ADMIN_ROOT = '/_simulator';
const MAX_BODY_BYTES = 10 * 1024 * 1024;
// A hundred campaign ids in a URL come close to Node's default of 16 KiB.
const MAX_HEADER_BYTES = 128 * 1024;

export interface ServerOptions {
  handler: CallHandler;
  /** null = disabled. */
  admin: AdminTools | null;
  quiet: boolean;
}

/** Returns a server that does not listen yet. Closing it cuts connections a fault left hanging. */
export function createServer({ handler, admin, quiet }: ServerOptions): FastifyInstance {
  const app = Fastify({
    logger: quiet ? false : { level: 'warn' },
    forceCloseConnections: true,
    bodyLimit: MAX_BODY_BYTES,
    http: { maxHeaderSize: MAX_HEADER_BYTES },
  });
  // Providers parse their own bodies, malformed ones included.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    if (!error.statusCode) request.log.error(error);
    return reply
      .code(error.statusCode ?? 500)
      .send({ error: error.statusCode ? error.message : 'The simulator failed; see its log' });
  });
  app.route({
    method: METHODS,
    url: '*',
    handler: async (request, reply) => {
      const { path, query, rawQuery } = addressParts(request.url);
      if (path === ADMIN_ROOT || path.startsWith(`${ADMIN_ROOT}/`))
        return send(reply, await answerAdminOrRefuse(admin, request, path, query));
      const scheme = String(request.headers['x-forwarded-proto'] ?? '');
      const target = routeByHost(providers, { host: request.headers.host ?? 'localhost', scheme }, path);
      if (!isReadable(path))
        return send(reply, { status: 400, body: { error: 'The path is not valid percent-encoding' } });
      if (!target)
        return send(reply, {
          status: 404,
          body: { error: 'No simulated provider has this address; see /_simulator/health' },
        });
      return deliver(request, reply, await handler.handle(wireRequest(request, { query, rawQuery, ...target })));
    },
  });
  return app;
}

function addressParts(url: string): { path: string; query: URLSearchParams; rawQuery: string } {
  const mark = url.indexOf('?');
  const rawQuery = mark < 0 ? '' : url.slice(mark + 1);
  return { path: mark < 0 ? url : url.slice(0, mark), query: new URLSearchParams(rawQuery), rawQuery };
}

function isReadable(path: string): boolean {
  try {
    return decodeURIComponent(path).length > 0;
  } catch {
    return false;
  }
}

async function answerAdminOrRefuse(
  admin: AdminTools | null,
  request: FastifyRequest,
  path: string,
  query: URLSearchParams,
): Promise<WireAnswer> {
  if (!admin) return { status: 403, body: { error: 'Admin is off: this simulator listens beyond the local machine' } };
  return answerAdmin(admin, {
    method: request.method,
    path: path.slice(ADMIN_ROOT.length),
    query,
    body: textOf(request),
  });
}

function wireRequest(
  request: FastifyRequest,
  address: Pick<WireRequest, 'host' | 'base' | 'path' | 'query' | 'rawQuery'>,
): WireRequest {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
  return { method: request.method, ...address, headers, body: textOf(request), accounts: new Set() };
}

function textOf(request: FastifyRequest): string {
  return typeof request.body === 'string' ? request.body : '';
}

function deliver(request: FastifyRequest, reply: FastifyReply, outcome: Outcome): FastifyReply {
  switch (outcome.kind) {
    case 'answer':
      return send(reply, outcome.answer);
    case 'hang':
      return reply.hijack();
    case 'reset':
      reply.hijack();
      request.raw.socket.resetAndDestroy();
      return reply;
    case 'truncate':
      return sendHalf(reply, outcome.answer);
  }
}

function send(reply: FastifyReply, { status, headers, body }: WireAnswer): FastifyReply {
  const isText = typeof body === 'string';
  reply.code(status).header('content-type', isText ? 'text/plain; charset=UTF-8' : 'application/json; charset=UTF-8');
  if (headers) reply.headers(headers);
  return reply.send(isText ? body : JSON.stringify(body));
}

function sendHalf(reply: FastifyReply, { status, headers, body }: WireAnswer): FastifyReply {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  reply.hijack();
  reply.raw.writeHead(status, {
    'content-type': 'application/json; charset=UTF-8',
    ...headers,
    'content-length': bytes.length,
  });
  reply.raw.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => reply.raw.destroy());
  return reply;
}

interface Address {
  host: string;
  /** X-Forwarded-Proto of a TLS proxy. */
  scheme?: string | undefined;
}

interface RoutedTarget {
  host: string;
  base: string;
  path: string;
}

/** The real host: the Host header when it is a provider's, else the first path segment. */
function routeByHost(
  providers: readonly SimulatedProvider[],
  { host: hostHeader, scheme }: Address,
  path: string,
): RoutedTarget | null {
  const known = new Set(providers.flatMap((provider) => provider.hosts));
  const named = hostHeader.replace(/:\d+$/, '').toLowerCase();
  const forwarded = scheme === 'https' || scheme === 'http' ? scheme : undefined;
  if (known.has(named)) {
    // A bare real host name was meant for https, as are its links.
    const usual = hostHeader.includes(':') ? 'http' : 'https';
    return { host: named, base: `${forwarded ?? usual}://${hostHeader}`, path };
  }
  const [, first = ''] = path.split('/', 2);
  if (!known.has(first)) return null;
  return {
    host: first,
    base: `${forwarded ?? 'http'}://${hostHeader}/${first}`,
    path: path.slice(first.length + 1) || '/',
  };
}
