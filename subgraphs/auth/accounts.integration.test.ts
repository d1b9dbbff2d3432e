import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '#ops/testing/eventually.js';
import { keepWebhookEvents } from '#ops/testing/webhook-events.js';
import { INSTALLATION } from '#runtime/audit/record-audit.js';
import type { Identity } from '#runtime/identity/identity.js';
import { type Member, openTestAuth, password, type TestAuth } from './testing/open-test-auth.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const VERIFY = 'mutation ($token: String!) { verifyEmail(token: $token) }';
const RESEND = 'mutation { resendVerification }';
const REQUEST_RESET = 'mutation ($email: String!) { requestPasswordReset(email: $email) }';
const RESET = 'mutation ($token: String!, $password: String!) { resetPassword(token: $token, password: $password) }';
const CHANGE_PASSWORD =
  'mutation ($current: String!, $new: String!) { changePassword(currentPassword: $current, newPassword: $new) }';
const CHANGE_EMAIL =
  'mutation ($email: String!, $password: String!) { changeEmail(email: $email, password: $password) }';
const CONFIRM_CHANGE = 'mutation ($token: String!) { confirmEmailChange(token: $token) }';
const STOP_CHANGE = 'mutation ($token: String!) { stopEmailChange(token: $token) }';
const ME = '{ me { email emailVerifiedAt sessions { id createdAt lastSeenAt address userAgent isCurrent } } }';

