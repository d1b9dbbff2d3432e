import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { itInDrills } from '#ops/testing/it-in-drills.js';
import { admin, call, connectGoogle, googleBatch, postJson, startForTests } from '#simulator/client-for-tests.js';
import type { Simulator } from '#simulator/index.js';

const SCOPE = 'https://www.googleapis.com/auth/webmasters.readonly';
const DOMAIN = 'sc-domain:northwind.example';
const SHOP = 'https://shop.northwind-europa.example/';
const EMPTY = 'https://tailspintoys.example/';
const UNVERIFIED = 'https://adventure-works.example/';
const RITAS = 'https://ritas-flowers.example/';
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

const connect = async (person: string, scope = SCOPE) =>
  (await connectGoogle(simulator, person, { scope })).access_token as string;
const headers = () => ({ authorization: `Bearer ${token}` });
const root = (host = 'searchconsole.googleapis.com') => `${simulator.url}/${host}/webmasters/v3/sites`;
const get = (path = '') => call(`${root()}${path}`, { headers: headers() });
const query = (body: Record<string, unknown>, site = DOMAIN, host?: string) =>
  postJson(`${root(host)}/${encodeURIComponent(site)}/searchAnalytics/query`, { ...SEPTEMBER, ...body }, headers());
const truth = async (parameters = 'start=2026-09-01&end=2026-09-30') =>
  (await admin(simulator, `seed/search-console?${parameters}`)).body.accounts as any[];
const truthOf = async (site: string, parameters?: string) => (await truth(parameters)).find(({ id }) => id === site);
const reasonOf = (answer: { status: number; body: any }) => [answer.status, answer.body.error.errors?.[0].reason];
const numbers = ({ clicks, impressions, ctr, position }: any) => ({ clicks, impressions, ctr, position });

describe('sites', () => {
  it('are listed with what the person may do, unverified ones included', async () => {
    const { body } = await get();
    expect(body.siteEntry).toEqual(
      (await truth())
        .filter(({ people }) => people.includes('nora'))
        .map(({ id, permissions }) => ({ siteUrl: id, permissionLevel: permissions.nora })),
    );
    expect(body.siteEntry).toContainEqual({ siteUrl: UNVERIFIED, permissionLevel: 'siteUnverifiedUser' });
    token = await connect('emil');
    expect((await get()).body).toEqual({});
  });

  it('are found by their encoded address, and only by that', async () => {
    expect((await get('/sc-domain%3Anorthwind.example')).body).toEqual({
      siteUrl: DOMAIN,
      permissionLevel: 'siteOwner',
    });
    expect((await get(`/${encodeURIComponent(SHOP)}`)).body.siteUrl).toBe(SHOP);
    expect(reasonOf(await get(`/${encodeURIComponent(RITAS)}`))).toEqual([404, 'notFound']);
  });

  it('have sitemaps, and pages that can be inspected', async () => {
    const { body } = await get(`/${encodeURIComponent(SHOP)}/sitemaps`);
    expect(body.sitemap[0]).toMatchObject({ path: `${SHOP}sitemap.xml`, contents: [{ submitted: '7' }] });
    const inspect = (inspectionUrl: string, siteUrl = SHOP) =>
      postJson(
        `${simulator.url}/searchconsole.googleapis.com/v1/urlInspection/index:inspect`,
        { inspectionUrl, siteUrl },
        headers(),
      );
    expect((await inspect(`${SHOP}tent/`)).body.inspectionResult.indexStatusResult.verdict).toBe('PASS');
    expect((await inspect('https://elsewhere.example/')).status).toBe(400);
    expect((await inspect(UNVERIFIED, UNVERIFIED)).body.error.status).toBe('PERMISSION_DENIED');
  });
});

describe('authorization', () => {
  it('needs a scope of the two', async () => {
    token = await connect('emil', 'openid email');
    const answer = await get();
    expect(reasonOf(answer)).toEqual([403, 'insufficientPermissions']);
    expect(answer.body.error.details[0].reason).toBe('ACCESS_TOKEN_SCOPE_INSUFFICIENT');
    token = await connect('emil', 'https://www.googleapis.com/auth/webmasters');
    expect((await get()).status).toBe(200);
  });

  it('requires a valid token', async () => {
    token = 'made-up';
    expect(reasonOf(await get())).toEqual([401, 'authError']);
  });

  it('needs a site that is verified', async () => {
    for (const site of [UNVERIFIED, RITAS, 'https://nobodys.example/']) {
      const answer = await query({}, site);
      expect(answer.body.error).toEqual({
        code: 403,
        message: `User does not have sufficient permission for site '${site}'. See also: https://support.google.com/webmasters/answer/2451999.`,
        errors: [{ message: expect.any(String), domain: 'global', reason: 'forbidden' }],
      });
    }
  });

  it('loses consent at the first query, if one is Rita', async () => {
    token = await connect('rita');
    expect((await get()).body.siteEntry).toHaveLength(1);
    expect((await query({}, RITAS)).status).toBe(401);
    expect((await get()).status).toBe(401);
  });
});

