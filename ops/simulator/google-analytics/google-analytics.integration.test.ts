import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '#ops/testing/eventually.js';
import { itInDrills } from '#ops/testing/it-in-drills.js';
import {
  admin,
  call,
  connectGoogle,
  googleBatch,
  googleToken,
  isNotSimulated,
  postJson,
  startForTests,
} from '#simulator/client-for-tests.js';
import type { Simulator } from '#simulator/index.js';

const SCOPE = 'https://www.googleapis.com/auth/analytics.readonly';
const US = '312456789';
const JAPAN = '312456791';
const EMPTY = '398765433';
const RITAS = '411223344';
const SEPTEMBER = { startDate: '2026-09-01', endDate: '2026-09-30' };

let simulator: Simulator;
let token: string;
beforeAll(async () => {
  simulator = await startForTests();
});
beforeEach(async () => {
  token = await connect('nora');
});
afterAll(() => simulator.close());

const connect = async (person: string, scope = `openid email ${SCOPE}`) =>
  (await connectGoogle(simulator, person, { scope })).access_token as string;
const headers = () => ({ authorization: `Bearer ${token}` });
const data = (path: string, body: unknown) =>
  postJson(`${simulator.url}/analyticsdata.googleapis.com/v1beta/properties/${path}`, body, headers());
const report = (body: Record<string, unknown>, property = US) =>
  data(`${property}:runReport`, { dateRanges: [SEPTEMBER], ...body });
const named = (...names: string[]) => names.map((name) => ({ name }));
const admins = (path: string) =>
  call(`${simulator.url}/analyticsadmin.googleapis.com/v1beta/${path}`, { headers: headers() });
const truth = async (query = 'start=2026-09-01&end=2026-09-30') =>
  (await admin(simulator, `seed/google-analytics?${query}`)).body.accounts as any[];
const cellsOf = (rows: any[] = []) =>
  rows.map(({ dimensionValues = [], metricValues = [] }) =>
    [...dimensionValues, ...metricValues].map(({ value }) => value),
  );
const messageOf = (answer: { status: number; body: any }) => [
  answer.status,
  answer.body.error?.status,
  answer.body.error?.message,
];

describe('accountSummaries and properties', () => {
  it('list the accounts of a person with their properties, page by page', async () => {
    const first = await admins('accountSummaries?pageSize=1');
    expect(first.body.accountSummaries).toHaveLength(1);
    const second = await admins(`accountSummaries?pageSize=1&pageToken=${first.body.nextPageToken}`);
    expect(second.body.nextPageToken).toBeUndefined();
    const properties = [first, second].flatMap(({ body }) => body.accountSummaries[0].propertySummaries);
    const own = (await truth()).filter(({ people }) => people.includes('nora'));
    expect(properties.map(({ property }) => property)).toEqual(own.map(({ id }) => `properties/${id}`));
    expect((await admins('accountSummaries?pageToken=made-up')).status).toBe(400);
  });

  it('cap a larger page size', async () => {
    expect((await admins('accountSummaries?pageSize=201')).body.accountSummaries.length).toBeGreaterThan(1);
    expect((await admins('accountSummaries?pageSize=-1')).status).toBe(400);
  });

  it('are there one by one, too', async () => {
    const { accounts, nextPageToken } = (await admins('accounts?pageSize=1')).body;
    expect(accounts).toHaveLength(1);
    expect((await admins(`accounts?pageSize=1&pageToken=${nextPageToken}`)).body.accounts).toHaveLength(1);
    expect((await admins(accounts[0].name)).body).toEqual(accounts[0]);
    const { properties } = (await admins(`properties?filter=parent:${accounts[0].name}`)).body;
    expect(properties).toContainEqual((await admins(`properties/${US}`)).body);
    expect((await admins('properties')).status).toBe(400);
    expect((await admins('properties?filter=parent:accounts/1')).status).toBe(403);
    expect((await admins('accounts/1')).status).toBe(403);
  });

  it('come as far as `fields` names them, and as JSON only', async () => {
    expect((await admins(`properties/${JAPAN}?fields=timeZone,currencyCode&alt=json`)).body).toEqual({
      timeZone: 'Asia/Tokyo',
      currencyCode: 'JPY',
    });
    expect((await admins(`properties/${JAPAN}?fields=timeZone(`)).status).toBe(400);
    expect((await admins(`properties/${JAPAN}?alt=xml`)).status).toBe(400);
  });

  it('are empty for a person without properties', async () => {
    token = await connect('emil');
    expect((await admins('accountSummaries')).body).toEqual({});
    expect((await admins('accounts')).body).toEqual({});
    expect((await admins(`properties/${US}`)).status).toBe(403);
  });

  it('show where a property counts its days, and in what currency', async () => {
    expect((await admins(`properties/${JAPAN}`)).body).toMatchObject({
      name: `properties/${JAPAN}`,
      timeZone: 'Asia/Tokyo',
      currencyCode: 'JPY',
    });
  });
});

