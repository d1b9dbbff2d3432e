import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SubgraphResponse } from '#kit/executor.js';
import { eventually } from '#ops/testing/eventually.js';
import { testJobRun } from '#ops/testing/job-run.js';
import { dropDatabase, newMigratedDatabase } from '#ops/testing/test-services.js';
import { KEYS_PER_DAY, trimIdempotencyKeysJob } from '#runtime/idempotency/idempotency-keys.js';
import { anonymous, type Identity } from '#runtime/identity/identity.js';
import { member, openTestReporting, type TestReporting } from './testing/open-test-reporting.js';

let databaseUrl: string;
/** Two processes over one database. */
let one: TestReporting;
let other: TestReporting;
let identity: Identity;

beforeAll(async () => {
  databaseUrl = await newMigratedDatabase();
  const environment = { DATABASE_URL: databaseUrl, JWT_SECRET: randomBytes(32).toString('hex') };
  [one, other] = await Promise.all([openTestReporting(environment), openTestReporting(environment)]);
});
afterAll(async () => {
  await Promise.all([one?.close(), other?.close()]);
  await dropDatabase(databaseUrl);
});
beforeEach(() => {
  identity = withKey(member(), randomUUID());
});

const withKey = (caller: Identity, key: string, request = 'request'): Identity => ({
  ...caller,
  idempotency: { key, request },
});
const outcomeOf = ({ data, errors, isReplayed }: SubgraphResponse) => ({
  id: (data as { generateReport: { report: { id: string } } } | null)?.generateReport.report.id,
  code: errors?.[0]?.extensions?.code,
  retryAfter: errors?.[0]?.extensions?.retryAfter,
  isReplayed,
});
const order = async (at: TestReporting, as = identity, variables = {}) => outcomeOf(await at.order(as, variables));
async function countReports({ organizationId } = identity): Promise<number> {
  const { rows } = await one.database.query(
    'SELECT count(*)::int AS count FROM reporting.report WHERE organization_id = $1',
    [organizationId],
  );
  return rows[0].count;
}
const change = (set: string) =>
  one.database.query(`UPDATE operations.idempotency_key SET ${set} WHERE key = $1`, [identity.idempotency?.key]);
const EXPIRED = "leased_until = '2026-01-01'";