describe('searchAnalytics/query', () => {
  it('arrives at the truth, on both hosts', async () => {
    for (const host of ['searchconsole.googleapis.com', 'www.googleapis.com']) {
      const { body } = await query({}, DOMAIN, host);
      expect(body).toEqual({ rows: [numbers(await truthOf(DOMAIN))], responseAggregationType: 'byProperty' });
    }
  });

  it('arrives at the truth of every day, the oldest first', async () => {
    const { body } = await query({ dimensions: ['DATE'] }, SHOP);
    const { daily } = await truthOf(SHOP, 'start=2026-09-01&end=2026-09-30&daily=1');
    expect(body.rows).toEqual(daily.map((day: any) => ({ keys: [day.date], ...numbers(day) })));
  });

  it.each([
    ['queries', 'query', 'byProperty'],
    ['pages', 'page', 'byPage'],
    ['countries', 'country', 'byProperty'],
    ['devices', 'DEVICE', 'byProperty'],
  ])('arrives at the truth of %s', async (group, dimension, aggregation) => {
    const { body } = await query({ dimensions: [dimension] });
    const expected = (await truthOf(DOMAIN))[group].map((one: any) => ({ keys: [one.name], ...numbers(one) }));
    expect(new Set(body.rows)).toEqual(new Set(expected));
    expect(body.responseAggregationType).toBe(aggregation);
    const clicks = body.rows.map((row: any) => row.clicks);
    expect(clicks).toEqual([...clicks].sort((one, other) => other - one));
  });

  it('anonymizes rare queries, and counts a page found twice once for the site', async () => {
    const site = await truthOf(DOMAIN);
    const sum = (rows: any[]) => rows.reduce((total, { impressions }) => total + impressions, 0);
    expect(sum(site.queries)).toBeLessThan(site.impressions);
    expect(sum(site.pages)).toBeGreaterThan(site.impressions);
    const byPage = await query({ aggregationType: 'BY_PAGE' });
    expect(byPage.body.rows[0].impressions).toBe(sum(site.pages));
  });

  itInDrills('pages by startRow, up to 25,000 rows', async () => {
    const wish = { startDate: '2026-05-01', endDate: '2026-10-31', dimensions: ['date', 'query', 'country', 'device'] };
    const first = (await query({ ...wish, rowLimit: 25_000 })).body.rows;
    expect(first).toHaveLength(25_000);
    const next = (await query({ ...wish, rowLimit: 10, startRow: 24_995 })).body.rows;
    expect(next.slice(0, 5)).toEqual(first.slice(-5));
    expect((await query(wish)).body.rows).toHaveLength(1_000);
    expect((await query({ ...wish, startRow: 9_000_000 })).body.rows).toBeUndefined();
  });

  it('filters', async () => {
    const filtered = (...filters: [string, string, string][]) =>
      query({
        dimensions: ['query'],
        dimensionFilterGroups: [
          {
            groupType: 'and',
            filters: filters.map(([dimension, operator, expression]) => ({ dimension, operator, expression })),
          },
        ],
      });
    const textsOf = (answer: any) => (answer.body.rows ?? []).map(({ keys }: any) => keys[0]).sort();
    expect(textsOf(await filtered(['query', 'equals', 'tent']))).toEqual(['tent']);
    expect(textsOf(await filtered(['query', 'CONTAINS', 'TENT'], ['query', 'notContains', 'e t']))).toEqual(
      ['best tent', 'cheap tent', 'lightweight tent', 'men tent', 'tent', 'waterproof tent', 'women tent'].filter(
        (text) => !text.includes('e t'),
      ),
    );
    expect(textsOf(await filtered(['query', 'includingRegex', '^(tent|backpack)$']))).toEqual(['backpack', 'tent']);
    expect(textsOf(await filtered(['QUERY', 'EXCLUDING_REGEX', ' ']))).toEqual(['backpack', 'northwind', 'tent']);
    expect(textsOf(await filtered(['country', 'equals', 'xyz']))).toEqual([]);
    expect((await filtered(['query', 'includingRegex', '('])).status).toBe(400);
    const page = await filtered(['page', 'equals', 'https://www.northwind.example/tent/']);
    expect(page.body.responseAggregationType).toBe('byPage');
  });

  it('has web, image, video and Discover results', async () => {
    const clicks = async (type: string) => (await query({ type })).body.rows?.[0].clicks ?? 0;
    const [web, image, news] = [await clicks('web'), await clicks('IMAGE'), await clicks('googleNews')];
    expect(image).toBeGreaterThan(0);
    expect(web).toBeGreaterThan(image);
    expect(news).toBe(0);
    expect((await query({ searchType: 'discover', dimensions: ['query'] })).status).toBe(400);
  });

  itInDrills('ends three days ago, unless fresh data is requested', async () => {
    const recent = { startDate: '2026-11-14', endDate: '2026-11-20', dimensions: ['date'] };
    const daysOf = ({ body }: any) => body.rows.map(({ keys }: any) => keys[0]);
    const final = await query(recent);
    expect(daysOf(final)).toEqual(['2026-11-14', '2026-11-15', '2026-11-16', '2026-11-17']);
    expect(final.body.metadata).toBeUndefined();
    const all = await query({ ...recent, dataState: 'all' });
    expect(daysOf(all).at(-1)).toBe('2026-11-19');
    expect(all.body.metadata).toEqual({ firstIncompleteDate: '2026-11-18' });
    const hours = await query({ ...recent, dataState: 'hourly_all', dimensions: ['hour'] });
    expect(hours.body.rows[0].keys).toEqual(['2026-11-14T00:00:00-08:00']);
    expect(hours.body.metadata).toEqual({ firstIncompleteHour: '2026-11-18T00:00:00-08:00' });
  });

  it('keeps sixteen months, and has no rows without data', async () => {
    const { body } = await query({ startDate: '2025-01-01', endDate: '2025-08-01', dimensions: ['date'] });
    expect(body.rows[0].keys).toEqual(['2025-07-01']);
    expect((await query({}, EMPTY)).body).toEqual({ responseAggregationType: 'byProperty' });
  });

  it.each<[string, Record<string, unknown>]>([
    ['no date', { startDate: '' }],
    ['a day that does not exist', { endDate: '2026-09-31' }],
    ['dates in the wrong order', { startDate: '2026-10-01' }],
    ['too many rows', { rowLimit: 25_001 }],
    ['no rows', { rowLimit: 0 }],
    ['a row before the first', { startRow: -1 }],
    ['an unknown dimension', { dimensions: ['keyword'] }],
    ['a dimension twice', { dimensions: ['page', 'PAGE'] }],
    ['pages by property', { dimensions: ['page'], aggregationType: 'byProperty' }],
    ['appearance beside others', { dimensions: ['searchAppearance', 'date'] }],
    ['an unknown name', { rows: 7 }],
  ])('refuses %s', async (_what, wish) => {
    expect((await query(wish)).status).toBe(400);
  });
});

