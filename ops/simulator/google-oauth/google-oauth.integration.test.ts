import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import {
  ADWORDS,
  admin,
  CLIENT_ID,
  call,
  connectGoogle,
  exchangeGoogleCode,
  giveConsent,
  googleAuthorizeUrl,
  googleToken,
  NOW,
  postForm,
  REDIRECT_URI,
  startForTests,
} from '#simulator/client-for-tests.js';
import type { Simulator } from '#simulator/index.js';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startForTests();
});
afterEach(() => simulator.close());

const codeFrom = async (parameters: Record<string, string> = {}, form?: Record<string, string>) =>
  (await giveConsent(googleAuthorizeUrl(simulator, parameters), form)).searchParams.get('code') ?? '';
const advance = (advanceSeconds: number) => admin(simulator, 'clock', { advanceSeconds });

describe('the consent page', () => {
  it('is one page that loads nothing and leaks nothing', async () => {
    const page = await call(googleAuthorizeUrl(simulator, { state: '"><script>alert(1)</script>' }));
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.body).toContain('WebMetrics wants access to your Google account');
    expect(page.body).toContain('Simulated');
    expect(page.body).toContain('Nora Lind, Northwind Agency');
    expect(page.body).toContain(`type="checkbox" name="scopes" value="${ADWORDS.replaceAll("'", '')}" checked`);
    expect(page.body).not.toContain('<script>');
    expect(page.body).not.toMatch(/(?:src|href)=/);
  });

  it('sends its hidden fields back to its own address', async () => {
    const hidden = Object.fromEntries(new URL(googleAuthorizeUrl(simulator)).searchParams);
    const callback = await giveConsent(`${simulator.url}/accounts.google.com/o/oauth2/v2/auth`, {
      ...hidden,
      decision: 'allow',
      person: 'emil',
    });
    expect(callback.origin + callback.pathname).toBe(REDIRECT_URI);
    expect(callback.searchParams.get('state')).toBe('s1');
    expect(callback.searchParams.get('code')).toMatch(/^4\/0A/);
    expect(callback.searchParams.get('scope')).toContain(ADWORDS);
  });

  it('keeps the query of the redirect address', async () => {
    const callback = await giveConsent(googleAuthorizeUrl(simulator, { redirect_uri: `${REDIRECT_URI}?tenant=7` }));
    expect(callback.searchParams.get('tenant')).toBe('7');
  });

  it('redirects with an error when consent is denied', async () => {
    const callback = await giveConsent(googleAuthorizeUrl(simulator), { decision: 'deny' });
    expect(Object.fromEntries(callback.searchParams)).toEqual({ error: 'access_denied', state: 's1' });
  });

  it('counts unticking every scope as denial', async () => {
    const callback = await giveConsent(googleAuthorizeUrl(simulator), { decision: 'allow', scopes: '' });
    expect(callback.searchParams.get('error')).toBe('access_denied');
  });

  it.each([
    ['an unknown app', { client_id: 'stranger' }],
    ['a redirect address elsewhere', { redirect_uri: 'https://evil.example/cb' }],
    ['a redirect address that is no web address', { redirect_uri: 'javascript:alert(1)' }],
    ['another response type', { response_type: 'token' }],
    ['no scope', { scope: '' }],
    ['a scope that does not exist', { scope: `${ADWORDS} https://www.googleapis.com/auth/nothing` }],
    ['an unknown challenge method', { code_challenge: 'x'.repeat(43), code_challenge_method: 'S512' }],
    ['a challenge that is too short', { code_challenge: 'short', code_challenge_method: 'S256' }],
  ])('never redirects for %s', async (_case, parameters) => {
    for (const answer of [
      await call(googleAuthorizeUrl(simulator, parameters)),
      await postForm(googleAuthorizeUrl(simulator, parameters), { decision: 'allow' }),
    ]) {
      expect(answer.status).toBe(400);
      expect(answer.headers.get('location')).toBeNull();
      expect(answer.headers.get('content-security-policy')).toContain("form-action 'none'");
    }
  });

  it('refuses a decision or a person that does not exist', async () => {
    expect((await postForm(googleAuthorizeUrl(simulator), { decision: 'maybe' })).status).toBe(400);
    expect((await postForm(googleAuthorizeUrl(simulator), { decision: 'allow', person: 'otto' })).status).toBe(400);
  });

  it('accepts a registered address beyond this machine, letter by letter', async () => {
    const other = await startForTests({ redirectUris: ['https://app.example/cb'] });
    try {
      expect((await call(googleAuthorizeUrl(other, { redirect_uri: 'https://app.example/cb' }))).status).toBe(200);
      expect((await call(googleAuthorizeUrl(other, { redirect_uri: 'https://app.example/cb/' }))).status).toBe(400);
    } finally {
      await other.close();
    }
  });
});

