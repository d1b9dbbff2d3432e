import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { eventually } from '#ops/testing/eventually.js';
import { openTestAuth, password, type TestAuth } from './testing/open-test-auth.js';

const REQUIRED = 'CONFIRMATION_REQUIRED';
const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

const SIGN_UP = `mutation ($name: String!, $email: String!, $password: String!, $companyName: String!) {
  signUp(name: $name, email: $email, password: $password, companyName: $companyName) { accessToken } }`;
const COMPLETE = `mutation ($token: String!, $password: String!) {
  completeSignUp(token: $token, password: $password) {
    accessToken user { id name email emailVerifiedAt role organization { id name } } } }`;
const LOG_IN =
  'mutation ($email: String!, $password: String!) { logIn(email: $email, password: $password) { user { id } } }';

const on = { SIGN_UP_CONFIRMATION: 'on', PUBLIC_URL: 'https://metrics.example.com' };
const random = () => randomBytes(32).toString('hex');
const inProduction = {
  ...{ NODE_ENV: 'production', JWT_SECRET: random(), TOKEN_ENCRYPTION_KEY: random() },
  ALLOWED_ORIGINS: 'https://app.example.com',
};
const newAddress = () => `${crypto.randomUUID()}@example.com`;
const withoutIds = (errors: unknown) => JSON.parse(JSON.stringify(errors));

async function insertPerson({ services }: TestAuth, email: string): Promise<void> {
  await services.operations.query(
    `INSERT INTO auth.person (name, email, password_hash) VALUES ('Ada', $1, 'a hash nobody knows')`,
    [email],
  );
}

describe('a sign-up that must be confirmed, before any job has run', () => {
  let auth: TestAuth;
  beforeAll(async () => {
    auth = await openTestAuth({ environment: on });
  });
  afterAll(() => auth.services.lifecycle.close());

  it('runs the same statements and returns the same for an address that has an account', async () => {
    const [taken, free] = [newAddress(), newAddress()];
    await insertPerson(auth, taken);
    const queries = jest.spyOn(pg.Client.prototype, 'query');
    const textOf = ([what]: unknown[]) => (typeof what === 'string' ? what : (what as { text: string }).text);
    /** The statements up to the notification of workers, which runs in the background. */
    const statements = async () => {
      await eventually('workers are notified', () =>
        queries.mock.calls.some((call) => textOf(call).includes('pg_notify')),
      );
      return queries.mock.calls.splice(0).map(textOf);
    };
    async function attempt(email: string) {
      const given = { name: 'Ada', email, password, companyName: 'Engines' };
      const { data, errors } = await auth.ask(SIGN_UP, given);
      return { data, errors: withoutIds(errors), statements: await statements() };
    }
    try {
      // Warm-up: statements of the first call only.
      await attempt(newAddress());
      const ofTaken = await attempt(taken);
      const ofFree = await attempt(free);
      expect(ofTaken).toEqual(ofFree);
      expect(ofFree.errors).toMatchObject([{ extensions: { code: REQUIRED } }]);
      expect(ofFree.statements.filter((text) => text.includes('pending_sign_up'))).toHaveLength(1);
      expect(ofFree.statements.join()).not.toMatch(/person|one_time_token|operations/);
    } finally {
      queries.mockRestore();
    }
    expect(await auth.mailsTo(taken)).toEqual([]);
    expect(await auth.mailsTo(free)).toEqual([]);
  });

  it('refuses invalid input in the same way for every address', async () => {
    const taken = newAddress();
    await insertPerson(auth, taken);
    for (const email of [taken, newAddress()]) {
      const weak = await auth.ask(SIGN_UP, { name: 'Ada', email, password: 'password1', companyName: 'Engines' });
      expect([weak.code, weak.argument]).toEqual(['BAD_USER_INPUT', 'password']);
    }
  });
});

