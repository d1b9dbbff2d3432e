import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { encodeCursor } from '#kit/page.js';
import { itInDrills } from '#ops/testing/it-in-drills.js';
import { type HistoryStage, openHistoryStage } from './testing/open-history-stage.js';
import { someone } from './testing/open-stage.js';

const FIGURES = 'clicks impressions ctr position';

const SEARCH_QUERIES = /* GraphQL */ `
  query ($of: [_Any!]!, $period: Period, $range: DateRangeInput, $compareTo: Comparison, $compareRange: DateRangeInput,
    $groupBy: [SearchDimension!], $filter: SearchFilterInput, $orderBy: SearchOrderInput, $first: Int = 1000, $after: String) {
    _entities(representations: $of) {
      ... on Organization {
        searchQueries(period: $period, range: $range, compareTo: $compareTo, compareRange: $compareRange, groupBy: $groupBy,
          filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
          totalCount
          range { start end }
          compared { start end }
          pageInfo { hasNextPage endCursor }
          totals { metrics { ${FIGURES} } previous { clicks } change { clicks { absolute percent } } }
          sources { account { id externalId } state reportedThrough isTruncated code message }
          unreadable { row field }
          edges {
            node {
              query page country device account { externalId } client { name } day week month
              metrics { ${FIGURES} }
              previous { ${FIGURES} }
              change { clicks { absolute percent } position { absolute } }
            }
          }
        }
      }
    }
  }
`;

type Range = { start: string; end: string };

const NAMES = { QUERY: 'queries', PAGE: 'pages', COUNTRY: 'countries', DEVICE: 'devices' } as const;
/** The alpha-2 codes of those that Search Console has. */
const codes: Record<string, string> = { usa: 'US', deu: 'DE', gbr: 'GB', jpn: 'JP', aut: 'AT', che: 'CH' };
type Value = keyof typeof NAMES;
const values = Object.keys(NAMES) as Value[];

// 20 November in California: the 17th is final, the 19th is the last with figures.
const NOON = new Date('2026-11-20T20:00:00Z');
const range = { start: '2026-09-01', end: '2026-10-31' };
const before = { start: '2026-08-23', end: '2026-08-31' };

