import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  admin,
  CLIENT_ID,
  CLIENT_SECRET,
  call,
  connectMeta,
  giveConsent,
  graph,
  metaAccessToken,
  metaDialogUrl,
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

const advance = (advanceSeconds: number) => admin(simulator, 'clock', { advanceSeconds });
const newCode = async () => (await giveConsent(metaDialogUrl(simulator))).searchParams.get('code') ?? '';
const exchange = (code: string, more: Record<string, string> = {}) =>
  metaAccessToken(simulator, { redirect_uri: REDIRECT_URI, code, ...more });
const lengthen = (token: string) =>
  metaAccessToken(simulator, { grant_type: 'fb_exchange_token', fb_exchange_token: token });

describe('the dialog', () => {
  it('shows permissions as a list and sends a code back', async () => {
    const page = await call(metaDialogUrl(simulator));
    expect(page.status).toBe(200);
    expect(page.body).toContain('WebMetrics wants access to your Facebook account');
    expect(page.body).not.toContain('type="checkbox"');
    const callback = await giveConsent(metaDialogUrl(simulator));
    expect(callback.searchParams.get('state')).toBe('s1');
    expect(callback.searchParams.get('code')).toMatch(/^AQ/);
    expect(callback.hash).toBe('#_=_');
  });

  it('redirects with an error when consent is denied', async () => {
    const callback = await giveConsent(metaDialogUrl(simulator), { decision: 'deny' });
    expect(Object.fromEntries(callback.searchParams)).toEqual({
      error: 'access_denied',
      error_code: '200',
      error_reason: 'user_denied',
      error_description: 'Permissions error',
      state: 's1',
    });
  });

  it.each([
    ['an unknown app', { client_id: 'stranger' }],
    ['a redirect address elsewhere', { redirect_uri: 'https://evil.example/cb' }],
    ['another response type', { response_type: 'token' }],
    ['a permission that does not exist', { scope: 'ads_read,everything' }],
  ])('never redirects for %s', async (_case, parameters) => {
    const answer = await postForm(metaDialogUrl(simulator, parameters), { decision: 'allow' });
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
  });
});

describe('tokens', () => {
  it('are short-lived at first and can be made long-lived while they live', async () => {
    const short = await exchange(await newCode());
    expect(short.body).toEqual({
      access_token: expect.stringMatching(/^EAAB[A-Za-z0-9]+$/),
      token_type: 'bearer',
      expires_in: 5183,
    });
    const long = await lengthen(short.body.access_token);
    expect(long.body).toEqual({
      access_token: expect.stringMatching(/^EAAB/),
      token_type: 'bearer',
      expires_in: 5183944,
    });
    await advance(5183);
    expect((await lengthen(short.body.access_token)).body.error).toMatchObject({ code: 190, error_subcode: 463 });
    expect((await graph(simulator, 'me', { access_token: long.body.access_token })).status).toBe(200);
    expect((await lengthen(long.body.access_token)).body.expires_in).toBe(5183944);
    await advance(5183944 - 5183);
    const late = await graph(simulator, 'me', { access_token: long.body.access_token });
    expect(late.body.error.message).toMatch(
      /^Error validating access token: Session has expired on \w+, \d\d-\w{3}-\d\d \d\d:\d\d:\d\d PST\. The current time is /,
    );
  });

  it('cost a code that is good once and for ten minutes', async () => {
    const used = await newCode();
    await exchange(used);
    expect((await exchange(used)).body.error).toMatchObject({ code: 100, error_subcode: 36009 });
    const old = await newCode();
    await advance(600);
    expect((await exchange(old)).body.error).toMatchObject({ code: 100, error_subcode: 36007 });
  });

  it.each([
    ['another redirect address', { redirect_uri: `${REDIRECT_URI}/` }, { code: 100, error_subcode: 36008 }],
    ['a wrong secret', { client_secret: 'wrong' }, { code: 1, message: 'Error validating client secret.' }],
    ['an unknown app', { client_id: 'stranger' }, { code: 101 }],
    ['a made-up code', { code: 'AQmade-up' }, { code: 100, message: 'Invalid verification code format.' }],
  ])('refuses %s', async (_case, more, error) => {
    const answer = await exchange(await newCode(), more);
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatchObject({ type: 'OAuthException', ...error });
  });

  it('are not given to a POST', async () => {
    const url = `${simulator.url}/graph.facebook.com/v26.0/oauth/access_token`;
    const answer = await postForm(url, {
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      redirect_uri: REDIRECT_URI,
      code: await newCode(),
    });
    expect(answer.body.error.code).toBe(100);
  });

  it('can be inspected with the app token', async () => {
    const token = await connectMeta(simulator);
    const inspect = async (asker: string, input = token) =>
      (await graph(simulator, 'debug_token', { input_token: input, access_token: asker })).body;
    const seconds = NOW.getTime() / 1000;
    expect((await inspect(`${CLIENT_ID}|${CLIENT_SECRET}`)).data).toMatchObject({
      app_id: CLIENT_ID,
      type: 'USER',
      is_valid: true,
      issued_at: seconds,
      expires_at: seconds + 5183,
      scopes: ['ads_read', 'email', 'public_profile'],
      user_id: '10229000111222333',
    });
    expect((await inspect(`${CLIENT_ID}|${CLIENT_SECRET}`, 'EAABmade-up')).data.is_valid).toBe(false);
    expect((await inspect(`${CLIENT_ID}|wrong`)).error.code).toBe(190);
    await advance(5183);
    expect((await inspect(`${CLIENT_ID}|${CLIENT_SECRET}`)).data).toMatchObject({
      is_valid: false,
      error: { code: 190, subcode: 463 },
    });
  });

  it('end when the permissions are deleted', async () => {
    const token = await connectMeta(simulator);
    expect((await graph(simulator, 'me/permissions', { access_token: token })).body.data).toContainEqual({
      permission: 'ads_read',
      status: 'granted',
    });
    expect((await graph(simulator, 'me/permissions', { access_token: token }, { method: 'DELETE' })).body).toEqual({
      success: true,
    });
    const after = await graph(simulator, 'me', { access_token: token });
    expect(after.body.error).toMatchObject({ code: 190, error_subcode: 458, type: 'OAuthException' });
    expect(after.headers.get('www-authenticate')).toMatch(
      /^OAuth "Facebook Platform" "invalid_token" "Error validating/,
    );
    expect((await lengthen(token)).body.error.code).toBe(190);
  });

  it('of Google mean nothing here', async () => {
    expect((await graph(simulator, 'me', { access_token: 'ya29.whatever' })).body.error.code).toBe(190);
  });
});
