import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { openTestServices } from '#ops/testing/test-services.js';
import { anonymous, type Identity } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { auth } from './index.js';

const SIGN_UP = /* GraphQL */ `
  mutation SignUp($name: String!, $email: String!, $password: String!, $companyName: String!) {
    signUp(name: $name, email: $email, password: $password, companyName: $companyName) {
      accessToken
      accessTokenExpiresAt
      refreshToken
      user { id name email role organization { id name } }
    }
  }
`;
const LOG_IN = /* GraphQL */ `
  mutation LogIn($email: String!, $password: String!) {
    logIn(email: $email, password: $password) { accessToken refreshToken user { email } }
  }
`;
const REFRESH = /* GraphQL */ `
  mutation Refresh($refreshToken: String!) {
    refreshSession(refreshToken: $refreshToken) { accessToken refreshToken user { email } }
  }
`;

const password = 'correct horse battery';
const noCredentials = anonymous('test-request');

describe('auth', () => {
  let clock = new Date();
  let services: Services;
  let subgraph: RunningSubgraph;
  let count = 0;

  beforeAll(async () => {
    services = await openTestServices({ now: () => clock });
    subgraph = await auth.open(services);
  });
  afterAll(() => services.lifecycle.close());

  async function ask(
    query: string,
    variables: Record<string, unknown> = {},
    identity: Identity = noCredentials,
  ): Promise<any> {
    const { data, errors } = await subgraph.execute({ query, variables }, identity);
    return { data, errors, code: errors?.[0]?.extensions?.code };
  }

  async function signUp(overrides: Record<string, string> = {}) {
    count += 1;
    const given = {
      name: 'Ada',
      email: `ada${count}@example.com`,
      password,
      companyName: `Engines ${count}`,
      ...overrides,
    };
    const answer = await ask(SIGN_UP, given);
    return { given, answer, payload: answer.data?.signUp };
  }

  function identityOf(payload: { accessToken: string; user: { organization: { id: string } } }): Identity {
    const { sub, sid } = decodeJwt<{ sid: string }>(payload.accessToken);
    const organizationId = payload.user.organization.id;
    return { kind: 'user', userId: sub, organizationId, sessionId: sid, role: 'OWNER', scopes: [], requestId: 'test' };
  }

  const sessionIdentity = async (sessionId: string) =>
    ask(
      'query ($id: ID!) { sessionIdentity(sessionId: $id) { userId role } }',
      { id: sessionId },
      { ...noCredentials, kind: 'service' },
    );

  describe('sign-up', () => {
    it('creates and returns a person and the organization they own', async () => {
      const { answer, given } = await signUp();
      expect(answer.errors).toBeUndefined();
      expect(answer.data.signUp.user).toMatchObject({
        name: 'Ada',
        email: given.email,
        role: 'OWNER',
        organization: { name: given.companyName },
      });
    });

    it('returns an HS256 access token of 15 minutes with the ids of person and session only', async () => {
      const { payload } = await signUp();
      expect(decodeProtectedHeader(payload.accessToken).alg).toBe('HS256');
      const { exp = 0, iat = 0, sub, sid, ...rest } = decodeJwt(payload.accessToken);
      expect(exp - iat).toBe(900);
      expect(sub).toBe(payload.user.id);
      expect(Object.keys(rest).sort()).toEqual(['aud', 'iss']);
      expect(sid).toEqual(expect.any(String));
    });

    it('refuses a taken address in any case', async () => {
      const { given } = await signUp();
      expect((await signUp({ email: given.email.toUpperCase() })).answer.code).toBe('CONFLICT');
    });

    it('creates no organization for a taken address', async () => {
      const { given } = await signUp();
      await signUp({ email: given.email, companyName: 'Left behind' });
      const database = new (await import('pg')).default.Client({ connectionString: services.databaseUrl });
      await database.connect();
      const { rowCount } = await database.query("SELECT FROM auth.organization WHERE name = 'Left behind'");
      await database.end();
      expect(rowCount).toBe(0);
    });

    it('names every invalid argument', async () => {
      const { answer } = await signUp({ name: ' ', email: 'nonsense', password: 'short' });
      expect(answer.code).toBe('BAD_USER_INPUT');
      expect(answer.errors[0].extensions.details.map((detail: { argument: string }) => detail.argument)).toEqual([
        'name',
        'email',
        'password',
      ]);
    });

    it('counts every character of a long password', async () => {
      const long = 'x'.repeat(100);
      const { given } = await signUp({ password: `${long}a` });
      expect((await ask(LOG_IN, { email: given.email, password: `${long}b` })).code).toBe('UNAUTHENTICATED');
      expect((await ask(LOG_IN, { email: given.email, password: `${long}a` })).errors).toBeUndefined();
    });
  });

  describe('log-in', () => {
    it('accepts the address in any case', async () => {
      const { given } = await signUp();
      const { data } = await ask(LOG_IN, { email: given.email.toUpperCase(), password });
      expect(data.logIn.user.email).toBe(given.email);
    });

    it('refuses a wrong password and an unknown address alike', async () => {
      const { given } = await signUp();
      const wrong = await ask(LOG_IN, { email: given.email, password: 'wrong password' });
      const unknown = await ask(LOG_IN, { email: 'nobody@example.com', password: 'wrong password' });
      expect(wrong.code).toBe('UNAUTHENTICATED');
      expect(unknown.errors).toEqual(wrong.errors);
    });
  });

  describe('refresh', () => {
    it('exchanges a refresh token for a new one', async () => {
      const { payload } = await signUp();
      const { data } = await ask(REFRESH, { refreshToken: payload.refreshToken });
      expect(data.refreshSession.refreshToken).not.toBe(payload.refreshToken);
    });

    it('stores refresh tokens as hashes', async () => {
      const { payload } = await signUp();
      const database = new (await import('pg')).default.Client({ connectionString: services.databaseUrl });
      await database.connect();
      const { rows } = await database.query('SELECT * FROM auth.refresh_token');
      await database.end();
      expect(JSON.stringify(rows)).not.toContain(payload.refreshToken);
    });

    it('returns the same successor to concurrent exchanges', async () => {
      const { payload } = await signUp();
      const exchanges = Array.from({ length: 20 }, () => ask(REFRESH, { refreshToken: payload.refreshToken }));
      const successors = (await Promise.all(exchanges)).map(({ data }) => data.refreshSession.refreshToken);
      expect(new Set(successors).size).toBe(1);
      expect((await ask(REFRESH, { refreshToken: successors[0] })).errors).toBeUndefined();
    });

    it.each([
      ['after the grace', 60_000, false],
      ['once its successor was used', 0, true],
    ])('ends the session when a token is reused %s', async (_when, laterMs, isSuccessorUsed) => {
      const { payload } = await signUp();
      const { data } = await ask(REFRESH, { refreshToken: payload.refreshToken });
      const { refreshToken: successor } = data.refreshSession;
      const { refreshToken: newest } = isSuccessorUsed
        ? (await ask(REFRESH, { refreshToken: successor })).data.refreshSession
        : { refreshToken: successor };
      const before = clock;
      clock = new Date(before.getTime() + laterMs);
      expect((await ask(REFRESH, { refreshToken: payload.refreshToken })).code).toBe('UNAUTHENTICATED');
      expect((await ask(REFRESH, { refreshToken: newest })).code).toBe('UNAUTHENTICATED');
      clock = before;
    });

    it('refuses a token after seven days', async () => {
      const { payload } = await signUp();
      const before = clock;
      clock = new Date(before.getTime() + 7 * 24 * 60 * 60 * 1000 + 1);
      expect((await ask(REFRESH, { refreshToken: payload.refreshToken })).code).toBe('UNAUTHENTICATED');
      clock = before;
    });

    it('refuses an unknown token', async () => {
      expect((await ask(REFRESH, { refreshToken: "' OR 1=1 --" })).code).toBe('UNAUTHENTICATED');
    });
  });

  it('ends the session on log-out, its refresh token and identity included', async () => {
    const { payload } = await signUp();
    const identity = identityOf(payload);
    expect((await sessionIdentity(identity.sessionId as string)).data.sessionIdentity).toMatchObject({ role: 'OWNER' });
    expect((await ask('mutation { logOut }', {}, identity)).data).toEqual({ logOut: true });
    expect((await ask(REFRESH, { refreshToken: payload.refreshToken })).code).toBe('UNAUTHENTICATED');
    expect((await sessionIdentity(identity.sessionId as string)).data.sessionIdentity).toBeNull();
  });

  describe('queries', () => {
    it('refuse anonymous callers', async () => {
      const { data, code } = await ask('{ me { name } organization { name } }');
      expect(data).toEqual({ me: null, organization: null });
      expect(code).toBe('UNAUTHENTICATED');
    });

    it('return session identities to the gateway only', async () => {
      const { payload } = await signUp();
      const identity = identityOf(payload);
      const query = 'query ($id: ID!) { sessionIdentity(sessionId: $id) { userId } }';
      expect((await ask(query, { id: identity.sessionId }, identity)).code).toBe('FORBIDDEN');
    });

    it('return null for another tenant’s people and organization, through _entities too', async () => {
      const mine = (await signUp()).payload;
      const theirs = (await signUp()).payload;
      const query =
        'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { email } ... on Organization { name } } }';
      const of = [
        { __typename: 'User', id: theirs.user.id },
        { __typename: 'Organization', id: theirs.user.organization.id },
        { __typename: 'User', id: 'nonsense' },
        { __typename: 'User', id: mine.user.id },
      ];
      const { data } = await ask(query, { of }, identityOf(mine));
      expect(data._entities).toEqual([null, null, null, { email: mine.user.email }]);
      expect((await ask(query, { of })).code).toBe('UNAUTHENTICATED');
    });
  });
});
