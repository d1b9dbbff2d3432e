import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { TOTP } from 'otpauth';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { findSealedColumns } from '#ops/testing/find-sealed-columns.js';
import { recordEachStatement } from '#ops/testing/record-statements.js';
import { openTestServices } from '#ops/testing/test-services.js';
import { anonymous, type Identity, type Role } from '#runtime/identity/identity.js';
import { Sealer } from '#runtime/sealing/crypto.js';
import { rotateKeys } from '#runtime/sealing/rotate-keys.js';
import type { Services } from '#runtime/services.js';
import { auth } from './index.js';

const password = 'correct horse battery';
const noCredentials = anonymous('test');
const STEP_MS = 30_000;
const MINUTE_MS = 60_000;

const LOG_IN =
  'mutation ($email: String!, $code: String) { logIn(email: $email, password: "correct horse battery", code: $code) { user { id } } }';
const COMPLETE =
  'mutation ($challenge: String!, $code: String!) { completeLogIn(challenge: $challenge, code: $code) { user { id } } }';
const START = 'mutation ($password: String!) { startTwoFactor(password: $password) { secret uri } }';
const CONFIRM = 'mutation ($code: String!) { confirmTwoFactor(code: $code) { recoveryCodes } }';
const DISABLE =
  'mutation ($password: String!, $code: String!) { disableTwoFactor(password: $password, code: $code) { isEnabled } }';
const REGENERATE =
  'mutation ($code: String!) { regenerateRecoveryCodes(password: "correct horse battery", code: $code) { recoveryCodes } }';
const RESET = 'mutation ($userId: ID!) { resetTwoFactor(userId: $userId) { userId } }';
const REQUIRE = 'mutation ($is: Boolean!) { requireTwoFactor(isRequired: $is) { organization { requiresTwoFactor } } }';
const SESSION = 'query ($id: ID!) { sessionIdentity(sessionId: $id) { mustSetUpTwoFactor } }';

