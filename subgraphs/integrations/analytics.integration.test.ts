import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { encodeCursor } from '#kit/page.js';
import { itInDrills } from '#ops/testing/it-in-drills.js';
import { type HistoryStage, openHistoryStage } from './testing/open-history-stage.js';
import { someone } from './testing/open-stage.js';

const FIGURES = `sessions engagedSessions newUsers views events keyEvents transactions revenue { amount currency }
  engagementSeconds averageSessionDuration engagementRate users: metric(name: "totalUsers") active: metric(name: "activeUsers")`;

const ANALYTICS = /* GraphQL */ `
  query ($of: [_Any!]!, $period: Period, $range: DateRangeInput, $compareTo: Comparison, $compareRange: DateRangeInput,
    $groupBy: [AnalyticsDimension!], $dimensions: [String!], $metrics: [String!], $filter: AnalyticsFilterInput,
    $orderBy: AnalyticsOrderInput, $first: Int = 1000, $after: String) {
    _entities(representations: $of) {
      ... on Organization {
        analytics(period: $period, range: $range, compareTo: $compareTo, compareRange: $compareRange, groupBy: $groupBy,
          dimensions: $dimensions, metrics: $metrics, filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
          totalCount
          pageInfo { hasNextPage endCursor }
          totals { currency metrics { ${FIGURES} } previous { sessions } }
          sources { account { externalId } state reportedThrough isTruncated quality { isSampled isThresholded hasOtherRow } code }
          edges {
            node {
              channel device country event page landingPage values { dimension value } account { externalId } client { name }
              day week month currency
              metrics { ${FIGURES} cost: metric(name: "advertiserAdCost") }
              previous { sessions }
              change { sessions { absolute percent } users: metric(name: "totalUsers") { absolute } }
            }
          }
        }
      }
    }
  }
`;

type Range = { start: string; end: string };

const NOON = new Date('2026-11-20T12:00:00Z');
const range = { start: '2026-09-01', end: '2026-10-31' };

/** The figures of a row as the truth has them. */
const shown = ({ metrics }: any) => ({
  sessions: metrics.sessions,
  engagedSessions: metrics.engagedSessions,
  newUsers: metrics.newUsers,
  screenPageViews: metrics.views,
  eventCount: metrics.events,
  keyEvents: metrics.keyEvents,
  transactions: metrics.transactions,
  totalRevenue: Number(metrics.revenue?.amount),
  userEngagementDuration: metrics.engagementSeconds,
  sessionSeconds: Math.round(metrics.averageSessionDuration * metrics.sessions * 1e6) / 1e6,
});
/** What WebMetrics calls the kinds of devices and the countries of Google. */
const words: Record<string, string | null> = {
  ...{ desktop: 'DESKTOP', mobile: 'MOBILE', tablet: 'TABLET' },
  ...{ 'United States': 'US', Canada: 'CA', Germany: 'DE', Austria: 'AT', Japan: 'JP', '(not set)': null },
};
const names = Object.keys(shown({ metrics: {} }));
const expectedOf = (truth: any) => Object.fromEntries(names.map((name) => [name, Number(truth[name])]));