describe('quotas and batches', () => {
  it('refuse the query too many, with 429 or as in former years', async () => {
    const other = await startForTests();
    try {
      token = (await connectGoogle(other, 'nora', { scope: SCOPE })).access_token;
      const ask = (site: string) =>
        postJson(
          `${other.url}/searchconsole.googleapis.com/webmasters/v3/sites/${encodeURIComponent(site)}/searchAnalytics/query`,
          SEPTEMBER,
          headers(),
        );
      await admin(other, 'settings', { searchConsoleQueriesPerMinute: 2 });
      expect([(await ask(DOMAIN)).status, (await ask(SHOP)).status]).toEqual([200, 200]);
      expect(reasonOf(await ask(SHOP))).toEqual([429, 'rateLimitExceeded']);
      await admin(other, 'settings', { searchConsoleQuotaStatus: 403 });
      expect(reasonOf(await ask(SHOP))).toEqual([403, 'quotaExceeded']);
      await admin(other, 'clock', { advanceSeconds: 60 });
      expect((await ask(SHOP)).status).toBe(200);
    } finally {
      await other.close();
    }
  });

  it('query several sites in one call', async () => {
    const path = (site: string) => `/webmasters/v3/sites/${encodeURIComponent(site)}/searchAnalytics/query`;
    const requests = [DOMAIN, UNVERIFIED, SHOP].map((site) => ({ method: 'POST', path: path(site), body: SEPTEMBER }));
    for (const address of ['searchconsole.googleapis.com/batch', 'www.googleapis.com/batch/webmasters/v3']) {
      const { parts } = await googleBatch(`${simulator.url}/${address}`, token, requests);
      expect(parts.map(({ status }) => status)).toEqual([200, 403, 200]);
      expect(parts[2]?.body.rows).toEqual([numbers(await truthOf(SHOP))]);
    }
    const broken = await call(`${simulator.url}/searchconsole.googleapis.com/batch`, {
      method: 'POST',
      headers: { ...headers(), 'content-type': 'multipart/mixed; boundary=b' },
      body: '--b\r\nnonsense',
    });
    expect(broken.status).toBe(400);
  });
});
