import { describe, expect, it } from '@jest/globals';
import { readHealthProbe } from './health-probe.js';

const read = (text: string) => readHealthProbe(Buffer.from(text, 'latin1'));
const request = (first: string, ...fields: string[]) => [first, 'Host: webmetrics', ...fields, '', ''].join('\r\n');

describe('a request for /health', () => {
  it.each([
    ['as probes send it', request('GET /health HTTP/1.1', 'User-Agent: kube-probe/1.30')],
    ['with a slash at the end', request('GET /health/ HTTP/1.1')],
    ['with something to keep caches away', request('GET /health?at=17 HTTP/1.1')],
    ['of which only the head is wanted', request('HEAD /health HTTP/1.1')],
  ])('%s is recognized', (_name, text) => {
    expect(read(text)).toMatchObject({ isHead: text.startsWith('HEAD'), isLast: false, length: text.length });
  });

  it('brings its fields along', () => {
    const { headers } = read(request('GET /health HTTP/1.1', 'X-Request-Id:  probe-0001 ')) ?? {};
    expect(headers).toEqual({ host: 'webmetrics', 'x-request-id': 'probe-0001' });
  });

  it('can be the last of its connection', () => {
    expect(read(request('GET /health HTTP/1.1', 'Connection: Close'))?.isLast).toBe(true);
    expect(read(request('GET /health HTTP/1.1', 'Connection: keep-alive'))?.isLast).toBe(false);
  });

  it('ends where the next one begins', () => {
    const first = request('GET /health HTTP/1.1');
    expect(read(first + request('POST /graphql HTTP/1.1'))?.length).toBe(first.length);
  });

  it.each([
    ['nothing', ''],
    ['a part of a head', 'GET /health HTTP/1.1\r\nHost: webmetrics\r\n'],
    ['another path', request('GET /healthy HTTP/1.1')],
    ['a path below', request('GET /health/deep HTTP/1.1')],
    ['another method', request('POST /health HTTP/1.1')],
    ['an older protocol', request('GET /health HTTP/1.0')],
    ['a whole URL', request('GET http://webmetrics/health HTTP/1.1')],
    ['a body', request('GET /health HTTP/1.1', 'Content-Length: 3')],
    ['a body in chunks', request('GET /health HTTP/1.1', 'Transfer-Encoding: chunked')],
    ['a wish to go on', request('GET /health HTTP/1.1', 'Expect: 100-continue')],
    ['a wish for another protocol', request('GET /health HTTP/1.1', 'Upgrade: h2c')],
    ['a field twice', request('GET /health HTTP/1.1', 'Host: other')],
    ['a field without a name', request('GET /health HTTP/1.1', ': value')],
    ['a field over two lines', request('GET /health HTTP/1.1', 'X-Long: a', ' b')],
    ['a space before the colon', request('GET /health HTTP/1.1', 'X-Long : a')],
    ['a NUL', request('GET /health HTTP/1.1', 'X-Long: \0')],
    ['lines that end otherwise', 'GET /health HTTP/1.1\nHost: webmetrics\n\n'],
    ['no host', 'GET /health HTTP/1.1\r\nAccept: */*\r\n\r\n'],
    ['a head of many bytes', request('GET /health HTTP/1.1', `X-Long: ${'a'.repeat(5_000)}`)],
    ['something else', '\x16\x03\x01\x02\x00'],
  ])('is not what begins with %s', (_name, text) => {
    expect(read(text)).toBeUndefined();
  });
});