describe('authorization', () => {
  it('needs the scope', async () => {
    token = await connect('nora', 'openid email');
    const answer = await report({ metrics: named('sessions') });
    expect(messageOf(answer)).toEqual([403, 'PERMISSION_DENIED', 'Request had insufficient authentication scopes.']);
    expect(answer.body.error.details[0].reason).toBe('ACCESS_TOKEN_SCOPE_INSUFFICIENT');
    expect(answer.headers.get('www-authenticate')).toContain('insufficient_scope');
  });

  it('requires a valid token', async () => {
    token = 'made-up';
    expect((await report({ metrics: named('sessions') })).status).toBe(401);
    const url = `${simulator.url}/analyticsadmin.googleapis.com/v1beta/accountSummaries`;
    expect((await call(url)).status).toBe(401);
    expect((await call(`${url}?access_token=${await connect('nora')}`)).status).toBe(200);
  });

  it('hears of a withdrawn consent, without a word on why', async () => {
    await admin(simulator, 'grants/revoke', { person: 'nora', provider: 'google' });
    const { status, body } = await admins('accountSummaries');
    // A list without entries is left out of an answer.
    expect([status, body.error.status, body.error.details]).toEqual([401, 'UNAUTHENTICATED', undefined]);
  });

  it('hears of a deadline by its name', async () => {
    await admin(simulator, 'faults', { provider: 'google-analytics', kind: 'status', status: 504 });
    expect((await admins('accountSummaries')).body.error).toMatchObject({ code: 504, status: 'DEADLINE_EXCEEDED' });
  });

  it('loses consent at the first report, if one is Rita', async () => {
    const { access_token, refresh_token } = await connectGoogle(simulator, 'rita', { scope: SCOPE });
    token = access_token;
    expect((await admins(`properties/${RITAS}`)).status).toBe(200);
    expect((await report({ metrics: named('sessions') }, RITAS)).status).toBe(401);
    expect((await admins('accountSummaries')).status).toBe(401);
    expect((await googleToken(simulator, { grant_type: 'refresh_token', refresh_token })).body.error).toBe(
      'invalid_grant',
    );
  });
});

