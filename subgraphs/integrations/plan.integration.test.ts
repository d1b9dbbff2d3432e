import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { givePlan } from '#ops/testing/test-services.js';
import { keepInUse } from '#runtime/entitlements/keep-in-use.js';
import { addDays } from './calendar-day.js';
import { type HistoryStage, openHistoryStage } from './testing/open-history-stage.js';
import { someone } from './testing/open-stage.js';

const LISTED = /* GraphQL */ `
  query ($of: [_Any!]!) {
    _entities(representations: $of) {
      ... on Organization {
        connections { id isReadOnly provider { id } accounts { id isReadOnly } }
        clients(first: 10) { edges { node { id isReadOnly } } }
      }
    }
  }
`;
const PERFORMANCE = /* GraphQL */ `
  query ($of: [_Any!]!, $range: DateRangeInput!, $compareTo: Comparison) {
    _entities(representations: $of) {
      ... on Organization {
        performance(range: $range, compareTo: $compareTo, groupBy: [ACCOUNT], first: 100) {
          sources { account { id } state reportedThrough code message }
          edges { node { account { id } metrics { impressions } } }
        }
      }
    }
  }
`;
const CREATE = 'mutation ($name: String!) { createClient(name: $name, accountIds: []) { client { id version } } }';
const ARCHIVE = 'mutation ($id: ID!) { archiveClient(clientId: $id) { client { id } } }';
const RESTORE = 'mutation ($id: ID!) { restoreClient(clientId: $id) { client { id } } }';
const RENAME =
  'mutation ($id: ID!, $name: String!) { updateClient(clientId: $id, version: 1, name: $name) { client { name } } }';
const CHECK = 'mutation ($id: ID!) { checkConnection(connectionId: $id) { connection { status } } }';
const BACKFILL =
  'mutation ($id: ID!, $from: Date!) { backfillHistory(accountId: $id, from: $from) { account { id } } }';
const TODAY = '2026-11-20';
const DAY_SECONDS = 86_400;