describe('an account', () => {
  let clock = new Date();
  let auth: TestAuth;

  beforeAll(async () => {
    auth = await openTestAuth({ now: () => clock, environment: { PUBLIC_URL: 'https://metrics.example.com' } });
    // Not the mail job, which erases the text of delivered mails.
    await auth.services.jobs.work(auth.subgraph.jobs);
  });
  afterAll(() => auth.services.lifecycle.close());

  /** Runs `work` with the clock advanced. */
  async function later<Result>(ms: number, work: () => Promise<Result>): Promise<Result> {
    const before = clock;
    clock = new Date(before.getTime() + ms);
    try {
      return await work();
    } finally {
      clock = before;
    }
  }

  const me = async ({ identity }: Member) => (await auth.ask(ME, {}, identity)).data.me;
  const actions = async ({ organizationId }: Member) =>
    (await auth.trailOf(organizationId)).map(({ action }) => action as string);

  async function resetTokenFor(email: string): Promise<string> {
    const before = await auth.tokenFor(email, 'reset-password');
    await auth.ask(REQUEST_RESET, { email });
    let token: string | undefined;
    await eventually('a mail with a link for a new password', async () => {
      token = await auth.tokenFor(email, 'reset-password');
      return token !== undefined && token !== before;
    });
    return token as string;
  }

  describe('that is new', () => {
    it('is usable at once, and its address unverified', async () => {
      const ada = await auth.signUp();
      expect(await me(ada)).toMatchObject({ email: ada.email, emailVerifiedAt: null });
    });

    it('is verified by the mailed link, once', async () => {
      const ada = await auth.signUp();
      const [mail] = await auth.mailsTo(ada.email);
      expect(mail?.kind).toBe('verify-email');
      expect(mail?.html).toContain('https://metrics.example.com/verify-email?token=');
      const token = await auth.tokenFor(ada.email, 'verify-email');
      expect((await auth.ask(VERIFY, { token })).data).toEqual({ verifyEmail: true });
      expect((await me(ada)).emailVerifiedAt).not.toBeNull();
      expect(await auth.ask(VERIFY, { token })).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'token' });
      expect(await actions(ada)).toEqual(['account.created', 'session.started', 'email.verified']);
    });

    it('is not verified after a day, nor with a token for another purpose', async () => {
      const ada = await auth.signUp();
      const token = await auth.tokenFor(ada.email, 'verify-email');
      expect((await later(DAY_MS, () => auth.ask(VERIFY, { token }))).argument).toBe('token');
      expect((await auth.ask(CONFIRM_CHANGE, { token })).argument).toBe('token');
      expect((await auth.ask(VERIFY, { token: await resetTokenFor(ada.email) })).argument).toBe('token');
      expect((await auth.ask(VERIFY, { token: "' OR 1=1 --\0" })).argument).toBe('token');
      expect((await later(DAY_MS - 1, () => auth.ask(VERIFY, { token }))).errors).toBeUndefined();
    });

    it('is sent the link again, at most five times an hour, and not once it is verified', async () => {
      const ada = await auth.signUp();
      const answers = [];
      for (let time = 0; time < 5; time += 1) answers.push((await auth.ask(RESEND, {}, ada.identity)).code);
      expect(answers).toEqual([undefined, undefined, undefined, undefined, 'RATE_LIMITED']);
      expect((await auth.ask(RESEND, {}, ada.identity)).retryAfter).toBeGreaterThan(3_000);
      expect((await later(HOUR_MS, () => auth.ask(RESEND, {}, ada.identity))).code).toBeUndefined();
      await auth.ask(VERIFY, { token: await auth.tokenFor(ada.email, 'verify-email') });
      expect((await auth.ask(RESEND, {}, ada.identity)).code).toBe('CONFLICT');
    });

    it('stores the tokens of its links in the mail only', async () => {
      const ada = await auth.signUp();
      const token = (await auth.tokenFor(ada.email, 'verify-email')) as string;
      expect(token).toMatch(/^[\w-]{55}$/);
      const rows = await auth.services.databases.get('auth')?.query('SELECT * FROM auth.one_time_token');
      expect(JSON.stringify(rows)).not.toContain(token);
    });
  });

  describe('that signs in', () => {
    it('records the sign-in and its origin', async () => {
      const ada = await auth.signUp();
      const { identity } = await auth.logIn(ada);
      const events = await auth.trailOf(ada.organizationId);
      expect(events.at(-1)).toMatchObject({
        action: 'session.started',
        actor_kind: 'user',
        actor_id: ada.userId,
        address: '203.0.113.5',
        user_agent: 'Test browser',
        target_type: 'Session',
        target_id: identity?.sessionId,
      });
    });

    it('records a refusal in each organization of the person', async () => {
      const ada = await auth.signUp();
      const other = await auth.signUp();
      const database = auth.services.databases.get('auth');
      await database?.query("INSERT INTO auth.membership VALUES ($1, $2, 'VIEWER')", [
        other.organizationId,
        ada.userId,
      ]);
      expect((await auth.logIn(ada, 'wrong password')).code).toBe('UNAUTHENTICATED');
      for (const { organizationId } of [ada, other]) {
        await eventually('the refusal in the trail', async () => {
          const last = (await auth.trailOf(organizationId)).at(-1);
          return last?.action === 'session.refused' && last.actor_kind === 'anonymous' && last.target_id === ada.userId;
        });
      }
    });
  });

  it('is refused before the refusal is recorded, so that the time reveals no account', async () => {
    const ada = await auth.signUp();
    const holder = auth.services.operations.createQueryRunner();
    await holder.startTransaction();
    try {
      await holder.query('LOCK TABLE operations.audit_event');
      expect((await auth.logIn(ada, 'wrong password')).code).toBe('UNAUTHENTICATED');
    } finally {
      await holder.rollbackTransaction();
      await holder.release();
    }
    await eventually('the refusal in the trail', async () => (await actions(ada)).includes('session.refused'));
  });

  describe('that chooses a password', () => {
    it.each([
      ['password1', 'common'],
      ['PassWord1', 'common'],
      ['qwertyuiop', 'common'],
      ['ｐａｓｓｗｏｒｄ１', 'common'],
      ['seven77', '8 characters'],
      ['x'.repeat(129), '128 characters'],
      ['wilhelmine@example.com', 'own'],
      ['Wilhelmine', 'own'],
      ['Ada Augusta', 'own'],
    ])('is refused %s, with the reason', async (given, why) => {
      const attempt = auth.signUp({ password: given, email: 'wilhelmine@example.com', name: 'Ada  Augusta' });
      await expect(attempt).rejects.toThrow(why);
      await expect(attempt).rejects.toThrow('"argument":"password"');
    });

    it.each([['eight888'.split('').reverse().join('')], ['ü'.repeat(128)], ['🐎'.repeat(128)], ['        x y']])(
      'may take %s',
      async (given) => {
        const ada = await auth.signUp({ password: given });
        expect((await auth.logIn(ada, given)).code).toBeUndefined();
      },
    );
  });

  describe('that changes its password', () => {
    it('needs the current one, ends the other sessions, and is notified', async () => {
      const ada = await auth.signUp();
      const other = await auth.logIn(ada);
      const change = (current: string, next: string) => auth.ask(CHANGE_PASSWORD, { current, new: next }, ada.identity);
      expect(await change('wrong password', 'another horse')).toMatchObject({ argument: 'currentPassword' });
      expect(await change(password, 'password1')).toMatchObject({ argument: 'newPassword' });
      expect((await change(password, 'another horse')).data).toEqual({ changePassword: true });
      expect((await auth.logIn(ada)).code).toBe('UNAUTHENTICATED');
      expect((await auth.logIn(ada, 'another horse')).code).toBeUndefined();
      expect(await auth.isAlive(ada.identity)).toBe(true);
      expect(await auth.isAlive(other.identity as never)).toBe(false);
      expect((await auth.mailsTo(ada.email)).map(({ kind }) => kind)).toEqual(['verify-email', 'password-changed']);
      expect(await actions(ada)).toEqual(expect.arrayContaining(['password.changed', 'session.ended']));
    });

    it('names the API keys the person created in the mail about it', async () => {
      const ada = await auth.signUp();
      const create = `mutation ($name: String!) {
        createApiKey(password: "${password}", name: $name, scopes: ["read:reports"]) { apiKey { id } } }`;
      for (const name of ['Warehouse', 'Gone']) await auth.ask(create, { name }, ada.identity);
      await auth.services.operations.query("UPDATE auth.api_key SET revoked_at = now() WHERE name = 'Gone'");
      await auth.ask(CHANGE_PASSWORD, { current: password, new: 'another horse' }, ada.identity);
      const mail = (await auth.mailsTo(ada.email)).find(({ kind }) => kind === 'password-changed');
      expect(mail?.text).toMatch(/API keys that you created go on working: “Warehouse”\. Revoke/);
    });

    it('invalidates the links requested with the old one', async () => {
      const ada = await auth.signUp();
      const reset = await resetTokenFor(ada.email);
      await auth.ask(CHANGE_EMAIL, { email: `new-${ada.email}`, password }, ada.identity);
      const confirm = await auth.tokenFor(`new-${ada.email}`, 'confirm-email-change');
      await auth.ask(CHANGE_PASSWORD, { current: password, new: 'another horse' }, ada.identity);
      expect((await auth.ask(RESET, { token: reset, password: 'a third horse' })).argument).toBe('token');
      expect((await auth.ask(CONFIRM_CHANGE, { token: confirm })).argument).toBe('token');
    });
  });

  describe('without an organization', () => {
    const removed = async () => {
      const ada = await auth.signUp();
      await auth.services.operations.query('DELETE FROM auth.organization WHERE id = $1', [ada.organizationId]);
      const { code, identity } = await auth.logIn(ada);
      expect(code).toBeUndefined();
      return { ...ada, identity: { ...(identity as Identity), organizationId: undefined, role: undefined } };
    };
    const SESSION =
      'query ($id: ID!) { sessionIdentity(sessionId: $id) { userId organizationId role mustSetUpTwoFactor } }';
    const DELETE = 'mutation ($password: String!) { deleteAccount(password: $password) }';

    it('signs in, and sees itself and nothing else', async () => {
      const { identity, userId, email } = await removed();
      const service = { ...auth.noCredentials, kind: 'service' as const };
      const session = await auth.ask(SESSION, { id: identity.sessionId }, service);
      const nowhere = { userId, organizationId: null, role: null, mustSetUpTwoFactor: false };
      expect(session.data.sessionIdentity).toEqual(nowhere);
      const query = '{ me { id email role organization { id } memberships { role } sessions { isCurrent } } }';
      expect((await auth.ask(query, {}, identity)).data.me).toEqual({
        ...{ id: userId, email, role: null, organization: null, memberships: [] },
        sessions: [{ isCurrent: true }],
      });
      for (const other of [
        '{ organization { id } }',
        '{ apiKeyScopes { name } }',
        'mutation { cancelOrganizationDeletion { organization { id } } }',
      ]) {
        expect((await auth.ask(other, {}, identity)).code).toBe('FORBIDDEN');
      }
      const entities = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { id email } } }';
      const other = await auth.signUp();
      const of = [userId, other.userId].map((id) => ({ __typename: 'User', id }));
      const { data } = await auth.ask(entities, { of }, identity);
      expect(data._entities).toEqual([{ id: userId, email }, null]);
    });

    it('creates an organization, or switches to one it was invited to', async () => {
      const { identity, userId } = await removed();
      const { data } = await auth.ask(
        'mutation { createOrganization(name: "New") { user { role organization { name } } } }',
        {},
        identity,
      );
      expect(data.createOrganization.user).toEqual({ role: 'OWNER', organization: { name: 'New' } });
      const { organizationId } = await auth.signUp();
      await auth.services.operations.query(
        "INSERT INTO auth.membership (organization_id, person_id, role) VALUES ($1, $2, 'VIEWER')",
        [organizationId, userId],
      );
      const to = 'mutation ($id: ID!) { switchOrganization(organizationId: $id) { user { role } } }';
      const switched = await auth.ask(to, { id: organizationId }, identity);
      expect(switched.data.switchOrganization.user.role).toBe('VIEWER');
    });

    it('exports its data, and deletes itself', async () => {
      const { identity, userId, email } = await removed();
      const exported = await auth.ask('mutation { exportMyData { downloadUrl } }', {}, identity);
      expect(exported.errors).toBeUndefined();
      expect((await auth.ask(DELETE, { password: 'guess' }, identity)).argument).toBe('password');
      expect((await auth.ask(DELETE, { password }, identity)).data).toEqual({ deleteAccount: true });
      expect(await auth.isAlive(identity)).toBe(false);
      expect(await auth.services.operations.query('SELECT FROM auth.person WHERE id = $1', [userId])).toEqual([]);
      expect((await auth.mailsTo(email)).map(({ kind }) => kind)).toEqual(['account-deleted']);
      const trail = await auth.services.operations.query(
        'SELECT action, address FROM operations.audit_event WHERE actor_id = $1 AND organization_id = $2 ORDER BY sequence',
        [userId, INSTALLATION],
      );
      expect(trail).toEqual(
        ['session.started', 'personal-data.exported', 'account.deleted'].map((action) => ({ action, address: null })),
      );
    });

    it('is what deleting an account needs', async () => {
      const { identity } = await auth.signUp();
      expect((await auth.ask(DELETE, { password }, identity)).code).toBe('CONFLICT');
    });
  });

  it('has at most fifty sessions: a further sign-in ends the least recently used', async () => {
    const ada = await auth.signUp();
    await auth.services.operations.query(
      `INSERT INTO auth.session (person_id, organization_id, expires_at, ends_at, last_seen_at)
       SELECT $1, $2, $3, $3, $4::timestamptz - make_interval(mins => age) FROM generate_series(1, 50) AS age`,
      [ada.userId, ada.organizationId, new Date(clock.getTime() + DAY_MS), clock],
    );
    const { identity } = await auth.logIn(ada);
    const sessions = (await me(ada)).sessions;
    expect(sessions).toHaveLength(50);
    expect(await auth.isAlive(ada.identity)).toBe(true);
    expect(await auth.isAlive(identity as never)).toBe(true);
    const ended = (await auth.trailOf(ada.organizationId)).filter(({ action }) => action === 'session.ended');
    expect(ended.map(({ after }) => after)).toEqual(Array(2).fill({ reason: 'TOO_MANY_SESSIONS' }));
  });

  describe('whose password is forgotten', () => {
    it('loses what was set up before its address was confirmed', async () => {
      const setUp = async (person: Member) => {
        const create = `mutation { createApiKey(password: "${password}", name: "Early", scopes: ["read:reports"]) { apiKey { id } } }`;
        expect((await auth.ask(create, {}, person.identity)).errors).toBeUndefined();
        await auth.services.operations.query(
          "INSERT INTO auth.two_factor (id, secret, confirmed_at) VALUES ($1, 'sealed', now())",
          [person.userId],
        );
        await auth.services.operations.query(
          `INSERT INTO operations.webhook_endpoint (organization_id, url, sealed_secret, created_by)
           VALUES ($1, 'https://hooks.example/early', '', (SELECT id FROM auth.api_key WHERE created_by = $2))`,
          [person.organizationId, person.userId],
        );
        await auth.ask(RESET, { token: await resetTokenFor(person.email), password: 'another horse' });
        return (await auth.logIn(person, 'another horse')).code;
      };
      const unconfirmed = await auth.signUp();
      const events = await keepWebhookEvents(auth.services.operations, unconfirmed.organizationId);
      expect(await setUp(unconfirmed)).toBeUndefined();
      expect((await events()).map(({ type }) => type)).toEqual(['api_key.created', 'api_key.revoked']);
      const keys = await auth.services.operations.query('SELECT revoked_at FROM auth.api_key WHERE created_by = $1', [
        unconfirmed.userId,
      ]);
      expect(keys).toEqual([{ revoked_at: expect.any(Date) }]);
      const cleared = ['two-factor.reset', 'api-key.revoked', 'webhook.deleted'];
      expect(await actions(unconfirmed)).toEqual(expect.arrayContaining(cleared));
      const confirmed = await auth.signUp();
      await auth.services.operations.query('UPDATE auth.person SET email_verified_at = now() WHERE id = $1', [
        confirmed.userId,
      ]);
      expect(await setUp(confirmed)).toBe('TWO_FACTOR_REQUIRED');
      for (const action of cleared) expect(await actions(confirmed)).not.toContain(action);
    });

    it('sets a new one by mail, once, within 30 minutes, and is signed out everywhere', async () => {
      const ada = await auth.signUp();
      const token = await resetTokenFor(ada.email);
      const reset = (secret: string) => auth.ask(RESET, { token, password: secret });
      expect((await later(30 * MINUTE_MS, () => reset('another horse'))).argument).toBe('token');
      expect((await reset('password1')).argument).toBe('password');
      expect((await reset('another horse')).data).toEqual({ resetPassword: true });
      expect((await reset('a third horse')).argument).toBe('token');
      expect(await auth.isAlive(ada.identity)).toBe(false);
      expect((await auth.logIn(ada, 'another horse')).code).toBeUndefined();
      const kinds = (await auth.mailsTo(ada.email)).map(({ kind }) => kind);
      expect(kinds).toEqual(['verify-email', 'reset-password', 'password-reset']);
      expect(await actions(ada)).toEqual(expect.arrayContaining(['password.reset', 'session.ended']));
    });

    it('has its address verified by the link', async () => {
      const ada = await auth.signUp();
      await auth.ask(RESET, { token: await resetTokenFor(ada.email), password: 'another horse' });
      const { identity } = await auth.logIn(ada, 'another horse');
      expect((await auth.ask(ME, {}, identity)).data.me.emailVerifiedAt).not.toBeNull();
    });

    it('accepts one of concurrent uses', async () => {
      const ada = await auth.signUp();
      const token = await resetTokenFor(ada.email);
      const uses = ['one', 'two', 'three'].map((which) => auth.ask(RESET, { token, password: `horse ${which}` }));
      const codes = (await Promise.all(uses)).map(({ code }) => code ?? 'DONE');
      expect(codes.sort()).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT', 'DONE']);
    });

    it('returns the same for an unknown address, without a mail', async () => {
      const ada = await auth.signUp();
      const known = await auth.ask(REQUEST_RESET, { email: ada.email.toUpperCase() });
      const unknown = await auth.ask(REQUEST_RESET, { email: 'nobody@example.com' });
      expect(unknown).toEqual(known);
      expect(known.data).toEqual({ requestPasswordReset: true });
      await eventually('the mail', async () => (await auth.tokenFor(ada.email, 'reset-password')) !== undefined);
      expect(await auth.mailsTo('nobody@example.com')).toEqual([]);
    });

    it('looks up no account before it returns, so that the time reveals none', async () => {
      // Without a worker, whose jobs look up accounts at any time.
      const { services, ask } = await openTestAuth();
      const database = services.databases.get('auth');
      if (!database) throw new Error('The database of auth is not open.');
      const statements = jest.spyOn(database.driver, 'createQueryRunner');
      const { data } = await ask(REQUEST_RESET, { email: 'somebody@example.com' });
      const before = statements.mock.calls.length;
      await services.lifecycle.close();
      expect({ data, before }).toEqual({ data: { requestPasswordReset: true }, before: 0 });
    });
  });

  describe('that changes its address', () => {
    const request = (ada: Member, email: string, secret = password) =>
      auth.ask(CHANGE_EMAIL, { email, password: secret }, ada.identity);

    it('moves once the new address is confirmed, and notifies both', async () => {
      const ada = await auth.signUp();
      const email = `new-${ada.email}`;
      expect((await request(ada, email, 'wrong password')).argument).toBe('password');
      expect((await request(ada, ada.email.toUpperCase())).argument).toBe('email');
      expect((await request(ada, email)).data).toEqual({ changeEmail: true });
      expect((await me(ada)).email).toBe(ada.email);

      const token = await auth.tokenFor(email, 'confirm-email-change');
      expect((await auth.ask(CONFIRM_CHANGE, { token })).data).toEqual({ confirmEmailChange: true });
      expect(await me(ada)).toMatchObject({ email, emailVerifiedAt: expect.any(String) });
      expect((await auth.ask(CONFIRM_CHANGE, { token })).argument).toBe('token');
      expect((await auth.logIn(ada)).code).toBe('UNAUTHENTICATED');
      expect((await auth.logIn({ ...ada, email })).code).toBeUndefined();
      const kindsTo = async (address: string) => (await auth.mailsTo(address)).map(({ kind }) => kind);
      expect(await kindsTo(ada.email)).toEqual(['verify-email', 'email-change-asked', 'email-changed']);
      expect(await kindsTo(email)).toEqual(['confirm-email-change', 'email-confirmed']);
      const changed = (await auth.trailOf(ada.organizationId)).find(({ action }) => action === 'email.changed');
      expect(changed).toMatchObject({ before: { email: ada.email }, after: { email }, actor_id: ada.userId });
    });

    it.each([
      ['before', false],
      ['after', true],
    ])('is taken back from the old address %s it moved, and locks the thief out', async (_when, isConfirmed) => {
      const ada = await auth.signUp();
      const email = `thief-of-${ada.email}`;
      await request(ada, email);
      const confirm = await auth.tokenFor(email, 'confirm-email-change');
      if (isConfirmed) await auth.ask(CONFIRM_CHANGE, { token: confirm });
      const token = await auth.tokenFor(ada.email, 'stop-email-change');
      expect((await auth.ask(STOP_CHANGE, { token })).data).toEqual({ stopEmailChange: true });

      expect(await auth.isAlive(ada.identity)).toBe(false);
      expect((await auth.logIn(ada)).code).toBe('UNAUTHENTICATED');
      expect((await auth.logIn({ ...ada, email })).code).toBe('UNAUTHENTICATED');
      expect((await auth.ask(CONFIRM_CHANGE, { token: confirm })).argument).toBe('token');
      expect((await auth.ask(STOP_CHANGE, { token })).argument).toBe('token');
      const reset = await auth.tokenFor(ada.email, 'reset-password');
      expect((await auth.ask(RESET, { token: reset, password: 'another horse' })).errors).toBeUndefined();
      expect((await auth.logIn(ada, 'another horse')).code).toBeUndefined();
      expect(await actions(ada)).toContain('email.change-stopped');
    });

    it('reserves the old address as long as the change can be stopped', async () => {
      const ada = await auth.signUp();
      await request(ada, `new-${ada.email}`);
      await auth.ask(CONFIRM_CHANGE, { token: await auth.tokenFor(`new-${ada.email}`, 'confirm-email-change') });
      await expect(auth.signUp({ email: ada.email.toUpperCase() })).rejects.toThrow('CONFLICT');
      await later(7 * DAY_MS, () => auth.signUp({ email: ada.email }));
    });

    it('does not learn whether another address has an account, whose owner is notified', async () => {
      const ada = await auth.signUp();
      const other = await auth.signUp();
      const free = await request(ada, `free-${ada.email}`);
      expect(await request(ada, other.email)).toEqual(free);
      const [, notice] = await auth.mailsTo(other.email);
      expect(notice).toMatchObject({ subject: 'This address has an account already' });
      expect(notice?.text).not.toMatch(/change\?token=/);
    });

    it('cannot move to an address whose owner declined, nor mail it again', async () => {
      const ada = await auth.signUp();
      const email = `foreign-${ada.email}`;
      await request(ada, email);
      const token = await auth.tokenFor(email, 'confirm-email-change');
      const decline = await auth.tokenFor(email, 'decline-mail');
      await auth.ask('mutation ($token: String!) { declineMail(token: $token) }', { token: decline });
      expect((await auth.ask(CONFIRM_CHANGE, { token })).argument).toBe('token');
      expect((await request(await auth.signUp(), email)).code).toBe('CONFLICT');
      expect(await auth.mailsTo(email)).toHaveLength(1);
    });

    it('is refused an address that was taken in the meantime', async () => {
      const ada = await auth.signUp();
      const email = `raced-${ada.email}`;
      await request(ada, email);
      await auth.signUp({ email });
      const token = await auth.tokenFor(email, 'confirm-email-change');
      expect((await auth.ask(CONFIRM_CHANGE, { token })).code).toBe('CONFLICT');
      expect((await me(ada)).email).toBe(ada.email);
    });

    it('mails new addresses five times an hour at most', async () => {
      const ada = await auth.signUp();
      const codes = [];
      for (let time = 0; time < 6; time += 1) codes.push((await request(ada, `${time}-${ada.email}`)).code);
      expect(codes).toEqual([undefined, undefined, undefined, undefined, undefined, 'RATE_LIMITED']);
    });
  });

  describe('with sessions', () => {
    const END = 'mutation ($id: ID!) { endSession(sessionId: $id) }';

    it('lists them, the current one marked', async () => {
      const ada = await auth.signUp();
      const { identity } = await auth.logIn(ada);
      const sessions = (await me(ada)).sessions as Record<string, unknown>[];
      expect(sessions).toHaveLength(2);
      expect(sessions.find(({ isCurrent }) => isCurrent)).toMatchObject({
        id: ada.identity.sessionId,
        address: '203.0.113.5',
        userAgent: 'Test browser',
      });
      expect(sessions.find(({ isCurrent }) => !isCurrent)?.id).toBe(identity?.sessionId);
    });

    it('records their use once a minute', async () => {
      const ada = await auth.signUp();
      const lastSeen = async () => new Date((await me(ada)).sessions[0].lastSeenAt);
      const begun = await lastSeen();
      await later(59_000, () => auth.isAlive(ada.identity));
      expect(await lastSeen()).toEqual(begun);
      await later(61_000, () => auth.isAlive(ada.identity));
      expect(await lastSeen()).toEqual(new Date(begun.getTime() + 61_000));
    });

    it('ends one, all others, or all', async () => {
      const ada = await auth.signUp();
      const [second, third, fourth] = [await auth.logIn(ada), await auth.logIn(ada), await auth.logIn(ada)];
      expect((await auth.ask(END, { id: second.identity?.sessionId }, ada.identity)).data).toEqual({
        endSession: true,
      });
      expect(await auth.isAlive(second.identity as never)).toBe(false);
      expect((await auth.ask(END, { id: second.identity?.sessionId }, ada.identity)).code).toBe('NOT_FOUND');
      expect((await auth.ask('mutation { endOtherSessions }', {}, third.identity)).data).toEqual({
        endOtherSessions: 2,
      });
      expect(await auth.isAlive(fourth.identity as never)).toBe(false);
      expect(await auth.isAlive(third.identity as never)).toBe(true);
      await auth.logIn(ada);
      expect((await auth.ask('mutation { logOutEverywhere }', {}, third.identity)).data).toEqual({
        logOutEverywhere: 2,
      });
      expect(await auth.isAlive(third.identity as never)).toBe(false);
      const ended = (await auth.trailOf(ada.organizationId)).filter(({ action }) => action === 'session.ended');
      expect(ended.map(({ after }) => after.reason)).toEqual([
        ...['ENDED_FROM_ANOTHER_SESSION', 'ENDED_FROM_ANOTHER_SESSION', 'ENDED_FROM_ANOTHER_SESSION'],
        ...['LOG_OUT_EVERYWHERE', 'LOG_OUT_EVERYWHERE'],
      ]);
    });

    it('refuses another person’s session like an unknown one', async () => {
      const ada = await auth.signUp();
      const eve = await auth.signUp();
      const missing = await auth.ask(END, { id: '00000000-0000-4000-8000-000000000000' }, eve.identity);
      expect(await auth.ask(END, { id: ada.identity.sessionId }, eve.identity)).toEqual(missing);
      expect((await auth.ask(END, { id: 'nonsense' }, eve.identity)).code).toBe('NOT_FOUND');
      expect(await auth.isAlive(ada.identity)).toBe(true);
    });

    it('shows them to no other member', async () => {
      const ada = await auth.signUp();
      const colleague = await auth.signUp();
      await auth.services.databases
        .get('auth')
        ?.query("INSERT INTO auth.membership VALUES ($1, $2, 'ADMIN')", [ada.organizationId, colleague.userId]);
      const query = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { sessions { id } } } }';
      const { data, code } = await auth.ask(
        query,
        { of: [{ __typename: 'User', id: ada.userId }] },
        { ...colleague.identity, organizationId: ada.organizationId },
      );
      expect({ data, code }).toEqual({ data: { _entities: [{ sessions: null }] }, code: undefined });
    });
  });

  it('is changed by a person only, not by an API key or a service', async () => {
    const ada = await auth.signUp();
    const asKey = { ...ada.identity, kind: 'apiKey' as const };
    const attempts: [string, Record<string, unknown>?][] = [
      [CHANGE_PASSWORD, { current: password, new: 'another horse' }],
      [CHANGE_EMAIL, { email: 'key@example.com', password }],
      [RESEND],
      ['mutation { logOutEverywhere }'],
      ['mutation { endOtherSessions }'],
    ];
    for (const [query, variables] of attempts) {
      expect((await auth.ask(query, variables, asKey)).code).toBe('FORBIDDEN');
    }
  });
});
