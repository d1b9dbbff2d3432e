import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import { type HistoryStage, openHistoryStage } from './testing/open-history-stage.js';
import { someone } from './testing/open-stage.js';

const FINDINGS = 'code message provider { id } accounts { externalId } values { name of value }';

/** The rows and totals of a kind of figures, explained. */
const explained = (field: string, kind: string, row: string, metrics: string) => /* GraphQL */ `
  query ($of: [_Any!]!, $metric: ${kind}Metric!, $period: Period, $range: DateRangeInput,
    $groupBy: [${kind}Dimension!]! = [], $filter: ${kind}FilterInput) {
    _entities(representations: $of) {
      ... on Organization {
        ${field}(period: $period, range: $range, groupBy: $groupBy, filter: $filter, first: 5) {
          range { start end }
          totals { metrics { ${metrics} } explain(metric: $metric) { ${FINDINGS} } }
          edges { node { ${row} account { externalId } month metrics { ${metrics} }
            explain(metric: $metric) { ${FINDINGS} } } }
        }
      }
    }
  }
`;

const KINDS = {
  searchQueries: explained('searchQueries', 'Search', 'query page', 'clicks impressions position'),
  analytics: explained('analytics', 'Analytics', 'channel', 'sessions keyEvents'),
  places: explained('places', 'Place', 'place { externalId }', 'searchImpressions websiteClicks'),
  posts: explained('posts', 'Post', 'post { externalId }', 'impressions likes linkClicks'),
};

// 20 November in California: the 17th is final at Search Console, the 19th is the last with figures.
const NOW = new Date('2026-11-20T20:00:00Z');
const october = { start: '2026-10-01', end: '2026-10-31' };
const autumn = { start: '2026-09-01', end: '2026-10-31' };

