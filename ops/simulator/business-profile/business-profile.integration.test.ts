import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { admin, call, connectGoogle, googleBatch, startForTests } from '#simulator/client-for-tests.js';
import type { Simulator } from '#simulator/index.js';

const SCOPE = 'https://www.googleapis.com/auth/business.manage';
const STORES = '110238847561029384756';
const COFFEE = '117264518390264518390';
const RITAS = '101928374655647382910';
const METRICS = ['CALL_CLICKS', 'WEBSITE_CLICKS', 'BUSINESS_IMPRESSIONS_MOBILE_MAPS', 'BUSINESS_FOOD_ORDERS'];

let simulator: Simulator;
let token: string;
beforeAll(async () => {
  simulator = await startForTests();
  await admin(simulator, 'settings', { businessProfileCallsPerMinute: 10_000 });
});
beforeEach(async () => {
  token = await connect('nora');
});
afterAll(() => simulator.close());

const connect = async (person: string, scope = SCOPE) =>
  (await connectGoogle(simulator, person, { scope })).access_token as string;
const get = (host: string, path: string) =>
  call(`${simulator.url}/${host}.googleapis.com/v1/${path}`, { headers: { authorization: `Bearer ${token}` } });
const accounts = (query = '') => get('mybusinessaccountmanagement', `accounts${query}`);
const information = (path: string) => get('mybusinessbusinessinformation', path);
const performance = (path: string) => get('businessprofileperformance', path);
const truth = async (query = 'start=2026-09-01&end=2026-09-30&daily=1') =>
  ((await admin(simulator, `seed/business-profile?${query}`)).body.accounts as any[]).flatMap(
    ({ id: account, people, locations }) => locations.map((location: any) => ({ ...location, account, people })),
  );

function range(start: string, end: string): string {
  const part = (name: string, date: string) => {
    const [year, month, day] = date.split('-').map(Number);
    return `dailyRange.${name}.year=${year}&dailyRange.${name}.month=${month}&dailyRange.${name}.day=${day}`;
  };
  return `${part('startDate', start)}&${part('endDate', end)}`;
}
const SEPTEMBER = range('2026-09-01', '2026-09-30');
const multi = (id: string, metrics = METRICS, days = SEPTEMBER) =>
  `locations/${id}:fetchMultiDailyMetricsTimeSeries?${metrics.map((metric) => `dailyMetrics=${metric}`).join('&')}&${days}`;

describe('accounts', () => {
  it('are listed in pages, filtered by type', async () => {
    const first = await accounts('?pageSize=2');
    const second = await accounts(`?pageSize=2&pageToken=${first.body.nextPageToken}`);
    const names = [...first.body.accounts, ...second.body.accounts].map(({ accountName }) => accountName);
    expect(names).toEqual(['Nora Lind', 'Northwind Outdoor stores', 'Fourth Coffee bars']);
    expect((await accounts('?filter=type=LOCATION_GROUP')).body.accounts).toHaveLength(2);
    expect((await accounts('?pageSize=21')).status).toBe(400);
    await admin(simulator, 'settings', { businessProfileAccountsPerPage: 1 });
    expect((await accounts('?pageSize=20')).body.accounts).toHaveLength(1);
    await admin(simulator, 'settings', { businessProfileAccountsPerPage: 20 });
  });

  it('are none for who has none, and nothing without the scope', async () => {
    token = await connect('emil');
    expect((await accounts()).body).toEqual({});
    token = await connect('nora', 'openid');
    expect((await accounts()).body.error).toMatchObject({
      code: 403,
      status: 'PERMISSION_DENIED',
      details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }],
    });
    token = 'made-up';
    expect((await accounts()).status).toBe(401);
  });
});