describe('the exchange of a code', () => {
  it('returns an access token, a refresh token and an id token', async () => {
    const answer = await exchangeGoogleCode(simulator, await codeFrom());
    expect(answer.body).toEqual({
      access_token: expect.stringMatching(/^ya29\./),
      refresh_token: expect.stringMatching(/^1\/\/0g/),
      expires_in: 3599,
      token_type: 'Bearer',
      scope: `openid https://www.googleapis.com/auth/userinfo.email ${ADWORDS}`,
      id_token: expect.any(String),
    });
    const certs = await call(`${simulator.url}/www.googleapis.com/oauth2/v3/certs`);
    const { payload } = await jwtVerify(answer.body.id_token, createLocalJWKSet(certs.body), {
      issuer: 'https://accounts.google.com',
      audience: CLIENT_ID,
      currentDate: NOW,
    });
    expect(payload.email).toBe('nora.lind@northwind.example');
  });

  it('accepts a code once', async () => {
    const code = await codeFrom();
    await exchangeGoogleCode(simulator, code);
    const again = await exchangeGoogleCode(simulator, code);
    expect(again).toMatchObject({ status: 400, body: { error: 'invalid_grant', error_description: 'Bad Request' } });
  });

  it('refuses a code after ten minutes', async () => {
    const code = await codeFrom();
    await advance(600);
    expect((await exchangeGoogleCode(simulator, code)).body.error).toBe('invalid_grant');
  });

  it.each([
    ['a made-up code', { code: '4/0Amade-up' }, 400, 'invalid_grant', 'Malformed auth code.'],
    ['another redirect address', { redirect_uri: `${REDIRECT_URI}/` }, 400, 'redirect_uri_mismatch', 'Bad Request'],
    ['an unknown app', { client_id: 'stranger' }, 401, 'invalid_client', 'The OAuth client was not found.'],
    ['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client', 'Unauthorized'],
    ['another grant type', { grant_type: 'password' }, 400, 'unsupported_grant_type', 'Invalid grant_type: password'],
  ])('refuses %s', async (_case, fields, status, error, description) => {
    const code = await codeFrom();
    expect(await exchangeGoogleCode(simulator, code, fields)).toMatchObject({
      status,
      body: { error, error_description: description },
    });
  });

  it('reads credentials from HTTP Basic as well, as google-auth-oauthlib sends them', async () => {
    const code = await codeFrom();
    const exchange = (secret: string) =>
      call(`${simulator.url}/oauth2.googleapis.com/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${CLIENT_ID}:${secret}`)}` },
        body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI }),
      });
    expect(await exchange('guess')).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(await exchange('webmetrics-simulator-secret')).toMatchObject({
      status: 200,
      body: { token_type: 'Bearer' },
    });
  });

  it('demands the verifier that belongs to the challenge', async () => {
    const verifier = 'v'.repeat(64);
    const challenges = [
      { code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' },
      { code_challenge: verifier, code_challenge_method: 'plain' },
    ];
    for (const challenge of challenges) {
      const code = await codeFrom(challenge);
      expect((await exchangeGoogleCode(simulator, code)).body).toEqual({
        error: 'invalid_grant',
        error_description: 'Missing code verifier.',
      });
      expect((await exchangeGoogleCode(simulator, code, { code_verifier: 'w'.repeat(64) })).body).toEqual({
        error: 'invalid_grant',
        error_description: 'Invalid code verifier.',
      });
      expect((await exchangeGoogleCode(simulator, code, { code_verifier: verifier })).status).toBe(200);
    }
  });

  it('shows which scopes were unticked', async () => {
    const code = await codeFrom({}, { decision: 'allow', scopes: 'openid email' });
    expect((await exchangeGoogleCode(simulator, code)).body.scope).toBe(
      'openid https://www.googleapis.com/auth/userinfo.email',
    );
  });

  it('includes previously granted scopes on request only', async () => {
    await connectGoogle(simulator);
    expect((await connectGoogle(simulator, 'nora', { scope: 'openid' })).scope).toBe('openid');
    expect(
      (await connectGoogle(simulator, 'nora', { scope: 'openid', include_granted_scopes: 'true' })).scope,
    ).toContain(ADWORDS);
  });
});

describe('refresh tokens', () => {
  it('come on the first offline consent, and later only when consent is shown again', async () => {
    expect(
      (await connectGoogle(simulator, 'nora', { prompt: '', access_type: 'online' })).refresh_token,
    ).toBeUndefined();
    expect((await connectGoogle(simulator, 'emil', { prompt: '' })).refresh_token).toBeDefined();
    expect((await connectGoogle(simulator, 'emil', { prompt: '' })).refresh_token).toBeUndefined();
    expect((await connectGoogle(simulator, 'emil')).refresh_token).toBeDefined();
  });

  it('stay the same when used', async () => {
    const { refresh_token } = await connectGoogle(simulator);
    for (let n = 0; n < 2; n++) {
      const { status, body } = await googleToken(simulator, { grant_type: 'refresh_token', refresh_token });
      expect(status).toBe(200);
      expect(body).not.toHaveProperty('refresh_token');
      expect(body.expires_in).toBe(3599);
    }
  });

  it('die after six months without use', async () => {
    const { refresh_token } = await connectGoogle(simulator);
    await advance(183 * 86_400);
    expect((await googleToken(simulator, { grant_type: 'refresh_token', refresh_token })).body).toEqual({
      error: 'invalid_grant',
      error_description: 'Token has been expired or revoked.',
    });
  });

  it('push out the oldest beyond the limit', async () => {
    await admin(simulator, 'settings', { googleRefreshTokens: 2 });
    const tokens = [];
    for (let n = 0; n < 3; n++) tokens.push((await connectGoogle(simulator)).refresh_token);
    const statuses = [];
    for (const refresh_token of tokens)
      statuses.push((await googleToken(simulator, { grant_type: 'refresh_token', refresh_token })).status);
    expect(statuses).toEqual([400, 200, 200]);
  });
});

describe('a living token', () => {
  const userInfo = (token: string) =>
    call(`${simulator.url}/www.googleapis.com/oauth2/v2/userinfo`, { headers: { authorization: `Bearer ${token}` } });

  it('returns the user', async () => {
    const { access_token } = await connectGoogle(simulator, 'nora', { scope: 'openid email profile' });
    expect((await userInfo(access_token)).body).toMatchObject({
      email: 'nora.lind@northwind.example',
      name: 'Nora Lind',
    });
    expect(
      (await call(`${simulator.url}/oauth2.googleapis.com/tokeninfo?access_token=${access_token}`)).body,
    ).toMatchObject({ aud: CLIENT_ID, expires_in: '3599' });
  });

  it('expires after 3599 seconds', async () => {
    const { access_token } = await connectGoogle(simulator);
    await advance(3598);
    expect((await userInfo(access_token)).status).toBe(200);
    await advance(1);
    expect((await userInfo(access_token)).status).toBe(401);
  });

  it('revokes the whole grant when revoked', async () => {
    const { access_token, refresh_token } = await connectGoogle(simulator);
    const revoke = () => postForm(`${simulator.url}/oauth2.googleapis.com/revoke`, { token: access_token });
    expect(await revoke()).toMatchObject({ status: 200, body: {} });
    expect(await revoke()).toMatchObject({
      status: 400,
      body: { error: 'invalid_token', error_description: 'Token expired or revoked' },
    });
    expect((await googleToken(simulator, { grant_type: 'refresh_token', refresh_token })).body.error).toBe(
      'invalid_grant',
    );
    expect((await userInfo(access_token)).status).toBe(401);
  });
});

describe('an id token', () => {
  it('carries the nonce of its request', async () => {
    const nonceOf = async (parameters: Record<string, string>) =>
      decodeJwt((await connectGoogle(simulator, 'nora', parameters)).id_token).nonce;
    expect(await nonceOf({ nonce: 'n-0S6_WzA2Mj' })).toBe('n-0S6_WzA2Mj');
    expect(await nonceOf({})).toBeUndefined();
  });
});

describe('the discovery document', () => {
  it('names addresses that answer here, and the issuer of id tokens', async () => {
    const { body } = await call(`${simulator.url}/accounts.google.com/.well-known/openid-configuration`);
    expect(body.issuer).toBe('https://accounts.google.com');
    expect((await call(body.jwks_uri)).body.keys).toHaveLength(1);
    expect((await postForm(body.token_endpoint, {})).body.error).toBe('invalid_request');
    expect((await call(body.authorization_endpoint)).status).toBe(400);
  });
});
