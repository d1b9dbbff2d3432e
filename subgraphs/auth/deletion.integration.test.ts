import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestServices } from '#ops/testing/test-services.js';
import { keepWebhookEvents } from '#ops/testing/webhook-events.js';
import type { Alert } from '#runtime/alert.js';
import type { Identity } from '#runtime/identity/identity.js';
import { sessionIdentityCache } from '#runtime/identity/session-identity.js';
import type { Services } from '#runtime/services.js';
import { subgraphNames } from '#schema/type-definitions.js';
import { jobContext } from './context.js';
import { auth } from './index.js';
import { eraseOrganizations, SETTLE_MS } from './jobs/erase-organizations.js';
import { cancelDeletion, GRACE_MS, requestDeletion } from './services/organization/deletion.js';
import { openPeople, PASSWORD, type TestPerson } from './testing/open-people.js';

const DELETE = `mutation ($password: String!, $name: String!) {
  deleteOrganization(password: $password, name: $name) { organization { name deletionAt } } }`;
const CANCEL = 'mutation { cancelOrganizationDeletion { organization { deletionAt } } }';

describe('deleting an organization', () => {
  let clock = new Date();
  let services: Services;
  let people: ReturnType<typeof openPeople>;
  let owner: TestPerson;
  let member: TestPerson;

  beforeAll(async () => {
    services = await openTestServices({ now: () => clock });
    people = openPeople(services, await auth.open(services));
  });
  afterAll(() => services.lifecycle.close());
  beforeEach(async () => {
    clock = new Date();
    owner = await people.signUp('Owner');
    member = await people.member(owner, 'ADMIN', 'Member');
    await people.rows('DELETE FROM operations.mail');
  });

  const database = () => services.databases.get('auth') as NonNullable<ReturnType<Services['databases']['get']>>;
  const request = (as: Identity, given = {}) =>
    people.ask(DELETE, { password: PASSWORD, name: 'Company of Owner', ...given }, as);
  const erase = (on = services) => eraseOrganizations(jobContext({ services: on, database: database() }));
  const find = async (id: string) => (await people.rows('SELECT * FROM auth.organization WHERE id = $1', [id]))[0];
  const personIs = async (id: string) => (await people.rows('SELECT FROM auth.person WHERE id = $1', [id])).length > 0;
  const mails = () => people.rows('SELECT recipient, subject FROM operations.mail ORDER BY recipient, subject');
  const later = (ms: number) => {
    clock = new Date(clock.getTime() + ms);
  };
  /** Marks the jobs of the other subgraphs as done. */
  const othersDone = (organizationId: string) =>
    Promise.all(
      subgraphNames.map((name) =>
        people.rows('INSERT INTO operations.job_completion (name, key) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
          `${name}.erase-organization`,
          `done ${organizationId}`,
        ]),
      ),
    );

  it('needs an owner, their password and the name of the organization', async () => {
    expect((await request(member.identity)).code).toBe('FORBIDDEN');
    expect((await request(owner.identity, { password: 'wrong password' })).code).toBe('BAD_USER_INPUT');
    expect((await request(owner.identity, { name: 'Company' })).code).toBe('BAD_USER_INPUT');
    expect((await find(owner.organizationId)).deletion_at).toBeNull();
    const { data } = await request(owner.identity);
    expect(data.deleteOrganization.organization).toEqual({
      name: 'Company of Owner',
      deletionAt: new Date(clock.getTime() + GRACE_MS).toISOString(),
    });
    expect((await request(owner.identity)).code).toBe('CONFLICT');
  });

  it('is mailed and shown to every member, while everything goes on', async () => {
    await request(owner.identity);
    const subject = '“Company of Owner” is being deleted from WebMetrics';
    expect(await mails()).toEqual([member.email, owner.email].map((recipient) => ({ recipient, subject })));
    const { data } = await people.ask('{ organization { deletionAt } me { name } }', {}, member.identity);
    expect(Date.parse(data.organization.deletionAt)).toBe(clock.getTime() + GRACE_MS);
    later(GRACE_MS - 1);
    await erase();
    expect(await people.sessionIdentity(member.sessionId)).not.toBeNull();
    expect(await find(owner.organizationId)).toMatchObject({ name: 'Company of Owner', closed_at: null });
  });

  it('is followed by billing when it is requested and cancelled, and also where that could not be queued', async () => {
    const followed: Record<string, unknown>[] = [];
    const enqueue = async (name: string, data: Record<string, unknown>) => {
      if (name === 'billing.follow-deletion') followed.push(data);
    };
    const watched = (rejects: boolean) => {
      const refuse = () => Promise.reject(new Error('The queue is away.'));
      return { ...services, jobs: { ...services.jobs, enqueue: rejects ? refuse : enqueue } } as Services;
    };
    const context = (on: Services) => ({
      ...jobContext({ services: on, database: database() }),
      identity: owner.identity,
    });
    const { organizationId } = owner;
    const given = { password: PASSWORD, name: 'Company of Owner' };
    await requestDeletion(context(watched(true)), given);
    await cancelDeletion(context(watched(false)));
    expect(followed).toMatchObject([{ organizationId }]);
    await requestDeletion(context(watched(true)), given);
    await erase(watched(false));
    expect(followed.filter((data) => data.organizationId === organizationId)).toHaveLength(2);
  });

  it('can be cancelled by an owner until it is due', async () => {
    expect((await people.ask(CANCEL, {}, owner.identity)).code).toBe('CONFLICT');
    await request(owner.identity);
    expect((await people.ask(CANCEL, {}, member.identity)).code).toBe('FORBIDDEN');
    expect((await people.ask(CANCEL, {}, owner.identity)).errors).toBeUndefined();
    expect((await mails()).filter(({ subject }) => subject.includes('stays'))).toHaveLength(2);
    later(GRACE_MS);
    await erase();
    expect(await find(owner.organizationId)).toMatchObject({ closed_at: null, deletion_at: null });
    expect(await people.trail(owner.organizationId, 'organization.deletion-cancelled')).toHaveLength(1);
  });

  it('first deletes sessions, keys, invitations, webhook endpoints, and accounts without another organization', async () => {
    await people.invite(owner.identity, 'somebody@example.com');
    await keepWebhookEvents(services.operations, owner.organizationId);
    await request(owner.identity);
    const remembered = sessionIdentityCache(services.cache);
    await remembered.set(owner.sessionId, { role: 'OWNER' }, 10_000);
    later(GRACE_MS);
    await erase();
    expect(await remembered.get(owner.sessionId)).toBeUndefined();
    for (const table of ['membership', 'session', 'invitation'])
      expect(await people.rows(`SELECT FROM auth.${table} WHERE organization_id = $1`, [owner.organizationId])).toEqual(
        [],
      );
    expect(
      await people.rows('SELECT FROM operations.webhook_endpoint WHERE organization_id = $1', [owner.organizationId]),
    ).toEqual([]);
    expect(await personIs(owner.userId)).toBe(false);
    // Member of another organization.
    expect(await personIs(member.userId)).toBe(true);
    expect(await find(owner.organizationId)).toMatchObject({ name: 'Deleted organization', closed_at: clock });
    expect(await mails()).toContainEqual({
      recipient: owner.email,
      subject: '“Company of Owner” was deleted from WebMetrics',
    });
    expect((await people.switchTo(member.identity, owner.organizationId)).code).toBe('NOT_FOUND');
  });

  it('erases the rest after a pause, and once every subgraph has finished', async () => {
    await request(owner.identity);
    later(GRACE_MS);
    await erase();
    later(SETTLE_MS - 1);
    await othersDone(owner.organizationId);
    await erase();
    expect(await find(owner.organizationId)).toBeDefined();
    await people.rows('DELETE FROM operations.job_completion');
    later(1);
    await erase();
    await erase();
    expect(await find(owner.organizationId)).toBeDefined();
    for (const name of subgraphNames)
      expect(await services.jobs.find(`${name}.erase-organization`, owner.organizationId)).toMatchObject({
        state: 'waiting',
      });
    await othersDone(owner.organizationId);
    await erase();
    expect(await find(owner.organizationId)).toBeUndefined();
    for (const name of subgraphNames)
      expect(await services.jobs.find(`${name}.erase-organization`, owner.organizationId)).toBeNull();
    const left = await people.rows('SELECT * FROM operations.mail WHERE organization_id = $1', [owner.organizationId]);
    expect(left).toEqual([]);
  });

  it('keeps the audit trail without personal data', async () => {
    await request(owner.identity);
    later(GRACE_MS);
    await erase();
    later(SETTLE_MS);
    await othersDone(owner.organizationId);
    await erase();
    const trail = await people.rows(
      'SELECT * FROM operations.audit_event WHERE organization_id = $1 ORDER BY sequence',
      [owner.organizationId],
    );
    expect(trail.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['member.invited', 'organization.closed', 'organization.erased']),
    );
    const text = JSON.stringify(trail);
    for (const personal of [owner.email, member.email, '203.0.113.7', 'a browser', 'Company of Owner'])
      expect(text).not.toContain(personal);
  });

  it('is completed after a failure at any statement, and changes no other organization', async () => {
    const other = await people.signUp('Bystander');
    const bystander = await people.member(other, 'VIEWER', 'Guest');
    await request(owner.identity);
    const before = await people.rows(
      `SELECT (SELECT count(*) FROM auth.membership WHERE organization_id = $1) AS members,
         (SELECT count(*) FROM auth.session WHERE organization_id = $1) AS sessions,
         (SELECT count(*) FROM operations.audit_event WHERE organization_id = $1) AS events`,
      [other.organizationId],
    );
    later(GRACE_MS);
    const source = database();
    const createQueryRunner = source.createQueryRunner.bind(source);
    /** Runs the job, failing every statement from the `fatal`-th on. Returns whether it succeeded. */
    async function runUntil(fatal: number): Promise<boolean> {
      let statements = 0;
      source.createQueryRunner = (mode) => {
        const runner = createQueryRunner(mode);
        const query = runner.query.bind(runner) as (...given: unknown[]) => Promise<unknown>;
        runner.query = (async (...given: unknown[]) => {
          statements += 1;
          if (statements >= fatal && given[0] !== 'ROLLBACK') throw new Error('The process was killed.');
          return query(...given);
        }) as never;
        return runner;
      };
      try {
        await erase();
        return true;
      } catch {
        return false;
      } finally {
        source.createQueryRunner = createQueryRunner;
      }
    }
    let deaths = 0;
    for (const step of ['close', 'order', 'finish']) {
      if (step === 'order') later(SETTLE_MS);
      if (step === 'finish') await othersDone(owner.organizationId);
      let fatal = 1;
      while (!(await runUntil(fatal))) {
        fatal += 1;
        deaths += 1;
      }
    }
    expect(deaths).toBeGreaterThan(20);
    expect(await find(owner.organizationId)).toBeUndefined();
    expect(await personIs(owner.userId)).toBe(false);
    expect(await people.trail(owner.organizationId, 'organization.closed')).toHaveLength(1);
    expect(await people.trail(owner.organizationId, 'organization.erased')).toHaveLength(1);
    expect((await mails()).filter(({ subject }) => subject.includes('was deleted'))).toHaveLength(2);
    await erase();
    const after = await people.rows(
      `SELECT (SELECT count(*) FROM auth.membership WHERE organization_id = $1) AS members,
         (SELECT count(*) FROM auth.session WHERE organization_id = $1) AS sessions,
         (SELECT count(*) FROM operations.audit_event WHERE organization_id = $1) AS events`,
      [other.organizationId],
    );
    expect(after).toEqual(before);
    expect(await personIs(bystander.userId)).toBe(true);
  });

  it('alerts operators when a subgraph does not finish', async () => {
    await request(owner.identity);
    later(GRACE_MS);
    await erase();
    later(24 * 60 * 60 * 1000);
    const raised: string[] = [];
    const alerts = {
      ...services.alerts,
      raise: (alert: Alert) => void raised.push(`${alert.key} ${alert.organizationId}`),
    };
    await erase({ ...services, alerts });
    expect(raised).toContain(`erase-organization ${owner.organizationId}`);
  });
});