describe('a sign-up that must be confirmed', () => {
  let clock = new Date();
  let auth: TestAuth;
  beforeAll(async () => {
    auth = await openTestAuth({ now: () => clock, environment: on });
    await auth.services.jobs.work(auth.subgraph.jobs);
  });
  afterAll(() => auth.services.lifecycle.close());

  const rows = (email: string) =>
    auth.services.operations.query('SELECT * FROM auth.pending_sign_up WHERE email = $1 ORDER BY created_at', [email]);
  const peopleOf = (email: string) =>
    auth.services.operations.query('SELECT * FROM auth.person WHERE lower(email) = lower($1)', [email]);

  /** Signs up from a network and waits for the job. */
  async function attempt(email: string, given: Record<string, string> = {}, address = '203.0.113.5') {
    const { network, ...more } = { network: address, ...given };
    const from = { ...auth.noCredentials, client: { address: network } };
    const answer = await auth.ask(SIGN_UP, { name: 'Ada', email, password, companyName: 'Engines', ...more }, from);
    await eventually('the job', async () => (await rows(email)).every((row: any) => row.mailed_at));
    return answer;
  }

  const tokenFor = async (email: string) => (await auth.tokenFor(email, 'complete-sign-up')) ?? 'none was mailed';
  const complete = (token: string, secret = password) => auth.ask(COMPLETE, { token, password: secret });

  async function account(email = newAddress()) {
    await attempt(email);
    const { data, errors } = await complete(await tokenFor(email));
    if (errors) throw new Error(JSON.stringify(errors));
    return data.completeSignUp.user as { id: string; organization: { id: string } };
  }

  it('is completed with its link and password, verified and signed in', async () => {
    const email = newAddress();
    expect((await attempt(email)).code).toBe(REQUIRED);
    expect(await peopleOf(email)).toEqual([]);
    expect((await auth.ask(LOG_IN, { email, password })).code).toBe('UNAUTHENTICATED');
    const [mail, ...more] = await auth.mailsTo(email);
    expect(more).toEqual([]);
    expect(mail?.text).toContain('https://metrics.example.com/complete-sign-up?token=');
    expect(mail?.text).not.toMatch(/Ada|Engines/);
    const token = await tokenFor(email);
    expect(JSON.stringify(await rows(email))).not.toContain(token);

    const { data } = await complete(token);
    expect(data.completeSignUp.accessToken).toEqual(expect.any(String));
    expect(data.completeSignUp.user).toMatchObject({
      ...{ name: 'Ada', email, role: 'OWNER', emailVerifiedAt: expect.any(String) },
      organization: { name: 'Engines' },
    });
    const trail = await auth.trailOf(data.completeSignUp.user.organization.id);
    expect(trail.map(({ action, actor_id }) => [action, actor_id])).toEqual(
      ['account.created', 'session.started'].map((action) => [action, data.completeSignUp.user.id]),
    );
    expect((await auth.ask(LOG_IN, { email, password })).code).toBeUndefined();
    expect(await rows(email)).toEqual([]);
    const again = await complete(token);
    expect([again.code, again.argument]).toEqual(['BAD_USER_INPUT', 'token']);
  });

  it('returns the same for an address that has an account, with as many rows and mails, and notifies only its owner', async () => {
    const [taken, free] = [newAddress(), newAddress()];
    await account(taken);
    const before = (await auth.mailsTo(taken)).length;
    const ofTaken = await attempt(taken.toUpperCase());
    const ofFree = await attempt(free.toUpperCase());
    expect(withoutIds(ofTaken)).toEqual(withoutIds(ofFree));
    expect(await rows(taken.toUpperCase())).toHaveLength((await rows(free.toUpperCase())).length);
    expect(before).toBe(1);
    const [notice, ...others] = await auth.mailsTo(taken.toUpperCase());
    const sent = await auth.mailsTo(free.toUpperCase());
    expect([others.length, sent.length, sent[0]?.kind]).toEqual([0, 1, notice?.kind]);
    expect(notice?.text).toContain('log in with this address');
    expect(notice?.text).not.toMatch(/sign-up\?token=|Ada|Engines/);
    expect(await rows(taken.toUpperCase())).toMatchObject([{ password_hash: null, token_hash: null }]);
    expect(await peopleOf(taken)).toHaveLength(1);
  });

  it.each(['taken', 'free'])(
    'writes to a %s address twice an hour for one network, and goes on for another',
    async (kind) => {
      const email = newAddress();
      if (kind === 'taken') await insertPerson(auth, email);
      const count = async () => (await auth.mailsTo(email)).length;
      for (let time = 1; time <= 4; time += 1) await attempt(email);
      expect([await count(), (await rows(email)).length]).toEqual([2, 2]);
      for (let network = 1; network <= 6; network += 1) await attempt(email, {}, `198.51.100.${network}`);
      expect([await count(), (await rows(email)).length]).toEqual([6, 6]);
      clock = new Date(clock.getTime() + HOUR_MS);
      await attempt(email);
      expect(await count()).toBe(7);
    },
  );

  it.each(['taken', 'free'])(
    'writes to a %s address ten times a day, and no more once it was declined',
    async (kind) => {
      const email = newAddress();
      if (kind === 'taken') await insertPerson(auth, email);
      const count = async () => (await auth.mailsTo(email)).length;
      for (let time = 0; time < 12; time += 1) {
        await attempt(email);
        clock = new Date(clock.getTime() + HOUR_MS);
      }
      expect(await count()).toBe(10);
      await auth.services.operations.query(
        "UPDATE operations.mail SET created_at = now() - interval '25 hours' WHERE recipient = $1",
        [email],
      );
      await attempt(email);
      expect(await count()).toBe(11);
      const last = (await tokenFor(email)) as string;
      const decline = await auth.tokenFor(email, 'decline-mail');
      await auth.ask('mutation ($token: String!) { declineMail(token: $token) }', { token: decline });
      expect((await complete(last)).argument).toBe('token');
      clock = new Date(clock.getTime() + HOUR_MS);
      expect((await attempt(email)).code).toBe(REQUIRED);
      expect(await count()).toBe(11);
    },
  );

  it('keeps the link of each attempt, and creates the account of the one that is used', async () => {
    const email = newAddress();
    await attempt(email, { companyName: 'Honest' });
    const own = await tokenFor(email);
    await attempt(
      email,
      { name: 'Mallory', password: 'the word of a stranger', companyName: 'Stranger' },
      '198.51.100.9',
    );
    const strange = await tokenFor(email);
    expect(strange).not.toBe(own);
    // The owner of the address does not know the stranger's password.
    const wrong = await complete(strange);
    expect([wrong.code, wrong.argument]).toEqual(['BAD_USER_INPUT', 'password']);
    expect(await peopleOf(email)).toEqual([]);
    expect((await complete(own)).data.completeSignUp.user).toMatchObject({
      name: 'Ada',
      organization: { name: 'Honest' },
    });
    expect((await complete(strange, 'the word of a stranger')).argument).toBe('token');
    expect((await auth.ask(LOG_IN, { email, password: 'the word of a stranger' })).code).toBe('UNAUTHENTICATED');
  });

  it('creates one account when its link is used concurrently', async () => {
    const email = newAddress();
    await attempt(email);
    await attempt(email);
    const tokens = (await auth.mailsTo(email)).map(({ text }) => /sign-up\?token=([\w-]+)/.exec(text)?.[1] ?? '');
    const answers = await Promise.all([...tokens, ...tokens].map((token) => complete(token)));
    expect(answers.filter(({ data }) => data?.completeSignUp)).toHaveLength(1);
    expect(new Set(answers.flatMap(({ argument }) => argument ?? []))).toEqual(new Set(['token']));
    expect(await peopleOf(email)).toHaveLength(1);
  });

  it('invalidates its link after ten wrong passwords, concurrent ones too', async () => {
    const email = newAddress();
    await attempt(email);
    const token = await tokenFor(email);
    const answers = await Promise.all(Array.from({ length: 12 }, () => complete(token, 'a wrong password')));
    expect(answers.filter(({ argument }) => argument === 'password')).toHaveLength(10);
    expect((await complete(token)).argument).toBe('token');
  });

  it('expires after a day, and its input is deleted', async () => {
    const email = newAddress();
    await attempt(email);
    const token = await tokenFor(email);
    const before = clock;
    clock = new Date(before.getTime() + DAY_MS);
    expect((await complete(token)).argument).toBe('token');
    clock = new Date(before.getTime() + DAY_MS + HOUR_MS + 1);
    const trim = auth.subgraph.jobs.find(({ name }) => name === 'auth.trim-one-time-tokens');
    await trim?.run({} as never, {} as never);
    expect(await rows(email)).toEqual([]);
  });

  it('refuses a link whose address has an account by now like an unknown one', async () => {
    const email = newAddress();
    await attempt(email);
    const token = await tokenFor(email);
    await insertPerson(auth, email.toUpperCase());
    const [late, unknown] = [await complete(token), await complete('x')];
    expect(withoutIds(late)).toEqual(withoutIds(unknown));
    expect([unknown.code, unknown.argument]).toEqual(['BAD_USER_INPUT', 'token']);
  });
});

describe('signing up', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['outside production creates', {}, undefined],
    ['outside production, where it is off, creates', { SIGN_UP_CONFIRMATION: 'off' }, undefined],
    ['asks for confirmation outside production, when that is on', { SIGN_UP_CONFIRMATION: 'on' }, REQUIRED],
    ['in production asks for confirmation', inProduction, REQUIRED],
    ['in production, where it is off, creates', { ...inProduction, SIGN_UP_CONFIRMATION: 'off' }, undefined],
  ])('%s', async (_what, environment, expected) => {
    const auth = await openTestAuth({ environment });
    try {
      const given = { name: 'Ada', email: newAddress(), password, companyName: 'Engines' };
      expect((await auth.ask(SIGN_UP, given)).code).toBe(expected);
    } finally {
      await auth.services.lifecycle.close();
    }
  });
});
