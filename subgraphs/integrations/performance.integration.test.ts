import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { itInDrills } from '#ops/testing/it-in-drills.js';
import { addDays, isInRange } from './calendar-day.js';
import { startOfUnit, type TimeUnit } from './compared-days.js';
import { microsOf } from './testing/expected-campaigns.js';
import { type HistoryStage, openHistoryStage } from './testing/open-history-stage.js';
import { someone } from './testing/open-stage.js';

const SUMS = 'impressions clicks cost { amount currency } conversions conversionValue { amount }';

const PERFORMANCE = /* GraphQL */ `
  query ($of: [_Any!]!, $period: Period, $range: DateRangeInput, $compareTo: Comparison, $compareRange: DateRangeInput,
    $groupBy: [PerformanceDimension!]! = [], $filter: PerformanceFilterInput, $orderBy: PerformanceOrderInput,
    $first: Int! = 1000, $after: String) {
    _entities(representations: $of) {
      ... on Organization {
        performance(period: $period, range: $range, compareTo: $compareTo, compareRange: $compareRange, groupBy: $groupBy,
          filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
          totalCount
          range { start end }
          compared { start end }
          pageInfo { hasNextPage endCursor }
          totals { currency metrics { ${SUMS} } previous { ${SUMS} } change { cost { absolute percent } } }
          sources { account { id externalId } state reportedThrough code message }
          edges {
            node {
              provider { id } client { name } account { externalId } campaign { externalId name status type } campaignType status objective
              day week month currency
              metrics { ${SUMS} ctr cpc { amount } cpm { amount } cpa { amount } roas }
              previous { ${SUMS} }
              change { clicks { absolute percent } cost { absolute percent } ctr { absolute percent } }
            }
          }
        }
      }
    }
  }
`;

interface TrueDay {
  provider: string;
  account: string;
  currency: string;
  campaign: string;
  type: string;
  day: string;
  impressions: number;
  clicks: number;
  cost: bigint;
}

const providers = ['google-ads', 'meta-ads', 'linkedin-ads'] as const;
const seeds = { 'google-ads': 'google-ads', 'meta-ads': 'meta', 'linkedin-ads': 'linkedin' } as const;

