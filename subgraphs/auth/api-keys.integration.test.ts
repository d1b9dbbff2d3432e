import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import pg from 'pg';
import type { RunningSubgraph } from '#kit/define-subgraph.js';
import { openTestServices } from '#ops/testing/test-services.js';
import { keepWebhookEvents } from '#ops/testing/webhook-events.js';
import { hashApiKey, isWellFormedApiKey } from '#runtime/identity/api-key.js';
import { apiKeyIdentityCache } from '#runtime/identity/api-key-identity.js';
import { apiKeyScopes } from '#runtime/identity/api-key-scopes.js';
import { anonymous, type Identity, type Role } from '#runtime/identity/identity.js';
import type { Services } from '#runtime/services.js';
import { inTransaction, jobContext } from './context.js';
import { openAuthDatabase } from './database.js';
import { auth } from './index.js';
import { mailKeysLeft } from './services/api-key/mail-keys-left.js';
import { twoFactorOwner } from './services/two-factor/totp.js';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

const CREATE = /* GraphQL */ `
  mutation ($name: String!, $scopes: [String!]!, $isTest: Boolean! = false, $days: Int) {
    createApiKey(password: "correct horse battery", name: $name, scopes: $scopes, isTest: $isTest, expiresInDays: $days) {
      secret
      apiKey { id name prefix isTest scopes expiresAt previousSecretUntil lastUsedAt createdBy { name } }
    }
  }
`;
const ROTATE = /* GraphQL */ `
  mutation ($id: ID!, $overlap: Int!) {
    rotateApiKey(password: "correct horse battery", apiKeyId: $id, overlapHours: $overlap) { secret apiKey { id prefix expiresAt previousSecretUntil } }
  }
`;
const REVOKE = 'mutation ($id: ID!) { revokeApiKey(apiKeyId: $id) { apiKeyId } }';
const FIND = 'query ($hash: ID!) { apiKeyIdentity(hash: $hash) { apiKeyId organizationId role scopes validUntil } }';
const LIST = '{ organization { apiKeys { id name prefix lastUsedAt previousSecretUntil createdBy { id } } } }';