describe('a mutation with an idempotency key', () => {
  it('has its effect once when it is sent to two processes at once, and again later', async () => {
    const answers = await Promise.all([order(one), order(other), order(one), order(other)]);
    const first = answers.find(({ id, isReplayed }) => id && !isReplayed);
    for (const answer of answers) {
      if (answer.code) expect(answer).toMatchObject({ code: 'CONFLICT', retryAfter: expect.any(Number) });
      else expect(answer.id).toBe(first?.id);
    }
    expect(await order(other)).toEqual({ ...first, isReplayed: true });
    expect(await countReports()).toBe(1);
  });

  it('is refused with the key of another request, or with other rights', async () => {
    await order(one);
    const key = identity.idempotency?.key ?? '';
    expect(await order(other, withKey(identity, key, 'another'))).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    for (const rights of [{ role: 'ADMIN' as const }, { clientIds: [randomUUID()] }, { clientIds: [] }])
      expect(await order(other, { ...identity, ...rights })).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    expect(await countReports()).toBe(1);
  });

  it('shares its key with no other user, API key or organization', async () => {
    const key = identity.idempotency?.key ?? '';
    const callers: Identity[] = [
      identity,
      withKey(member(identity.organizationId), key),
      { ...identity, organizationId: randomUUID() },
      { ...identity, kind: 'apiKey', userId: undefined, apiKeyId: randomUUID(), scopes: ['write:reports'] },
    ];
    for (const caller of callers)
      expect(await order(one, caller)).toMatchObject({ isReplayed: undefined, id: expect.any(String) });
    expect(await countReports()).toBe(3);
  });

  it('may be sent again after a refusal, and after a failure that committed nothing', async () => {
    expect(await order(one, identity, { templateId: 'none' })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await order(one, { ...identity, role: 'VIEWER' })).toMatchObject({ code: 'FORBIDDEN' });
    await one.database.query('ALTER TABLE reporting.report ADD CONSTRAINT broken CHECK (title IS NULL) NOT VALID');
    expect(await order(one)).toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
    await one.database.query('ALTER TABLE reporting.report DROP CONSTRAINT broken');
    expect(await order(one)).toMatchObject({ id: expect.any(String), isReplayed: undefined });
    expect(await countReports()).toBe(1);
  });

  it('is not run again when its process was killed after the effect', async () => {
    await order(one);
    await change(`answer = NULL, ${EXPIRED}`);
    expect(await order(other)).toEqual({
      id: undefined,
      code: 'CONFLICT',
      retryAfter: undefined,
      isReplayed: undefined,
    });
    expect(await countReports()).toBe(1);
  });

  it('is run again when its process was killed before the effect, once it is waited for no longer', async () => {
    await order(one);
    await one.database.query('DELETE FROM reporting.report WHERE organization_id = $1', [identity.organizationId]);
    await change("answer = NULL, effect_at = NULL, leased_until = '2026-11-02T08:01:00Z'");
    expect(await order(other)).toMatchObject({ code: 'CONFLICT', retryAfter: expect.any(Number) });
    await change(EXPIRED);
    expect(await order(other)).toMatchObject({ id: expect.any(String), isReplayed: undefined });
    expect(await countReports()).toBe(1);
  });

  it('is rolled back when another process took its key over', async () => {
    await one.database.query('BEGIN; LOCK TABLE reporting.report IN SHARE MODE');
    const slow = order(one);
    const isThere = (condition: string) => async () => {
      const sought = `SELECT FROM operations.idempotency_key WHERE key = $1 AND ${condition}`;
      return (await other.database.query(sought, [identity.idempotency?.key])).rowCount === 1;
    };
    await eventually('the first is running', isThere('true'));
    await other.database.query(`UPDATE operations.idempotency_key SET ${EXPIRED} WHERE key = $1`, [
      identity.idempotency?.key,
    ]);
    const claimed = order(other);
    await eventually('the second has taken over', isThere(`NOT ${EXPIRED}`));
    await one.database.query('COMMIT');
    expect(await slow).toMatchObject({ code: 'CONFLICT' });
    expect(await claimed).toMatchObject({ id: expect.any(String) });
    expect(await countReports()).toBe(1);
  });

  it('is run each time without a caller to keep it for, as are queries', async () => {
    const unknown = withKey(anonymous('test'), 'key');
    expect(await order(one, unknown)).toMatchObject({ code: 'UNAUTHENTICATED' });
    const service: Identity = { ...identity, kind: 'service', userId: undefined };
    expect(await order(one, service)).toMatchObject({ code: 'FORBIDDEN' });
    const { data, isReplayed } = await one.ask('{ reportTemplates { id } }', identity);
    expect([data?.reportTemplates, isReplayed]).toEqual([expect.any(Array), undefined]);
    const { rowCount } = await one.database.query(
      "SELECT FROM operations.idempotency_key WHERE caller LIKE 'service%'",
    );
    expect(rowCount).toBe(0);
  });

  it('keeps its answer sealed, for a day', async () => {
    const { id = '' } = await order(one);
    const { rows } = await one.database.query('SELECT * FROM operations.idempotency_key');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(id);
    for (const { request } of rows) expect(request).toMatch(/^v1\./);
    one.advance(24 * 60 * 60);
    expect(await order(one)).toMatchObject({ id: expect.not.stringContaining(id), isReplayed: undefined });
    one.advance(25 * 60 * 60);
    await trimIdempotencyKeysJob(one.services.operations, () => one.clock.now).run(undefined as never, testJobRun());
    expect((await one.database.query('SELECT FROM operations.idempotency_key')).rowCount).toBe(0);
  });

  it('is refused beyond what a user may have stored in a day', async () => {
    await one.services.requestLimits
      .open(KEYS_PER_DAY)
      .count(`user ${identity.userId} ${identity.organizationId}`, KEYS_PER_DAY.points);
    expect(await order(one)).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) });
    expect(await countReports()).toBe(0);
  });
});