describe('analytics of an organization', () => {
  const nora = someone();
  let stage: HistoryStage;
  let properties: string[];

  beforeAll(async () => {
    stage = await openHistoryStage(NOON);
    await stage.connect(nora, 'google-analytics');
    await stage.copyAll();
    properties = (await stage.sql('SELECT external_id AS id FROM integrations.account')).map(({ id }) => id);
  });
  beforeEach(async () => {
    await stage.simulated.forgetFaults();
    await stage.simulated.takeCalls();
  });
  afterAll(() => stage.close());

  async function ask(variables: object, identity = nora) {
    const of = [{ __typename: 'Organization', id: identity.organizationId, timeZone: 'UTC' }];
    const { data, errors, code } = await stage.ask(identity, ANALYTICS, { of, ...variables });
    const found = data?._entities?.[0]?.analytics;
    return { ...found, rows: found?.edges.map(({ node }: any) => node), errors, code };
  }

  const truthOf = async (days: Range): Promise<any[]> =>
    (await stage.simulated.truth<any>('google-analytics', { ...days, daily: true })).filter(({ id }) =>
      properties.includes(id),
    );
  const calls = async () => (await stage.simulated.takeCalls('google-analytics')).map(({ path }) => path);
  const found = (rows: any[], keyOf: (row: any) => string) => new Map(rows.map((row) => [keyOf(row), shown(row)]));

  it.each([
    ['CHANNEL', 'channels', 'channel'],
    ['DEVICE', 'devices', 'device'],
    ['COUNTRY', 'countries', 'country'],
  ])(
    'by %s are those of the simulator, to the last figure, from the copy without a call',
    async (dimension, list, column) => {
      const { rows, code } = await ask({ range, groupBy: ['ACCOUNT', dimension] });
      expect(code).toBeUndefined();
      const expected = (await truthOf(range)).flatMap((property) =>
        property[list].map(
          (row: any) => [`${property.id} ${row.name in words ? words[row.name] : row.name}`, expectedOf(row)] as const,
        ),
      );
      expect(expected.length).toBeGreaterThan(2);
      expect(found(rows, (row) => `${row.account.externalId} ${row[column]}`)).toEqual(new Map(expected));
      expect(await calls()).toEqual([]);
    },
  );

  it('are the same asked as copied, and by day, fresh days asked', async () => {
    const days = { start: '2026-11-05', end: '2026-11-20' };
    const { rows, sources } = await ask({ range: days, groupBy: ['ACCOUNT', 'DAY'] });
    const truth = await truthOf(days);
    const expected = truth.flatMap((property) =>
      property.daily.map((day: any) => [`${property.id} ${day.date}`, expectedOf(day)] as const),
    );
    expect(found(rows, ({ account, day }) => `${account.externalId} ${day}`)).toEqual(new Map(expected));
    expect((await calls()).length).toBeGreaterThan(0);
    expect(sources[0]).toMatchObject({ state: 'NOT_FINAL', isTruncated: false, quality: { isSampled: false } });
    const earlier = { start: '2026-07-01', end: '2026-07-31' };
    const asked = await ask({ range: earlier, groupBy: ['ACCOUNT', 'CHANNEL'] });
    const july = (await truthOf(earlier)).flatMap((property) =>
      property.channels.map((row: any) => [`${property.id} ${row.name}`, expectedOf(row)] as const),
    );
    expect(found(asked.rows, (row) => `${row.account.externalId} ${row.channel}`)).toEqual(new Map(july));
  });

  itInDrills('count users over exactly the range, of each property, and add no users up', async () => {
    const metrics = ['totalUsers', 'activeUsers'];
    const [{ rows, totals }, truth] = [await ask({ range, groupBy: ['ACCOUNT'], metrics }), await truthOf(range)];
    const users = rows.map(({ account, metrics: { users, active } }: any) => [
      account.externalId,
      Number(users),
      Number(active),
    ]);
    expect(users.sort()).toEqual(
      truth
        .filter(({ sessions }) => sessions > 0)
        .map(({ id, totalUsers, activeUsers }) => [id, totalUsers, activeUsers])
        .sort(),
    );
    expect(totals.metrics).toMatchObject({
      users: null,
      sessions: truth.reduce((sum, { sessions }) => sum + sessions, 0),
    });
    const [one] = truth;
    const filter = { accountIds: [one.id] };
    const channels = await ask({ range, groupBy: ['CHANNEL'], metrics, filter, compareTo: 'PREVIOUS_PERIOD' });
    expect(new Map(channels.rows.map((row: any) => [row.channel, Number(row.metrics.users)]))).toEqual(
      new Map(one.channels.map(({ name, totalUsers }: any) => [name, totalUsers])),
    );
    expect(Number(channels.totals.metrics.users)).toBe(one.totalUsers);
    const weeks = await ask({ range, groupBy: ['WEEK'], metrics, filter });
    const week = { start: '2026-09-07', end: '2026-09-13' };
    const [inWeek] = (await truthOf(week)).filter(({ id }) => id === one.id);
    const row = weeks.rows.find((each: any) => each.week === week.start);
    expect([Number(row.metrics.users), row.metrics.sessions]).toEqual([inWeek.totalUsers, inWeek.sessions]);
    const months = await ask({ range, groupBy: ['MONTH'], metrics, filter });
    const [september] = (await truthOf({ start: '2026-09-01', end: '2026-09-30' })).filter(({ id }) => id === one.id);
    expect(Number(months.rows[0].metrics.users)).toBe(september.totalUsers);
  });

  it('name revenue by currency, and none over several', async () => {
    const truth = (await truthOf(range)).filter(({ sessions }) => sessions > 0);
    const currencies = [...new Set(truth.map(({ currency }) => currency))];
    expect(currencies.length).toBeGreaterThan(1);
    expect((await ask({ range })).totals).toMatchObject({ currency: null, metrics: { revenue: null } });
    const { rows } = await ask({ range, groupBy: ['CURRENCY'] });
    const revenue = (currency: string) =>
      truth.filter((one) => one.currency === currency).reduce((sum, { totalRevenue }) => sum + Number(totalRevenue), 0);
    for (const { currency, metrics } of rows) expect(Number(metrics.revenue.amount)).toBeCloseTo(revenue(currency), 6);
    expect((await ask({ range, orderBy: { metric: 'REVENUE' } })).code).toBe('BAD_USER_INPUT');
  });

  itInDrills('are of any dimensions and metrics of the catalogue, by page to the last row', async () => {
    const given = {
      range,
      dimensions: ['city', 'deviceCategory'],
      groupBy: ['CHANNEL'],
      filter: { accountIds: [properties[0]] },
    };
    const all = await ask(given);
    const rows: any[] = [];
    for (let after: string | null = null, isLast = false; !isLast; ) {
      const page: any = await ask({ ...given, first: 7, after });
      rows.push(...page.rows);
      isLast = !page.pageInfo.hasNextPage;
      after = page.pageInfo.endCursor;
    }
    expect(rows).toEqual(all.rows);
    expect(all.totalCount).toBe(rows.length);
    const [property] = (await truthOf(range)).filter(({ id }) => id === properties[0]);
    const sessions = new Map<string, number>();
    for (const { channel, metrics } of rows) sessions.set(channel, (sessions.get(channel) ?? 0) + metrics.sessions);
    expect(sessions).toEqual(new Map(property.channels.map((row: any) => [row.name, row.sessions])));
    expect(rows[0].values.map(({ dimension }: any) => dimension)).toEqual(['city', 'deviceCategory']);
    const cost = await ask({ range, metrics: ['advertiserAdCost'], filter: { accountIds: [properties[0]] } });
    expect(Number(cost.rows[0].metrics.cost)).toBeCloseTo(Number(property.advertiserAdCost), 6);
    const organic = await ask({
      range,
      filter: { values: [{ dimension: 'sessionDefaultChannelGroup', contains: 'ORGANIC' }] },
    });
    const isOrganic = ({ name }: any) => name.includes('Organic');
    const expected = (await truthOf(range)).flatMap(({ channels }) => channels.filter(isOrganic));
    expect(organic.totals.metrics.sessions).toBe(expected.reduce((sum, row) => sum + row.sessions, 0));
  });

  it('are compared', async () => {
    const before = { start: '2026-08-22', end: '2026-08-31' };
    const [now, then] = [await truthOf(range), await truthOf(before)];
    const orderBy = { metric: 'SESSIONS', value: 'CHANGE', direction: 'DESC' };
    const { rows, totals } = await ask({ range, compareRange: before, groupBy: ['CHANNEL'], orderBy });
    const sessions = (truth: any[], channel: string) =>
      truth
        .flatMap(({ channels }) => channels)
        .filter(({ name }) => name === channel)
        .reduce((sum, row) => sum + row.sessions, 0);
    for (const { channel, metrics, previous, change } of rows) {
      expect([metrics.sessions, previous.sessions]).toEqual([sessions(now, channel), sessions(then, channel)]);
      expect(Number(change.sessions.absolute)).toBe(metrics.sessions - previous.sessions);
    }
    expect(totals.previous.sessions).toBe(then.reduce((sum, property) => sum + property.sessions, 0));
    expect(await calls()).toEqual([]);
  });

  it('have a catalogue with what does not go together, and refuse that by name', async () => {
    const [{ id }] = await stage.sql('SELECT id FROM integrations.account WHERE external_id = $1', [properties[0]]);
    const { data } = await stage.ask(
      nora,
      'query ($id: ID!) { account(id: $id) { analyticsCatalogue { dimensions { name kind label } metrics { name kind label description category } } } }',
      { id },
    );
    const { dimensions, metrics } = data.account.analyticsCatalogue;
    expect(dimensions).toContainEqual({ name: 'country', kind: null, label: 'Country' });
    expect(metrics.find(({ name }: any) => name === 'totalRevenue')).toMatchObject({
      kind: 'MONEY',
      category: 'Revenue',
    });
    const details = async (variables: object) => {
      const { code, errors } = await ask({ range, ...variables });
      return [code, errors[0]?.extensions.details];
    };
    expect(await details({ groupBy: ['COUNTRY'], metrics: ['advertiserAdCost'] })).toEqual([
      'BAD_USER_INPUT',
      [{ argument: 'metrics', problem: 'names "advertiserAdCost", which is incompatible with "country"' }],
    ]);
    expect(await details({ dimensions: ['fooBar'] })).toEqual([
      'BAD_USER_INPUT',
      [{ argument: 'dimensions', problem: 'names "fooBar", which no property has: see analyticsCatalogue' }],
    ]);
    expect((await details({ groupBy: ['CHANNEL'], dimensions: ['sessionDefaultChannelGroup'] }))[0]).toBe(
      'BAD_USER_INPUT',
    );
    for (const condition of [{}, { contains: 'a\0' }, { oneOf: ['a', '\0'] }])
      expect((await details({ filter: { values: [{ dimension: 'city', ...condition }] } }))[0]).toBe('BAD_USER_INPUT');
    expect((await details({ after: encodeCursor(['abc', 'x']) }))[0]).toBe('BAD_USER_INPUT');
  });

  it('say what Google leaves out, and name a property that fails', async () => {
    await stage.simulated.change({ analyticsThresholding: true });
    const { sources } = await ask({ range: { start: '2026-07-01', end: '2026-07-02' } });
    expect(sources[0].quality).toEqual({ isSampled: false, isThresholded: true, hasOtherRow: false });
    await stage.simulated.change({ analyticsThresholding: false });
    await stage.sql("UPDATE integrations.history_day SET quality = '{SAMPLED}' WHERE day = '2026-09-05'");
    expect((await ask({ range })).sources[0].quality).toMatchObject({ isSampled: true });
    const match = `properties/${properties[0]}:`;
    await stage.simulated.breakNext({ provider: 'google-analytics', kind: 'status', status: 500, match, times: 50 });
    const broken = await ask({ range: { start: '2026-06-01', end: '2026-06-02' }, groupBy: ['ACCOUNT'] });
    const failed = broken.sources.find(({ account }: any) => account.externalId === properties[0]);
    expect(failed).toMatchObject({ state: 'MISSING', code: 'PROVIDER_UNAVAILABLE', quality: null });
    expect(broken.rows.length).toBeGreaterThan(0);
  });
});
