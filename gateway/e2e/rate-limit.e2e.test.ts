import { afterEach, describe, expect, it } from '@jest/globals';
import { Client } from './client.js';
import { type OpenTransport, openTransport } from './open-transport.js';

const ME = JSON.stringify({ query: '{ me { id } }' });

describe('the limits of requests', () => {
  let transport: OpenTransport;
  afterEach(() => transport.close());

  const ask = (headers: Record<string, string> = {}) =>
    fetch(`${transport.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: ME,
    });
  const standing = ({ status, headers }: Response) => [
    status,
    ...['limit', 'remaining', 'policy'].map((name) => headers.get(`ratelimit-${name}`)),
  ];

  it('refuse one request too many of an anonymous client, whatever headers it sends, with Retry-After', async () => {
    transport = await openTransport('in-process', { RATE_LIMIT_ANONYMOUS: '3' });
    expect(standing(await ask())).toEqual([200, '3', '2', '3;w=900']);
    // Neither another claimed address nor credentials that do not hold make another client of it.
    expect(standing(await ask({ 'x-forwarded-for': '192.0.2.1' }))).toEqual([200, '3', '1', '3;w=900']);
    expect(standing(await ask({ authorization: 'Bearer x.y.z' }))).toEqual([401, '3', '0', '3;w=900']);
    const refused = await ask({ 'x-forwarded-for': '192.0.2.2' });
    expect(standing(refused)).toEqual([429, '3', '0', '3;w=900']);
    const retryAfter = Number(refused.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThan(0);
    expect(refused.headers.get('ratelimit-reset')).toBe(String(retryAfter));
    const { errors } = (await refused.json()) as any;
    expect(errors).toEqual([
      {
        message: expect.stringContaining(`Wait ${retryAfter} seconds`),
        extensions: { code: 'RATE_LIMITED', retryAfter, requestId: refused.headers.get('x-request-id') },
      },
    ]);
    expect(await fetch(`${transport.url}/health`)).toHaveProperty('status', 200);
  });

  it('hold for downloads and callbacks as well', async () => {
    transport = await openTransport('in-process', { RATE_LIMIT_ANONYMOUS: '2' });
    const statuses: number[] = [];
    for (const path of ['/downloads/reports/x.csv', '/oauth/google-ads/callback', '/downloads/reports/x.csv?token=x']) {
      statuses.push((await fetch(transport.url + path)).status);
    }
    expect(statuses[2]).toBe(429);
    expect(statuses.slice(0, 2)).not.toContain(429);
  });

  it('count people by who they are, not by where they are', async () => {
    transport = await openTransport('in-process', { RATE_LIMIT_SIGNED_IN: '3' });
    const anyone = new Client(transport.url);
    const [one, other] = [await anyone.signUp('One'), await anyone.signUp('Other')];
    const statuses = async ({ client }: typeof one, times: number) => {
      const answers: number[] = [];
      for (let time = 0; time < times; time += 1) answers.push((await client.ask('{ me { id } }')).status);
      return answers;
    };
    expect(await statuses(one, 5)).toEqual([200, 200, 200, 429, 429]);
    expect(await statuses(other, 1)).toEqual([200]);
    // Not limited in this installation.
    expect((await ask()).headers.get('ratelimit-limit')).toBeNull();
  });

  it.each([
    ['a network', '127.0.0.0/8'],
    ['their number', '1'],
  ])('trust a proxy by %s, and no hop before it', async (_how, proxies) => {
    transport = await openTransport('in-process', { RATE_LIMIT_ANONYMOUS: '2', TRUSTED_PROXIES: proxies });
    const from = (addresses: string) => ask({ 'x-forwarded-for': addresses });
    expect(standing(await from('192.0.2.1'))).toEqual([200, '2', '1', '2;w=900']);
    expect(standing(await from('198.51.100.9, 192.0.2.1'))).toEqual([200, '2', '0', '2;w=900']);
    expect((await from('203.0.113.5, 192.0.2.1')).status).toBe(429);
    expect((await from('192.0.2.2')).status).toBe(200);
    expect((await from('2001:db8::1')).status).toBe(200);
    expect((await from('2001:db8::2')).status).toBe(200);
    expect((await from('2001:db8::3')).status).toBe(429);
  });
});