describe('locations', () => {
  async function all(account: string, pageSize = 100) {
    const found: any[] = [];
    let [pages, token] = [0, ''];
    do {
      const { body } = await information(
        `accounts/${account}/locations?readMask=name,title&pageSize=${pageSize}&pageToken=${token}`,
      );
      found.push(...body.locations);
      [pages, token] = [pages + 1, body.nextPageToken ?? ''];
    } while (token);
    return { found, pages };
  }

  it('are listed page by page, of one account or of all', async () => {
    const own = (await truth()).filter(({ people }) => people.includes('nora'));
    const { found, pages } = await all('-');
    expect(found).toEqual(own.map(({ id, name }) => ({ name: `locations/${id}`, title: name })));
    expect([found.length, pages]).toEqual([139, 2]);
    expect((await all(COFFEE, 10)).pages).toBe(3);
    expect((await information(`accounts/${STORES}/locations?readMask=name`)).body.locations).toHaveLength(10);
  });

  it('require a readMask of known fields', async () => {
    expect((await information('accounts/-/locations')).body.error.details[0].fieldViolations[0].description).toContain(
      'required',
    );
    expect((await information('accounts/-/locations?readMask=name,colour')).status).toBe(400);
    expect((await information('accounts/-/locations?readMask=name&pageSize=101')).status).toBe(400);
    expect((await information('accounts/-/locations?readMask=name&limit=7')).body.error.message).toContain(
      'Unknown name "limit"',
    );
    const [{ id }] = await truth();
    expect((await information(`locations/${id}?readMask=storeCode,metadata.placeId,openInfo`)).body).toEqual({
      storeCode: 'NW-1',
      metadata: { placeId: expect.any(String) },
      openInfo: { status: 'OPEN' },
    });
  });

  it('can be filtered, and are counted only then', async () => {
    const { body } = await information(
      `accounts/-/locations?readMask=name&filter=${encodeURIComponent('title="coffee"')}`,
    );
    expect(body.totalSize).toBe(21);
    expect((await information('accounts/-/locations?readMask=name')).body.totalSize).toBeUndefined();
  });

  it('of others are refused', async () => {
    const ritas = (await truth()).find(({ people }) => people.includes('rita'));
    expect((await information(`accounts/${RITAS}/locations?readMask=name`)).status).toBe(403);
    expect((await information('accounts/1/locations?readMask=name')).status).toBe(404);
    expect((await information(`locations/${ritas.id}?readMask=name`)).status).toBe(403);
    expect((await performance(multi(ritas.id))).status).toBe(403);
    expect((await performance(multi('1'))).status).toBe(404);
  });
});

