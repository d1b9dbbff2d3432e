import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Fastify's shape of a refusal: the error handler answers with its status and message. */
export function requestError(statusCode: number, message: string, code: string): Error {
  return Object.assign(new Error(message), { statusCode, code });
}

/** RFC 9110, section 7.2: a name or address, and a port. */
const HOST = /^(?:[\w.~!$&'()*+,;=%-]+|\[[\da-fA-F:.]+\])?(?::\d*)?$/;
const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]+)/i;

/** RFC 9112, section 3.2: one `Host`, as proxies and caches that took another one would disagree. */
function hasOneHost({ raw: { rawHeaders, httpVersion }, headers: { host } }: FastifyRequest): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === 'host') hosts += 1;
  }
  if (hosts === 0) return httpVersion === '1.0';
  return hosts === 1 && HOST.test(host ?? '');
}

/** Refuses requests that name no host or several (400), and bodies in another charset than UTF-8 (415). */
export function refuseHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    if (!hasOneHost(request)) return done(requestError(400, 'Send one valid "Host" header.', 'HOST_INVALID'));
    const [, charset = 'utf-8'] = CHARSET.exec(request.headers['content-type'] ?? '') ?? [];
    if (/^utf-?8$/i.test(charset)) return done();
    done(requestError(415, `Send the body in UTF-8, not in ${charset}.`, 'CHARSET_UNSUPPORTED'));
  });
}
