import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { itInDrills } from '#ops/testing/it-in-drills.js';
import { migrations, openIntegrationsDatabase } from './database.js';
import { KeysByOrganization1764500001201 } from './migrations/0012-keys-by-organization.js';
import { byId, expectedCampaigns, microsOf } from './testing/expected-campaigns.js';
import { type HistoryStage, openHistoryStage } from './testing/open-history-stage.js';
import { someone } from './testing/open-stage.js';

const METRICS = 'impressions clicks cost { amount currency } conversions conversionValue { amount currency }';

const accountsOf = (asked: string) => /* GraphQL */ `
  query ($id: ID!, $range: DateRangeInput!) {
    _entities(representations: [{ __typename: "Organization", id: $id }]) {
      ... on Organization { accounts { externalId currency status ${asked} } }
    }
  }
`;

const CAMPAIGNS = accountsOf(`campaigns(range: $range, first: 1000) {
  freshness { fetchedAt ageSeconds isStale }
  edges { node { externalId name status metrics(range: $range) { ${METRICS} } } }
}`);

const DAYS = accountsOf(`metricsDaily(range: $range) { date fetchedAt metrics { ${METRICS} } }`);

const figuresOf = (metrics: any) => ({
  impressions: metrics.impressions,
  clicks: metrics.clicks,
  costMicros: microsOf(metrics.cost.amount),
  conversions: metrics.conversions ?? 0,
  conversionValueMicros: microsOf(metrics.conversionValue?.amount ?? '0'),
});

const zero = { impressions: 0, clicks: 0, costMicros: 0n, conversions: 0, conversionValueMicros: 0n };

