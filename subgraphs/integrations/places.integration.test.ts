import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { itInDrills } from '#ops/testing/it-in-drills.js';
import { type DayRange, isInRange } from './calendar-day.js';
import { startOfUnit, type TimeUnit } from './compared-days.js';
import { type HistoryStage, openHistoryStage } from './testing/open-history-stage.js';
import { someone } from './testing/open-stage.js';

const NAMES = [
  'searchImpressions',
  'mapsImpressions',
  'websiteClicks',
  'callClicks',
  'directionRequests',
  'conversations',
  'bookings',
] as const;
type Metrics = Record<(typeof NAMES)[number] | 'interactions', number>;
const METRICS = `${NAMES.join(' ')} interactions`;

const PLACES = /* GraphQL */ `
  query ($of: [_Any!]!, $period: Period, $range: DateRangeInput, $compareTo: Comparison, $compareRange: DateRangeInput,
    $groupBy: [PlaceDimension!]! = [PLACE], $filter: PlaceFilterInput, $orderBy: PlaceOrderInput,
    $first: Int! = 1000, $after: String) {
    _entities(representations: $of) {
      ... on Organization {
        places(period: $period, range: $range, compareTo: $compareTo, compareRange: $compareRange, groupBy: $groupBy,
          filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
          totalCount
          range { start end }
          compared { start end }
          pageInfo { hasNextPage endCursor }
          totals { metrics { ${METRICS} } previous { ${METRICS} } change { interactions { absolute percent } } }
          sources {
            account { id externalId } state reportedThrough fetchedAt code message
            missingPlaces { place { externalId } code message }
          }
          edges {
            node {
              place { externalId name } account { externalId } client { name } day week month
              metrics { ${METRICS} } previous { ${METRICS} } change { bookings { absolute percent } }
            }
          }
        }
      }
    }
  }
`;

interface TrueDay extends Metrics {
  account: string;
  place: string;
  name: string;
  day: string;
}

const NOW = new Date('2026-11-20T12:00:00Z');
const LAST_REPORTED = '2026-11-17';