describe('API keys', () => {
  let clock = new Date();
  let services: Services;
  let subgraph: RunningSubgraph;
  let database: pg.Client;
  let owner: Identity;
  let stranger: Identity;

  beforeAll(async () => {
    services = await openTestServices({ now: () => clock });
    subgraph = await auth.open(services);
    database = new pg.Client({ connectionString: services.databaseUrl });
    await database.connect();
    owner = await signUp('Ada');
    stranger = await signUp('Bea');
  });
  afterAll(async () => {
    await database.end();
    await services.lifecycle.close();
  });

  async function ask(query: string, variables: Record<string, unknown> = {}, identity: Identity = owner): Promise<any> {
    const { data, errors } = await subgraph.execute({ query, variables }, identity);
    return { data, errors, code: errors?.[0]?.extensions?.code };
  }

  async function signUp(name: string): Promise<Identity> {
    const { data } = await ask(
      `mutation ($name: String!, $email: String!) {
        signUp(name: $name, email: $email, password: "correct horse battery", companyName: "Engines") {
          user { id organization { id } }
        }
      }`,
      { name, email: `${name}@example.com` },
      anonymous('test'),
    );
    const { id: userId, organization } = data.signUp.user;
    return {
      kind: 'user',
      userId,
      organizationId: organization.id,
      role: 'OWNER',
      scopes: [],
      requestId: `as-${name}`,
    };
  }

  const as = (role: Role): Identity => ({ ...owner, role });
  const create = async (overrides: Record<string, unknown> = {}, identity = owner) =>
    ask(CREATE, { name: 'Warehouse', scopes: ['read:campaigns'], ...overrides }, identity);
  async function created(overrides: Record<string, unknown> = {}) {
    const { data, errors } = await create(overrides);
    expect(errors).toBeUndefined();
    return data.createApiKey as { secret: string; apiKey: { id: string; [field: string]: unknown } };
  }
  const find = async (secret: string) =>
    (await ask(FIND, { hash: hashApiKey(secret) }, { ...anonymous('test'), kind: 'service' })).data.apiKeyIdentity;
  const trail = async (id: string) =>
    (
      await database.query(
        'SELECT action, actor_kind, actor_id, before, after FROM operations.audit_event WHERE target_id = $1',
        [id],
      )
    ).rows;

  it('are shown once and stored as a hash', async () => {
    const { secret, apiKey } = await created();
    expect(isWellFormedApiKey(secret)).toBe(true);
    expect(secret).toMatch(/^wm_live_/);
    expect(secret.startsWith(String(apiKey.prefix))).toBe(true);
    expect(apiKey).toMatchObject({
      isTest: false,
      lastUsedAt: null,
      previousSecretUntil: null,
      createdBy: { name: 'Ada' },
    });
    expect(Date.parse(String(apiKey.expiresAt)) - clock.getTime()).toBe(365 * DAY_MS);
    const rows = await database.query(
      'SELECT row_to_json(k) AS key, row_to_json(s) AS secret FROM auth.api_key k JOIN auth.api_key_secret s ON s.api_key_id = k.id',
    );
    expect(rows.rows.length).toBeGreaterThan(0);
    expect(JSON.stringify([rows.rows, await trail(apiKey.id)])).not.toContain(secret.slice(14));
  });

  it('act for their organization with their scopes and the weakest role those need', async () => {
    const reader = await created({ scopes: ['read:reports', 'read:campaigns', 'read:reports'] });
    expect(await find(reader.secret)).toEqual({
      apiKeyId: reader.apiKey.id,
      organizationId: owner.organizationId,
      role: 'VIEWER',
      scopes: ['read:campaigns', 'read:reports'],
      validUntil: reader.apiKey.expiresAt,
    });
    const writer = await created({ scopes: ['write:reports'] });
    expect(await find(writer.secret)).toMatchObject({ role: 'ANALYST' });
    const all = await created({ scopes: apiKeyScopes.map(({ name }) => name) });
    expect(await find(all.secret)).toMatchObject({ role: 'ANALYST' });
  });

  it.each([
    [{ name: '  ' }, 'name'],
    [{ name: 'x'.repeat(101) }, 'name'],
    [{ name: 'a\0b' }, 'name'],
    [{ scopes: [] }, 'scopes'],
    [{ scopes: ['read:everything'] }, 'scopes.0'],
    [{ scopes: ['write:reports'], isTest: true }, 'scopes'],
    [{ days: 0 }, 'expiresInDays'],
    [{ days: 366 }, 'expiresInDays'],
  ])('are not created for %j', async (overrides, argument) => {
    const { code, errors } = await create(overrides);
    expect(code).toBe('BAD_USER_INPUT');
    expect(errors[0].extensions.details).toEqual([expect.objectContaining({ argument })]);
  });

  it('for tests are marked, and only read', async () => {
    const { secret, apiKey } = await created({ isTest: true, scopes: ['read:billing'], days: 3 });
    expect(secret).toMatch(/^wm_test_/);
    expect(apiKey.isTest).toBe(true);
    expect(await find(secret)).toMatchObject({ role: 'VIEWER' });
  });

  it('are managed by administrators, and not with a key', async () => {
    const { apiKey } = await created();
    const key: Identity = {
      kind: 'apiKey',
      apiKeyId: apiKey.id,
      organizationId: owner.organizationId,
      role: 'OWNER',
      scopes: apiKeyScopes.map(({ name }) => name),
      requestId: 'test',
    };
    for (const identity of [as('ANALYST'), as('VIEWER'), key]) {
      expect((await create({}, identity)).code).toBe('FORBIDDEN');
      expect((await ask(ROTATE, { id: apiKey.id, overlap: 1 }, identity)).code).toBe('FORBIDDEN');
      expect((await ask(REVOKE, { id: apiKey.id }, identity)).code).toBe('FORBIDDEN');
      const { data, code } = await ask(LIST, {}, identity);
      expect({ apiKeys: data.organization.apiKeys, code }).toEqual({ apiKeys: null, code: 'FORBIDDEN' });
    }
    expect((await create({}, as('ADMIN'))).errors).toBeUndefined();
  });

  it('are issued for the password only, and the code where there is a second factor', async () => {
    const maker = await signUp('Hal');
    const { apiKey } = (await create({}, maker)).data.createApiKey;
    const issue = async (given: string) => {
      const created = await ask(
        `mutation { createApiKey(${given}, name: "x", scopes: ["read:reports"]) { secret } }`,
        {},
        maker,
      );
      const rotated = await ask(`mutation { rotateApiKey(${given}, apiKeyId: "${apiKey.id}") { secret } }`, {}, maker);
      return [created.code, rotated.code];
    };
    expect(await issue('password: "guess"')).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT']);
    const secret = new Secret().base32;
    await database.query('INSERT INTO auth.two_factor (id, secret, confirmed_at) VALUES ($1, $2, now())', [
      maker.userId,
      services.sealer.seal(secret, twoFactorOwner(String(maker.userId))),
    ]);
    const right = 'password: "correct horse battery"';
    expect(await issue(right)).toEqual(['TWO_FACTOR_REQUIRED', 'TWO_FACTOR_REQUIRED']);
    expect(await issue(`${right}, code: "no"`)).toEqual(['TWO_FACTOR_INVALID', 'TWO_FACTOR_INVALID']);
    const code = new TOTP({ secret }).generate({ timestamp: clock.getTime() });
    // A code counts once.
    expect(await issue(`${right}, code: "${code}"`)).toEqual([undefined, 'TWO_FACTOR_INVALID']);
  });

  it('are issued by administrators of this moment, whatever role the request came with', async () => {
    const maker = await signUp('Ian');
    const { apiKey } = (await create({}, maker)).data.createApiKey;
    await database.query("UPDATE auth.membership SET role = 'ANALYST' WHERE person_id = $1", [maker.userId]);
    expect((await create({}, maker)).code).toBe('FORBIDDEN');
    expect((await ask(ROTATE, { id: apiKey.id, overlap: 1 }, maker)).code).toBe('FORBIDDEN');
  });

  it('are announced to administrators when they are issued', async () => {
    const maker = await signUp('Jo');
    const { apiKey } = (await create({ name: 'Quiet' }, maker)).data.createApiKey;
    await ask(ROTATE, { id: apiKey.id, overlap: 1 }, maker);
    const { rows } = await database.query(
      "SELECT recipient, subject, text FROM operations.mail WHERE kind LIKE 'api-key-%' AND organization_id = $1 ORDER BY created_at",
      [maker.organizationId],
    );
    expect(rows).toEqual([
      {
        recipient: 'Jo@example.com',
        subject: 'An API key was created',
        text: expect.stringMatching(/“Jo” \(Jo@example\.com\) created the API key “Quiet”.*read:campaigns/s),
      },
      { recipient: 'Jo@example.com', subject: 'An API key has a new secret', text: expect.stringContaining('rotated') },
    ]);
  });

  it('of another organization are refused like unknown ones', async () => {
    const { apiKey, secret } = await created();
    for (const [query, more] of [
      [ROTATE, { overlap: 1 }],
      [REVOKE, {}],
    ] as const) {
      const theirs = await ask(query, { id: apiKey.id, ...more }, stranger);
      const none = await ask(query, { id: crypto.randomUUID(), ...more }, stranger);
      expect(theirs).toEqual(none);
      expect(theirs.code).toBe('NOT_FOUND');
      expect((await ask(query, { id: 'nonsense', ...more }, stranger)).code).toBe('NOT_FOUND');
    }
    expect(JSON.stringify(await ask(LIST, {}, stranger))).not.toContain(apiKey.id);
    expect(await find(secret)).not.toBeNull();
  });

  it('record their use once a minute', async () => {
    const { apiKey, secret } = await created();
    const usedAt = async () => {
      const { data } = await ask(LIST);
      return data.organization.apiKeys.find(({ id }: { id: string }) => id === apiKey.id).lastUsedAt;
    };
    await find(secret);
    const first = clock.toISOString();
    expect(await usedAt()).toBe(first);
    clock = new Date(clock.getTime() + 59_000);
    await find(secret);
    expect(await usedAt()).toBe(first);
    clock = new Date(clock.getTime() + 1_000);
    await find(secret);
    expect(await usedAt()).toBe(clock.toISOString());
  });

  it('stop working when they expire', async () => {
    const { secret } = await created({ days: 1 });
    clock = new Date(clock.getTime() + DAY_MS - 1);
    expect(await find(secret)).not.toBeNull();
    clock = new Date(clock.getTime() + 1);
    expect(await find(secret)).toBeNull();
  });

  it('rotate with an overlap in which both secrets are valid, and their whole lifetime', async () => {
    const { secret: first, apiKey } = await created({ days: 10 });
    clock = new Date(clock.getTime() + 5 * DAY_MS);
    const { data } = await ask(ROTATE, { id: apiKey.id, overlap: 2 });
    const { secret: second, apiKey: rotated } = data.rotateApiKey;
    expect(rotated).toEqual({
      id: apiKey.id,
      prefix: second.slice(0, 14),
      expiresAt: new Date(clock.getTime() + 10 * DAY_MS).toISOString(),
      previousSecretUntil: new Date(clock.getTime() + 2 * HOUR_MS).toISOString(),
    });
    expect(await find(first)).toMatchObject({ apiKeyId: apiKey.id, validUntil: rotated.previousSecretUntil });
    expect(await find(second)).toMatchObject({ apiKeyId: apiKey.id });

    // The second rotation ends the first secret.
    const third = (await ask(ROTATE, { id: apiKey.id, overlap: 1 })).data.rotateApiKey.secret;
    expect([await find(first), await find(second), await find(third)].map(Boolean)).toEqual([false, true, true]);
    clock = new Date(clock.getTime() + HOUR_MS);
    expect([await find(second), await find(third)].map(Boolean)).toEqual([false, true]);
    const { data: listed } = await ask(LIST);
    expect(listed.organization.apiKeys.find(({ id }: { id: string }) => id === apiKey.id)).toMatchObject({
      previousSecretUntil: null,
      prefix: third.slice(0, 14),
    });
  });

  it('rotate at once without an overlap, and never extend an old secret', async () => {
    const { secret, apiKey } = await created({ days: 1 });
    const { secret: second } = (await ask(ROTATE, { id: apiKey.id, overlap: 168 })).data.rotateApiKey;
    expect(await find(secret)).toMatchObject({ validUntil: apiKey.expiresAt });
    await ask(ROTATE, { id: apiKey.id, overlap: 0 });
    expect(await find(second)).toBeNull();
    expect((await ask(ROTATE, { id: apiKey.id, overlap: 169 })).code).toBe('BAD_USER_INPUT');
    expect((await ask(ROTATE, { id: apiKey.id, overlap: -1 })).code).toBe('BAD_USER_INPUT');
  });

  it('can be rotated after their expiry', async () => {
    const { secret, apiKey } = await created({ days: 1 });
    clock = new Date(clock.getTime() + 2 * DAY_MS);
    const { secret: second } = (await ask(ROTATE, { id: apiKey.id, overlap: 24 })).data.rotateApiKey;
    expect([await find(secret), await find(second)].map(Boolean)).toEqual([false, true]);
  });

  it('are revoked with every secret, and removed from the cache of the gateways at once', async () => {
    const { secret: first, apiKey } = await created();
    const { secret: second } = (await ask(ROTATE, { id: apiKey.id, overlap: 24 })).data.rotateApiKey;
    const remembered = apiKeyIdentityCache(services.cache);
    for (const secret of [first, second]) await remembered.set(hashApiKey(secret), { apiKeyId: apiKey.id });
    expect((await ask(REVOKE, { id: apiKey.id })).data).toEqual({ revokeApiKey: { apiKeyId: apiKey.id } });
    for (const secret of [first, second]) {
      expect(await find(secret)).toBeNull();
      expect(await remembered.get(hashApiKey(secret))).toBeUndefined();
    }
    expect((await ask(REVOKE, { id: apiKey.id })).code).toBe('NOT_FOUND');
    expect((await ask(ROTATE, { id: apiKey.id, overlap: 1 })).code).toBe('NOT_FOUND');
  });

  it('are audited without their secrets', async () => {
    const { apiKey } = await created({ name: 'Trailed' });
    await ask(ROTATE, { id: apiKey.id, overlap: 3 });
    await ask(REVOKE, { id: apiKey.id });
    const events = await trail(apiKey.id);
    expect(events.map(({ action }) => action).sort()).toEqual([
      'api-key.created',
      'api-key.revoked',
      'api-key.rotated',
    ]);
    for (const event of events) expect(event).toMatchObject({ actor_kind: 'user', actor_id: owner.userId });
    expect(JSON.stringify(events)).not.toMatch(/wm_live_/);
  });

  it('end with their organization', async () => {
    const leaving = await signUp('Cleo');
    const { data } = await create({}, leaving);
    await database.query('DELETE FROM auth.organization WHERE id = $1', [leaving.organizationId]);
    expect(await find(data.createApiKey.secret)).toBeNull();
  });

  it('outlive the account of their creator, which is null then', async () => {
    const maker = await signUp('Dora');
    await database.query("INSERT INTO auth.membership (organization_id, person_id, role) VALUES ($1, $2, 'ADMIN')", [
      owner.organizationId,
      maker.userId,
    ]);
    const { data } = await create({ name: 'Left' }, { ...as('ADMIN'), userId: maker.userId });
    const { secret, apiKey } = data.createApiKey;
    expect(apiKey.createdBy).toEqual({ name: 'Dora' });
    await database.query('DELETE FROM auth.membership WHERE organization_id = $1 AND person_id = $2', [
      owner.organizationId,
      maker.userId,
    ]);
    expect(await find(secret)).not.toBeNull();
    const listed = (await ask(LIST)).data.organization.apiKeys.find(({ id }: { id: string }) => id === apiKey.id);
    expect(listed.createdBy).toBeNull();
  });

  it('of a person who leaves are mailed to administrators, once', async () => {
    const organization = await signUp('Gil');
    await create({ name: 'Left behind' }, organization);
    const context = jobContext({ services, database: await openAuthDatabase(services) });
    const mail = (personId = String(organization.userId)) =>
      inTransaction(context, (transaction) =>
        mailKeysLeft(transaction, {
          organizationId: String(organization.organizationId),
          personId,
          name: 'Gil',
        }),
      );
    await mail(crypto.randomUUID());
    await mail();
    await mail();
    const { rows } = await database.query(
      "SELECT recipient, text FROM operations.mail WHERE kind = 'api-keys-left' AND organization_id = $1",
      [organization.organizationId],
    );
    expect(rows).toEqual([{ recipient: 'Gil@example.com', text: expect.stringContaining('“Left behind”') }]);
  });

  it('are at most a hundred per organization', async () => {
    const crowded = await signUp('Emma');
    await database.query(
      `INSERT INTO auth.api_key (organization_id, name, kind, scopes, lifetime_days, created_at, expires_at)
       SELECT $1, 'one of many', 'live', '{read:reports}', 10, $2, $3 FROM generate_series(1, 99)`,
      [crowded.organizationId, clock, new Date(clock.getTime() + 10 * DAY_MS)],
    );
    const [one, two] = await Promise.all([create({}, crowded), create({}, crowded)]);
    expect([one.code, two.code].sort()).toEqual(['CONFLICT', undefined]);
  });

  it('are announced to each administrator once, a week before they expire, and are events for webhooks', async () => {
    const organization = await signUp('Fay');
    const events = await keepWebhookEvents(services.operations, organization.organizationId);
    const { data } = await create({ name: 'Soon', days: 8 }, organization);
    const id = data.createApiKey.apiKey.id;
    const job = subgraph.jobs.find(({ name }) => name === 'auth.warn-of-expiring-keys');
    const mails = async () => {
      await job?.run(undefined as never, undefined as never);
      const { rows } = await database.query(
        "SELECT recipient, subject FROM operations.mail WHERE kind = 'api-key-expires' AND organization_id = $1",
        [organization.organizationId],
      );
      return rows;
    };
    expect(await mails()).toEqual([]);
    clock = new Date(clock.getTime() + DAY_MS);
    const day = new Date(clock.getTime() + 7 * DAY_MS).toISOString().slice(0, 10);
    const expected = [{ recipient: 'Fay@example.com', subject: `The API key “Soon” expires on ${day}` }];
    expect(await mails()).toEqual(expected);
    expect(await mails()).toEqual(expected);
    // A rotated key is warned of again.
    await ask(ROTATE, { id, overlap: 1 }, organization);
    expect(await mails()).toEqual(expected);
    clock = new Date(clock.getTime() + 2 * DAY_MS);
    expect(await mails()).toHaveLength(2);
    await ask(REVOKE, { id }, organization);
    const key = { apiKeyId: id, name: 'Soon' };
    expect(await events()).toEqual([
      { type: 'api_key.created', data: { ...key, scopes: ['read:campaigns'], expiresAt: expect.any(String) } },
      { type: 'api_key.expiring', data: { ...key, expiresAt: data.createApiKey.apiKey.expiresAt } },
      { type: 'api_key.rotated', data: { ...key, expiresAt: expect.any(String) } },
      { type: 'api_key.expiring', data: { ...key, expiresAt: expect.any(String) } },
      { type: 'api_key.revoked', data: key },
    ]);
  });
});