describe('the performance of an organization', () => {
  const nora = someone();
  let stage: HistoryStage;
  let truth: TrueDay[];

  beforeAll(async () => {
    stage = await openHistoryStage(new Date('2026-11-20T12:00:00Z'));
    for (const provider of providers) await stage.connect(nora, provider);
    await stage.copyAll();
    truth = await readTruth();
  });
  beforeEach(() => stage.simulated.forgetFaults());
  afterAll(() => stage.close());

  async function readTruth(): Promise<TrueDay[]> {
    const accounts = await stage.activeAccounts(nora);
    const ids = new Set(accounts.map(({ externalId }) => externalId));
    const days: TrueDay[] = [];
    for (const provider of providers) {
      const all = await stage.simulated.truth(seeds[provider], { start: '2026-07-01', end: '2026-11-20', daily: true });
      for (const { id, currency, campaigns } of all.filter((account) => ids.has(account.id))) {
        for (const campaign of campaigns) {
          for (const { date, impressions, clicks, costMicros } of campaign.daily ?? []) {
            const of = { provider, account: id, currency, campaign: campaign.id, type: campaign.type };
            days.push({ ...of, day: date, impressions, clicks, cost: BigInt(costMicros) });
          }
        }
      }
    }
    return days;
  }

  async function ask(variables: object, identity = nora, timeZone = 'UTC') {
    const of = [{ __typename: 'Organization', id: identity.organizationId, timeZone }];
    const { data, errors, code } = await stage.ask(identity, PERFORMANCE, { of, ...variables });
    const found = data?._entities?.[0]?.performance;
    return { ...found, rows: found?.edges.map(({ node }: any) => node), errors, code };
  }

  type Range = { start: string; end: string };

  /** Sums the seed's days by a key and currency. */
  function sumTruth(range: Range, keyOf: (day: TrueDay) => string) {
    const sums = new Map<string, { impressions: number; clicks: number; cost: bigint }>();
    for (const day of truth.filter((one) => isInRange(one.day, range))) {
      const key = `${keyOf(day)} ${day.currency}`;
      const { impressions, clicks, cost } = sums.get(key) ?? { impressions: 0, clicks: 0, cost: 0n };
      sums.set(key, {
        impressions: impressions + day.impressions,
        clicks: clicks + day.clicks,
        cost: cost + day.cost,
      });
    }
    return sums;
  }
  const sumsOf = ({ impressions, clicks, cost }: any) => ({ impressions, clicks, cost: microsOf(cost.amount) });
  const nothing = { impressions: 0, clicks: 0, cost: 0n };
  /** Adds rows or totals up, by currency. */
  const sumOf = (rows: any[]) => {
    const sums: Record<string, bigint> = {};
    for (const { currency, metrics } of rows) sums[currency] = (sums[currency] ?? 0n) + microsOf(metrics.cost.amount);
    return sums;
  };

  const unit = (name: TimeUnit) => (day: TrueDay) => startOfUnit(day.day, name);
  it.each<[string[], (day: TrueDay) => string, (row: any) => string]>([
    [[], () => '', () => ''],
    [['PROVIDER'], ({ provider }) => provider, ({ provider }) => provider.id],
    [['ACCOUNT'], ({ account }) => account, ({ account }) => account.externalId],
    [
      ['CAMPAIGN'],
      ({ account, campaign }) => `${account} ${campaign}`,
      ({ account, campaign }) => `${account.externalId} ${campaign.externalId}`,
    ],
    [
      ['CAMPAIGN_TYPE', 'PROVIDER'],
      ({ type, provider }) => `${type} ${provider}`,
      ({ campaignType, provider }) => `${campaignType} ${provider.id}`,
    ],
    [['DAY'], unit('DAY'), ({ day }) => day],
    [['WEEK'], unit('WEEK'), ({ week }) => week],
    [
      ['MONTH', 'PROVIDER', 'ACCOUNT'],
      (day) => `${unit('MONTH')(day)} ${day.provider} ${day.account}`,
      ({ month, provider, account }) => `${month} ${provider.id} ${account.externalId}`,
    ],
  ])('is that of the seed by %p, of copied days and of today', async (groupBy, keyOf, keyOfRow) => {
    const range = { start: '2026-10-05', end: '2026-11-20' };
    const compared = { start: '2026-08-19', end: '2026-10-04' };
    const { rows, totalCount, errors, ...found } = await ask({ range, compareTo: 'PREVIOUS_PERIOD', groupBy });
    expect(errors).toEqual([]);
    expect([found.range, found.compared]).toEqual([range, compared]);
    const expected = sumTruth(range, keyOf);
    const active = rows.filter(({ metrics }: any) => metrics.impressions > 0);
    expect(new Map(active.map((row: any) => [`${keyOfRow(row)} ${row.currency}`, sumsOf(row.metrics)]))).toEqual(
      new Map([...expected].filter(([, { impressions }]) => impressions > 0)),
    );
    expect(totalCount).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(1);
    if (!groupBy.some((dimension) => ['DAY', 'WEEK', 'MONTH'].includes(dimension))) {
      const before = sumTruth(compared, keyOf);
      for (const row of rows) {
        expect(sumsOf(row.previous)).toEqual(before.get(`${keyOfRow(row)} ${row.currency}`) ?? nothing);
      }
    }
    const totals = sumTruth(range, () => '');
    expect(new Map(found.totals.map((one: any) => [` ${one.currency}`, sumsOf(one.metrics)]))).toEqual(totals);
    const before = sumTruth(compared, () => '');
    expect(new Map(found.totals.map((one: any) => [` ${one.currency}`, sumsOf(one.previous)]))).toEqual(before);
  });

  it('compares the first day with the first, and so on', async () => {
    const range = { start: '2026-11-02', end: '2026-11-08' };
    const compareRange = { start: '2026-10-05', end: '2026-10-11' };
    const filter = { accountIds: ['1029384756'] };
    const { rows } = await ask({ range, compareRange, groupBy: ['DAY'], filter });
    const mine = ({ account }: TrueDay) => (account === '1029384756' ? '' : 'other');
    expect(rows.map(({ day }: any) => day)).toEqual(Array.from({ length: 7 }, (_, n) => addDays(range.start, n)));
    for (const { day, currency, previous, metrics, change } of rows) {
      const then = addDays(day, -28);
      const before = sumTruth({ start: then, end: then }, mine).get(` ${currency}`) ?? nothing;
      expect(sumsOf(previous)).toEqual(before);
      expect(change.clicks.absolute).toBe(String(metrics.clicks - before.clicks));
    }
  });

  it('has ratios of sums, and none without a divisor', async () => {
    const { rows } = await ask({ period: 'LAST_30_DAYS', groupBy: ['PROVIDER'] });
    for (const { metrics } of rows) {
      expect(metrics.ctr).toBeCloseTo(metrics.clicks / metrics.impressions, 12);
      const cost = Number(metrics.cost.amount);
      expect(Number(metrics.cpc.amount)).toBeCloseTo(cost / metrics.clicks, 5);
      expect(Number(metrics.cpm.amount)).toBeCloseTo((cost * 1000) / metrics.impressions, 5);
      if (metrics.conversions) expect(Number(metrics.cpa.amount)).toBeCloseTo(cost / metrics.conversions, 5);
    }
    const empty = await ask({ range: { start: '2026-11-20', end: '2026-11-20' }, filter: { nameContains: 'no such' } });
    expect(empty).toMatchObject({ rows: [], totalCount: 0, errors: [] });
    // In each currency, nothing was spent.
    const accounts = await stage.activeAccounts(nora);
    expect(new Set(empty.totals.map(({ currency }: any) => currency))).toEqual(
      new Set(accounts.map(({ currency }) => currency)),
    );
    for (const { metrics } of empty.totals) expect(sumsOf(metrics)).toEqual(nothing);
  });

  it('is in the time zone of the organization', async () => {
    stage.clock.now = new Date('2026-11-20T23:30:00Z');
    const days = async (zone: string) => (await ask({ period: 'YESTERDAY' }, nora, zone)).range.end;
    expect([await days('UTC'), await days('Pacific/Auckland')]).toEqual(['2026-11-19', '2026-11-20']);
    stage.clock.now = new Date('2026-11-20T12:00:00Z');
  });

  it.each([
    { metric: 'CLICKS', value: 'CURRENT', direction: 'DESC' },
    { metric: 'CTR', value: 'CURRENT', direction: 'ASC' },
    { metric: 'CLICKS', value: 'CHANGE', direction: 'ASC' },
    { metric: 'IMPRESSIONS', value: 'CHANGE_PERCENT', direction: 'DESC' },
  ])('is ordered by %p, page by page', async (orderBy) => {
    const given = { period: 'LAST_14_DAYS', compareTo: 'PREVIOUS_PERIOD', groupBy: ['CAMPAIGN'], orderBy };
    const whole = await ask(given);
    const pages: any[] = [];
    for (let after: string | null = null; ; ) {
      const { rows, pageInfo } = await ask({ ...given, first: 40, after });
      pages.push(...rows);
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(pages).toEqual(whole.rows);
    expect(pages.length).toBeGreaterThan(80);
    const values: (number | null)[] = whole.rows.map(({ metrics, previous, change }: any) => {
      if (orderBy.metric === 'CTR') return metrics.ctr;
      if (orderBy.value === 'CHANGE') return Number(change.clicks.absolute);
      if (orderBy.value === 'CURRENT') return metrics.clicks;
      return previous.impressions === 0 ? null : (metrics.impressions - previous.impressions) / previous.impressions;
    });
    const known = values.filter((value) => value !== null);
    expect(values.slice(0, known.length)).toEqual(known);
    const sign = orderBy.direction === 'DESC' ? -1 : 1;
    expect(known).toEqual([...known].sort((one, other) => sign * (one - other)));
  });

  async function expectPages({
    first,
    ...given
  }: {
    first: number;
    groupBy: string[];
    filter?: object;
    compareTo?: string;
  }) {
    // Neither a week nor a month begins or ends with it.
    const question = { ...given, range: { start: '2026-10-08', end: '2026-11-18' } };
    const rows: any[] = [];
    const whole = await ask({ ...question, first });
    for (let page = whole; ; page = await ask({ ...question, first, after: page.pageInfo.endCursor })) {
      expect([page.totalCount, page.totals]).toEqual([whole.totalCount, whole.totals]);
      rows.push(...page.rows);
      if (!page.pageInfo.hasNextPage) break;
      expect(page.rows).toHaveLength(first);
    }
    expect(rows.length).toBeGreaterThan(2 * first);
    expect(rows).toHaveLength(whole.totalCount);
    if (rows.length <= 1_000) expect(rows).toEqual((await ask(question)).rows);
    const times = rows.map(({ day, week, month }) => day ?? week ?? month);
    expect(times).toEqual([...times].sort());
    if (!given.filter) expect(sumOf(rows)).toEqual(sumOf(whole.totals));
  }

  it.each([
    { groupBy: ['WEEK', 'ACCOUNT'], first: 7 },
    { groupBy: ['PROVIDER', 'MONTH'], first: 2 },
    { groupBy: ['DAY', 'CAMPAIGN'], first: 40, filter: { metrics: [{ metric: 'CLICKS', atLeast: '900' }] } },
  ])('is ordered by time, page by page, with the totals of all: %j', expectPages);
  itInDrills.each([
    { groupBy: ['DAY', 'CAMPAIGN'], first: 950 },
    { groupBy: ['DAY'], first: 30, compareTo: 'PREVIOUS_YEAR' },
  ])('is ordered by time, page by page, with the totals of all: %j', expectPages);

  it('reads for a later page by time only the days of its rows', async () => {
    const range = { start: '2026-10-08', end: '2026-11-18' };
    const query = `query ($of: [_Any!]!, $range: DateRangeInput, $after: String) { _entities(representations: $of) { ... on Organization {
      performance(range: $range, groupBy: [DAY, CAMPAIGN], first: 50, after: $after) {
        pageInfo { endCursor } edges { node { day } } } } } }`;
    const of = [{ __typename: 'Organization', id: nora.organizationId, timeZone: 'UTC' }];
    const read = async (after: string | null) => {
      const { data, rowsRead } = await stage.subgraph.execute({ query, variables: { of, range, after } }, nora);
      const { pageInfo } = (data as any)._entities[0].performance;
      return { rowsRead: rowsRead ?? 0, after: pageInfo.endCursor as string };
    };
    const whole = await read(null);
    const later = await read(whole.after);
    expect(later.rowsRead).toBeGreaterThan(0);
    expect(later.rowsRead).toBeLessThan(whole.rowsRead / 5);
  });

  it('has rows that meet conditions, and their totals', async () => {
    const condition = { metric: 'CLICKS', atLeast: '100', below: '1000' };
    const given = { period: 'LAST_30_DAYS', groupBy: ['CAMPAIGN'], filter: { metrics: [condition] } };
    const all = await ask({ ...given, filter: {} });
    const some = await ask(given);
    const expected = all.rows.filter(({ metrics }: any) => metrics.clicks >= 100 && metrics.clicks < 1000);
    expect(expected.length).toBeGreaterThan(0);
    expect(expected.length).toBeLessThan(all.rows.length);
    expect(some.rows).toEqual(expected);
    const clicks = (rows: any[]) => rows.reduce((sum, { metrics }) => sum + metrics.clicks, 0);
    expect(clicks(some.totals)).toBe(clicks(expected));
  });

  it('has actions and results as campaigns have them, added up, in rows and totals', async () => {
    const range = { start: '2026-10-26', end: '2026-11-20' };
    const actions = 'results { type value } actions { type value }';
    const query = `query ($of: [_Any!]!, $range: DateRangeInput!, $groupBy: [PerformanceDimension!]!,
      $filter: PerformanceFilterInput) {
      _entities(representations: $of) { ... on Organization {
        performance(range: $range, compareTo: PREVIOUS_PERIOD, groupBy: $groupBy, filter: $filter, first: 1000) {
          totals { currency metrics { ${actions} } previous { ${actions} } }
          edges { node { currency provider { id } metrics { ${actions} } campaign { metrics(range: $range) { ${actions} } } } }
      } } } }`;
    const read = async (groupBy: string[], filter?: object) => {
      const of = [{ __typename: 'Organization', id: nora.organizationId, timeZone: 'UTC' }];
      const { data } = await stage.ask(nora, query, { of, range, groupBy, filter });
      const { edges, totals } = data._entities[0].performance;
      return { rows: edges.map(({ node }: any) => node), totals };
    };
    type Counts = { type: string; value: string }[];
    const addUp = (lists: (Counts | null)[]) => {
      const sums = new Map<string, bigint>();
      for (const { type, value } of lists.flatMap((list) => list ?? [])) {
        sums.set(type, (sums.get(type) ?? 0n) + microsOf(value));
      }
      return new Map([...sums].sort());
    };
    const campaigns = await read(['CAMPAIGN', 'PROVIDER']);
    for (const { metrics, campaign, provider } of campaigns.rows) {
      const own = campaign.metrics;
      if (provider.id !== 'meta-ads') expect([own.actions, metrics]).toEqual([null, { results: null, actions: null }]);
      expect(addUp([metrics.actions])).toEqual(addUp([own.actions]));
      expect(addUp([metrics.results])).toEqual(addUp([own.results ? [own.results] : null]));
    }
    const meta = campaigns.rows.filter(({ provider }: any) => provider.id === 'meta-ads');
    for (const groupBy of [[], ['PROVIDER'], ['WEEK', 'ACCOUNT'], ['CAMPAIGN_TYPE', 'DAY', 'CLIENT']]) {
      const { rows, totals } = await read(groupBy);
      for (const name of ['results', 'actions']) {
        const expected = addUp(meta.map(({ metrics }: any) => metrics[name]));
        expect(expected.size).toBeGreaterThan(name === 'actions' ? 2 : 1);
        expect(addUp(totals.map(({ metrics }: any) => metrics[name]))).toEqual(expected);
        if (name === 'actions' || !groupBy.length)
          expect(addUp(rows.map(({ metrics }: any) => metrics[name]))).toEqual(expected);
      }
      expect(totals.some(({ previous }: any) => previous.actions?.length > 0)).toBe(true);
    }
    const [first] = (await stage.activeAccounts(nora)).filter(({ provider }: any) => provider.id === 'meta-ads');
    const of = { accountIds: [first.id] };
    const conditions = [{ metric: 'IMPRESSIONS', atLeast: '0' }];
    const whole = (await read(['CLIENT', 'WEEK'], of)).totals[0].metrics;
    expect((await read(['CLIENT', 'WEEK'], { ...of, metrics: conditions })).totals[0].metrics).toEqual(whole);
    const truth = await stage.simulated.truth('meta', range);
    const ids = new Set((await stage.activeAccounts(nora)).map(({ externalId }) => externalId));
    const bought = truth
      .filter(({ id }) => ids.has(id))
      .flatMap((account) => account.campaigns.map(({ conversions }) => microsOf(conversions)));
    const purchases = addUp(campaigns.totals.map(({ metrics }: any) => metrics.actions)).get('purchase');
    expect(purchases).toBe(bought.reduce((sum, count) => sum + count, 0n));
  });

  it('counts an account of two clients for each, and once in the totals', async () => {
    const [first, second] = (await stage.activeAccounts(nora)).filter(({ currency }) => currency === 'EUR');
    const create =
      'mutation ($name: String!, $ids: [ID!]!) { createClient(name: $name, accountIds: $ids) { client { id } } }';
    await stage.ask(nora, create, { name: 'One', ids: [first.id] });
    await stage.ask(nora, create, { name: 'Both', ids: [first.id, second.id] });
    const given = { period: 'LAST_7_DAYS', groupBy: ['CLIENT'] };
    const { rows, totals } = await ask(given);
    const names = rows.map(({ client }: any) => client?.name ?? null);
    expect(new Set(names)).toEqual(new Set(['One', 'Both', null]));
    const limited = await ask({ ...given, filter: { metrics: [{ metric: 'IMPRESSIONS', above: '0' }] } });
    expect(limited.totals).toEqual(totals);
  });

  it('has for a member limited to a client its accounts only, and no other client of theirs', async () => {
    const accounts = await stage.activeAccounts(nora);
    const [own, other] = accounts.filter(({ currency }) => currency === 'EUR');
    const create =
      'mutation ($name: String!, $ids: [ID!]!) { createClient(name: $name, accountIds: $ids) { client { id } } }';
    const { data } = await stage.ask(nora, create, { name: 'Theirs', ids: [own.id] });
    const { data: shared } = await stage.ask(nora, create, { name: 'Shared', ids: [own.id, other.id] });
    const limited = { ...someone('VIEWER', nora.organizationId), clientIds: [data.createClient.client.id] };
    const range = { start: '2026-11-01', end: '2026-11-17' };
    const expected = sumTruth(range, ({ account }) => account);
    const { rows, totals, sources } = await ask({ range, groupBy: ['CLIENT', 'ACCOUNT'] }, limited);
    expect(rows.map(({ client, account, metrics }: any) => [client.name, account.externalId, sumsOf(metrics)])).toEqual(
      [['Theirs', own.externalId, expected.get(`${own.externalId} EUR`)]],
    );
    expect(totals.map(({ metrics }: any) => sumsOf(metrics))).toEqual([expected.get(`${own.externalId} EUR`)]);
    expect(sources.map(({ account }: any) => account.externalId)).toEqual([own.externalId]);
    for (const filter of [{ clientIds: [shared.createClient.client.id] }, { accountIds: [other.externalId] }])
      expect(await ask({ range, filter }, limited)).toMatchObject({ code: 'NOT_FOUND' });
    expect((await ask({ range, filter: { nameContains: 'a' } }, limited)).sources).toHaveLength(1);
    const none = await ask({ range, groupBy: ['CLIENT'] }, { ...limited, clientIds: [] });
    expect(none).toMatchObject({ rows: [], totals: [], sources: [], totalCount: 0, errors: [] });
  });

  it('names what is missing of a provider that fails, and has the rest', async () => {
    await stage.forgetAnswers();
    await stage.simulated.breakNext({ provider: 'meta', kind: 'status', status: 500, times: 100 });
    const { rows, sources, errors } = await ask({ period: 'THIS_WEEK', groupBy: ['PROVIDER'] });
    expect(errors).toEqual([]);
    const missing = sources.filter(({ state, code }: any) => state === 'MISSING' && code !== 'ACCOUNT_CLOSED');
    expect(missing.length).toBeGreaterThan(0);
    for (const { code, message } of missing) {
      expect(code).toBe('PROVIDER_UNAVAILABLE');
      expect(message).toContain('Meta');
    }
    expect(rows.map(({ provider }: any) => provider.id)).toEqual(
      expect.arrayContaining(['google-ads', 'linkedin-ads']),
    );
    await stage.forgetAnswers();
    const old = await ask({ range: { start: '2026-08-25', end: '2026-08-31' } });
    const open = old.sources.filter(({ code }: any) => code !== 'ACCOUNT_CLOSED');
    expect(new Set(open.map(({ state }: any) => state))).toEqual(new Set(['COMPLETE']));
  });

  it.each<[string, object, string]>([
    ['two kinds of days', { period: 'TODAY', range: { start: '2026-11-01', end: '2026-11-02' } }, 'period'],
    ['days that end before they start', { range: { start: '2026-11-02', end: '2026-11-01' } }, 'range'],
    ['too many days', { range: { start: '2020-01-01', end: '2026-11-01' } }, 'range'],
    [
      'two comparisons',
      { period: 'TODAY', compareTo: 'PREVIOUS_YEAR', compareRange: { start: '2026-11-01', end: '2026-11-02' } },
      'compareTo',
    ],
    ['four dimensions', { period: 'TODAY', groupBy: ['PROVIDER', 'ACCOUNT', 'CAMPAIGN', 'DAY'] }, 'groupBy'],
    ['a dimension twice', { period: 'TODAY', groupBy: ['DAY', 'DAY'] }, 'groupBy'],
    ['two units of time', { period: 'TODAY', groupBy: ['DAY', 'WEEK'] }, 'groupBy'],
    ['a change of nothing', { period: 'TODAY', orderBy: { metric: 'CLICKS', value: 'CHANGE' } }, 'orderBy'],
    ['amounts of two currencies', { period: 'TODAY', groupBy: ['CAMPAIGN'], orderBy: { metric: 'COST' } }, 'orderBy'],
    ['a page of nothing', { period: 'TODAY', first: 0 }, 'first'],
    ['a foreign cursor', { period: 'TODAY', after: 'x' }, 'after'],
    ['a zero character', { period: 'TODAY', filter: { nameContains: '\0' } }, 'filter.nameContains'],
    ['an unknown provider', { period: 'TODAY', filter: { providers: ['myspace'] } }, 'providers'],
  ])('is refused for %s', async (_what, given, argument) => {
    const { code, errors } = await ask(given);
    expect([code, errors[0].extensions.details?.[0].argument ?? errors]).toEqual(['BAD_USER_INPUT', argument]);
  });

  it('before history begins is what the provider has, or none', async () => {
    const { rows, errors } = await ask({ period: 'TODAY', compareRange: { start: '2019-01-01', end: '2019-01-02' } });
    expect(errors).toEqual([]);
    for (const { previous, change } of rows) {
      expect(previous.impressions).toBe(0);
      expect(change.clicks.percent).toBeNull();
    }
  });
});