describe('runReport', () => {
  it('accepts enum numbers', async () => {
    const ask = (matchType: unknown, operation: unknown, orderType: unknown, aggregation: unknown) =>
      report({
        dimensions: named('country'),
        metrics: named('sessions'),
        dimensionFilter: { filter: { fieldName: 'country', stringFilter: { matchType, value: 'a' } } },
        metricFilter: { filter: { fieldName: 'sessions', numericFilter: { operation, value: { int64Value: 1 } } } },
        orderBys: [{ dimension: { dimensionName: 'country', orderType } }],
        metricAggregations: [aggregation],
      });
    const byName = await ask('CONTAINS', 'GREATER_THAN', 'ALPHANUMERIC', 'MAXIMUM');
    expect(byName.body.rows.length).toBeGreaterThan(0);
    expect((await ask(4, 4, 1, 6)).body).toEqual(byName.body);
    expect((await ask(99, 4, 1, 6)).status).toBe(400);
  });

  const METRICS = [
    'activeUsers',
    'totalUsers',
    'newUsers',
    'sessions',
    'engagedSessions',
    'screenPageViews',
    'eventCount',
    'transactions',
    'totalRevenue',
    'userEngagementDuration',
  ];

  it('arrives at the truth, of every property', async () => {
    for (const property of (await truth()).filter(({ people }) => people.includes('nora'))) {
      const answer = await report({ metrics: named(...METRICS) }, property.id);
      expect(cellsOf(answer.body.rows)).toEqual(
        property.sessions === 0 ? [] : [METRICS.map((name) => String(property[name]))],
      );
      expect(answer.body.metadata).toEqual({ currencyCode: property.currency, timeZone: property.timeZone });
    }
  });

  it('matches the expected figures of every day, with users counted once per day and once per month', async () => {
    const answer = await report({
      dimensions: named('date'),
      metrics: named('activeUsers', 'totalRevenue'),
      orderBys: [{ dimension: { dimensionName: 'date' } }],
    });
    const [property] = await truth('start=2026-09-01&end=2026-09-30&daily=1');
    expect(cellsOf(answer.body.rows)).toEqual(
      property.daily.map((day: any) => [day.date.replaceAll('-', ''), String(day.activeUsers), day.totalRevenue]),
    );
    const users = property.daily.reduce((sum: number, day: any) => sum + day.activeUsers, 0);
    expect(users).toBeGreaterThan(property.activeUsers);
  });

  it.each([
    ['channels', 'sessionDefaultChannelGroup'],
    ['devices', 'deviceCategory'],
    ['countries', 'country'],
  ])('arrives at the truth of %s', async (group, dimension) => {
    const answer = await report({
      dimensions: named(dimension),
      metrics: named('sessions', 'totalUsers', 'keyEvents'),
      orderBys: [{ dimension: { dimensionName: dimension } }],
    });
    const [property] = await truth();
    expect(cellsOf(answer.body.rows)).toEqual(
      property[group].map((one: any) => [
        one.name,
        String(one.sessions),
        String(one.totalUsers),
        String(one.keyEvents),
      ]),
    );
  });

  itInDrills('splits by page, hour and event without losing any', async () => {
    const [property] = await truth();
    for (const dimension of ['pagePath', 'hour', 'eventName', 'landingPage']) {
      const { body } = await report({
        dimensions: named(dimension),
        metrics: named('eventCount', 'totalRevenue'),
        metricAggregations: ['TOTAL'],
      });
      expect(body.rows.length).toBeGreaterThan(3);
      expect(cellsOf(body.totals)).toEqual([['RESERVED_TOTAL', String(property.eventCount), property.totalRevenue]]);
    }
    const { body } = await report({ dimensions: named('eventName'), metrics: named('eventCount') });
    expect(new Map(cellsOf(body.rows) as [string, string][])).toEqual(
      new Map(property.events.map((event: any) => [event.name, String(event.eventCount)])),
    );
  });

  it('leaves out rows and their number when there are none', async () => {
    const { body } = await report({ dimensions: named('date'), metrics: named('sessions') }, EMPTY);
    expect(body).toEqual({
      dimensionHeaders: [{ name: 'date' }],
      metricHeaders: [{ name: 'sessions', type: 'TYPE_INTEGER' }],
      metadata: { currencyCode: 'EUR', timeZone: 'Europe/London' },
      kind: 'analyticsData#runReport',
    });
  });

  it('names the date ranges in a dimension of their own, the last', async () => {
    const august = { startDate: '2026-08-01', endDate: '2026-08-31', name: 'before' };
    const { body } = await report({
      dateRanges: [SEPTEMBER, august],
      metrics: named('sessions'),
      metricAggregations: ['TOTAL'],
    });
    const [[now], [before]] = [await truth(), await truth('start=2026-08-01&end=2026-08-31')];
    expect(body.dimensionHeaders).toEqual([{ name: 'dateRange' }]);
    const expected = [
      ['date_range_0', String(now.sessions)],
      ['before', String(before.sessions)],
    ];
    expect(cellsOf(body.rows).sort()).toEqual([...expected].sort());
    expect(cellsOf(body.totals)).toEqual(expected);
  });

  it('counts days back in the zone of the property', async () => {
    await admin(simulator, 'clock', { now: '2026-11-20T20:00:00Z' });
    token = await connect('nora');
    const dateOf = async (property: string) =>
      cellsOf(
        (
          await report(
            {
              dateRanges: [{ startDate: 'yesterday', endDate: '1daysAgo' }],
              dimensions: named('date'),
              metrics: named('sessions'),
            },
            property,
          )
        ).body.rows,
      )[0]?.[0];
    expect(await dateOf(US)).toBe('20261119');
    expect(await dateOf(JAPAN)).toBe('20261120');
    await admin(simulator, 'clock', { now: '2026-11-20T12:00:00Z' });
  });

  it('pages by offset, in numbers or in text', async () => {
    const wish = {
      dimensions: named('date', 'city'),
      metrics: named('sessions'),
      orderBys: [{ desc: true, metric: { metricName: 'sessions' } }],
    };
    const all = (await report(wish)).body;
    const [one, two] = [await report({ ...wish, limit: '70' }), await report({ ...wish, limit: 70, offset: '70' })];
    expect(all.rowCount).toBe(all.rows.length);
    expect([one.body.rowCount, one.body.rows.length]).toEqual([all.rowCount, 70]);
    expect([...one.body.rows, ...two.body.rows]).toEqual(all.rows.slice(0, 140));
  });

  it('filters before adding up, and afterwards', async () => {
    const both = {
      andGroup: {
        expressions: [
          { filter: { fieldName: 'sessionSource', inListFilter: { values: ['GOOGLE', 'bing'] } } },
          { notExpression: { filter: { fieldName: 'sessionMedium', stringFilter: { value: 'cpc' } } } },
        ],
      },
    };
    const { body } = await report({
      dimensions: named('sessionSourceMedium'),
      metrics: named('sessions'),
      dimensionFilter: both,
    });
    expect(cellsOf(body.rows).map(([name]) => name)).toEqual(['google / organic', 'bing / organic']);
    const many = {
      filter: {
        fieldName: 'sessions',
        numericFilter: { operation: 'GREATER_THAN', value: { int64Value: cellsOf(body.rows)[1]?.[1] } },
      },
    };
    const few = await report({
      dimensions: named('sessionSourceMedium'),
      metrics: named('sessions'),
      dimensionFilter: both,
      metricFilter: many,
    });
    expect(cellsOf(few.body.rows).map(([name]) => name)).toEqual(['google / organic']);
    for (const [matchType, value] of [
      ['BEGINS_WITH', 'goo'],
      ['ENDS_WITH', 'organic'],
      ['CONTAINS', '/'],
      ['FULL_REGEXP', 'g.*c'],
      ['PARTIAL_REGEXP', 'org'],
    ]) {
      const one = await report({
        dimensions: named('sessionSourceMedium'),
        metrics: named('sessions'),
        dimensionFilter: { filter: { fieldName: 'sessionSourceMedium', stringFilter: { matchType, value } } },
      });
      expect(cellsOf(one.body.rows).flat()).toContain('google / organic');
    }
  });

  itInDrills('filters by numbers, ranges of them, and by what is not set', async () => {
    const rowsBy = async (filter: Record<string, unknown>, metricFilter?: unknown) =>
      cellsOf(
        (
          await report({
            dimensions: named('hour', 'city'),
            metrics: named('sessions'),
            dimensionFilter: { filter },
            ...(metricFilter !== undefined && { metricFilter }),
            orderBys: [{ dimension: { dimensionName: 'hour', orderType: 'NUMERIC' } }],
          })
        ).body.rows,
      );
    const numeric = (operation: string, value: number) => ({
      fieldName: 'hour',
      numericFilter: { operation, value: { int64Value: String(value) } },
    });
    const hoursOf = (rows: string[][]) => [...new Set(rows.map(([hour]) => Number(hour)))];
    expect(hoursOf(await rowsBy(numeric('EQUAL', 7)))).toEqual([7]);
    expect(hoursOf(await rowsBy(numeric('LESS_THAN', 2)))).toEqual([0, 1]);
    expect(hoursOf(await rowsBy(numeric('LESS_THAN_OR_EQUAL', 1)))).toEqual([0, 1]);
    expect(hoursOf(await rowsBy(numeric('GREATER_THAN', 21)))).toEqual([22, 23]);
    expect(hoursOf(await rowsBy(numeric('GREATER_THAN_OR_EQUAL', 22)))).toEqual([22, 23]);
    const between = { fromValue: { doubleValue: 8.5 }, toValue: { int64Value: 11 } };
    expect(hoursOf(await rowsBy({ fieldName: 'hour', betweenFilter: between }))).toEqual([9, 10, 11]);
    const nowhere = await rowsBy({ fieldName: 'city', emptyFilter: {} });
    expect([...new Set(nowhere.map(([, city]) => city))]).toEqual(['(not set)']);
    const either = {
      orGroup: {
        expressions: [1, 2].map((n) => ({
          filter: {
            fieldName: 'sessions',
            numericFilter: { operation: 'EQUAL', value: { int64Value: nowhere[n]?.[2] } },
          },
        })),
      },
    };
    const few = await rowsBy({ fieldName: 'city', emptyFilter: {} }, either);
    expect(new Set(few.map(([, , sessions]) => sessions))).toEqual(new Set([nowhere[1]?.[2], nowhere[2]?.[2]]));
  });

  it('keeps empty rows on request, and returns minimum and maximum', async () => {
    const wish = {
      dimensions: named('date', 'city', 'deviceCategory'),
      metrics: named('transactions'),
      metricAggregations: ['MINIMUM', 'MAXIMUM', 'COUNT'],
    };
    const [some, all] = [(await report(wish)).body, (await report({ ...wish, keepEmptyRows: true })).body];
    expect(all.rowCount).toBeGreaterThan(some.rowCount);
    const counts = cellsOf(all.rows).map((row) => Number(row[3]));
    const reserved = (kind: string, value: number) => [...Array(3).fill(`RESERVED_${kind}`), String(value)];
    expect(cellsOf(all.minimums)).toEqual([reserved('MINIMUM', 0)]);
    expect(cellsOf(all.maximums)).toEqual([reserved('MAXIMUM', Math.max(...counts))]);
    expect(all.totals).toBeUndefined();
  });

  it('converts money, and hides metrics that only serve', async () => {
    const { body } = await report({
      dimensions: named('country'),
      metrics: [{ name: 'sessions', invisible: true }, { name: 'totalRevenue' }],
      currencyCode: 'EUR',
    });
    expect(body.metricHeaders).toEqual([{ name: 'totalRevenue', type: 'TYPE_CURRENCY' }]);
    expect(body.metadata.currencyCode).toBe('EUR');
    const total = cellsOf(body.rows).reduce((sum, [, value]) => sum + Number(value), 0);
    expect(total).toBeCloseTo(Number((await truth())[0].totalRevenue) / 1.0875, 4);
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      'an unknown metric',
      { metrics: named('fooBar') },
      'Field fooBar is not a valid metric. For a list of valid dimensions and metrics, see',
    ],
    ['an unknown dimension', { dimensions: named('toString') }, 'Field toString is not a valid dimension. '],
    ['no dates', { dateRanges: [], metrics: named('sessions') }, 'Did not specify any dateRanges'],
    [
      'a day that does not exist',
      { dateRanges: [{ startDate: '2026-02-30', endDate: 'today' }], metrics: named('sessions') },
      'YYYY-MM-DD',
    ],
    [
      'dates in the wrong order',
      { dateRanges: [{ startDate: 'today', endDate: 'yesterday' }], metrics: named('sessions') },
      'must not be after',
    ],
    ['five date ranges', { dateRanges: Array(5).fill(SEPTEMBER), metrics: named('sessions') }, 'limited to 4'],
    [
      'a reserved name',
      { dateRanges: [{ ...SEPTEMBER, name: 'date_range_9' }], metrics: named('sessions') },
      'must not begin with',
    ],
    [
      'eleven metrics',
      { metrics: Array.from({ length: 11 }, (_, n) => ({ name: `m${n}` })) },
      'has 11 metrics, but requests are limited to 10',
    ],
    [
      'what does not go together',
      { dimensions: named('pagePath'), metrics: named('advertiserAdCost') },
      'Please remove pagePath to make the request compatible',
    ],
    ['an unknown name', { metric: [] }, 'Unknown name "metric": Cannot find field.'],
    ['another property', { property: `properties/${JAPAN}`, metrics: named('sessions') }, 'must be the same as'],
    [
      'an order by what is not there',
      { metrics: named('sessions'), orderBys: [{ metric: { metricName: 'newUsers' } }] },
      'newUsers is not in metrics',
    ],
    [
      'a filter that says two things',
      { metrics: named('sessions'), dimensionFilter: { filter: { fieldName: 'city' } } },
      'exactly one of its kinds',
    ],
    [
      'a broken expression',
      {
        metrics: named('sessions'),
        dimensionFilter: { filter: { fieldName: 'city', stringFilter: { matchType: 'FULL_REGEXP', value: '(' } } },
      },
      'regular expression',
    ],
    ['an unknown currency', { metrics: named('totalRevenue'), currencyCode: 'XXX' }, 'currencyCode XXX'],
  ])('refuses %s', async (_what, wish, words) => {
    const answer = await report(wish);
    expect([answer.status, answer.body.error.status]).toEqual([400, 'INVALID_ARGUMENT']);
    expect(answer.body.error.message).toContain(words);
  });

  it('returns the same error for missing and inaccessible properties', async () => {
    const [unknown, others] = [
      await report({ metrics: named('sessions') }, '999'),
      await report({ metrics: named('sessions') }, RITAS),
    ];
    expect(messageOf(unknown)).toEqual(messageOf(others));
    expect(messageOf(unknown)).toEqual([
      403,
      'PERMISSION_DENIED',
      expect.stringContaining('User does not have sufficient permissions for this property.'),
    ]);
    expect((await report({}, 'abc')).status).toBe(400);
  });
});