describe('what a plan includes of connections, accounts, clients and days', () => {
  const nora = someone();
  const of = [{ __typename: 'Organization', id: nora.organizationId }];
  let stage: HistoryStage;

  beforeAll(async () => {
    stage = await openHistoryStage(new Date(`${TODAY}T12:00:00Z`), { isSold: true });
    await give('pro');
    for (const provider of ['google-ads', 'meta-ads']) await stage.connect(nora, provider);
    await stage.copyAll();
  });
  afterAll(() => stage.close());
  beforeEach(async () => {
    stage.clock.now = new Date(`${TODAY}T12:00:00Z`);
    await give('pro');
    await stage.forgetAnswers();
    await stage.simulated.takeCalls();
  });

  const give = (planId: string, access?: 'READ_ONLY') =>
    givePlan(stage.services, { organizationId: nora.organizationId as string, planId, access });
  const keep = async (limit: 'CONNECTIONS' | 'ACCOUNTS', ids: string[]) => {
    const organizationId = nora.organizationId as string;
    await keepInUse(stage.services.operations, { organizationId, limit, ids, now: stage.clock.now });
    stage.services.entitlements.forget(organizationId);
  };
  const ask = (query: string, variables: Record<string, unknown> = {}) => stage.ask(nora, query, variables);
  const listed = async () => {
    const { connections, clients } = (await ask(LISTED, { of })).data._entities[0];
    const connectionOf = (id: string) => connections.find((one: any) => one.provider.id === id);
    return { google: connectionOf('google-ads'), meta: connectionOf('meta-ads'), clients };
  };
  const inUse = ({ accounts }: any) => accounts.filter((one: any) => !one.isReadOnly).map(({ id }: any) => id);
  const read = async (start: string, end: string, compareTo?: string) => {
    const { data, errors } = await ask(PERFORMANCE, { of, range: { start, end }, compareTo });
    return { performance: data?._entities[0]?.performance, error: errors[0] };
  };
  const askedProviders = async () => new Set((await stage.simulated.takeCalls()).map(({ provider }) => provider));

  it('is counted by day: the most accounts in use at once, kept for 25 months', async () => {
    const query = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on UsageDay { accounts } } }';
    const usedOn = async (...dates: string[]) => {
      const days = dates.map((date) => ({ __typename: 'UsageDay', organizationId: nora.organizationId, date }));
      const others = { ...days[0], organizationId: someone().organizationId };
      const found = (await ask(query, { of: [...days, others] })).data._entities;
      expect(found.pop()).toBeNull();
      return found.map((day: any) => day.accounts);
    };
    const { google, meta } = await listed();
    const all = google.accounts.length + meta.accounts.length;
    // Of today they are counted at once, of other days by the job.
    expect(await usedOn(addDays(TODAY, -1), TODAY)).toEqual([0, all]);
    await stage.run('integrations.count-accounts');
    await stage.sql('UPDATE integrations.account_day SET accounts = accounts + 1');
    await stage.run('integrations.count-accounts');
    stage.clock.advanceSeconds(DAY_SECONDS);
    expect(await usedOn(TODAY, addDays(TODAY, 1))).toEqual([all + 1, all]);
    stage.clock.now = new Date('2028-12-21T00:00:00Z');
    await stage.run('integrations.count-accounts');
    expect(await usedOn(TODAY)).toEqual([0]);
  });

  it('beyond it the newest are only read: figures are those copied before, and say why; a larger plan asks again', async () => {
    const before = await listed();
    expect([before.google.isReadOnly, before.meta.isReadOnly]).toEqual([false, false]);
    expect(inUse(before.meta)).toHaveLength(before.meta.accounts.length);
    await give('free');
    const { google, meta } = await listed();
    expect([google.isReadOnly, meta.isReadOnly]).toEqual([false, true]);
    expect([inUse(google).length, inUse(meta).length]).toEqual([2, 0]);

    await stage.simulated.takeCalls();
    const { performance } = await read('2026-11-18', TODAY);
    expect([...(await askedProviders())]).toEqual(['google-ads']);
    const metaIds = meta.accounts.map(({ id }: any) => id);
    const ofMeta = performance.sources.filter(
      ({ account, code }: any) => metaIds.includes(account.id) && code !== 'ACCOUNT_CLOSED',
    );
    expect(ofMeta.length).toBeGreaterThan(0);
    for (const source of ofMeta) {
      expect(source).toMatchObject({ state: 'MISSING', code: 'LIMIT_REACHED', reportedThrough: '2026-11-19' });
      expect(source.message).toContain('Free allows 1 (CONNECTIONS), and 2 are used: the plan Starter allows it');
    }
    const codes = new Set(performance.sources.map(({ code }: any) => code));
    expect(codes).toContain(null);
    expect(performance.edges.some(({ node }: any) => metaIds.includes(node.account.id))).toBe(true);
    // Copied days count for ever, and may have changed since, or not.
    const stateOfMeta = async (start: string, end: string) => {
      const { edges, sources } = (await read(start, end)).performance;
      expect(edges.some(({ node }: any) => metaIds.includes(node.account.id))).toBe(true);
      return sources.find(({ account }: any) => account.id === ofMeta[0].account.id);
    };
    stage.clock.advanceSeconds(7 * DAY_SECONDS);
    expect(await stateOfMeta('2026-11-17', '2026-11-18')).toMatchObject({ state: 'STALE', code: 'LIMIT_REACHED' });
    expect(await stateOfMeta('2026-08-30', '2026-08-31')).toMatchObject({ state: 'COMPLETE', code: null });
    const campaigns = `query ($id: ID!, $range: DateRangeInput!) {
      account(id: $id) { campaigns(range: $range) { edges { node { id } } reportedThrough freshness { isStale } } } }`;
    const range = { start: '2026-11-10', end: '2026-11-27' };
    const { data: shown } = await ask(campaigns, { id: ofMeta[0].account.id, range });
    expect(shown.account.campaigns).toMatchObject({ reportedThrough: '2026-11-19', freshness: { isStale: true } });
    expect(shown.account.campaigns.edges.length).toBeGreaterThan(0);

    expect((await ask(CHECK, { id: meta.id })).code).toBe('LIMIT_REACHED');
    stage.clock.advanceSeconds(DAY_SECONDS);
    await stage.run('integrations.sync-connections');
    await stage.run('integrations.sync-connection', { connectionId: meta.id, organizationId: nora.organizationId });
    const [{ account }] = ofMeta;
    await stage.simulated.takeCalls();
    await stage.copy(account, nora);
    expect([...(await askedProviders())]).toEqual([]);
    const history = 'query ($id: ID!) { account(id: $id) { history { problem } } }';
    expect((await ask(history, { id: account.id })).data.account.history.problem).toContain('Free allows 1');
    expect((await ask(BACKFILL, { id: account.id, from: addDays(TODAY, -80) })).code).toBe('LIMIT_REACHED');

    await keep('CONNECTIONS', [meta.id]);
    const chosen = await listed();
    expect([chosen.google.isReadOnly, chosen.meta.isReadOnly]).toEqual([true, false]);
    // Accounts that are asked come before those of connections that are not.
    expect([inUse(chosen.google).length, inUse(chosen.meta).length]).toEqual([0, 2]);
    const last = chosen.meta.accounts.at(-1).id;
    await keep('ACCOUNTS', [last]);
    expect(inUse((await listed()).meta)).toContain(last);

    for (const limit of ['CONNECTIONS', 'ACCOUNTS'] as const) await keep(limit, []);
    await give('pro');
    stage.clock.now = new Date(`${TODAY}T12:00:00Z`);
    await stage.forgetAnswers();
    const again = await read('2026-11-18', TODAY);
    expect(again.performance.sources.map(({ code }: any) => code)).not.toContain('LIMIT_REACHED');
    expect(await askedProviders()).toEqual(new Set(['google-ads', 'meta']));
  });

  it('clients: as many as it includes are created and restored; those beyond it cannot be changed', async () => {
    const create = async (name: string) => (await ask(CREATE, { name })).data?.createClient.client.id;
    const [first, second] = [await create('First'), await create('Second')];
    await give('free');
    const refused = await ask(CREATE, { name: 'Third' });
    expect(refused.errors[0].extensions).toMatchObject({
      code: 'LIMIT_REACHED',
      limit: { name: 'CLIENTS', used: 2, allowed: 1, planId: 'starter' },
    });
    expect((await listed()).clients.edges.map(({ node }: any) => [node.id, node.isReadOnly])).toEqual([
      [first, false],
      [second, true],
    ]);
    expect((await ask(RENAME, { id: second, name: 'Other' })).code).toBe('LIMIT_REACHED');
    expect((await ask(RENAME, { id: first, name: 'Own' })).errors).toEqual([]);
    expect((await ask(ARCHIVE, { id: second })).errors).toEqual([]);
    expect((await ask(RESTORE, { id: second })).code).toBe('LIMIT_REACHED');
    await give('starter');
    const room = 5 - 1;
    const made = await Promise.all([
      ask(RESTORE, { id: second }),
      ...Array.from({ length: room + 2 }, (_, index) => ask(CREATE, { name: `At once ${index}` })),
    ]);
    expect(made.filter(({ code }) => code === undefined)).toHaveLength(room);
  });

  it('a connection more is refused and given back at its provider; one that is renewed is none', async () => {
    await give('free');
    const callback = await stage.simulated.decide(await stage.authorize(nora, 'linkedin-ads'));
    const refused = await stage.finish(nora, 'linkedin-ads', callback);
    expect(refused.errors[0].extensions).toMatchObject({
      code: 'LIMIT_REACHED',
      limit: { name: 'CONNECTIONS', used: 2, allowed: 1, planId: 'starter' },
    });
    const [{ count }] = await stage.sql<any>(
      "SELECT count(*)::int AS count FROM integrations.connection WHERE provider_id = 'linkedin-ads'",
    );
    expect(count).toBe(0);
    expect((await stage.connect(nora, 'google-ads')).status).toBe('ACTIVE');
    await give('starter');
    expect((await stage.connect(nora, 'linkedin-ads')).status).toBe('ACTIVE');
  });

  it('days before those it includes are refused, the range named, and not copied', async () => {
    await give('free');
    const first = addDays(TODAY, -92);
    expect((await read(first, addDays(first, 1))).error).toBeUndefined();
    const { error } = await read(addDays(first, -1), TODAY);
    expect(error.extensions).toMatchObject({
      code: 'LIMIT_REACHED',
      limit: { name: 'HISTORY_DAYS', used: 93, allowed: 92, planId: 'starter' },
    });
    expect(error.message).toContain(`the range ${addDays(first, -1)} to ${TODAY} begins earlier`);
    expect((await read('2026-11-01', '2026-11-07', 'PREVIOUS_YEAR')).error.extensions.code).toBe('LIMIT_REACHED');
    const { google } = await listed();
    const [account] = inUse(google);
    const range = { start: '2026-01-01', end: '2026-01-07' };
    for (const field of [
      'campaigns(range: $range) { edges { node { id } } }',
      'metricsDaily(range: $range) { date }',
    ]) {
      const query = `query ($id: ID!, $range: DateRangeInput!) { account(id: $id) { ${field} } }`;
      expect((await ask(query, { id: account, range })).code).toBe('LIMIT_REACHED');
    }
    expect((await ask(BACKFILL, { id: account, from: addDays(first, -1) })).code).toBe('LIMIT_REACHED');
    const budgets = `query ($of: [_Any!]!, $month: Date) {
      _entities(representations: $of) { ... on Organization { budgets(month: $month) { totalCount } } } }`;
    expect((await ask(budgets, { of, month: '2026-07-01' })).code).toBe('LIMIT_REACHED');
    expect((await ask(budgets, { of })).errors).toEqual([]);
  });

  it('nothing new is fetched for an organization that can only read; all that there is can be read', async () => {
    await give('free', 'READ_ONLY');
    const { performance, error } = await read('2026-01-01', TODAY);
    expect(error).toBeUndefined();
    const codes = new Set(
      performance.sources.map(({ code }: any) => code).filter((code: any) => code !== 'ACCOUNT_CLOSED'),
    );
    expect([...codes]).toEqual(['SUBSCRIPTION_REQUIRED']);
    expect(performance.edges.length).toBeGreaterThan(0);
    stage.clock.advanceSeconds(2 * DAY_SECONDS);
    const queued: string[] = [];
    const { jobs } = stage.services;
    const enqueue = jobs.enqueue;
    jobs.enqueue = async (name) => void queued.push(name);
    for (const job of ['sync-connections', 'open-histories', 'queue-histories', 'queue-alerts'])
      await stage.run(`integrations.${job}`);
    expect(queued).toEqual([]);
    await give('pro');
    for (const job of ['sync-connections', 'open-histories', 'queue-histories']) await stage.run(`integrations.${job}`);
    jobs.enqueue = enqueue;
    expect(new Set(queued)).toEqual(new Set(['integrations.sync-connection', 'integrations.copy-history']));
    stage.clock.now = new Date(`${TODAY}T12:00:00Z`);
    expect([...(await askedProviders())]).toEqual([]);
  });
});