describe('the places of an organization', () => {
  const nora = someone();
  let stage: HistoryStage;
  let truth: TrueDay[];
  let all: { account: string; place: string; name: string }[];

  beforeAll(async () => {
    stage = await openHistoryStage(NOW);
    await stage.simulated.change({ businessProfileCallsPerMinute: 100_000 });
    await stage.connect(nora, 'business-profile');
    await readTruth();
  });
  beforeEach(() => stage.simulated.forgetFaults());
  afterAll(() => stage.close());

  async function readTruth(): Promise<void> {
    type Place = { id: string; name: string; daily: ({ date: string } & Record<string, number>)[] };
    type Business = { id: string; people: string[]; locations: Place[] };
    const range = { start: '2026-08-01', end: '2026-11-20', daily: true };
    const accounts = (await stage.simulated.truth<Business>('business-profile', range)).filter(({ people }) =>
      people.includes('nora'),
    );
    const places = accounts.flatMap(({ id, locations }) => locations.map((place) => ({ account: id, ...place })));
    all = places.map(({ account, id, name }) => ({ account, place: id, name }));
    truth = places.flatMap(({ account, id, name, daily }) =>
      daily.map((given) => {
        const of = (metric: string) => given[metric] ?? 0;
        const counted = {
          searchImpressions: of('BUSINESS_IMPRESSIONS_DESKTOP_SEARCH') + of('BUSINESS_IMPRESSIONS_MOBILE_SEARCH'),
          mapsImpressions: of('BUSINESS_IMPRESSIONS_DESKTOP_MAPS') + of('BUSINESS_IMPRESSIONS_MOBILE_MAPS'),
          websiteClicks: of('WEBSITE_CLICKS'),
          callClicks: of('CALL_CLICKS'),
          directionRequests: of('BUSINESS_DIRECTION_REQUESTS'),
          conversations: of('BUSINESS_CONVERSATIONS'),
          bookings: of('BUSINESS_BOOKINGS'),
        };
        const { websiteClicks, callClicks, directionRequests, conversations, bookings } = counted;
        const interactions = websiteClicks + callClicks + directionRequests + conversations + bookings;
        return { account, place: id, name, day: given.date, ...counted, interactions };
      }),
    );
  }

  async function ask(variables: object, identity = nora) {
    const of = [{ __typename: 'Organization', id: identity.organizationId, timeZone: 'UTC' }];
    const { data, errors, code } = await stage.ask(identity, PLACES, { of, ...variables });
    const found = data?._entities?.[0]?.places;
    return { ...found, rows: found?.edges.map(({ node }: any) => node), errors, code };
  }

  const nothing = (): Metrics => Object.fromEntries([...NAMES, 'interactions'].map((name) => [name, 0])) as Metrics;

  /** Sums the seed's days by a key. */
  function sumTruth(range: DayRange, keyOf: (day: TrueDay) => string): Map<string, Metrics> {
    const sums = new Map<string, Metrics>();
    for (const day of truth.filter((one) => isInRange(one.day, range))) {
      const sum = sums.get(keyOf(day)) ?? nothing();
      for (const name of [...NAMES, 'interactions'] as const) sum[name] += day[name];
      sums.set(keyOf(day), sum);
    }
    return sums;
  }
  const totalOf = (range: DayRange) => sumTruth(range, () => '').get('') ?? nothing();
  const hasFigures = (metrics: Metrics) => Object.values(metrics).some((value) => value > 0);
  const unit = (name: TimeUnit) => (day: TrueDay) => startOfUnit(day.day, name);

  const groupings: [string[], (day: TrueDay) => string, (row: any) => string][] = [
    [[], () => '', () => ''],
    [
      ['PLACE'],
      ({ account, place }) => `${account} ${place}`,
      (row) => `${row.account.externalId} ${row.place.externalId}`,
    ],
    [['ACCOUNT'], ({ account }) => account, ({ account }) => account.externalId],
    [['DAY'], unit('DAY'), ({ day }) => day],
    [['WEEK'], unit('WEEK'), ({ week }) => week],
    [
      ['MONTH', 'PLACE'],
      (day) => `${unit('MONTH')(day)} ${day.place}`,
      ({ month, place }) => `${month} ${place.externalId}`,
    ],
  ];

  async function comparesWithTruth(
    groupBy: string[],
    keyOf: (day: TrueDay) => string,
    keyOfRow: (row: any) => string,
  ): Promise<void> {
    const range = { start: '2026-10-05', end: '2026-11-20' };
    const compared = { start: '2026-08-19', end: '2026-10-04' };
    const { rows, errors, ...found } = await ask({ range, compareTo: 'PREVIOUS_PERIOD', groupBy });
    expect(errors).toEqual([]);
    expect([found.range, found.compared, found.totalCount]).toEqual([range, compared, rows.length]);
    const figures = new Map(rows.map((row: any) => [keyOfRow(row), row.metrics]));
    const expected = sumTruth(range, keyOf);
    for (const key of new Set([...figures.keys(), ...expected.keys()] as string[])) {
      expect([key, figures.get(key) ?? nothing()]).toEqual([key, expected.get(key) ?? nothing()]);
    }
    if (!groupBy.some((one) => ['DAY', 'WEEK', 'MONTH'].includes(one))) {
      const before = sumTruth(compared, keyOf);
      for (const row of rows) expect(row.previous).toEqual(before.get(keyOfRow(row)) ?? nothing());
    }
    expect([found.totals.metrics, found.totals.previous]).toEqual([totalOf(range), totalOf(compared)]);
    for (const { account, reportedThrough } of found.sources) {
      if (all.some((place) => place.account === account.externalId)) expect(reportedThrough).toBe(LAST_REPORTED);
    }
  }

  describe.each(['asked', 'copied'])('when they are %s', (way) => {
    beforeAll(async () => {
      await stage.forgetAnswers();
      if (way === 'copied') await stage.copyAll();
      await stage.forgetAnswers();
      await stage.simulated.takeCalls();
    });

    const some = way === 'asked' ? groupings.slice(0, 2) : groupings;
    it.each(some)('are those of the seed by %p', comparesWithTruth);

    it('are all rows, also without figures', async () => {
      const { rows } = await ask({ period: 'LAST_7_DAYS' });
      expect(rows.map(({ place }: any) => place.externalId).sort()).toEqual(all.map(({ place }) => place).sort());
      expect(rows.some(({ metrics }: any) => !hasFigures(metrics))).toBe(true);
    });
  });

  it('that are copied are asked for nothing but their names', async () => {
    await stage.forgetAnswers();
    await stage.simulated.takeCalls();
    await ask({ range: { start: '2026-10-05', end: '2026-11-20' } });
    const calls = await stage.simulated.takeCalls('business-profile');
    expect(calls.filter(({ path }) => path.includes('DailyMetrics'))).toEqual([]);
  });

  itInDrills(
    'that were added or refused while others were copied are asked, and read with the others the next night',
    async () => {
      const [added, refused] = all as [(typeof all)[number], (typeof all)[number]];
      const range = { start: '2026-10-05', end: '2026-11-15' };
      const dailyCalls = async () =>
        (await stage.simulated.takeCalls('business-profile'))
          .filter(({ path }) => path.includes('DailyMetrics'))
          .map(({ path }) => /locations\/(\d+)/.exec(path)?.[1]);
      await stage.sql('DELETE FROM integrations.place WHERE external_id = $1', [added.place]);
      await stage.sql('DELETE FROM integrations.place_day WHERE place_id = ANY ($1)', [[added.place, refused.place]]);
      await stage.sql("UPDATE integrations.history_day SET incomplete = ARRAY[$1] WHERE day = '2026-11-01'", [
        refused.place,
      ]);
      await stage.forgetAnswers();
      await stage.simulated.takeCalls();
      expect((await ask({ range, groupBy: [] })).totals.metrics).toEqual(totalOf(range));
      expect((await dailyCalls()).sort()).toEqual([added.place, refused.place].sort());
      await stage.sql('UPDATE integrations.account_history SET due_at = $1', [NOW]);
      await stage.sql("DELETE FROM integrations.history_day WHERE day = '2026-11-16'");
      await stage.forgetAnswers();
      // The first run lists the place, and orders its days; the others read them, each until the limit of calls.
      for (const minutes of [1, 2, 3, 4, 5, 6]) {
        stage.clock.now = new Date(NOW.getTime() + minutes * 61_000);
        await stage.sql('UPDATE integrations.account_history SET due_at = $1', [NOW]);
        await stage.copyAll();
      }
      await stage.forgetAnswers();
      await stage.simulated.takeCalls();
      expect((await ask({ range, groupBy: [] })).totals.metrics).toEqual(totalOf(range));
      expect(await dailyCalls()).toEqual([]);
      stage.clock.now = NOW;
    },
  );

  it('are unknown, not zero, on days that are not reported yet', async () => {
    for (const groupBy of [[], ['PLACE'], ['DAY']]) {
      const { rows, totals, sources } = await ask({ range: { start: '2026-11-19', end: '2026-11-20' }, groupBy });
      expect(rows).toEqual([]);
      expect(Object.values(totals.metrics).every((value) => value === null)).toBe(true);
      for (const { reportedThrough } of sources) expect(reportedThrough).toBeNull();
    }
    const { totals } = await ask({
      range: { start: '2026-11-10', end: '2026-11-12' },
      compareRange: { start: '2026-11-19', end: '2026-11-20' },
    });
    expect(totals.metrics).toEqual(totalOf({ start: '2026-11-10', end: '2026-11-12' }));
    expect(totals.change.interactions).toEqual({ absolute: null, percent: null });
  });

  it.each([
    { metric: 'INTERACTIONS', value: 'CHANGE', direction: 'ASC' },
    { metric: 'BOOKINGS', value: 'CHANGE_PERCENT', direction: 'DESC' },
  ])('are ordered by %p, page by page to the last row', async (orderBy) => {
    const given = { range: { start: '2026-11-02', end: '2026-11-15' }, compareTo: 'PREVIOUS_PERIOD', orderBy };
    const whole = await ask(given);
    expect(whole.totalCount).toBe(all.length);
    const pages: any[] = [];
    for (let after: string | null = null; ; ) {
      const { rows, pageInfo } = await ask({ ...given, first: 50, after });
      pages.push(...rows);
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(pages).toEqual(whole.rows);
    const values: (number | null)[] = whole.rows.map(({ metrics, previous, change }: any) =>
      orderBy.metric === 'BOOKINGS' ? change.bookings.percent : metrics.interactions - previous.interactions,
    );
    const known = values.filter((value) => value !== null);
    expect(values.slice(0, known.length)).toEqual(known);
    const sign = orderBy.direction === 'DESC' ? -1 : 1;
    expect(known).toEqual([...known].sort((one, other) => sign * (one - other)));
  });

  it('are limited to accounts, names, ids and conditions, in their totals, too', async () => {
    const range = { start: '2026-11-02', end: '2026-11-15' };
    const [first] = all as [(typeof all)[number]];
    const total = (keep: (day: TrueDay) => boolean) =>
      sumTruth(range, (day) => String(keep(day))).get('true') ?? nothing();
    const expected: [object, (day: TrueDay) => boolean][] = [
      [{ accountIds: [first.account] }, ({ account }) => account === first.account],
      [{ nameContains: 'berlin' }, ({ name }) => name.toLowerCase().includes('berlin')],
      [{ placeIds: [first.place] }, ({ place }) => place === first.place],
    ];
    for (const [filter, keep] of expected) expect((await ask({ range, filter })).totals.metrics).toEqual(total(keep));
    const calls = sumTruth(range, ({ place }) => place);
    const busy = new Set([...calls].filter(([, { callClicks }]) => callClicks >= 40).map(([place]) => place));
    const { totals, rows } = await ask({ range, filter: { metrics: [{ metric: 'CALL_CLICKS', atLeast: '40' }] } });
    expect(new Set(rows.map(({ place }: any) => place.externalId))).toEqual(busy);
    expect(totals.metrics).toEqual(total(({ place }) => busy.has(place)));
    const none = await ask({ range, filter: { nameContains: 'no such place' } });
    expect([none.rows, none.totalCount, none.errors]).toEqual([[], 0, []]);
  });

  it('of a client that shares an account count for each, and once in the totals', async () => {
    const { sources } = await ask({ period: 'LAST_7_DAYS' });
    const hasPlaces = ({ account }: any) => all.some((place) => place.account === account.externalId);
    const [one, other] = sources.filter(hasPlaces).map(({ account }: any) => account.id);
    const create =
      'mutation ($name: String!, $ids: [ID!]!) { createClient(name: $name, accountIds: $ids) { client { id } } }';
    await stage.ask(nora, create, { name: 'One', ids: [one] });
    await stage.ask(nora, create, { name: 'Both', ids: [one, other] });
    const given = { period: 'LAST_28_DAYS', groupBy: ['CLIENT'] };
    const { rows, totals } = await ask(given);
    expect(new Set(rows.map(({ client }: any) => client?.name ?? null))).toEqual(new Set(['One', 'Both']));
    const limited = await ask({ ...given, filter: { metrics: [{ metric: 'INTERACTIONS', above: '0' }] } });
    expect(limited.totals).toEqual(totals);
  });

  it('that cannot be read are named, and the others stay', async () => {
    const rita = someone();
    await stage.connect(rita, 'business-profile', { person: 'nora' });
    const [place] = all as [(typeof all)[number]];
    await stage.simulated.breakNext({
      provider: 'business-profile',
      kind: 'status',
      status: 500,
      match: place.place,
      times: 9,
    });
    const range = { start: '2026-11-09', end: '2026-11-15' };
    const { rows, sources, errors } = await ask({ range }, rita);
    expect(errors).toEqual([]);
    const source = sources.find(({ account }: any) => account.externalId === place.account);
    expect(source).toMatchObject({ state: 'MISSING', code: 'PROVIDER_UNAVAILABLE', reportedThrough: '2026-11-15' });
    expect(source.message).toContain(place.name);
    expect(source.missingPlaces).toEqual([
      { place: { externalId: place.place }, code: 'PROVIDER_UNAVAILABLE', message: expect.any(String) },
    ]);
    const found = new Map(rows.map((row: any) => [row.place.externalId, row.metrics]));
    for (const [key, metrics] of sumTruth(range, (day) => day.place)) {
      expect([key, found.get(key)]).toEqual([key, key === place.place ? undefined : metrics]);
    }
    expect(sources.find(({ account }: any) => account.externalId !== place.account).state).not.toBe('MISSING');
  });

  it.each<[string, object, string]>([
    ['two kinds of days', { period: 'TODAY', range: { start: '2026-11-01', end: '2026-11-02' } }, 'period'],
    ['two units of time', { groupBy: ['DAY', 'WEEK'] }, 'groupBy'],
    ['a change of nothing', { orderBy: { metric: 'BOOKINGS', value: 'CHANGE' } }, 'orderBy'],
    ['a page of nothing', { first: 0 }, 'first'],
    ['a foreign cursor', { after: 'x' }, 'after'],
    ['a zero character', { filter: { nameContains: '\0' } }, 'filter.nameContains'],
    ['too many places', { filter: { placeIds: Array.from({ length: 101 }, (_, n) => `${n}`) } }, 'filter.placeIds'],
    ['an id with one', { filter: { placeIds: ['a\0'] } }, 'filter.placeIds'],
    ['a long name', { filter: { nameContains: 'a'.repeat(201) } }, 'filter.nameContains'],
  ])('are refused for %s', async (_what, given, argument) => {
    const { code, errors } = await ask(given);
    expect([code, errors[0].extensions.details?.[0].argument ?? errors]).toEqual(['BAD_USER_INPUT', argument]);
  });
});