describe('search queries of an organization', () => {
  const nora = someone();
  let stage: HistoryStage;
  let sites: { id: string; externalId: string; status: string }[];

  beforeAll(async () => {
    stage = await openHistoryStage(NOON);
    await stage.connect(nora, 'search-console');
    await stage.copyAll();
    sites = (
      await stage.sql(
        'SELECT id, external_id AS "externalId", is_active FROM integrations.account ORDER BY external_id',
      )
    ).filter((row: any) => row.is_active);
  });
  beforeEach(async () => {
    await stage.simulated.forgetFaults();
    await stage.simulated.takeCalls();
  });
  afterAll(() => stage.close());

  async function ask(variables: object, identity = nora) {
    const of = [{ __typename: 'Organization', id: identity.organizationId, timeZone: 'UTC' }];
    const { data, errors, code } = await stage.ask(identity, SEARCH_QUERIES, { of, ...variables });
    const found = data?._entities?.[0]?.searchQueries;
    return { ...found, rows: found?.edges.map(({ node }: any) => node), errors, code };
  }

  async function truthOf(days: Range): Promise<any[]> {
    const all = await stage.simulated.truth('search-console', { ...days, daily: true });
    return all.filter(({ id }: any) => sites.some(({ externalId }) => externalId === id));
  }

  /** Adds up true rows of all sites, by a name. */
  function sum(rows: any[], keyOf: (row: any) => string) {
    const sums = new Map<string, { clicks: number; impressions: number; positions: number }>();
    for (const row of rows) {
      const one = sums.get(keyOf(row)) ?? { clicks: 0, impressions: 0, positions: 0 };
      one.clicks += row.clicks;
      one.impressions += row.impressions;
      one.positions += Math.round(row.position * row.impressions * 10);
      sums.set(keyOf(row), one);
    }
    return new Map(
      [...sums].map(([key, { clicks, impressions, positions }]) => [
        key,
        { clicks, impressions, ctr: clicks / impressions, position: positions / (10 * impressions) },
      ]),
    );
  }

  const found = (rows: any[], keyOf: (row: any) => string) =>
    new Map(rows.map((row) => [keyOf(row), { ...row.metrics }]));
  const calls = async () => (await stage.simulated.takeCalls('search-console')).length;

  async function everyRow(variables: object): Promise<any[]> {
    const rows: any[] = [];
    for (let after: string | null = null, isLast = false; !isLast; ) {
      const page: any = await ask({ ...variables, after });
      expect(page.code).toBeUndefined();
      rows.push(...page.rows);
      isLast = !page.pageInfo.hasNextPage;
      after = page.pageInfo.endCursor;
    }
    return rows;
  }

  it('are those of the simulator, to the last figure, by each dimension, from the copy without a call', async () => {
    const truth = await truthOf(range);
    expect(truth.length).toBeGreaterThan(1);
    let compared = 0;
    for (const value of values) {
      const rows = await everyRow({ range, groupBy: [value, 'ACCOUNT'], first: 37 });
      const column = value.toLowerCase();
      const expected = sum(
        truth.flatMap((site) => site[NAMES[value]].map((row: any) => ({ ...row, site: site.id }))),
        ({ site, name }) => `${site} ${value === 'COUNTRY' ? codes[name] : name}`,
      );
      expect(found(rows, (row) => `${row.account.externalId} ${row[column]}`)).toEqual(expected);
      compared += expected.size;
    }
    expect(compared).toBeGreaterThan(100);
    expect(await calls()).toBe(0);
  });

  it('have totals with withheld queries, over all sites, and are complete', async () => {
    const truth = await truthOf(range);
    const { totals, sources, rows, totalCount } = await ask({ range });
    expect(totals.metrics).toEqual(sum(truth, () => 'all').get('all'));
    expect(rows.reduce((clicks: number, row: any) => clicks + row.metrics.clicks, 0)).toBeLessThan(
      totals.metrics.clicks,
    );
    expect(totalCount).toBe(rows.length);
    const states = sources.map(({ state, reportedThrough, isTruncated }: any) => [state, reportedThrough, isTruncated]);
    expect(states.filter(([state]: any) => state !== 'MISSING')).toEqual(
      sites.map(() => ['COMPLETE', range.end, false]),
    );
    expect(sources.find(({ state }: any) => state === 'MISSING')).toMatchObject({ code: 'NOT_VERIFIED' });
    const byClicks = rows.map((row: any) => row.metrics.clicks);
    expect(byClicks).toEqual([...byClicks].sort((one, other) => other - one));
  });

  it('are the same copied, asked, and partly both', async () => {
    const days = { start: '2026-08-25', end: '2026-09-10' };
    const [copied, asked] = [
      await ask({ range: days, groupBy: ['PAGE'] }),
      await ask({ range: days, groupBy: ['PAGE'], filter: { queryContains: '' } }),
    ];
    expect(asked.rows).toEqual(copied.rows);
    const earlier = { start: '2026-08-10', end: '2026-09-10' };
    const { rows, code } = await ask({ range: earlier, groupBy: ['PAGE', 'ACCOUNT'] });
    expect(code).toBeUndefined();
    expect(await calls()).toBeGreaterThan(0);
    const expected = sum(
      (await truthOf(earlier)).flatMap((site) => site.pages.map((row: any) => ({ ...row, site: site.id }))),
      ({ site, name }) => `${site} ${name}`,
    );
    expect(found(rows, (row) => `${row.account.externalId} ${row.page}`)).toEqual(expected);
  });

  itInDrills('of two dimensions, and filtered by another, are asked, and add up', async () => {
    const { rows } = await ask({ range, groupBy: ['QUERY', 'DEVICE'] });
    const byQuery = sum(
      rows.map(({ query, metrics }: any) => ({ name: query, ...metrics })),
      ({ name }) => name,
    );
    expect(byQuery).toEqual(found((await ask({ range })).rows, ({ query }) => query));
    expect(await calls()).toBeGreaterThan(0);
    const mobile = await ask({ range, groupBy: [], filter: { devices: ['MOBILE', 'OTHER'] } });
    const german = await ask({ range, groupBy: [], filter: { countries: ['de', 'AT'] } });
    const there = (await truthOf(range)).flatMap(({ countries }) => countries);
    expect(german.totals.metrics).toEqual(
      sum(
        there.filter(({ name }) => ['deu', 'aut'].includes(name)),
        () => 'all',
      ).get('all'),
    );
    const truth = (await truthOf(range)).flatMap(({ devices }) => devices).filter(({ name }) => name === 'MOBILE');
    expect(mobile.rows[0].metrics).toEqual(sum(truth, () => '').get(''));
    expect(mobile.totals.metrics).toEqual(mobile.rows[0].metrics);
    const some = await ask({ range, filter: { queryContains: 'TENT', queryNotContains: 'cheap' } });
    const names = some.rows.map(({ query }: any) => query);
    expect(names.length).toBeGreaterThan(1);
    expect(names.every((name: string) => name.includes('tent') && !name.includes('cheap'))).toBe(true);
  });

  itInDrills('are compared: what is new, what is lost, what changed most', async () => {
    const [now, then] = [await truthOf(range), await truthOf(before)];
    const current = sum(
      now.flatMap(({ queries }) => queries),
      ({ name }) => name,
    );
    const previous = sum(
      then.flatMap(({ queries }) => queries),
      ({ name }) => name,
    );
    const orderBy = { metric: 'CLICKS', value: 'CHANGE', direction: 'ASC' };
    const { rows, compared, totals } = await ask({ range, compareRange: before, orderBy });
    expect(compared).toEqual(before);
    expect(found(rows, ({ query }) => query)).toMatchObject(current);
    for (const { query, previous: figures, change, metrics } of rows) {
      expect(figures.clicks).toBe(previous.get(query)?.clicks ?? 0);
      expect(Number(change.clicks.absolute)).toBe(metrics.clicks - figures.clicks);
    }
    const changes = rows.map(({ change }: any) => Number(change.clicks.absolute));
    expect(changes).toEqual([...changes].sort((one, other) => one - other));
    const clicks = sum(then, () => '').get('')?.clicks ?? 0;
    expect(totals.previous.clicks).toBe(clicks);
    const isNew = { metrics: [{ metric: 'IMPRESSIONS', value: 'PREVIOUS', atMost: '0' }] };
    const { rows: fresh } = await ask({
      range,
      compareRange: { start: '2020-01-01', end: '2020-01-31' },
      filter: isNew,
    });
    expect(fresh).toHaveLength(current.size);
  });

  it('by day and month are the days of the truth, fresh ones asked and not final', async () => {
    const recent = { start: '2026-10-15', end: '2026-11-20' };
    const { rows, sources } = await ask({ range: recent, groupBy: ['DAY'] });
    const truth = await truthOf(recent);
    const daily = sum(
      truth.flatMap((site) => site.daily),
      ({ date }) => date,
    );
    const final = rows.filter(({ day }: any) => day <= '2026-11-17');
    expect(found(final, ({ day }) => day)).toEqual(daily);
    expect(rows.at(-1).day).toBe('2026-11-19');
    expect(sources[0]).toMatchObject({ state: 'NOT_FINAL', reportedThrough: '2026-11-19' });
    const months = await ask({ range: { start: '2026-09-01', end: '2026-10-31' }, groupBy: ['MONTH', 'QUERY'] });
    const september = (await truthOf({ start: '2026-09-01', end: '2026-09-30' })).flatMap(({ queries }) => queries);
    expect(
      found(
        months.rows.filter((row: any) => row.month === '2026-09-01'),
        ({ query }) => query,
      ),
    ).toEqual(sum(september, ({ name }) => name));
  });

  it('name the site that fails, and show the others', async () => {
    const [site] = sites;
    const match = encodeURIComponent(site?.externalId ?? '');
    await stage.simulated.breakNext({ provider: 'search-console', kind: 'status', status: 500, match, times: 50 });
    const { rows, sources } = await ask({ range: { start: '2026-08-01', end: '2026-08-20' }, groupBy: ['ACCOUNT'] });
    const states = Object.fromEntries(
      sources.map(({ account, state, code }: any) => [account.externalId, [state, code]]),
    );
    expect(states[site?.externalId ?? '']).toEqual(['MISSING', 'PROVIDER_UNAVAILABLE']);
    expect(rows.map(({ account }: any) => account.externalId)).not.toContain(site?.externalId);
    expect(rows.length).toBeGreaterThan(0);
  });

  it('refuse what contradicts itself', async () => {
    const refused = async (variables: object) => (await ask(variables)).code;
    expect(await refused({ range, period: 'TODAY' })).toBe('BAD_USER_INPUT');
    expect(await refused({ groupBy: ['QUERY', 'QUERY'] })).toBe('BAD_USER_INPUT');
    expect(await refused({ groupBy: ['QUERY', 'PAGE', 'DEVICE', 'DAY'] })).toBe('BAD_USER_INPUT');
    expect(await refused({ orderBy: { metric: 'CLICKS', value: 'CHANGE' } })).toBe('BAD_USER_INPUT');
    for (const name of ['queryContains', 'queryNotContains', 'pageContains']) {
      expect([name, await refused({ filter: { [name]: '\0' } })]).toEqual([name, 'BAD_USER_INPUT']);
    }
    expect(await refused({ filter: { countries: ['\0'] } })).toBe('BAD_USER_INPUT');
    expect(await refused({ filter: { accountIds: ['sc-domain:unknown.example'] } })).toBe('NOT_FOUND');
    expect(await refused({ filter: { countries: ['DE', 'USA'] } })).toBe('BAD_USER_INPUT');
    for (const position of [
      ['1', '\0'],
      ['one', 'x'],
      [1, 'x'],
      [null, {}],
    ])
      expect(await refused({ after: encodeCursor(position) })).toBe('BAD_USER_INPUT');
    const none = await ask({ range, filter: { queryContains: 'nothing like it' } });
    expect(none).toMatchObject({ rows: [], totalCount: 0, totals: { metrics: { clicks: 0, position: null } } });
    expect((await ask({ range }, someone())).rows).toEqual([]);
  });

  it('end with the account: copied days of a removed site are gone', async () => {
    const [site] = sites;
    const count = async () =>
      (
        await stage.sql('SELECT count(*)::int AS count FROM integrations.search_metrics WHERE account_id = $1', [
          site?.id,
        ])
      )[0].count;
    expect(await count()).toBeGreaterThan(0);
    await stage.sql('DELETE FROM integrations.account_history WHERE account_id = $1', [site?.id]);
    expect(await count()).toBe(0);
  });
});
