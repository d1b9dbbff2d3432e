import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newDatabase } from '#ops/testing/test-services.js';
import { type Member, openTestAuth, type TestAuth } from './testing/open-test-auth.js';

const REFRESH = 'mutation ($token: String!) { refreshSession(refreshToken: $token) { accessToken refreshToken } }';
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const oldSecret = randomBytes(32).toString('hex');
const newSecret = randomBytes(32).toString('hex');

describe('a refresh token', () => {
  let clock = new Date();
  // Two processes during a rotation of the signing secret.
  let before: TestAuth;
  let after: TestAuth;

  beforeAll(async () => {
    const shared = { DATABASE_URL: await newDatabase(), TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('hex') };
    const open = (current: string, other: string) =>
      openTestAuth({
        now: () => clock,
        environment: { ...shared, JWT_SECRET: current, JWT_SECRET_PREVIOUS: other },
      });
    before = await open(oldSecret, newSecret);
    after = await open(newSecret, oldSecret);
  });
  afterAll(async () => {
    await after.services.lifecycle.close();
    await before.services.lifecycle.close();
  });

  const refresh = (auth: TestAuth, token: string) => auth.ask(REFRESH, { token });

  it('is refused after a hundred exchanges in a session, and in no other', async () => {
    const ada = await before.signUp();
    let token = ada.refreshToken;
    const exchange = async () => {
      const { data, code } = await refresh(before, token);
      token = data?.refreshSession?.refreshToken ?? token;
      return code;
    };
    for (let time = 0; time < 100; time += 1) expect(await exchange()).toBeUndefined();
    expect(await exchange()).toBe('RATE_LIMITED');
    const grete = await before.signUp();
    expect((await refresh(before, grete.refreshToken)).code).toBeUndefined();
  });

  /** Reuses a refresh token after the grace. Returns the newest one of the session. */
  async function reuse({ refreshToken }: Member): Promise<string> {
    const { data } = await refresh(before, refreshToken);
    const start = clock;
    clock = new Date(start.getTime() + MINUTE_MS);
    try {
      expect((await refresh(before, refreshToken)).code).toBe('UNAUTHENTICATED');
    } finally {
      clock = start;
    }
    return data.refreshSession.refreshToken;
  }

  it('has one successor for 50 concurrent exchanges in two processes with different secrets', async () => {
    const ada = await before.signUp();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, place) => refresh(place % 2 ? after : before, ada.refreshToken)),
    );
    expect(answers.filter(({ errors }) => errors)).toEqual([]);
    const successors = new Set(answers.map(({ data }) => data.refreshSession.refreshToken as string));
    expect(successors.size).toBe(1);
    for (const auth of [before, after]) {
      for (const { data } of answers.slice(0, 2)) {
        const { accessToken } = data.refreshSession;
        const claims = await auth.services.accessTokenSigner.verifyClaims(accessToken, 'webmetrics-api');
        expect(claims).toMatchObject({ sub: ada.userId, sid: ada.identity.sessionId });
      }
    }
    expect(await after.isAlive(ada.identity)).toBe(true);
    const [successor] = successors;
    expect((await refresh(after, successor as string)).errors).toBeUndefined();
    expect((await before.mailsTo(ada.email)).map(({ kind }) => kind)).toEqual(['verify-email']);
  });

  it('ends only its session when it is reused, records that and mails the person', async () => {
    const ada = await before.signUp();
    const { identity: other } = await before.logIn(ada);
    const newest = await reuse(ada);
    expect((await refresh(after, newest)).code).toBe('UNAUTHENTICATED');
    expect(await before.isAlive(ada.identity)).toBe(false);
    expect(await before.isAlive(other as never)).toBe(true);
    expect((await before.trailOf(ada.organizationId)).at(-1)).toMatchObject({
      action: 'session.ended',
      actor_kind: 'anonymous',
      address: '203.0.113.5',
      target_id: ada.identity.sessionId,
      after: { reason: 'REFRESH_TOKEN_REUSED' },
    });
    const mails = (await before.mailsTo(ada.email)).filter(({ kind }) => kind === 'session-reused');
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text).toMatch(/203\.0\.113\.5.*log out everywhere, and change your password/s);
  });

  it('expires 30 days after the sign-in at the latest, also in an organization that was switched to', async () => {
    const ada = await before.signUp();
    const start = clock;
    const end = new Date(start.getTime() + 30 * DAY_MS);
    try {
      let token = ada.refreshToken;
      for (const day of [6, 12, 18, 24]) {
        clock = new Date(start.getTime() + day * DAY_MS);
        token = (await refresh(before, token)).data.refreshSession.refreshToken;
      }
      const { data } = await before.ask(
        'mutation { createOrganization(name: "Another") { refreshToken refreshTokenExpiresAt } }',
        {},
        ada.identity,
      );
      expect(new Date(data.createOrganization.refreshTokenExpiresAt)).toEqual(end);
      const sessions = await before.ask('{ me { sessions { endsAt } } }', {}, ada.identity);
      expect(sessions.data.me.sessions).toEqual([{ endsAt: end.toISOString() }, { endsAt: end.toISOString() }]);
      clock = end;
      for (const expired of [token, data.createOrganization.refreshToken]) {
        expect((await refresh(before, expired)).code).toBe('UNAUTHENTICATED');
      }
      expect(await before.isAlive(ada.identity)).toBe(false);
    } finally {
      clock = start;
    }
  });

  it('shows in the list of sessions from where it was exchanged', async () => {
    const ada = await before.signUp();
    let token = ada.refreshToken;
    const from = async (address: string, userAgent?: string) => {
      const { data } = await before.ask(
        REFRESH,
        { token },
        { ...before.noCredentials, client: { address, userAgent } },
      );
      token = data.refreshSession.refreshToken;
      clock = new Date(clock.getTime() + MINUTE_MS);
    };
    const refreshes = async () => {
      const query = '{ me { sessions { refreshes { address userAgent firstAt lastAt } } } }';
      return (await before.ask(query, {}, ada.identity)).data.me.sessions[0].refreshes;
    };
    expect(await refreshes()).toEqual([]);
    const first = clock.toISOString();
    await from('203.0.113.5', 'A browser');
    const last = clock.toISOString();
    await from('203.0.113.5', 'A browser');
    await from('198.51.100.1');
    expect(await refreshes()).toEqual([
      { address: '198.51.100.1', userAgent: null, firstAt: expect.any(String), lastAt: expect.any(String) },
      { address: '203.0.113.5', userAgent: 'A browser', firstAt: first, lastAt: last },
    ]);
    for (let origin = 0; origin < 12; origin += 1) await from(`192.0.2.${origin}`, 'x'.repeat(5_000));
    const addresses = (await refreshes()).map(({ address }: { address: string }) => address);
    expect(addresses).toEqual(Array.from({ length: 10 }, (_, at) => `192.0.2.${11 - at}`));
  });

  it('mails once for any number of reuses in any process', async () => {
    const ada = await before.signUp();
    await reuse(ada);
    const again = await Promise.all([before, after, before].map((auth) => refresh(auth, ada.refreshToken)));
    expect(again.map(({ code }) => code)).toEqual(again.map(() => 'UNAUTHENTICATED'));
    const mails = (await before.mailsTo(ada.email)).filter(({ kind }) => kind === 'session-reused');
    expect(mails).toHaveLength(1);
  });
});
