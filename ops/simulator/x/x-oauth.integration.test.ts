import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { admin, CLIENT_ID, CLIENT_SECRET, call, giveConsent, startForTests } from '#simulator/client-for-tests.js';
import type { Simulator } from '#simulator/index.js';
import {
  api,
  authorizeUrl,
  connect,
  consentCode,
  exchangeCode,
  postOauth,
  refresh,
  VERIFIER,
} from './client-for-tests.js';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startForTests();
});
afterEach(() => simulator.close());

const advance = (advanceSeconds: number) => admin(simulator, 'clock', { advanceSeconds });
const me = async (token: string) => (await api(simulator, token, 'users/me')).status;

describe('consent', () => {
  it('shows a page that names the app and each scope, also at the other address', async () => {
    for (const url of [
      authorizeUrl(simulator),
      authorizeUrl(simulator).replace('/x.com/i/oauth2', '/api.x.com/2/oauth2'),
    ]) {
      const page = await call(url);
      expect(page.status).toBe(200);
      expect(page.body).toContain('WebMetrics wants access to your X account');
      expect(page.body).toContain('offline.access');
      expect((await giveConsent(url)).searchParams.get('code')).toMatch(/^\S{91}$/);
    }
  });

  it('can be refused', async () => {
    const callback = await giveConsent(authorizeUrl(simulator), { decision: 'deny' });
    expect(Object.fromEntries(callback.searchParams)).toEqual({ error: 'access_denied', state: 's1' });
  });

  it.each([
    { client_id: 'somebody' },
    { redirect_uri: 'https://elsewhere.example/callback' },
    { response_type: 'token' },
    { scope: '' },
    { scope: 'tweet.read posts.read' },
    { state: '' },
    { code_challenge: 'short' },
    { code_challenge_method: 'S512' },
  ] as Record<string, string>[])('shows an error instead of redirecting with %j', async (parameters) => {
    const page = await call(authorizeUrl(simulator, parameters));
    expect([page.status, page.headers.get('location')]).toEqual([400, null]);
  });

  it('is impossible without PKCE', async () => {
    const url = new URL(authorizeUrl(simulator));
    url.searchParams.delete('code_challenge');
    url.searchParams.delete('code_challenge_method');
    expect((await call(url.href)).status).toBe(400);
  });
});

describe('the exchange of a code', () => {
  it('returns a pair of tokens', async () => {
    const answer = await exchangeCode(simulator, await consentCode(simulator));
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        token_type: 'bearer',
        expires_in: 7200,
        access_token: expect.any(String),
        scope: 'tweet.read users.read offline.access',
        refresh_token: expect.any(String),
      },
    ]);
    expect(await me(answer.body.access_token)).toBe(200);
  });

  it('returns no refresh token without offline.access', async () => {
    expect(await connect(simulator, 'nora', { scope: 'tweet.read users.read' })).not.toHaveProperty('refresh_token');
  });

  it('accepts a plain challenge', async () => {
    const parameters = { code_challenge: VERIFIER, code_challenge_method: 'plain' };
    expect(await connect(simulator, 'nora', parameters)).toHaveProperty('access_token');
  });

  it('is possible for thirty seconds, and once', async () => {
    const [quick, slow] = [await consentCode(simulator), await consentCode(simulator)];
    await advance(29);
    expect((await exchangeCode(simulator, quick)).status).toBe(200);
    const again = await exchangeCode(simulator, quick);
    await advance(1);
    const late = await exchangeCode(simulator, slow);
    for (const answer of [again, late]) {
      expect([answer.status, answer.body]).toEqual([
        400,
        {
          error: 'invalid_request',
          error_description: 'Value passed for the authorization code was invalid.',
        },
      ]);
    }
  });

  it('is refused with another verifier, address or grant type', async () => {
    const code = await consentCode(simulator);
    for (const fields of [
      { code_verifier: `${VERIFIER}x` },
      { code_verifier: '' },
      { redirect_uri: 'http://localhost:4000/elsewhere' },
      { grant_type: 'password' },
    ] as Record<string, string>[])
      expect((await exchangeCode(simulator, code, fields)).status).toBe(400);
    expect((await exchangeCode(simulator, code)).status).toBe(200);
  });

  it('demands the credentials in the header', async () => {
    const code = await consentCode(simulator);
    const inBody = await exchangeCode(simulator, code, { client_id: CLIENT_ID, client_secret: CLIENT_SECRET }, {});
    expect([inBody.status, inBody.body]).toEqual([
      401,
      { error: 'unauthorized_client', error_description: 'Missing valid authorization header' },
    ]);
    const wrong = { authorization: `Basic ${Buffer.from(`${CLIENT_ID}:guess`).toString('base64')}` };
    expect((await exchangeCode(simulator, code, {}, wrong)).status).toBe(401);
  });
});

describe('a refresh', () => {
  it('returns a new pair of tokens and invalidates the old refresh token', async () => {
    const first = await connect(simulator);
    const second = await refresh(simulator, first.refresh_token);
    expect(second.status).toBe(200);
    expect(second.body.refresh_token).not.toBe(first.refresh_token);
    const reuse = await refresh(simulator, first.refresh_token);
    expect([reuse.status, reuse.body]).toEqual([
      400,
      { error: 'invalid_request', error_description: 'Value passed for the token was invalid.' },
    ]);
    expect((await refresh(simulator, second.body.refresh_token)).status).toBe(200);
  });

  it('succeeds for one of many that race', async () => {
    const { refresh_token } = await connect(simulator);
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(simulator, refresh_token)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, ...Array(9).fill(400)]);
  });

  it('is needed after two hours', async () => {
    const { access_token, refresh_token } = await connect(simulator);
    await advance(7199);
    expect(await me(access_token)).toBe(200);
    await advance(1);
    expect(await me(access_token)).toBe(401);
    expect(await me((await refresh(simulator, refresh_token)).body.access_token)).toBe(200);
  });

  it('is refused when consent was withdrawn', async () => {
    const { access_token, refresh_token } = await connect(simulator);
    await admin(simulator, 'grants/revoke', { provider: 'x', person: 'nora' });
    expect((await refresh(simulator, refresh_token)).status).toBe(400);
    expect(await me(access_token)).toBe(401);
  });
});

describe('a revocation', () => {
  it('of a refresh token ends everything, of an access token only that', async () => {
    const first = await connect(simulator);
    expect((await postOauth(simulator, 'revoke', { token: first.access_token })).body).toEqual({ revoked: true });
    expect(await me(first.access_token)).toBe(401);
    const second = (await refresh(simulator, first.refresh_token)).body;
    const answer = await postOauth(simulator, 'revoke', {
      token: second.refresh_token,
      token_type_hint: 'refresh_token',
    });
    expect([answer.status, answer.body]).toEqual([200, { revoked: true }]);
    expect(await me(second.access_token)).toBe(401);
    expect((await refresh(simulator, second.refresh_token)).status).toBe(400);
  });

  it('is refused for an unknown token and without client authentication', async () => {
    expect((await postOauth(simulator, 'revoke', { token: 'x' })).status).toBe(400);
    expect((await postOauth(simulator, 'revoke', { token: 'x' }, {})).status).toBe(401);
  });
});
