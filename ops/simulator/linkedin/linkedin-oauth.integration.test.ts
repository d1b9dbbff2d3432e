import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  admin,
  CLIENT_ID,
  CLIENT_SECRET,
  call,
  connectLinkedin,
  giveConsent,
  linkedinAuthorizeUrl,
  linkedinOauth,
  linkedinRest,
  NOW,
  postForm,
  REDIRECT_URI,
  startForTests,
} from '#simulator/client-for-tests.js';
import type { Simulator } from '#simulator/index.js';

const DAY = 86_400;

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startForTests();
});
afterEach(() => simulator.close());

const advance = (advanceSeconds: number) => admin(simulator, 'clock', { advanceSeconds });
const newCode = async () => (await giveConsent(linkedinAuthorizeUrl(simulator))).searchParams.get('code') ?? '';
const exchange = (code: string, more: Record<string, string> = {}) =>
  linkedinOauth(simulator, 'accessToken', {
    grant_type: 'authorization_code',
    redirect_uri: REDIRECT_URI,
    code,
    ...more,
  });
const refresh = (refresh_token: string, more: Record<string, string> = {}) =>
  linkedinOauth(simulator, 'accessToken', { grant_type: 'refresh_token', refresh_token, ...more });
const myAccounts = (token: string) => linkedinRest(simulator, 'adAccountUsers?q=authenticatedUser', token);

describe('the consent page', () => {
  it('names all scopes without a choice and sends a code back', async () => {
    const page = await call(linkedinAuthorizeUrl(simulator));
    expect(page.status).toBe(200);
    expect(page.body).toContain('WebMetrics wants access to your LinkedIn account');
    expect(page.body).toContain('r_ads_reporting');
    expect(page.body).not.toContain('type="checkbox"');
    const callback = await giveConsent(linkedinAuthorizeUrl(simulator));
    expect(callback.searchParams.get('state')).toBe('s1');
    expect(callback.searchParams.get('code')).toMatch(/^AQ/);
  });

  it('redirects with an error when consent is denied', async () => {
    const callback = await giveConsent(linkedinAuthorizeUrl(simulator), { decision: 'deny' });
    expect(Object.fromEntries(callback.searchParams)).toEqual({
      error: 'user_cancelled_authorize',
      error_description: 'The user cancelled the authorization',
      state: 's1',
    });
  });

  it('redirects with an error for an unauthorized scope', async () => {
    const answer = await call(linkedinAuthorizeUrl(simulator, { scope: 'r_ads r_everything' }));
    const callback = new URL(answer.headers.get('location') ?? '');
    expect(callback.searchParams.get('error')).toBe('unauthorized_scope_error');
  });

  it('grants all scopes or none', async () => {
    const answer = await postForm(linkedinAuthorizeUrl(simulator), { decision: 'allow', scopes: 'r_ads' });
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
  });

  it.each([
    ['an unknown app', { client_id: 'stranger' }],
    ['a redirect address elsewhere', { redirect_uri: 'https://evil.example/cb' }],
    ['another response type', { response_type: 'token' }],
    ['no scope at all', { scope: '' }],
  ])('never redirects for %s', async (_case, parameters) => {
    const answer = await postForm(linkedinAuthorizeUrl(simulator, parameters), { decision: 'allow' });
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
  });
});