describe('history', () => {
  const nora = someone();
  let stage: HistoryStage;

  beforeAll(async () => {
    stage = await openHistoryStage(new Date('2026-11-20T12:00:00Z'));
    for (const providerId of ['google-ads', 'meta-ads', 'linkedin-ads']) await stage.connect(nora, providerId);
    await stage.copyAll();
  }, 180_000);
  beforeEach(async () => {
    await stage.forgetAnswers();
    await stage.simulated.forgetFaults();
    await stage.simulated.takeCalls();
  });
  afterAll(() => stage.close());

  async function truthOf(range: { start: string; end: string; daily?: boolean }) {
    const all = await Promise.all(
      (['google-ads', 'meta', 'linkedin'] as const).map((seed) => stage.simulated.truth(seed, range)),
    );
    return new Map(all.flat().map((account) => [account.id, account]));
  }

  async function look(query: string, range: { start: string; end: string }): Promise<any[]> {
    const { data, errors } = await stage.ask(nora, query, { id: nora.organizationId, range });
    expect(errors).toEqual([]);
    return data._entities[0].accounts.filter(({ status }: any) => status === 'ACTIVE');
  }

  it('sums days once, until any process stores one of the account', async () => {
    const range = { start: '2026-09-01', end: '2026-09-30' };
    const first = await look(CAMPAIGNS, range);
    const query = jest.spyOn(stage.database, 'query');
    expect(await look(CAMPAIGNS, range)).toEqual(first);
    expect(query.mock.calls.filter(([text]) => /daily_metrics|history_day/.test(text))).toEqual([]);
    query.mockRestore();

    const [key] = await stage.sql(
      'SELECT account_id AS id, campaign_id AS "externalId" FROM integrations.daily_metrics WHERE organization_id = $1 LIMIT 1',
      [nora.organizationId],
    );
    const addClicks = (clicks: number) =>
      stage.sql(
        `UPDATE integrations.daily_metrics SET clicks = clicks + $3
         WHERE account_id = $1 AND campaign_id = $2 AND day = '2026-09-10'`,
        [key.id, key.externalId, clicks],
      );
    const clicksIn = (accounts: any[]) =>
      accounts
        .flatMap(({ campaigns }) => campaigns.edges)
        .filter(({ node }) => node.externalId === key.externalId)
        .reduce((sum, { node }) => sum + node.metrics.clicks, 0);
    await addClicks(1_000);
    expect(clicksIn(await look(CAMPAIGNS, range))).toBe(clicksIn(first) + 1_000);
    await addClicks(-1_000);
    expect(await look(CAMPAIGNS, range)).toEqual(first);
  });

  it.each([
    ['all of it copied', { start: '2026-09-01', end: '2026-09-30' }],
    ['up to today', { start: '2026-10-20', end: '2026-11-20' }],
    ['the last days alone', { start: '2026-11-18', end: '2026-11-20' }],
    ['half of it before what is copied', { start: '2026-08-01', end: '2026-09-10' }],
    ['longer than what is copied at both ends', { start: '2026-08-01', end: '2026-11-20' }],
    ['a day', { start: '2026-11-17', end: '2026-11-17' }],
  ])('has the exact figures of every account: %s', async (_what, range) => {
    const truth = await truthOf(range);
    const accounts = await look(CAMPAIGNS, range);
    expect(new Set(accounts.map(({ currency }) => currency))).toEqual(new Set(['USD', 'EUR', 'GBP', 'JPY']));
    for (const { externalId, campaigns } of accounts) {
      const found = campaigns.edges.map(({ node: { externalId, name, metrics } }: any) => ({
        externalId,
        name,
        ...figuresOf(metrics),
      }));
      expect(found.sort(byId)).toEqual(expectedCampaigns(truth.get(externalId) as never));
    }
  });

  itInDrills.each([
    ['all of it copied', { start: '2026-09-01', end: '2026-09-30' }],
    ['up to today', { start: '2026-10-20', end: '2026-11-20' }],
    ['half of it before what is copied', { start: '2026-08-01', end: '2026-09-10' }],
  ])('has the exact days of every account: %s', async (_what, range) => {
    const truth = await truthOf({ ...range, daily: true });
    for (const { externalId, metricsDaily } of await look(DAYS, range)) {
      const days = new Map<string, typeof zero>();
      for (const campaign of truth.get(externalId)?.campaigns ?? []) {
        for (const day of campaign.daily ?? []) {
          const sum = days.get(day.date) ?? zero;
          days.set(day.date, {
            impressions: sum.impressions + day.impressions,
            clicks: sum.clicks + day.clicks,
            costMicros: sum.costMicros + BigInt(day.costMicros),
            conversions: sum.conversions + Number(day.conversions),
            conversionValueMicros: sum.conversionValueMicros + microsOf(day.conversionValue),
          });
        }
      }
      expect(metricsDaily.map(({ date, metrics }: any) => [date, figuresOf(metrics)])).toEqual(
        [...days].sort(([one], [other]) => (one < other ? -1 : 1)),
      );
    }
  });

  it.each([
    ['copied', { start: '2026-09-01', end: '2026-09-30' }],
    ['copied in part', { start: '2026-10-20', end: '2026-11-20' }],
  ])(
    'of Meta has what is counted and the result by objective, unknown where nothing is reported: %s',
    async (_what, range) => {
      const own =
        'conversions conversionValue { amount } cpa { amount } roas results { type value } actions { type value }';
      const query = accountsOf(
        `provider { id } campaigns(range: $range, first: 1000) { edges { node {
        externalId objective metrics(range: $range) { clicks ${own} } metricsDaily(range: $range) { metrics { ${own} } }
      } } }`,
      );
      const truth = await truthOf(range);
      const seen = new Set<string>();
      for (const { externalId, provider, campaigns } of await look(query, range)) {
        for (const { node } of campaigns.edges) {
          const { conversions, conversionValue, cpa, roas, results, actions } = node.metrics;
          if (provider.id !== 'meta-ads') {
            expect([typeof conversions, results, actions]).toEqual(['number', null, null]);
            continue;
          }
          const seeded = truth.get(externalId)?.campaigns.find(({ id }: any) => id === node.externalId);
          const orders = Number(seeded?.conversions);
          const of = (type: string) => actions.find((one: any) => one.type === type)?.value ?? null;
          expect(conversions).toBe(orders === 0 ? null : orders);
          expect([of('purchase'), of('omni_purchase')]).toEqual(Array(2).fill(orders === 0 ? null : String(orders)));
          expect(of('link_click')).toBe(node.metrics.clicks === orders ? null : String(node.metrics.clicks - orders));
          if (orders === 0) expect([conversionValue, cpa, roas]).toEqual([null, null, null]);
          const expected: any = {
            OUTCOME_SALES: ['purchase', of('purchase')],
            OUTCOME_TRAFFIC: ['link_click', of('link_click')],
          };
          const [type, value] = expected[node.objective] ?? [null, null];
          expect(results).toEqual(value === null ? null : { type, value });
          if (results) seen.add(type);
          const daily = node.metricsDaily.map(({ metrics }: any) => Number(metrics.results?.value ?? 0));
          expect(daily.reduce((sum: number, one: number) => sum + one, 0)).toBe(Number(results?.value ?? 0));
        }
      }
      expect(seen).toEqual(new Set(['purchase', 'link_click']));
    },
  );

  const googleQueries = async () =>
    (await stage.simulated.takeCalls('google-ads')).map(({ body }) => /BETWEEN .*$/.exec(String(body?.query))?.[0]);

  it('makes no call for copied days', async () => {
    await look(DAYS, { start: '2026-09-01', end: '2026-09-30' });
    expect(await stage.simulated.takeCalls()).toEqual([]);
  });

  it('reads the missing days of each account, in one call', async () => {
    await look(CAMPAIGNS, { start: '2026-10-20', end: '2026-11-20' });
    expect(await googleQueries()).toEqual(Array(4).fill("BETWEEN '2026-11-18' AND '2026-11-20'"));
    await look(CAMPAIGNS, { start: '2026-08-10', end: '2026-09-10' });
    expect(await googleQueries()).toEqual(Array(4).fill("BETWEEN '2026-08-10' AND '2026-08-21'"));
  });

  it('makes no further call for another range up to today', async () => {
    await look(CAMPAIGNS, { start: '2026-10-20', end: '2026-11-20' });
    await stage.simulated.takeCalls();
    await look(CAMPAIGNS, { start: '2026-11-01', end: '2026-11-20' });
    expect(await stage.simulated.takeCalls()).toEqual([]);
  });

  it('lists the campaigns once for all past ranges', async () => {
    await look(CAMPAIGNS, { start: '2026-09-01', end: '2026-09-30' });
    expect(await googleQueries()).toHaveLength(4);
    await look(CAMPAIGNS, { start: '2026-10-01', end: '2026-10-15' });
    expect(await stage.simulated.takeCalls()).toEqual([]);
  });

  it('returns copied days while the provider fails, and an error for missing ones', async () => {
    await stage.simulated.breakNext({ provider: 'google-ads', kind: 'status', status: 500, times: 99 });
    expect((await look(DAYS, { start: '2026-09-01', end: '2026-09-30' })).length).toBeGreaterThan(0);
    const range = { start: '2026-10-20', end: '2026-11-20' };
    const { errors } = await stage.ask(nora, DAYS, { id: nora.organizationId, range });
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(Array(4).fill('PROVIDER_UNAVAILABLE'));
  });

  it('reports when its oldest changeable figures were read', async () => {
    const before = stage.clock.now;
    stage.clock.now = new Date(before.getTime() + 3 * 60 * 60 * 1000);
    const ageOf = async (range: { start: string; end: string }) =>
      (await look(CAMPAIGNS, range))[0].campaigns.freshness.ageSeconds;
    expect(await ageOf({ start: '2026-10-25', end: '2026-11-20' })).toBe(3 * 60 * 60);
    expect(await ageOf({ start: '2026-09-01', end: '2026-09-30' })).toBe(0);
    const [{ metricsDaily }] = await look(DAYS, { start: '2026-09-01', end: '2026-09-30' });
    expect(metricsDaily[0].fetchedAt).toBe(before.toISOString());
    stage.clock.now = before;
  });

  it('reads changeable days again after a missed night, and final ones never', async () => {
    const before = stage.clock.now;
    stage.clock.now = new Date(before.getTime() + 37 * 60 * 60 * 1000);
    await look(DAYS, { start: '2026-10-10', end: '2026-10-31' });
    expect(new Set(await googleQueries())).toEqual(new Set(["BETWEEN '2026-10-21' AND '2026-10-31'"]));
    stage.clock.now = before;
  });

  it('reads from the provider when an active campaign is no longer listed', async () => {
    const range = { start: '2026-09-01', end: '2026-09-30' };
    const [account] = await stage.activeAccounts(nora);
    await stage.sql(
      `INSERT INTO integrations.daily_metrics SELECT organization_id, account_id, '2026-09-10', 'unheard-of', 1, 1, 1, 1, 1
       FROM integrations.account_history WHERE account_id = $1`,
      [account.id],
    );
    const accounts = await look(CAMPAIGNS, range);
    await stage.sql("DELETE FROM integrations.daily_metrics WHERE campaign_id = 'unheard-of'");
    const truth = (await truthOf(range)).get(account.externalId);
    const found = accounts.find(({ externalId }) => externalId === account.externalId).campaigns.edges;
    expect(found).toHaveLength(expectedCampaigns(truth as never).length);
  });

  it('is not shared between organizations', async () => {
    const stranger = someone();
    const [account] = await stage.activeAccounts(nora);
    const query = 'query ($id: ID!) { account(id: $id) { history { from } } }';
    expect((await stage.ask(stranger, query, { id: account.id })).code).toBe('NOT_FOUND');
  });

  it('is read by index, of the months asked for only', async () => {
    await stage.sql('ANALYZE integrations.daily_metrics, integrations.history_day');
    const [account] = await stage.activeAccounts(nora);
    const plan = await stage.sql(
      `EXPLAIN SELECT known.campaign_id, sum(known.clicks)
       FROM unnest($1::int[], $2::uuid[], $3::date[], $4::date[]) AS question (place, account_id, first, last)
       JOIN integrations.daily_metrics AS known ON known.account_id = question.account_id AND known.organization_id = $5
         AND known.day BETWEEN $6 AND $7 AND known.day BETWEEN question.first AND question.last
       GROUP BY 1`,
      [[0], [account.id], ['2026-09-01'], ['2026-09-07'], nora.organizationId, '2026-09-01', '2026-09-07'],
    );
    const text = plan.map((row: any) => row['QUERY PLAN']).join('\n');
    expect(text).toContain('daily_metrics_2026_09_pkey');
    expect(text).toContain('organization_id =');
    expect(text).not.toMatch(/_2026_(08|10|11)|Seq Scan/);
  });

  it('has keys that begin with the organization, and refers to others with it', async () => {
    const keys = await stage.sql(
      `SELECT conrelid::regclass::text AS "table", contype AS type, pg_get_constraintdef(oid) AS definition
       FROM pg_constraint WHERE connamespace = 'integrations'::regnamespace AND contype IN ('p', 'u', 'f')
         AND conrelid IN (SELECT attrelid FROM pg_attribute WHERE attname = 'organization_id')`,
    );
    // Found by its token, and kept for minutes.
    const ofOrganizations = keys.filter(({ table }: any) => table !== 'integrations.pending_consent');
    expect(ofOrganizations.length).toBeGreaterThan(15);
    const columns =
      /^(?:PRIMARY KEY|UNIQUE|FOREIGN KEY) \(organization_id\b.*?(?: REFERENCES [\w.]+\(organization_id\b.*)?$/;
    expect(ofOrganizations.filter(({ definition }: any) => !columns.test(definition))).toEqual([]);
    expect(keys.filter(({ table, type }: any) => table === 'integrations.pending_consent' && type === 'f')).toEqual([]);
  });

  it('is moved to partitions as it is, and back', async () => {
    const everything = async () => {
      const tables = ['account', 'account_history', 'history_campaign', 'history_day', 'daily_metrics'];
      const rows = tables.map((table) => stage.sql(`SELECT t::text FROM integrations.${table} AS t ORDER BY 1`));
      return Promise.all(rows);
    };
    const partitions = () => stage.sql("SELECT FROM pg_class WHERE relispartition AND relkind = 'r'");
    const runner = (await openIntegrationsDatabase(stage.services)).createQueryRunner();
    const migration = new KeysByOrganization1764500001201();
    // Tables made later refer to these keys.
    const later = migrations.slice(migrations.indexOf(KeysByOrganization1764500001201) + 1).map((Later) => new Later());
    for (const one of later.toReversed()) await one.down(runner);
    const before = await everything();
    await migration.down(runner);
    expect(await partitions()).toEqual([]);
    expect(await everything()).toEqual(before);
    await migration.up(runner);
    expect((await partitions()).length).toBeGreaterThan(4);
    expect(await everything()).toEqual(before);
    for (const one of later) await one.up(runner);
    await runner.release();
  });
});