describe('batchRunReports', () => {
  const wish = { dateRanges: [SEPTEMBER], metrics: named('sessions') };

  it('answers up to five reports in their order, as one call', async () => {
    await call(`${simulator.url}/_simulator/calls`, { method: 'DELETE' });
    const { body } = await data(`${US}:batchRunReports`, {
      requests: [wish, { ...wish, dimensions: named('city') }, { ...wish, property: `properties/${US}` }],
    });
    expect(body.kind).toBe('analyticsData#batchRunReports');
    expect(body.reports.map(({ rowCount }: any) => rowCount)).toEqual([1, 4, 1]);
    expect((await admin(simulator, 'calls?provider=google-analytics')).body).toMatchObject([
      { accounts: [US], inner: false },
    ]);
  });

  it('fails as a whole for one bad report, for none, and for six', async () => {
    for (const requests of [
      [wish, { ...wish, metrics: named('fooBar') }],
      [],
      Array(6).fill(wish),
      [{ ...wish, property: `properties/${JAPAN}` }],
    ]) {
      expect((await data(`${US}:batchRunReports`, { requests })).status).toBe(400);
    }
  });
});

describe('quotas', () => {
  const wish = { metrics: named('sessions'), returnPropertyQuota: true };
  let other: Simulator;
  beforeEach(async () => {
    other = await startForTests();
    token = (await connectGoogle(other, 'nora', { scope: SCOPE })).access_token;
  });
  const ask = (property = US) =>
    postJson(
      `${other.url}/analyticsdata.googleapis.com/v1beta/properties/${property}:runReport`,
      { dateRanges: [SEPTEMBER], ...wish },
      headers(),
    );

  it('count tokens by property, hour and day', async () => {
    try {
      expect((await ask()).body.propertyQuota).toMatchObject({
        tokensPerDay: { consumed: 1, remaining: 199_999 },
        tokensPerProjectPerHour: { consumed: 1, remaining: 13_999 },
      });
      await admin(other, 'settings', { analyticsTokensPerHour: 1 });
      const refused = await ask();
      expect(messageOf(refused)).toEqual([
        429,
        'RESOURCE_EXHAUSTED',
        expect.stringContaining('Exhausted property tokens per hour. These quota tokens will return in under 1 hour.'),
      ]);
      expect((await ask(JAPAN)).status).toBe(200);
      await admin(other, 'clock', { advanceSeconds: 3_590 });
      expect((await ask()).status).toBe(429);
      await admin(other, 'clock', { advanceSeconds: 8 });
      await admin(other, 'settings', { analyticsTokensPerDay: 1, analyticsTokensPerHour: 100 });
      expect((await ask()).body.error.message).toContain('tokens per day');
      await admin(other, 'settings', { analyticsTokensPerDay: 100, analyticsTokensPerProjectPerHour: 0 });
      expect((await ask()).body.error.message).toContain('for a project per hour');
    } finally {
      await other.close();
    }
  });

  it('refuse more reports at the same time than allowed', async () => {
    try {
      await admin(other, 'settings', { analyticsConcurrentRequests: 2, analyticsReportMs: 300 });
      // On a busy machine one may come when another is answered.
      await eventually('one of three at the same time is refused', async () => {
        const answers = await Promise.all([ask(), ask(), ask(), ask(JAPAN)]);
        const statuses = answers.map(({ status }) => status);
        expect(statuses[3]).toBe(200);
        expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(3);
        return statuses.includes(429);
      });
      expect((await ask()).status).toBe(200);
    } finally {
      await other.close();
    }
  });
});