describe('tokens', () => {
  it('last 60 days and come with a refresh token of a year', async () => {
    expect((await exchange(await newCode())).body).toEqual({
      access_token: expect.stringMatching(/^AQX/),
      expires_in: 60 * DAY,
      refresh_token: expect.stringMatching(/^AQV/),
      refresh_token_expires_in: 365 * DAY,
      scope: 'openid,profile,email,r_ads,r_ads_reporting',
    });
  });

  it('are renewed with the same refresh token, whose year counts down', async () => {
    const first = (await exchange(await newCode())).body;
    await advance(100 * DAY);
    const second = (await refresh(first.refresh_token)).body;
    expect(second.access_token).not.toBe(first.access_token);
    expect(second).toMatchObject({
      expires_in: 60 * DAY,
      refresh_token: first.refresh_token,
      refresh_token_expires_in: 265 * DAY,
    });
    expect((await myAccounts(first.access_token)).body).toMatchObject({ status: 401, serviceErrorCode: 65602 });
    expect((await myAccounts(second.access_token)).status).toBe(200);
    await advance(265 * DAY);
    const late = await refresh(first.refresh_token);
    expect([late.status, late.body.error]).toEqual([400, 'invalid_grant']);
  });

  it('never outlive the refresh token', async () => {
    const { refresh_token } = (await exchange(await newCode())).body;
    await advance(364 * DAY);
    expect((await refresh(refresh_token)).body.expires_in).toBe(DAY);
  });

  it('come without a refresh token where the app is not approved for it', async () => {
    await admin(simulator, 'settings', { linkedinRefreshTokens: false });
    const answer = await exchange(await newCode());
    expect(Object.keys(answer.body)).toEqual(['access_token', 'expires_in', 'scope']);
  });

  it('cost a code that is good once and for thirty minutes', async () => {
    const used = await newCode();
    await exchange(used);
    expect((await exchange(used)).body.error).toBe('invalid_grant');
    const old = await newCode();
    await advance(1800);
    expect((await exchange(old)).body.error).toBe('invalid_grant');
  });

  it.each([
    ['another redirect address', { redirect_uri: `${REDIRECT_URI}/` }, 400, 'invalid_redirect_uri'],
    ['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client'],
    ['an unknown app', { client_id: 'stranger' }, 401, 'invalid_client'],
    ['a made-up code', { code: 'AQmade-up' }, 400, 'invalid_grant'],
    ['a verifier of a flow that is not this one', { code_verifier: 'v' }, 400, 'invalid_request'],
    ['another grant type', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
  ])('refuse %s', async (_case, more, status, error) => {
    const answer = await exchange(await newCode(), more);
    expect([answer.status, answer.body.error]).toEqual([status, error]);
  });

  it('want the app to prove itself in the body', async () => {
    const fields = { grant_type: 'authorization_code', redirect_uri: REDIRECT_URI, code: await newCode() };
    const answer = await call(`${simulator.url}/www.linkedin.com/oauth/v2/accessToken`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64')}` },
      body: new URLSearchParams(fields),
    });
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request']);
    expect((await exchange(fields.code)).status).toBe(200);
  });

  it('can be inspected', async () => {
    const { access_token } = await connectLinkedin(simulator);
    const inspect = async (token: string) => (await linkedinOauth(simulator, 'introspectToken', { token })).body;
    const now = NOW.getTime() / 1000;
    expect(await inspect(access_token)).toEqual({
      active: true,
      client_id: CLIENT_ID,
      authorized_at: now,
      created_at: now,
      status: 'active',
      expires_at: now + 60 * DAY,
      scope: 'openid,profile,email,r_ads,r_ads_reporting',
      auth_type: '3L',
    });
    await advance(60 * DAY);
    expect(await inspect(access_token)).toMatchObject({ active: false, status: 'expired' });
    expect(await inspect('AQXmade-up')).toEqual({ active: false });
  });

  it('end when one of them is revoked', async () => {
    const { access_token, refresh_token } = await connectLinkedin(simulator);
    expect((await linkedinOauth(simulator, 'revoke', { token: access_token })).status).toBe(200);
    expect((await linkedinOauth(simulator, 'revoke', { token: access_token })).status).toBe(200);
    expect((await myAccounts(access_token)).body).toMatchObject({ status: 401, serviceErrorCode: 65601 });
    expect((await refresh(refresh_token)).body.error).toBe('invalid_grant');
  });

  it('cannot be revoked where the address does not exist', async () => {
    await admin(simulator, 'settings', { linkedinRevocation: false });
    const { access_token } = await connectLinkedin(simulator);
    expect((await linkedinOauth(simulator, 'revoke', { token: access_token })).status).toBe(404);
    expect((await myAccounts(access_token)).status).toBe(200);
  });
});

describe('identity', () => {
  const me = (token: string) =>
    call(`${simulator.url}/api.linkedin.com/v2/userinfo`, { headers: { authorization: `Bearer ${token}` } });

  it('shows what the scopes let through, without any version', async () => {
    const { access_token } = await connectLinkedin(simulator);
    expect((await me(access_token)).body).toMatchObject({
      sub: 'yrZCpj2Z12',
      name: 'Nora Lind',
      email: 'nora.lind@northwind.example',
      email_verified: true,
    });
    const narrow = await connectLinkedin(simulator, 'nora', { scope: 'openid r_ads' });
    expect((await me(narrow.access_token)).body).toEqual({ sub: 'yrZCpj2Z12' });
  });

  it('needs openid', async () => {
    const { access_token } = await connectLinkedin(simulator, 'nora', { scope: 'r_ads' });
    expect((await me(access_token)).body).toMatchObject({ status: 403, code: 'ACCESS_DENIED' });
  });
});