describe('daily metrics', () => {
  it('arrive at the truth of every day, without the zeros', async () => {
    const [first, ...rest] = await truth();
    const cafe = rest.find(({ account }) => account === COFFEE);
    const unknown = rest.find(({ metrics }) => Object.values(metrics).every((value) => value === 0));
    for (const { id, daily } of [first, cafe, unknown]) {
      const { body } = await performance(multi(id));
      const series = body.multiDailyMetricTimeSeries[0].dailyMetricTimeSeries;
      expect(series.map(({ dailyMetric }: any) => dailyMetric)).toEqual(METRICS);
      for (const { dailyMetric, timeSeries } of series) {
        expect(timeSeries.datedValues).toEqual(
          daily.map((day: any) => {
            const [year, month, date] = day.date.split('-').map(Number);
            return {
              date: { year, month, day: date },
              ...(day[dailyMetric] > 0 && { value: String(day[dailyMetric]) }),
            };
          }),
        );
      }
    }
    const { body } = await performance(
      `locations/${first.id}:getDailyMetricsTimeSeries?dailyMetric=CALL_CLICKS&${SEPTEMBER}`,
    );
    expect(body.timeSeries.datedValues).toHaveLength(30);
  });

  it('are some days behind', async () => {
    const [{ id }] = await truth();
    const { body } = await performance(
      multi(id, ['BUSINESS_IMPRESSIONS_MOBILE_MAPS'], range('2026-11-16', '2026-11-20')),
    );
    const values = body.multiDailyMetricTimeSeries[0].dailyMetricTimeSeries[0].timeSeries.datedValues;
    expect(values.map((one: any) => 'value' in one)).toEqual([true, true, false, false, false]);
  });

  it.each([
    ['an unknown metric', (id: string) => multi(id, ['VIEWS'])],
    ['no metric', (id: string) => multi(id, [])],
    ['a day that does not exist', (id: string) => multi(id, METRICS, range('2026-02-30', '2026-03-01'))],
    ['days in the wrong order', (id: string) => multi(id, METRICS, range('2026-03-02', '2026-03-01'))],
    ['no days', (id: string) => multi(id, METRICS, '')],
    ['an unknown parameter', (id: string) => `${multi(id)}&pageSize=7`],
  ])('refuse %s', async (_what, path) => {
    const [{ id }] = await truth();
    expect((await performance(path(id))).body.error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
  });

  it('cost Rita her consent', async () => {
    token = await connect('rita');
    const { body } = await information(`accounts/${RITAS}/locations?readMask=name`);
    expect(body.locations).toHaveLength(3);
    const path = `${body.locations[0].name}:getDailyMetricsTimeSeries?dailyMetric=CALL_CLICKS&${SEPTEMBER}`;
    expect((await performance(path)).status).toBe(401);
    expect((await accounts()).status).toBe(401);
  });
});

describe('search keywords', () => {
  it('come by month and page by page, the rare ones without a number', async () => {
    const [{ id }] = await truth();
    const months =
      'monthlyRange.startMonth.year=2026&monthlyRange.startMonth.month=9&monthlyRange.endMonth.year=2026&monthlyRange.endMonth.month=9';
    const path = `locations/${id}/searchkeywords/impressions/monthly?${months}`;
    const all = (await performance(path)).body.searchKeywordsCounts;
    expect(all.map(({ insightsValue }: any) => Object.keys(insightsValue)[0])).toContain('value');
    const first = await performance(`${path}&pageSize=3`);
    const second = await performance(`${path}&pageSize=100&pageToken=${first.body.nextPageToken}`);
    expect([...first.body.searchKeywordsCounts, ...second.body.searchKeywordsCounts]).toEqual(all);
  });
});

describe('quotas and batches', () => {
  it('count every call within a batch, each of the three APIs for itself', async () => {
    const other = await startForTests();
    try {
      await admin(other, 'settings', { businessProfileCallsPerMinute: 2 });
      token = (await connectGoogle(other, 'nora', { scope: SCOPE })).access_token;
      const ids = (await truth()).slice(0, 3).map(({ id }) => id);
      const requests = ids.map((id) => ({ method: 'GET', path: `/v1/${multi(id)}` }));
      const { parts } = await googleBatch(
        `${other.url}/businessprofileperformance.googleapis.com/batch`,
        token,
        requests,
      );
      expect(parts.map(({ id, status }) => [id, status])).toEqual([
        ['<response-item1>', 200],
        ['<response-item2>', 200],
        ['<response-item3>', 429],
      ]);
      expect(parts[2]?.body.error).toMatchObject({
        status: 'RESOURCE_EXHAUSTED',
        details: [{ reason: 'RATE_LIMIT_EXCEEDED' }],
      });
      const list = () =>
        call(`${other.url}/mybusinessaccountmanagement.googleapis.com/v1/accounts`, {
          headers: { authorization: `Bearer ${token}` },
        });
      expect((await list()).status).toBe(200);
      const calls = (await admin(other, 'calls?provider=business-profile')).body;
      expect(calls.map(({ inner }: any) => inner)).toEqual([true, true, true, false, false]);
      await admin(other, 'clock', { advanceSeconds: 60 });
      await admin(other, 'settings', { businessProfileCallsPerMinute: 0 });
      expect((await list()).status).toBe(429);
    } finally {
      await other.close();
    }
  });
});