describe('two-factor sign-in', () => {
  let clock = new Date();
  let services: Services;
  let subgraph: RunningSubgraph;

  beforeAll(async () => {
    services = await openTestServices({ now: () => clock });
    subgraph = await auth.open(services);
  });
  beforeEach(() => {
    clock = new Date();
  });
  afterAll(() => services.lifecycle.close());

  async function ask(query: string, variables: Record<string, unknown> = {}, identity = noCredentials): Promise<any> {
    const { data, errors } = await subgraph.execute({ query, variables }, identity);
    const { code, challenge, retryAfter } = (errors?.[0]?.extensions ?? {}) as any;
    return { data: data as any, errors, code, challenge, retryAfter };
  }

  const rows = (statement: string, values: unknown[]) => services.operations.query(statement, values);

  async function newPerson() {
    const email = `${crypto.randomUUID()}@example.com`;
    const { data } = await ask(
      `mutation ($email: String!) { signUp(name: "Ada", email: $email, password: "${password}", companyName: "Engines") {
        accessToken user { id organization { id } } } }`,
      { email },
    );
    const { accessToken, user } = data.signUp;
    const { sid } = decodeJwt<{ sid: string }>(accessToken);
    const organizationId = user.organization.id;
    const identity: Identity = {
      ...{ kind: 'user', userId: user.id, organizationId, sessionId: sid, role: 'OWNER', scopes: [], requestId: 'r' },
    };
    return { email, userId: user.id as string, organizationId: organizationId as string, identity };
  }

  const codeAt = (secret: string, at: Date) => new TOTP({ secret }).generate({ timestamp: at.getTime() });
  const later = (ms: number) => {
    clock = new Date(clock.getTime() + ms);
  };

  async function enrolled() {
    const person = await newPerson();
    const { secret } = (await ask(START, { password }, person.identity)).data.startTwoFactor;
    const { data } = await ask(CONFIRM, { code: codeAt(secret, clock) }, person.identity);
    const recoveryCodes: string[] = data.confirmTwoFactor.recoveryCodes;
    // The confirmation used this step's code.
    later(STEP_MS);
    return { ...person, secret: secret as string, recoveryCodes, code: () => codeAt(secret, clock) };
  }

  async function actions(organizationId: string): Promise<string[]> {
    const found = await rows('SELECT action FROM operations.audit_event WHERE organization_id = $1 ORDER BY sequence', [
      organizationId,
    ]);
    return found.map(({ action }: any) => action).filter((action: string) => action.startsWith('two-factor.'));
  }

  const mailsTo = async (email: string): Promise<string[]> =>
    (await rows('SELECT kind FROM operations.mail WHERE recipient = $1 ORDER BY created_at', [email])).map(
      ({ kind }: any) => kind,
    );

  async function addMember({ organizationId }: { organizationId: string }, role: Role, person: { userId: string }) {
    await rows('INSERT INTO auth.membership (organization_id, person_id, role) VALUES ($1, $2, $3)', [
      organizationId,
      person.userId,
      role,
    ]);
  }

  describe('what asks for the password again', () => {
    const given = `password: "${password}"`;
    const guarded: Record<string, (code: string, userId: string) => string> = {
      transferOwnership: (code, id) => `transferOwnership(userId: "${id}", ${given}${code}) { __typename }`,
      deleteOrganization: (code) => `deleteOrganization(name: "Engines", ${given}${code}) { __typename }`,
      changeEmail: (code) => `changeEmail(email: "${crypto.randomUUID()}@example.com", ${given}${code})`,
      changePassword: (code) =>
        `changePassword(currentPassword: "${password}", newPassword: "a wholly new one, this"${code})`,
      createApiKey: (code) => `createApiKey(name: "K", scopes: ["read:reports"], ${given}${code}) { __typename }`,
      deleteAccount: (code) => `deleteAccount(${given}${code})`,
    };

    it.each(Object.keys(guarded))('%s asks for a code as well', async (name) => {
      const person = await enrolled();
      const member = await newPerson();
      await addMember(person, 'ANALYST', member);
      const attempt = (code: string) =>
        ask(`mutation { ${guarded[name]?.(code, member.userId)} }`, {}, person.identity);
      expect((await attempt('')).code).toBe('TWO_FACTOR_REQUIRED');
      expect((await attempt(', code: "000000"')).code).toBe('TWO_FACTOR_INVALID');
      const { code } = await attempt(`, code: "${person.code()}"`);
      expect(code).toBe(name === 'deleteAccount' ? 'CONFLICT' : undefined);
    });

    it('has an argument for the code everywhere', () => {
      const { Mutation } = subgraph.schema.getTypeMap() as Record<string, any>;
      const asking = Object.values<any>(Mutation.getFields()).filter(({ args }) =>
        args.some(({ description }: any) => /The c(aller's|urrent) password/.test(description)),
      );
      const names = (has: boolean) =>
        asking.filter(({ args }) => args.some(({ name }: any) => name === 'code') === has).map(({ name }) => name);
      expect(names(true).sort()).toEqual(
        [...Object.keys(guarded), 'disableTwoFactor', 'regenerateRecoveryCodes', 'rotateApiKey'].sort(),
      );
      // It is off then.
      expect(names(false)).toEqual(['startTwoFactor']);
    });
  });

  it('is skipped without a second factor', async () => {
    const { email } = await newPerson();
    expect((await ask(LOG_IN, { email })).errors).toBeUndefined();
    expect((await ask(LOG_IN, { email, code: '123456' })).errors).toBeUndefined();
  });

  describe('its set-up', () => {
    it('returns a secret, and recovery codes for the first right code', async () => {
      const { identity, email, organizationId } = await newPerson();
      const { secret, uri } = (await ask(START, { password }, identity)).data.startTwoFactor;
      expect(new URL(uri).searchParams.get('secret')).toBe(secret);
      expect(decodeURIComponent(uri)).toContain(`WebMetrics:${email}`);
      expect((await ask(LOG_IN, { email })).errors).toBeUndefined();
      expect((await ask(CONFIRM, { code: '000000' }, identity)).code).toBe('TWO_FACTOR_INVALID');
      const { data } = await ask(CONFIRM, { code: codeAt(secret, clock) }, identity);
      const { recoveryCodes } = data.confirmTwoFactor;
      expect(new Set(recoveryCodes).size).toBe(10);
      expect(recoveryCodes[0]).toMatch(/^([A-Z2-7]{4}-){3}[A-Z2-7]{4}$/);
      expect(await actions(organizationId)).toEqual(['two-factor.refused', 'two-factor.enabled']);
      expect(await mailsTo(email)).toContain('two-factor-enabled');
      const me = await ask('{ me { hasTwoFactor recoveryCodesLeft } }', {}, identity);
      expect(me.data.me).toEqual({ hasTwoFactor: true, recoveryCodesLeft: 10 });
    });

    it('needs the password', async () => {
      const { identity } = await newPerson();
      expect((await ask(START, { password: 'wrong password' }, identity)).code).toBe('BAD_USER_INPUT');
    });

    it('is refused when it is on', async () => {
      const { identity, code } = await enrolled();
      expect((await ask(START, { password }, identity)).code).toBe('CONFLICT');
      expect((await ask(CONFIRM, { code: code() }, identity)).code).toBe('CONFLICT');
    });

    it('stores secret and recovery codes sealed or hashed', async () => {
      const { userId, secret, recoveryCodes } = await enrolled();
      const stored = JSON.stringify([
        await rows('SELECT * FROM auth.two_factor WHERE id = $1', [userId]),
        await rows('SELECT * FROM auth.recovery_code WHERE person_id = $1', [userId]),
      ]);
      for (const text of [secret, ...recoveryCodes]) expect(stored).not.toContain(text);
    });
  });

  describe('its log-in', () => {
    it('accepts password and code at once', async () => {
      const { email, userId, code } = await enrolled();
      expect((await ask(LOG_IN, { email, code: code() })).data.logIn.user.id).toBe(userId);
    });

    it('accepts the password first, and a code with the challenge', async () => {
      const { email, userId, code } = await enrolled();
      const first = await ask(LOG_IN, { email });
      expect(first).toMatchObject({ data: null, code: 'TWO_FACTOR_REQUIRED', challenge: expect.any(String) });
      const { data } = await ask(COMPLETE, { challenge: first.challenge, code: code() });
      expect(data.completeLogIn.user.id).toBe(userId);
    });

    it('reveals the second factor only after the right password', async () => {
      const { email, code } = await enrolled();
      const wrong =
        'mutation ($email: String!, $code: String) { logIn(email: $email, password: "wrong password", code: $code) { user { id } } }';
      const unknown = await ask(wrong, { email: 'nobody@example.com' });
      expect((await ask(wrong, { email })).errors).toEqual(unknown.errors);
      expect((await ask(wrong, { email, code: code() })).errors).toEqual(unknown.errors);
    });

    it.each([
      ['of the step before', -STEP_MS, true],
      ['of the step after', STEP_MS, true],
      ['that is older', -2 * STEP_MS, false],
      ['that is from further ahead', 2 * STEP_MS, false],
    ])('judges a code %s', async (_which, offset, isRight) => {
      const { email, secret } = await enrolled();
      later(10 * STEP_MS);
      const { code } = await ask(LOG_IN, { email, code: codeAt(secret, new Date(clock.getTime() + offset)) });
      expect(code).toBe(isRight ? undefined : 'TWO_FACTOR_INVALID');
    });

    it('accepts no code twice, nor an earlier one', async () => {
      const { email, secret, code } = await enrolled();
      later(5 * STEP_MS);
      const before = codeAt(secret, new Date(clock.getTime() - STEP_MS));
      expect((await ask(LOG_IN, { email, code: code() })).errors).toBeUndefined();
      expect((await ask(LOG_IN, { email, code: code() })).code).toBe('TWO_FACTOR_INVALID');
      expect((await ask(LOG_IN, { email, code: before })).code).toBe('TWO_FACTOR_INVALID');
      later(STEP_MS);
      expect((await ask(LOG_IN, { email, code: code() })).errors).toBeUndefined();
    });

    it('accepts a code once when it is sent concurrently', async () => {
      const { email, code } = await enrolled();
      const answers = await Promise.all(Array.from({ length: 5 }, () => ask(LOG_IN, { email, code: code() })));
      expect(answers.filter(({ errors }) => !errors)).toHaveLength(1);
    });

    it('compares no code for 15 minutes after five wrong ones for any purpose', async () => {
      const { email, code, recoveryCodes } = await enrolled();
      const { challenge } = await ask(LOG_IN, { email });
      for (const wrong of ['000000', 'nonsense', '', '11111', '000001']) {
        expect((await ask(COMPLETE, { challenge, code: wrong || '1' })).code).toBe('TWO_FACTOR_INVALID');
      }
      const refused = await ask(COMPLETE, { challenge, code: code() });
      expect(refused.code).toBe('RATE_LIMITED');
      expect(refused.retryAfter).toBeGreaterThan(800);
      expect((await ask(LOG_IN, { email, code: 'ABCD-ABCD-ABCD-ABCD' })).code).toBe('RATE_LIMITED');
      expect(await mailsTo(email)).toContain('two-factor-wrong-codes');
      // A right recovery code cannot be guessed: it is accepted, and ends the wait.
      expect((await ask(LOG_IN, { email, code: recoveryCodes[0] })).errors).toBeUndefined();
      expect((await ask(LOG_IN, { email, code: code() })).errors).toBeUndefined();
      for (let time = 0; time < 5; time += 1) await ask(COMPLETE, { challenge, code: '000000' });
      expect((await ask(COMPLETE, { challenge, code: code() })).code).toBe('RATE_LIMITED');
      later(15 * MINUTE_MS);
      expect((await ask(LOG_IN, { email, code: code() })).errors).toBeUndefined();
      expect((await mailsTo(email)).filter((kind) => kind === 'two-factor-wrong-codes')).toHaveLength(1);
    });

    it('compares no code of the app after a hundred wrong ones in a row, until a recovery code', async () => {
      const { email, userId, organizationId, code, recoveryCodes } = await enrolled();
      const { challenge } = await ask(LOG_IN, { email });
      await rows('UPDATE auth.two_factor SET failures_in_row = 99 WHERE id = $1', [userId]);
      expect((await ask(COMPLETE, { challenge, code: '000000' })).code).toBe('TWO_FACTOR_INVALID');
      expect(await mailsTo(email)).toContain('two-factor-locked');
      const recorded = (await actions(organizationId)).length;
      later(30 * MINUTE_MS);
      expect((await ask(LOG_IN, { email, code: code() })).code).toBe('TWO_FACTOR_LOCKED');
      expect((await actions(organizationId)).length).toBe(recorded);
      expect((await ask(LOG_IN, { email, code: recoveryCodes[0] })).errors).toBeUndefined();
      expect((await ask(LOG_IN, { email, code: code() })).errors).toBeUndefined();
    });

    it('counts wrong codes in a row until a right one', async () => {
      const { email, userId, code } = await enrolled();
      for (const wrong of ['000000', '000001']) await ask(LOG_IN, { email, code: wrong });
      const failures = async () =>
        (await rows('SELECT failures_in_row FROM auth.two_factor WHERE id = $1', [userId]))[0].failures_in_row;
      expect(await failures()).toBe(2);
      await ask(LOG_IN, { email, code: code() });
      expect(await failures()).toBe(0);
    });

    it('accepts a challenge for one sign-in, also concurrently', async () => {
      const { email, code, recoveryCodes } = await enrolled();
      const { challenge } = await ask(LOG_IN, { email });
      const codes = [code(), ...recoveryCodes.slice(0, 3)];
      const answers = await Promise.all(codes.map((each) => ask(COMPLETE, { challenge, code: each })));
      const refusals = answers.flatMap((answer) => answer.code ?? []);
      expect(refusals).toEqual(Array(3).fill('UNAUTHENTICATED'));
      expect((await ask(COMPLETE, { challenge, code: recoveryCodes[9] })).code).toBe('UNAUTHENTICATED');
      // The refused ones used up no code.
      const left = await rows(
        'SELECT FROM auth.recovery_code WHERE used_at IS NULL AND person_id IN (SELECT id FROM auth.person WHERE email = $1)',
        [email],
      );
      expect(left.length).toBeGreaterThanOrEqual(9);
    });

    it('refuses a challenge that is forged or older than the password', async () => {
      const { email, userId, code } = await enrolled();
      const { challenge } = await ask(LOG_IN, { email });
      expect((await ask(COMPLETE, { challenge: `${challenge}x`, code: code() })).code).toBe('UNAUTHENTICATED');
      await rows(`UPDATE auth.person SET password_hash = 'another' WHERE id = $1`, [userId]);
      expect((await ask(COMPLETE, { challenge, code: code() })).code).toBe('UNAUTHENTICATED');
    });
  });

  describe('recovery codes', () => {
    it('replace a code of the app, each once, in any notation', async () => {
      const { email, identity, organizationId, recoveryCodes } = await enrolled();
      const code = ` ${recoveryCodes[3]?.toLowerCase().replaceAll('-', ' ')}`;
      expect((await ask(LOG_IN, { email, code })).errors).toBeUndefined();
      expect((await ask(LOG_IN, { email, code })).code).toBe('TWO_FACTOR_INVALID');
      expect((await ask('{ me { recoveryCodesLeft } }', {}, identity)).data.me.recoveryCodesLeft).toBe(9);
      expect(await mailsTo(email)).toContain('recovery-code-used');
      expect(await actions(organizationId)).toContain('two-factor.recovery-code-used');
    });

    it('are all replaced', async () => {
      const { email, identity, code, recoveryCodes } = await enrolled();
      const { data } = await ask(REGENERATE, { code: code() }, identity);
      expect((await ask(LOG_IN, { email, code: recoveryCodes[0] })).code).toBe('TWO_FACTOR_INVALID');
      const [first] = data.regenerateRecoveryCodes.recoveryCodes;
      expect((await ask(LOG_IN, { email, code: first })).errors).toBeUndefined();
    });
  });

  it('can be turned off with password and code', async () => {
    const { email, identity, organizationId, code } = await enrolled();
    expect((await ask(DISABLE, { password: 'wrong password', code: code() }, identity)).code).toBe('BAD_USER_INPUT');
    expect((await ask(DISABLE, { password, code: '000000' }, identity)).code).toBe('TWO_FACTOR_INVALID');
    expect((await ask(DISABLE, { password, code: code() }, identity)).data.disableTwoFactor.isEnabled).toBe(false);
    expect((await ask(DISABLE, { password, code: code() }, identity)).code).toBe('CONFLICT');
    expect((await ask(LOG_IN, { email })).errors).toBeUndefined();
    expect(await actions(organizationId)).toContain('two-factor.disabled');
    expect(await mailsTo(email)).toContain('two-factor-disabled');
  });

  describe('an organization that requires it', () => {
    const mustSetUp = async ({ sessionId }: Identity) =>
      (await ask(SESSION, { id: sessionId }, { ...noCredentials, kind: 'service' })).data.sessionIdentity
        .mustSetUpTwoFactor;

    it('allows members without it nothing but the set-up', async () => {
      const boss = await enrolled();
      const { organizationId } = boss;
      const { identity, userId } = await newPerson();
      await addMember(boss, 'OWNER', { userId });
      await rows('UPDATE auth.session SET organization_id = $1 WHERE person_id = $2', [organizationId, userId]);
      expect(await mustSetUp(identity)).toBe(false);
      const { data } = await ask(REQUIRE, { is: true }, boss.identity);
      expect(data.requireTwoFactor.organization.requiresTwoFactor).toBe(true);
      expect(await mustSetUp(identity)).toBe(true);
      expect(await mustSetUp(boss.identity)).toBe(false);

      const held: Identity = { ...identity, organizationId, mustSetUpTwoFactor: true };
      for (const query of [
        '{ organization { name } }',
        'mutation { requireTwoFactor(isRequired: false) { __typename } }',
      ]) {
        expect((await ask(query, {}, held)).code).toBe('TWO_FACTOR_SETUP_REQUIRED');
      }
      const me = await ask('{ me { name organization { auditLog { edges { cursor } } } } }', {}, held);
      expect(me.data.me.name).toBe('Ada');
      expect(me.code).toBe('TWO_FACTOR_SETUP_REQUIRED');

      const { secret } = (await ask(START, { password }, held)).data.startTwoFactor;
      expect((await ask(CONFIRM, { code: codeAt(secret, clock) }, held)).errors).toBeUndefined();
      expect(await mustSetUp(identity)).toBe(false);
      expect(await actions(organizationId)).toEqual([
        'two-factor.enabled',
        'two-factor.demanded',
        'two-factor.enabled',
      ]);
    });

    it('is configured by an administrator who has it', async () => {
      const { identity } = await newPerson();
      expect((await ask(REQUIRE, { is: true }, identity)).code).toBe('CONFLICT');
      expect((await ask(REQUIRE, { is: false }, identity)).errors).toBeUndefined();
    });

    it('is configured by administrators only', async () => {
      const { identity } = await newPerson();
      expect((await ask(REQUIRE, { is: true }, { ...identity, role: 'ANALYST' })).code).toBe('FORBIDDEN');
    });
  });

  describe('a member who lost app and codes', () => {
    it('is reset by an administrator, and notified', async () => {
      const boss = await newPerson();
      const member = await enrolled();
      await rows('DELETE FROM auth.membership WHERE person_id = $1', [member.userId]);
      await addMember(boss, 'ANALYST', member);
      const { data } = await ask(RESET, { userId: member.userId }, { ...boss.identity, role: 'ADMIN' });
      expect(data.resetTwoFactor.userId).toBe(member.userId);
      expect((await ask(LOG_IN, { email: member.email })).errors).toBeUndefined();
      expect(await actions(boss.organizationId)).toEqual(['two-factor.reset']);
      expect(await mailsTo(member.email)).toContain('two-factor-reset');
      expect((await ask(RESET, { userId: member.userId }, boss.identity)).code).toBe('CONFLICT');
    });

    it('cannot reset their own with a session', async () => {
      const boss = await enrolled();
      for (const userId of [boss.userId, boss.userId.toUpperCase()]) {
        expect((await ask(RESET, { userId }, boss.identity)).code).toBe('FORBIDDEN');
      }
      expect((await ask(LOG_IN, { email: boss.email })).code).toBe('TWO_FACTOR_REQUIRED');
    });

    it('is not reset by strangers, weaker roles, or one of two organizations', async () => {
      const boss = await newPerson();
      const member = await enrolled();
      const missing = await ask(RESET, { userId: crypto.randomUUID() }, boss.identity);
      expect(missing.code).toBe('NOT_FOUND');
      expect((await ask(RESET, { userId: member.userId }, boss.identity)).errors).toEqual(missing.errors);
      expect((await ask(RESET, { userId: member.userId }, { ...member.identity, role: 'ADMIN' })).code).toBe(
        'FORBIDDEN',
      );
      expect((await ask(RESET, { userId: member.userId }, { ...member.identity, role: 'ANALYST' })).code).toBe(
        'FORBIDDEN',
      );
      await addMember(boss, 'VIEWER', member);
      expect((await ask(RESET, { userId: member.userId }, boss.identity)).code).toBe('CONFLICT');
      expect((await ask(LOG_IN, { email: member.email })).code).toBe('TWO_FACTOR_REQUIRED');
    });
  });

  it('is shown of other members to administrators only', async () => {
    const boss = await newPerson();
    const viewer: Identity = { ...boss.identity, userId: crypto.randomUUID(), role: 'VIEWER' };
    const query =
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { hasTwoFactor recoveryCodesLeft } } }';
    const of = [{ __typename: 'User', id: boss.userId }];
    expect((await ask(query, { of }, viewer)).data._entities).toEqual([
      { hasTwoFactor: null, recoveryCodesLeft: null },
    ]);
    expect((await ask(query, { of }, { ...viewer, role: 'ADMIN' })).data._entities[0].hasTwoFactor).toBe(false);
  });

  it('is read of all members at once', async () => {
    const boss = await enrolled();
    for (let count = 0; count < 3; count += 1) await addMember(boss, 'VIEWER', await newPerson());
    const statements = recordEachStatement();
    const query = '{ organization { members { edges { node { user { hasTwoFactor } } } } } }';
    const { edges } = (await ask(query, {}, { ...boss.identity, role: 'OWNER' })).data.organization.members;
    expect(edges.map(({ node }: any) => node.user.hasTwoFactor).sort()).toEqual([false, false, false, true]);
    expect(statements.filter((text) => text.includes('"two_factor"'))).toHaveLength(1);
  });

  it('survives a rotation of the key that seals secrets', async () => {
    const { email, code } = await enrolled();
    const { sealer, secrets, operations: database, logger } = services;
    expect(await findSealedColumns(services.databaseUrl)).toEqual(['auth.two_factor.secret']);
    const newer = Buffer.alloc(32, 9);
    const { state } = await rotateKeys({
      database,
      sealer: new Sealer(newer, ...secrets.tokenEncryptionKeys()),
      columns: auth.sealedColumns,
      logger,
    });
    expect(state.isComplete).toBe(true);
    services.sealer = new Sealer(newer);
    expect((await ask(LOG_IN, { email, code: code() })).errors).toBeUndefined();
    services.sealer = sealer;
  });
});
