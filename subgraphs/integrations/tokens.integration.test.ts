import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { testJobRun } from '#ops/testing/job-run.js';
import type { Identity } from '#runtime/identity/identity.js';
import { openIntegrationsDatabase } from './database.js';
import { ConnectionEntity } from './entities/connection.js';
import { openStage, type Stage, someone } from './testing/open-stage.js';

const QUERY = /* GraphQL */ `
  query ($id: ID!, $range: DateRangeInput!) {
    connection(id: $id) {
      status
      reason
      expiresAt
      accounts { externalId status campaigns(range: $range) { totalCount } }
    }
  }
`;
const STATUS = 'query ($id: ID!) { connection(id: $id) { status } }';
const DISCONNECT = /* GraphQL */ `
  mutation ($id: ID!) {
    disconnect(connectionId: $id) { connection { id status reason expiresAt accounts { id } } }
  }
`;

const range = { start: '2026-09-01', end: '2026-09-30' };
const HOUR = 3600;
const DAY = 24 * HOUR;

describe('access tokens', () => {
  let stage: Stage;
  let nora: Identity;

  // The clock goes forward in these tests, so each has a world of its own.
  beforeEach(async () => {
    stage = await openStage();
    nora = someone();
  });
  afterEach(() => stage.close());

  async function connected(providerId: string, person: 'nora' | 'rita' = 'nora'): Promise<string> {
    const { id } = await stage.connect(nora, providerId, { person });
    await stage.simulated.takeCalls();
    return id;
  }

  const look = (id: string) => stage.ask(nora, QUERY, { id, range });

  const tokenCalls = async () =>
    (await stage.simulated.takeCalls()).filter(({ path }) => path === '/token' || path.endsWith('/oauth/access_token'));

  const runJob = async (jobs = stage.subgraph.jobs) => {
    const [job] = jobs;
    expect(job?.name).toBe('integrations.refresh-tokens');
    await job?.run({} as never, testJobRun());
  };

  it('are renewed before their last minute, once for all callers', async () => {
    const id = await connected('google-ads');
    stage.clock.advanceSeconds(HOUR - 30);
    const answers = await Promise.all([look(id), look(id), look(id)]);
    expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
    expect(await tokenCalls()).toHaveLength(1);
    expect(Date.parse((await look(id)).data.connection.expiresAt)).toBeGreaterThan(
      stage.clock.now.getTime() + HOUR / 2,
    );
  });

  it('are renewed once by several processes', async () => {
    const id = await connected('google-ads');
    const another = await stage.reopen({});
    stage.clock.advanceSeconds(HOUR);
    const answers = await Promise.all([look(id), another.ask(nora, QUERY, { id, range })]);
    expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
    expect(await tokenCalls()).toHaveLength(1);
  });

  it('are not renewed while they are valid', async () => {
    const id = await connected('google-ads');
    stage.clock.advanceSeconds(HOUR / 2);
    await look(id);
    expect(await tokenCalls()).toEqual([]);
  });

  it.each([
    ['google-ads', 'google-ads'],
    ['meta-ads', 'meta'],
  ] as const)('of %s are renewed and tried once more when they are refused', async (providerId, api) => {
    const id = await connected(providerId);
    const times = providerId === 'google-ads' ? 4 : 1;
    await stage.simulated.breakNext({ provider: api, kind: 'status', status: 401, times });
    const { data, errors } = await look(id);
    expect(errors).toEqual([]);
    expect(data.connection.status).toBe('ACTIVE');
    expect(await tokenCalls()).toHaveLength(1);
  });

  it.each([
    ['google-ads', 'google-ads', 4],
    ['meta-ads', 'meta', 3],
  ] as const)('of %s that are refused again mean that the person is needed', async (providerId, api, accounts) => {
    const id = await connected(providerId);
    await stage.simulated.breakNext({ provider: api, kind: 'status', status: 401, times: 2 * accounts });
    const { errors } = await look(id);
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(Array(accounts).fill('RECONNECT_REQUIRED'));
    await stage.simulated.forgetFaults();
    await stage.simulated.takeCalls();
    const { data } = await look(id);
    expect(data.connection).toMatchObject({
      status: 'RECONNECT_REQUIRED',
      reason: expect.stringContaining('connect it again'),
    });
    // A connection known to be broken is not tried again.
    expect(await stage.simulated.takeCalls()).toEqual([]);
  });

  it('that only one account refuses do not affect the connection', async () => {
    const id = await connected('google-ads');
    await stage.simulated.breakNext({
      provider: 'google-ads',
      kind: 'status',
      status: 401,
      match: 'customers/2718281828/',
      times: 2,
    });
    const { data, errors } = await look(id);
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['RECONNECT_REQUIRED']);
    expect(data.connection.accounts.filter(({ campaigns }: { campaigns: unknown }) => campaigns === null)).toHaveLength(
      1,
    );
    expect((await look(id)).data.connection.status).toBe('ACTIVE');
  });

  it.each([
    ['google-ads', 1],
    ['meta-ads', 1],
  ])('of %s end with the consent, and work again once the user has connected again', async (providerId) => {
    const id = await connected(providerId);
    await stage.simulated.revokeGrants({ person: 'nora' });
    const { errors } = await look(id);
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(new Set(['RECONNECT_REQUIRED']));
    expect((await look(id)).data.connection.status).toBe('RECONNECT_REQUIRED');
    expect((await stage.connect(nora, providerId)).id).toBe(id);
    const again = await look(id);
    expect(again.errors).toEqual([]);
    expect(again.data.connection).toMatchObject({ status: 'ACTIVE', reason: null });
  });

  it.each([['google-ads'], ['meta-ads']])('of %s that are withdrawn while they are used say so', async (providerId) => {
    const id = await connected(providerId, 'rita');
    const { errors } = await look(id);
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['RECONNECT_REQUIRED']);
    expect((await look(id)).data.connection.status).toBe('RECONNECT_REQUIRED');
  });

  it('of Meta cannot be renewed after their expiry', async () => {
    const id = await connected('meta-ads');
    stage.clock.advanceSeconds(61 * DAY);
    const { errors } = await stage.ask(nora, QUERY, { id, range });
    expect(errors[0].extensions.code).toBe('RECONNECT_REQUIRED');
  });

  it('are kept while the provider cannot renew them', async () => {
    const id = await connected('google-ads');
    stage.clock.advanceSeconds(HOUR);
    await stage.simulated.breakNext({ provider: 'google-oauth', kind: 'status', status: 500, times: 3 });
    expect((await look(id)).code).toBe('PROVIDER_UNAVAILABLE');
    expect((await stage.ask(nora, STATUS, { id })).data.connection.status).toBe('FAILING');
    const { data, errors } = await look(id);
    expect(errors).toEqual([]);
    expect(data.connection.status).toBe('ACTIVE');
  });

  describe('in the hourly job', () => {
    it('are renewed shortly before their expiry, those of Meta ten days before', async () => {
      await connected('google-ads');
      await connected('meta-ads');
      await runJob();
      expect(await tokenCalls()).toEqual([]);
      stage.clock.advanceSeconds(HOUR / 2 + 60);
      await runJob();
      expect((await tokenCalls()).map(({ path }) => path)).toEqual(['/token']);
      stage.clock.advanceSeconds(51 * DAY);
      await runJob();
      expect((await tokenCalls()).map(({ path }) => path).sort()).toEqual(['/token', '/v26.0/oauth/access_token']);
      await runJob();
      expect(await tokenCalls()).toEqual([]);
    });

    it('are renewed once by many workers', async () => {
      await connected('google-ads');
      const another = await stage.reopen({});
      stage.clock.advanceSeconds(HOUR);
      await Promise.all([runJob(), runJob(another.subgraph.jobs), runJob()]);
      expect(await tokenCalls()).toHaveLength(1);
    });

    it('are renewed although one fails', async () => {
      const google = await connected('google-ads');
      const meta = await connected('meta-ads');
      stage.clock.advanceSeconds(52 * DAY);
      await stage.simulated.revokeGrants({ person: 'nora', provider: 'google' });
      await runJob();
      expect((await look(google)).data.connection.status).toBe('RECONNECT_REQUIRED');
      const expiresAt = Date.parse((await look(meta)).data.connection.expiresAt);
      expect(expiresAt).toBeGreaterThan(stage.clock.now.getTime() + 50 * DAY * 1000);
    });
  });

  describe('after a disconnect', () => {
    it.each([['google-ads'], ['meta-ads']])(
      'of %s are revoked and deleted, and the accounts no longer listed',
      async (providerId) => {
        const id = await connected(providerId);
        const before = await look(id);
        const { data } = await stage.ask(nora, DISCONNECT, { id });
        expect(data.disconnect.connection).toMatchObject({ id, status: 'DISCONNECTED', expiresAt: null, accounts: [] });
        const paths = (await stage.simulated.takeCalls()).map(({ method, path }) => `${method} ${path}`);
        expect(paths).toContain(providerId === 'google-ads' ? 'POST /revoke' : 'DELETE /v26.0/me/permissions');
        const row = await (await openIntegrationsDatabase(stage.services)).manager.findOneByOrFail(ConnectionEntity, {
          id,
        });
        expect(row.sealedTokens).toBeNull();
        expect((await stage.ask(nora, DISCONNECT, { id })).data.disconnect.connection.status).toBe('DISCONNECTED');
        // The same accounts, with the ids they had, once it is connected again.
        await stage.connect(nora, providerId);
        expect((await look(id)).data.connection.accounts).toEqual(before.data.connection.accounts);
      },
    );

    it('of a failing provider are deleted, too', async () => {
      const id = await connected('google-ads');
      await stage.simulated.breakNext({ provider: 'google-oauth', kind: 'status', status: 500, times: 3 });
      expect((await stage.ask(nora, DISCONNECT, { id })).data.disconnect.connection.status).toBe('DISCONNECTED');
    });

    it('of a user who connected another organization keep that one working', async () => {
      const id = await connected('google-ads');
      const elsewhere = someone();
      const other = await stage.connect(elsewhere, 'google-ads');
      await stage.ask(nora, DISCONNECT, { id });
      const { errors } = await stage.ask(elsewhere, QUERY, { id: other.id, range });
      expect(errors).toEqual([]);
    });

    it('no longer read campaigns', async () => {
      const id = await connected('google-ads');
      const { data } = await stage.ask(nora, 'query ($id: ID!) { connection(id: $id) { accounts { id } } }', { id });
      await stage.ask(nora, DISCONNECT, { id });
      const query =
        'query ($id: ID!, $range: DateRangeInput!) { account(id: $id) { campaigns(range: $range) { totalCount } } }';
      const answer = await stage.ask(nora, query, { id: data.connection.accounts[0].id, range });
      expect(answer.code).toBe('RECONNECT_REQUIRED');
    });

    it('is for ADMINs', async () => {
      const id = await connected('meta-ads');
      const analyst = { ...nora, role: 'ANALYST' as const };
      expect((await stage.ask(analyst, DISCONNECT, { id })).code).toBe('FORBIDDEN');
    });
  });
});