describe('the rest of the Data API', () => {
  it('returns the fields and their compatibility', async () => {
    const { body } = await call(`${simulator.url}/analyticsdata.googleapis.com/v1beta/properties/0/metadata`, {
      headers: headers(),
    });
    expect(body.name).toBe('properties/0/metadata');
    expect(body.metrics).toContainEqual(expect.objectContaining({ apiName: 'totalRevenue', type: 'TYPE_CURRENCY' }));
    const answer = await data(`${US}:checkCompatibility`, {
      metrics: named('advertiserAdCost'),
      compatibilityFilter: 'INCOMPATIBLE',
    });
    const names = answer.body.dimensionCompatibilities.map((one: any) => one.dimensionMetadata.apiName);
    expect(names).toContain('pagePath');
    expect(names).not.toContain('sessionSource');
  });

  it.each<[string, Record<string, unknown>]>([
    ['a dimension', { dimensions: named('itemBrand') }],
    ['a dimension of the property', { dimensions: named('customEvent:plan') }],
    ['a metric', { metrics: named('itemRevenue') }],
    ['cohorts', { cohortSpec: { cohorts: [] } }],
    ['an expression', { metrics: [{ name: 'x', expression: 'sessions/2' }] }],
  ])('says plainly that it does not simulate %s', async (_what, wish) => {
    const request = { dateRanges: [SEPTEMBER], metrics: named('sessions'), ...wish };
    expect(isNotSimulated(await data(`${US}:runReport`, request))).toBe(true);
  });

  it('reports the last half hour', async () => {
    const { body } = await data(`${US}:runRealtimeReport`, {
      dimensions: named('country'),
      metrics: named('activeUsers'),
    });
    expect(body.kind).toBe('analyticsData#runRealtimeReport');
    expect(Number(cellsOf(body.rows)[0]?.[1])).toBeGreaterThan(0);
    expect((await data(`${US}:runRealtimeReport`, { metrics: named('sessions') })).status).toBe(400);
  });

  it('answers several calls in one request, which count and fail separately', async () => {
    await call(`${simulator.url}/_simulator/calls`, { method: 'DELETE' });
    const path = (property: string) => `/v1beta/properties/${property}:runReport`;
    const body = { dateRanges: [SEPTEMBER], metrics: named('sessions') };
    await admin(simulator, 'faults', { provider: 'google-analytics', match: JAPAN, kind: 'status', status: 503 });
    const answer = await googleBatch(`${simulator.url}/analyticsdata.googleapis.com/batch`, token, [
      { method: 'POST', path: path(US), body },
      { method: 'POST', path: path(RITAS), body },
      { method: 'POST', path: path(JAPAN), body },
    ]);
    expect(answer.parts.map(({ id, status }) => [id, status])).toEqual([
      ['<response-item1>', 200],
      ['<response-item2>', 403],
      ['<response-item3>', 503],
    ]);
    expect(answer.parts[0]?.body.rowCount).toBe(1);
    const calls = (await admin(simulator, 'calls?provider=google-analytics')).body;
    expect(calls.map(({ path: at, inner }: any) => [at, inner])).toEqual([
      [path(US), true],
      [path(RITAS), true],
      [path(JAPAN), true],
      ['/batch', false],
    ]);
  });
});
