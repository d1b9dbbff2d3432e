import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { itInDrills } from '#ops/testing/it-in-drills.js';
import { issueToken } from '#runtime/identity/issued-token.js';
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
    // Another claimed address does not make another client of it.
    expect(standing(await ask({ 'x-forwarded-for': '192.0.2.1' }))).toEqual([200, '3', '1', '3;w=900']);
    expect(standing(await ask({ 'x-forwarded-for': '192.0.2.3' }))).toEqual([200, '3', '0', '3;w=900']);
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

  itInDrills('hold for downloads and callbacks as well, each by itself', async () => {
    transport = await openTransport('in-process', { RATE_LIMIT_ANONYMOUS: '2' });
    for (const path of ['/reports/x/download.csv', '/oauth/google-ads/callback', '/reset-password?token=x']) {
      const statuses: number[] = [];
      for (let time = 0; time < 3; time += 1) statuses.push((await fetch(transport.url + path)).status);
      expect(statuses[2]).toBe(429);
      expect(statuses.slice(0, 2)).not.toContain(429);
    }
  });

  it('count wrong credentials by themselves, on every route, and let right ones pass', async () => {
    const OPERATOR_TOKEN = randomBytes(32).toString('hex');
    transport = await openTransport('in-process', { RATE_LIMIT_ANONYMOUS: '3', OPERATOR_TOKEN });
    const { client } = await new Client(transport.url).signUp('Right');
    const wrong = { authorization: 'Bearer x.y.z' };
    expect(standing(await ask(wrong))).toEqual([401, '3', '2', '3;w=900']);
    const routes = ['/api/status', '/jobs/', '/metrics'];
    const statusOf = async (path: string, authorization: string) =>
      (await fetch(transport.url + path, { headers: { authorization, 'x-forwarded-for': '192.0.2.1' } })).status;
    const statuses: number[] = [];
    for (const path of routes) statuses.push(await statusOf(path, 'Bearer guess'));
    expect(statuses).toEqual([401, 401, 429]);
    expect(standing(await ask(wrong))[0]).toBe(429);
    expect(await statusOf('/jobs/', `Basic ${Buffer.from('operator:guess').toString('base64')}`)).toBe(429);
    for (const path of routes) expect(await statusOf(path, `Bearer ${OPERATOR_TOKEN}`)).toBe(200);
    expect((await client.ask('{ me { id } }')).status).toBe(200);
    expect((await ask()).status).toBe(200);
  });

  itInDrills('of one client lock no other client out of signing in, links, callbacks and downloads', async () => {
    transport = await openTransport('in-process', { RATE_LIMIT_ANONYMOUS: '4' });
    const anyone = new Client(transport.url);
    const colleague = await anyone.signUp('Colleague');
    const exhaust = async (send: () => Promise<{ status: number }>) => {
      for (let time = 0; time < 6; time += 1) if ((await send()).status === 429) return;
      throw new Error('It is not limited');
    };
    const REFRESH = 'mutation ($token: String!) { refreshSession(refreshToken: $token) { refreshToken } }';
    const LOG_IN = 'mutation { logIn(email: "a@example.com", password: "wrong horse battery") { accessToken } }';
    const invented = () => ({ token: `wmr_${randomBytes(41).toString('base64url')}` });
    const page = (token: string) => fetch(`${transport.url}/verify-email?token=${token}`);
    const callback = (state: string) => fetch(`${transport.url}/oauth/google-ads/callback?state=${state}&error=x`);
    await exhaust(() => anyone.ask('{ plans { id } }'));
    await exhaust(() => anyone.ask('{ __schema { queryType { name } } }'));
    expect((await anyone.ask(LOG_IN)).code).toBe('UNAUTHENTICATED');
    await exhaust(() => anyone.ask(REFRESH, invented()));
    await exhaust(() => page(invented().token));
    await exhaust(() => callback(invented().token));

    const refreshed = await anyone.ask(REFRESH, { token: colleague.refreshToken });
    expect(refreshed.errors).toBeUndefined();
    const successor = refreshed.data.refreshSession.refreshToken;
    expect((await anyone.ask(REFRESH, { token: successor })).errors).toBeUndefined();
    const issued = () => issueToken(transport.base.secrets.keysOf('auth')[0]);
    expect((await page(issued())).status).not.toBe(429);
    const invitation = { query: 'query ($token: String!) { invitation(token: $token) { role } }', token: issued() };
    expect((await anyone.ask(invitation.query, { token: invitation.token })).code).not.toBe('RATE_LIMITED');
    const state = issueToken(transport.base.secrets.keysOf('integrations')[0]);
    expect((await callback(state)).status).not.toBe(429);
    expect((await anyone.ask(LOG_IN)).code).toBe('UNAUTHENTICATED');
    // A token is a bucket, not a way around one.
    await exhaust(() => callback(state));
    await exhaust(() => anyone.ask(`{ plans { id } me { name } __typename } # ${issued()}`));
  });

  it('are one allowance for all API keys of an organization', async () => {
    transport = await openTransport('in-process', { RATE_LIMIT_SIGNED_IN: '6' });
    const anyone = new Client(transport.url);
    const { client } = await anyone.signUp('Owner');
    const keyOf = async () => {
      const { data } = await client.ask(
        'mutation { createApiKey(name: "K", scopes: ["read:reports"], password: "correct horse battery") { secret } }',
      );
      return anyone.as(data.createApiKey.secret);
    };
    const keys = [await keyOf(), await keyOf()];
    const statuses: number[] = [];
    for (let time = 0; time < 8; time += 1) {
      statuses.push((await (keys[time % 2] as Client).ask('{ organization { id } }')).status);
    }
    expect(statuses).toEqual([...Array(6).fill(200), 429, 429]);
    expect((await client.ask('{ me { id } }')).status).toBe(200);
  });

  itInDrills('count people by who they are, not by where they are', async () => {
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

  itInDrills.each([
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