// What a provider has is the simulator's truth, as of now.
describe('why a figure of search, analytics, places or posts differs', () => {
  const nora = someone();
  let stage: HistoryStage;

  beforeAll(async () => {
    stage = await openHistoryStage(NOW);
    for (const provider of ['search-console', 'google-analytics', 'business-profile', 'x'])
      await stage.connect(nora, provider);
    await stage.copyAll();
  });
  afterAll(() => stage.close());

  async function ask(kind: keyof typeof KINDS, variables: object, timeZone = 'UTC') {
    const of = [{ __typename: 'Organization', id: nora.organizationId, timeZone }];
    const { data, errors } = await stage.ask(nora, KINDS[kind], { of, ...variables });
    expect(errors).toEqual([]);
    const found = data._entities[0][kind];
    return { ...found, rows: found.edges.map(({ node }: any) => node) };
  }
  const withCode = ({ explain }: any, code: string): any[] => explain.filter((one: any) => one.code === code);
  const valuesOf = (finding: any) =>
    Object.fromEntries((finding?.values ?? []).map(({ name, value }: any) => [name, value]));

  async function sites(range: { start: string; end: string }, now = NOW): Promise<any[]> {
    const owned = await stage.sql('SELECT external_id AS id FROM integrations.account WHERE is_active');
    stage.clock.now = now;
    const all = await stage.simulated.truth<any>('search-console', { ...range, daily: true });
    stage.clock.now = NOW;
    return all.filter(({ id }: any) => owned.some((one: any) => one.id === id));
  }
  const sum = (rows: any[], name: string) => rows.reduce((total, row) => total.plus(row[name]), new Big(0));

  it.each([
    ['WITHHELD_ROWS', 'QUERY', 'queries', 'CLICKS', 'clicks'],
    ['WITHHELD_ROWS', 'QUERY', 'queries', 'IMPRESSIONS', 'impressions'],
    ['ROWS_OVERLAP', 'PAGE', 'pages', 'IMPRESSIONS', 'impressions'],
  ])('%s: rows of search by %s differ from the totals by exactly what is true (%s, %s)', async (...given) => {
    const [code, dimension, list, metric, name] = given;
    const { totals, rows } = await ask('searchQueries', { range: october, groupBy: [dimension], metric });
    const truth = await sites(october);
    const [whole, added] = [
      sum(truth, name),
      sum(
        truth.flatMap((site) => site[list]),
        name,
      ),
    ];
    expect(totals.metrics[name]).toBe(whole.toNumber());
    const [found] = withCode(totals, code);
    expect(found.provider.id).toBe('search-console');
    expect(valuesOf(found)).toEqual({
      totals: whole.toFixed(),
      rows: added.toFixed(),
      difference: whole.minus(added).toFixed(),
    });
    expect(whole.eq(added)).toBe(false);
    expect(withCode(rows[0], code)).toEqual([]);
    const without = await ask('searchQueries', { range: october, groupBy: ['DEVICE'], metric });
    expect(withCode(without.totals, code)).toEqual([]);
  });

  it('search: Pacific days that come late and may change, a filter, the average, and the screen of each site', async () => {
    const range = { start: '2026-11-10', end: '2026-11-20' };
    const reported = { ...range, end: '2026-11-19' };
    const { totals } = await ask('searchQueries', { range, metric: 'CLICKS', filter: { queryContains: 'tent' } });
    // Days that are not final are true to their figures once they are.
    const truth = await sites(reported, new Date('2026-11-24T20:00:00Z'));
    expect(valuesOf(withCode(totals, 'PROVIDER_TIME_ZONE')[0])).toMatchObject({ timeZone: 'America/Los_Angeles' });
    expect(valuesOf(withCode(totals, 'REPORTED_LATE')[0])).toEqual({ reportedThrough: '2026-11-19', lagDays: '2' });
    expect(valuesOf(withCode(totals, 'FILTERED')[0])).toEqual({
      queryContains: 'tent',
      unfilteredFigure: sum(truth, 'clicks').toFixed(),
    });
    const whole = await ask('searchQueries', { range, metric: 'CLICKS' });
    const open = await sites({ start: '2026-11-18', end: '2026-11-19' }, new Date('2026-11-24T20:00:00Z'));
    expect(sum(open, 'clicks').gt(0)).toBe(true);
    for (const finding of withCode(whole.totals, 'NOT_FINAL')) {
      const { from, to, ownFigure } = valuesOf(finding);
      const site = open.find(({ id }) => id === finding.accounts[0].externalId);
      expect([from, to, ownFigure]).toEqual([
        '2026-11-18',
        '2026-11-20',
        site?.clicks ? String(site.clicks) : undefined,
      ]);
    }
    expect(withCode(whole.totals, 'NOT_FINAL')).toHaveLength(truth.length);
    const position = await ask('searchQueries', { range: autumn, groupBy: ['MONTH', 'ACCOUNT'], metric: 'POSITION' });
    expect(position.rows.length).toBeGreaterThan(2);
    expect(valuesOf(withCode(position.totals, 'WEIGHTED_AVERAGE')[0])).toEqual({ weightedBy: 'impressions' });
    for (const row of position.rows) {
      const [screen, ...others] = withCode(row, 'PROVIDER_SCREEN');
      const { externalId } = row.account;
      expect([others, screen.accounts]).toEqual([[], [{ externalId }]]);
      const { url, ownFigure } = valuesOf(screen);
      const days = row.month === '2026-10-01' ? ['20261001', '20261031'] : ['20260901', '20260930'];
      expect(url).toBe(
        `https://search.google.com/search-console/performance/search-analytics?resource_id=${encodeURIComponent(externalId)}&start_date=${days[0]}&end_date=${days[1]}`,
      );
      expect(Number(ownFigure)).toBeCloseTo(row.metrics.position, 5);
    }
  });

  it('analytics: thresholds are named with the property, as are sampling, "(other)", zone and attribution', async () => {
    await stage.simulated.change({ analyticsThresholding: true });
    // Days that are not copied.
    const range = { start: '2026-07-01', end: '2026-07-02' };
    const { totals, rows } = await ask('analytics', { range, groupBy: ['ACCOUNT'], metric: 'SESSIONS' });
    await stage.simulated.change({ analyticsThresholding: false });
    const [found, ...others] = withCode(totals, 'THRESHOLDED');
    expect([found.provider.id, others]).toEqual(['google-analytics', []]);
    expect(found.accounts.length).toBeGreaterThan(1);
    expect([...withCode(totals, 'SAMPLED'), ...withCode(totals, 'OTHER_ROW')]).toEqual([]);
    expect(withCode(rows[0], 'THRESHOLDED')[0].accounts).toEqual([rows[0].account]);
    const truth = await stage.simulated.truth<any>('google-analytics', { ...range, daily: true });
    for (const row of rows) {
      const { url, ownFigure } = valuesOf(withCode(row, 'PROVIDER_SCREEN')[0]);
      const { externalId } = row.account;
      expect(url).toBe(`https://analytics.google.com/analytics/web/#/p${externalId}/reports`);
      expect(ownFigure).toBe(String(truth.find(({ id }: any) => id === externalId).sessions));
    }
    await stage.sql("UPDATE integrations.history_day SET quality = '{SAMPLED,OTHER_ROW}' WHERE day = '2026-09-05'");
    const marked = await ask('analytics', { range: autumn, groupBy: ['CHANNEL'], metric: 'KEY_EVENTS' }, 'Asia/Tokyo');
    const codes = marked.totals.explain.map(({ code }: any) => code);
    expect(codes).toEqual(
      expect.arrayContaining(['SAMPLED', 'OTHER_ROW', 'ACCOUNT_TIME_ZONE', 'ATTRIBUTION', 'CONVERSION_DEFINITION']),
    );
    expect(codes).not.toContain('THRESHOLDED');
    // A channel cannot be asked for again by its account and days.
    expect(valuesOf(withCode(marked.rows[0], 'PROVIDER_SCREEN')[0]).ownFigure).toBeUndefined();
  });

  it('places: days that come late, and a single place', async () => {
    const range = { start: '2026-11-01', end: '2026-11-20' };
    const { totals, rows } = await ask('places', { range, groupBy: ['PLACE'], metric: 'WEBSITE_CLICKS' });
    expect(valuesOf(withCode(totals, 'REPORTED_LATE')[0])).toMatchObject({ reportedThrough: '2026-11-17' });
    expect(withCode(totals, 'ACCOUNT_TIME_ZONE')).toEqual([]);
    expect(rows.length).toBeGreaterThan(1);
    for (const row of rows) {
      const { ownFigure } = valuesOf(withCode(row, 'PROVIDER_SCREEN')[0]);
      expect(ownFigure).toBe(String(row.metrics.websiteClicks));
    }
  });

  it('posts: days in UTC, counted to date, and clicks of 30 days only', async () => {
    const range = { start: '2026-09-01', end: '2026-11-20' };
    const { totals, rows } = await ask(
      'posts',
      { range, groupBy: ['POST'], metric: 'LINK_CLICKS' },
      'America/New_York',
    );
    const codes = totals.explain.map(({ code }: any) => code);
    expect(codes).toEqual(
      expect.arrayContaining(['PROVIDER_TIME_ZONE', 'COUNTED_TO_DATE', 'REPORTED_FOR_LIMITED_TIME', 'NOT_FINAL']),
    );
    expect(valuesOf(withCode(totals, 'REPORTED_FOR_LIMITED_TIME')[0])).toEqual({ days: '30' });
    const likes = await ask('posts', { range, groupBy: ['POST'], metric: 'LIKES' });
    expect(withCode(likes.totals, 'REPORTED_FOR_LIMITED_TIME')).toEqual([]);
    expect(rows.length).toBeGreaterThan(1);
    for (const row of likes.rows)
      expect(valuesOf(withCode(row, 'PROVIDER_SCREEN')[0]).ownFigure).toBe(String(row.metrics.likes));
  });

  it('names what cannot be read', async () => {
    await stage.forgetAnswers();
    await stage.simulated.breakNext({ provider: 'google-analytics', kind: 'status', status: 500, times: 100 });
    const { totals } = await ask('analytics', {
      range: { start: '2026-06-01', end: '2026-06-02' },
      metric: 'SESSIONS',
    });
    await stage.simulated.forgetFaults();
    expect(valuesOf(withCode(totals, 'MISSING')[0])).toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
  });
});
