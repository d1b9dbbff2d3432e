import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  admin,
  call,
  connectLinkedin,
  isNotSimulated,
  linkedinRest,
  startForTests,
} from '#simulator/client-for-tests.js';
import type { Simulator } from '#simulator/index.js';

const US = '507404993';
const DACH = '508121744';
const JAPAN = '509533018';
const CLOSED = '503300127';
const RITAS = '511900462';
const NORAS = [US, DACH, JAPAN, '510277350', CLOSED];
const OCTOBER = 'dateRange=(start:(year:2026,month:10,day:1),end:(year:2026,month:10,day:31))';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

let simulator: Simulator;
let token: string;
let truth: any[];
beforeAll(async () => {
  simulator = await startForTests();
  token = (await connectLinkedin(simulator)).access_token;
  truth = (await admin(simulator, 'seed/linkedin?start=2026-10-01&end=2026-10-31&daily=1')).body.accounts;
});
afterAll(() => simulator.close());

const get = (path: string, headers: Record<string, string> = {}) => linkedinRest(simulator, path, token, headers);
const tunnel = (path: string, query: string, headers: Record<string, string> = {}) =>
  linkedinRest(simulator, path, token, { 'x-http-method-override': 'GET', ...FORM, ...headers }, query);
const urn = (entity: string, id: string) => encodeURIComponent(`urn:li:${entity}:${id}`);
const accountsOf = (...ids: string[]) => `accounts=List(${ids.map((id) => urn('sponsoredAccount', id)).join(',')})`;
const campaignsOf = (ids: string[]) => `campaigns=List(${ids.map((id) => urn('sponsoredCampaign', id)).join(',')})`;
const trueCampaigns = (account: string): any[] => truth.find(({ id }) => id === account).campaigns;
const delivering = (account: string): any[] => trueCampaigns(account).filter(({ impressions }) => impressions > 0);

/** Returns the body as text, where ids still have all their digits. */
async function textOf(path: string): Promise<string> {
  const response = await fetch(`${simulator.url}/api.linkedin.com/rest/${path}`, {
    headers: {
      authorization: `Bearer ${token}`,
      'linkedin-version': '202607',
      'x-restli-protocol-version': '2.0.0',
    },
  });
  return response.text();
}

const idsIn = (text: string) => [...text.matchAll(/"id":(\d+)/g)].map(([, id]) => id as string);

describe('authentication and protocol', () => {
  it.each([
    ['no version', { 'linkedin-version': '' }, 400, 'VERSION_MISSING'],
    ['a version long gone', { 'linkedin-version': '202401' }, 426, 'NONEXISTENT_VERSION'],
    ['a version that is not yet', { 'linkedin-version': '203001' }, 426, 'NONEXISTENT_VERSION'],
    ['a version in another form', { 'linkedin-version': '2026-07' }, 426, 'NONEXISTENT_VERSION'],
    ['no protocol version', { 'x-restli-protocol-version': '' }, 400, 'PROTOCOL_VERSION_INVALID'],
    ['the first protocol', { 'x-restli-protocol-version': '1.0.0' }, 400, 'PROTOCOL_VERSION_INVALID'],
    ['another method than announced', { 'x-restli-method': 'get' }, 400, 'PARAM_INVALID'],
    ['no token', { authorization: '' }, 401, 'EMPTY_ACCESS_TOKEN'],
    ['a made-up token', { authorization: 'Bearer AQXmade-up' }, 401, 'INVALID_ACCESS_TOKEN'],
  ])('refuses %s', async (_case, headers, status, code) => {
    const answer = await get('adAccountUsers?q=authenticatedUser', headers as unknown as Record<string, string>);
    expect([answer.status, answer.body.status, answer.body.code]).toEqual([status, status, code]);
  });

  it('signs every answer and promises nothing about limits', async () => {
    for (const path of ['adAccountUsers?q=authenticatedUser', 'adAccounts/999']) {
      const { headers } = await get(path);
      for (const name of ['x-li-uuid', 'x-li-request-id', 'x-li-fabric']) expect(headers.get(name)).toBeTruthy();
      expect(headers.get('x-restli-protocol-version')).toBe('2.0.0');
      expect([...headers.keys()].filter((name) => /limit|retry/i.test(name))).toEqual([]);
    }
  });

  it.each([
    ['adAccounts/1/adCampaigns/2', 404],
    [`adAccounts/${US}/adCampaigns/1/2`, 404],
  ])('does not know %s', async (path, status) => {
    expect((await get(path)).status).toBe(status);
  });

  it.each([
    ['a resource', 'adAccounts/1/adForms?q=account'],
    ['a field', `adAccounts/${US}/adCampaigns?q=search&fields=id,colour`],
    ['a metric', `adAnalytics?q=analytics&pivot=CAMPAIGN&timeGranularity=ALL&${OCTOBER}&fields=viralClicks`],
    ['a pivot', `adAnalytics?q=analytics&pivot=MEMBER_JOB_TITLE&timeGranularity=ALL&${OCTOBER}`],
  ])('says plainly that it does not simulate %s', async (_what, path) => {
    expect(
      isNotSimulated(
        await get(path.includes('adAnalytics') ? `${path}&accounts=List(${urn('sponsoredAccount', US)})` : path),
      ),
    ).toBe(true);
  });

  it('accepts a long query as a tunnelled POST only', async () => {
    const ids = [...delivering(US), ...delivering(DACH)].map(({ id }) => id);
    const query = `q=analytics&pivot=CAMPAIGN&timeGranularity=ALL&${OCTOBER}&${campaignsOf(ids)}&fields=pivotValues,clicks`;
    expect(query.length).toBeGreaterThan(4096);
    const refused = await get(`adAnalytics?${query}`);
    expect([refused.status, refused.body.code]).toEqual([414, 'URI_TOO_LONG']);
    const answer = await tunnel('adAnalytics', query, { 'x-restli-method': 'FINDER' });
    expect(answer.body.elements).toHaveLength(ids.length);
  });

  it.each([
    ['a query besides the body', 'adAnalytics?q=analytics', {}, 400],
    ['a body of another type', 'adAnalytics', { 'content-type': 'text/plain' }, 400],
    ['another method', 'adAnalytics', { 'x-http-method-override': 'DELETE' }, 405],
  ])('does not open a tunnel with %s', async (_case, path, headers, status) => {
    expect((await tunnel(path, 'q=analytics', headers as Record<string, string>)).status).toBe(status);
  });

  it('is read-only', async () => {
    expect((await linkedinRest(simulator, 'adAccounts', token, FORM, '{}')).status).toBe(405);
  });

  it('requires the length of a body', async () => {
    const response = await fetch(`${simulator.url}/api.linkedin.com/rest/adAnalytics`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'x-http-method-override': 'GET', ...FORM },
      body: new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('q=analytics'));
          controller.close();
        },
      }),
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(411);
  });
});

describe('accounts', () => {
  it('are found by role, with start and count', async () => {
    const { body } = await get('adAccountUsers?q=authenticatedUser');
    expect(body.elements.map(({ account }: any) => account)).toEqual(
      NORAS.map((id) => `urn:li:sponsoredAccount:${id}`),
    );
    expect(body.elements[0]).toEqual({
      account: `urn:li:sponsoredAccount:${US}`,
      user: 'urn:li:person:yrZCpj2Z12',
      role: 'ACCOUNT_MANAGER',
    });
    expect(body.paging).toEqual({ start: 0, count: 10, total: 5, links: [] });
    const part = (await get('adAccountUsers?q=authenticatedUser&start=2&count=2')).body;
    expect(part.elements).toHaveLength(2);
    expect(part.paging.links.map(({ rel }: any) => rel)).toEqual(['prev', 'next']);
  });

  it('are searched by status, type, id and name', async () => {
    const names = async (search: string) =>
      (await get(`adAccounts?q=search${search && `&search=${search}`}`)).body.elements.map(({ id }: any) => String(id));
    expect((await names('')).sort()).toEqual(NORAS.toSorted());
    expect(await names('(status:(values:List(CANCELED)))')).toEqual([CLOSED]);
    expect(await names('(type:(values:List(ENTERPRISE)),status:(values:List(ACTIVE,CANCELED)),test:false)')).toEqual([
      JAPAN,
    ]);
    expect(await names(`(id:(values:List(${urn('sponsoredAccount', DACH)})))`)).toEqual([DACH]);
    expect(await names(`(name:(values:List(${encodeURIComponent('ノースウインド Japan')})))`)).toEqual([JAPAN]);
    expect(await names('(test:true)')).toEqual([]);
  });

  it('are fetched one or several at a time', async () => {
    expect((await get(`adAccounts/${JAPAN}?fields=id,currency`)).body).toEqual({ id: Number(JAPAN), currency: 'JPY' });
    const { body } = await get(`adAccounts?ids=List(${US},${RITAS},999)`);
    expect(Object.keys(body.results)).toEqual([US]);
    expect(body.statuses).toEqual({ [US]: 200 });
    expect([body.errors[RITAS].status, body.errors['999'].status]).toEqual([403, 404]);
    expect((await get(`adAccounts/${RITAS}`)).body).toEqual({
      status: 403,
      serviceErrorCode: 100,
      code: 'ACCESS_DENIED',
      message: `Not enough permissions to access: GET /adAccounts/${RITAS}`,
    });
    expect((await get('adAccounts/999')).status).toBe(404);
  });

  it('are none for a person without any', async () => {
    const { access_token } = await connectLinkedin(simulator, 'emil');
    for (const path of ['adAccountUsers?q=authenticatedUser', 'adAccounts?q=search'])
      expect((await linkedinRest(simulator, path, access_token)).body.elements).toEqual([]);
  });

  it('need r_ads, and figures r_ads_reporting', async () => {
    const poor = (await connectLinkedin(simulator, 'nora', { scope: 'openid' })).access_token;
    const analytics = `adAnalytics?q=analytics&pivot=ACCOUNT&timeGranularity=ALL&${OCTOBER}&${accountsOf(US)}`;
    for (const path of ['adAccountUsers?q=authenticatedUser', `adAccounts/${US}/adCampaigns?q=search`, analytics])
      expect((await linkedinRest(simulator, path, poor)).body).toMatchObject({ status: 403, code: 'ACCESS_DENIED' });
  });
});

describe('campaigns', () => {
  it('have ids that clients which read JavaScript numbers keep', async () => {
    const text = await textOf(`adAccounts/${US}/adCampaigns?q=search&pageSize=1000`);
    const ids = idsIn(text);
    expect(ids.toSorted()).toEqual(
      trueCampaigns(US)
        .map(({ id }) => id)
        .toSorted(),
    );
    for (const id of ids) expect(String(Number(id))).toBe(id);
    const groups = idsIn(await textOf(`adAccounts/${US}/adCampaignGroups?q=search`));
    expect(groups).toHaveLength(7);
    expect(new Set(groups.map(Number)).size).toBe(7);
  });

  it('come in pages whose tokens belong to one search', async () => {
    const ids: string[] = [];
    let pageToken = '';
    let pages = 0;
    const search = `adAccounts/${US}/adCampaigns?q=search&search=(status:(values:List(ACTIVE)))&pageSize=25`;
    do {
      const text = await textOf(`${search}&pageToken=${encodeURIComponent(pageToken)}`);
      ids.push(...idsIn(text));
      pageToken = JSON.parse(text).metadata.nextPageToken ?? '';
      pages += 1;
      if (pages === 1) {
        const elsewhere = `adAccounts/${US}/adCampaigns?q=search&pageToken=${encodeURIComponent(pageToken)}`;
        expect((await get(elsewhere)).status).toBe(400);
      }
    } while (pageToken !== '');
    const active = trueCampaigns(US).filter(({ status }) => status === 'ACTIVE');
    expect(pages).toBe(Math.ceil(active.length / 25));
    expect(new Set(ids)).toEqual(new Set(active.map(({ id }) => id)));
  });

  it('are searched by status, group and id, in either order', async () => {
    const [group] = idsIn(await textOf(`adAccounts/${US}/adCampaignGroups?q=search`));
    const path = `adAccounts/${US}/adCampaigns?q=search`;
    const inGroup = await get(
      `${path}&search=(status:(values:List(ACTIVE,PAUSED)),campaignGroup:(values:List(${urn('sponsoredCampaignGroup', String(group))})),test:false)`,
    );
    expect(inGroup.body.elements.length).toBeGreaterThan(3);
    for (const campaign of inGroup.body.elements) {
      expect(campaign.campaignGroup).toBe(`urn:li:sponsoredCampaignGroup:${group}`);
      expect(['ACTIVE', 'PAUSED']).toContain(campaign.status);
    }
    const { id } = trueCampaigns(US)[3];
    const one = `${path}&search=(id:(values:List(${urn('sponsoredCampaign', id)})))`;
    expect(idsIn(await textOf(one))).toEqual([id]);
    const up = idsIn(await textOf(`${path}&sortOrder=ASCENDING&fields=id`));
    expect(idsIn(await textOf(`${path}&sortOrder=DESCENDING&fields=id`))).toEqual(up.toReversed());
  });

  it('look like those of LinkedIn', async () => {
    const { elements } = (await get(`adAccounts/${JAPAN}/adCampaigns?q=search`)).body;
    expect(elements[0]).toMatchObject({
      name: trueCampaigns(JAPAN)[0].name,
      account: `urn:li:sponsoredAccount:${JAPAN}`,
      objectiveType: 'LEAD_GENERATION',
      unitCost: { amount: expect.stringMatching(/^\d+$/), currencyCode: 'JPY' },
      runSchedule: { start: expect.any(Number) },
      locale: { country: 'JP', language: 'ja' },
      servingStatuses: ['RUNNABLE'],
      version: { versionTag: expect.any(String) },
    });
    expect(elements.some((one: any) => !('dailyBudget' in one) && 'totalBudget' in one)).toBe(true);
  });

  it('are fetched one or several at a time, each with its own outcome', async () => {
    const [first, second] = trueCampaigns(US);
    const foreign = trueCampaigns(DACH)[0];
    const path = `adAccounts/${US}/adCampaigns`;
    expect((await get(`${path}/${first.id}?fields=name`)).body).toEqual({ name: first.name });
    const { body } = await get(`${path}?ids=List(${first.id},${second.id},${foreign.id})`, {
      'x-restli-method': 'batch_get',
    });
    expect(body.results[second.id].name).toBe(second.name);
    expect(body.statuses).toEqual({ [first.id]: 200, [second.id]: 200 });
    expect(body.errors[foreign.id]).toMatchObject({ status: 404, message: expect.any(String) });
    expect((await get(`adAccounts/${RITAS}/adCampaigns?ids=List(1)`)).status).toBe(200);
  });

  it.each([
    ['an unknown parameter', 'q=search&status=ACTIVE'],
    ['paging as of old', 'q=search&start=0&count=10'],
    ['the syntax of the first protocol', 'q=search&search.status.values%5B0%5D=ACTIVE'],
    ['no finder', 'pageSize=10'],
    ['another finder', 'q=criteria'],
    ['an encoded structure', 'q=search&search=%28status%3A%28values%3AList%28ACTIVE%29%29%29'],
    ['half a structure', 'q=search&search=(status:(values:List(ACTIVE))'],
    ['an unknown search field', 'q=search&search=(colour:(values:List(RED)))'],
    ['an unknown status', 'q=search&search=(status:(values:List(ENABLED)))'],
    ['a URN that was not encoded', 'q=search&search=(id:(values:List(urn:li:sponsoredCampaign:1)))'],
    ['a URN of another kind', `q=search&search=(id:(values:List(${urn('sponsoredAccount', US)})))`],
    ['too large a page', 'q=search&pageSize=1001'],
    ['an empty page', 'q=search&pageSize=0'],
    ['a made-up page token', 'q=search&pageToken=DgAbC'],
    ['a parameter twice', 'q=search&q=search'],
    ['an id that is none', 'ids=List(abc)'],
    ['ids that are no list', 'ids=1'],
  ])('refuse %s', async (_case, query) => {
    const { status, body } = await get(`adAccounts/${US}/adCampaigns?${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ status: 400, code: expect.any(String), message: expect.any(String) });
    expect(body.errorDetails.inputErrors[0]).toEqual({
      code: body.code,
      description: expect.any(String),
      input: { inputPath: { fieldPath: expect.any(String) } },
    });
  });
});

describe('analytics', () => {
  const METRICS = 'impressions,clicks,costInLocalCurrency,externalWebsiteConversions,conversionValueInLocalCurrency';
  const analytics = async (query: string) => (await tunnel('adAnalytics', `q=analytics&${query}`)).body;
  const dayText = ({ year, month, day }: any) =>
    [year, String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-');

  it('return the exact figures of each campaign of several accounts', async () => {
    const { elements, paging } = await analytics(
      `pivot=CAMPAIGN&timeGranularity=ALL&${OCTOBER}&${accountsOf(...NORAS)}&fields=pivotValues,dateRange,${METRICS}`,
    );
    const expected = truth
      .filter(({ id }) => NORAS.includes(id))
      .flatMap(({ campaigns }) => campaigns.filter((campaign: any) => campaign.impressions > 0))
      .map((campaign: any) => ({
        pivotValues: [`urn:li:sponsoredCampaign:${campaign.id}`],
        dateRange: { start: { year: 2026, month: 10, day: 1 }, end: { year: 2026, month: 10, day: 31 } },
        impressions: campaign.impressions,
        clicks: campaign.clicks,
        costInLocalCurrency: String(Number(campaign.costMicros) / 1e6),
        externalWebsiteConversions: Number(campaign.conversions),
        conversionValueInLocalCurrency: campaign.conversionValue,
      }));
    for (const element of elements) {
      for (const metric of ['costInLocalCurrency', 'conversionValueInLocalCurrency']) {
        expect(element[metric]).toMatch(/^\d+(\.\d+)?$/);
        element[metric] = String(Number(Number(element[metric]).toFixed(6)));
      }
    }
    const byName = (a: any, b: any) => (a.pivotValues[0] < b.pivotValues[0] ? -1 : 1);
    expect(elements.sort(byName)).toEqual(expected.sort(byName));
    expect(paging).toEqual({ start: 0, count: 10, links: [] });
  });

  it('write money as sums of floating point numbers come out', async () => {
    const { elements } = await analytics(
      `pivot=CAMPAIGN&timeGranularity=DAILY&${OCTOBER}&${accountsOf(US, JAPAN)}&fields=costInLocalCurrency`,
    );
    const costs = elements.map(({ costInLocalCurrency }: any) => costInLocalCurrency);
    for (const form of [/^\d+\.\d\d$/, /^\d+\.\d\d0{11,}\d+$/, /^\d+\.\d\d9{11,}\d+$/, /^\d+\.0{13,}\d+$/])
      expect(costs).toContainEqual(expect.stringMatching(form));
  });

  it('return daily figures', async () => {
    const { elements } = await analytics(
      `pivot=CAMPAIGN&timeGranularity=DAILY&${OCTOBER}&${accountsOf(JAPAN)}&fields=pivotValues,dateRange,impressions`,
    );
    const shown = elements.map(({ pivotValues, dateRange, impressions }: any) => {
      expect(dateRange.start).toEqual(dateRange.end);
      return `${pivotValues[0].split(':').at(-1)} ${dayText(dateRange.start)} ${impressions}`;
    });
    const expected = trueCampaigns(JAPAN).flatMap(({ id, daily }) =>
      daily.map(({ date, impressions }: any) => `${id} ${date} ${impressions}`),
    );
    expect(shown.sort()).toEqual(expected.sort());
  });

  it('add up to the same, however the range is cut', async () => {
    const range = 'dateRange=(start:(year:2025,month:11,day:15),end:(year:2026,month:2,day:10))';
    const parts = async (granularity: string) =>
      (
        await analytics(
          `pivot=ACCOUNT&timeGranularity=${granularity}&${range}&${accountsOf(US)}&fields=dateRange,clicks,totalEngagements,oneClickLeads`,
        )
      ).elements;
    const sum = (elements: any[], metric: string) => elements.reduce((total, element) => total + element[metric], 0);
    const [whole, days, months, years] = await Promise.all(['ALL', 'DAILY', 'MONTHLY', 'YEARLY'].map(parts));
    expect([whole, days, months, years].map((elements) => elements.length)).toEqual([1, 88, 4, 2]);
    for (const metric of ['clicks', 'totalEngagements', 'oneClickLeads']) {
      expect(whole[0][metric]).toBeGreaterThan(0);
      for (const elements of [days, months, years]) expect(sum(elements, metric)).toBe(whole[0][metric]);
    }
    expect(months[0].dateRange.end).toEqual({ year: 2025, month: 11, day: 30 });
    expect(years[1].dateRange).toEqual({
      start: { year: 2026, month: 1, day: 1 },
      end: { year: 2026, month: 2, day: 10 },
    });
  });

  it('count by account, group and organization, and by several at once', async () => {
    const clicks = (elements: any[]) => elements.reduce((sum, element) => sum + element.clicks, 0);
    const query = `timeGranularity=ALL&${OCTOBER}&${accountsOf(US, DACH)}&fields=pivotValues,clicks`;
    const byAccount = (await analytics(`pivot=ACCOUNT&${query}`)).elements;
    const byGroup = (await analytics(`pivot=CAMPAIGN_GROUP&${query}`)).elements;
    const byBoth = (await tunnel('adAnalytics', `q=statistics&pivots=List(COMPANY,CAMPAIGN_GROUP)&${query}`)).body
      .elements;
    expect([byAccount, byGroup, byBoth].map((elements) => elements.length)).toEqual([2, 14, 14]);
    expect(byBoth[0].pivotValues).toEqual([expect.stringMatching(/organization/), expect.stringMatching(/Group/)]);
    expect(new Set([byAccount, byGroup, byBoth].map(clicks)).size).toBe(1);
  });

  it('narrow down by every facet there is', async () => {
    const [group] = idsIn(await textOf(`adAccounts/${US}/adCampaignGroups?q=search`));
    const query = `pivot=CAMPAIGN&timeGranularity=ALL&${OCTOBER}&fields=pivotValues`;
    const all = await analytics(
      `${query}&${accountsOf(US)}&campaignGroups=List(${urn('sponsoredCampaignGroup', String(group))})`,
    );
    expect(all.elements.length).toBeGreaterThan(3);
    const none = await analytics(
      `${query}&${accountsOf(DACH)}&campaignGroups=List(${urn('sponsoredCampaignGroup', String(group))})`,
    );
    expect(none.elements).toEqual([]);
    const company = await analytics(`${query}&companies=List(${urn('organization', '2414184')})`);
    expect(company.elements).toHaveLength(delivering(DACH).length);
  });

  it('have impressions and clicks by default', async () => {
    const { elements } = await analytics(`pivot=ACCOUNT&timeGranularity=ALL&${OCTOBER}&${accountsOf(US)}`);
    expect(Object.keys(elements[0])).toEqual(['impressions', 'clicks']);
  });

  it('have nothing about what the person may not see, and nothing where nothing happened', async () => {
    const query = (account: string, range: string) =>
      `pivot=CAMPAIGN&timeGranularity=ALL&${range}&${accountsOf(account)}&fields=pivotValues`;
    expect((await analytics(query(RITAS, OCTOBER))).elements).toEqual([]);
    expect(
      (await analytics(query(US, 'dateRange=(start:(year:2020,month:1,day:1),end:(year:2020,month:2,day:1))')))
        .elements,
    ).toEqual([]);
  });

  it('end today when no end is named', async () => {
    const { elements } = await analytics(
      `pivot=ACCOUNT&timeGranularity=ALL&dateRange=(start:(year:2026,month:11,day:1))&${accountsOf(US)}&fields=dateRange`,
    );
    expect(elements[0].dateRange.end).toEqual({ year: 2026, month: 11, day: 20 });
  });

  it('end after 15,000 elements without a word', async () => {
    const range = 'dateRange=(start:(year:2026,month:7,day:1),end:(year:2026,month:11,day:19))';
    const { elements, paging } = await analytics(
      `pivot=CAMPAIGN&timeGranularity=DAILY&${range}&${accountsOf(...NORAS)}&fields=dateRange,pivotValues,clicks`,
    );
    expect(elements).toHaveLength(15_000);
    expect(paging.links).toEqual([]);
    await admin(simulator, 'settings', { linkedinMaxElements: 3 });
    const few = await analytics(`pivot=CAMPAIGN&timeGranularity=DAILY&${OCTOBER}&${accountsOf(US)}`);
    await admin(simulator, 'settings', { linkedinMaxElements: 15_000 });
    expect(few.elements).toHaveLength(3);
  });

  const GOOD = { q: 'analytics', pivot: 'ACCOUNT', timeGranularity: 'ALL' };
  const TWENTY_ONE =
    'impressions,clicks,costInLocalCurrency,costInUsd,conversionValueInLocalCurrency,externalWebsiteConversions,' +
    'externalWebsitePostClickConversions,externalWebsitePostViewConversions,landingPageClicks,actionClicks,oneClickLeads,' +
    'likes,reactions,comments,shares,follows,otherEngagements,totalEngagements,videoStarts,videoViews,videoCompletions';
  it.each<[string, Record<string, string | null>]>([
    ['no facet', { accounts: null }],
    ['no pivot', { pivot: null }],
    ['an unknown pivot', { pivot: 'COLOUR' }],
    ['no granularity', { timeGranularity: null }],
    ['an unknown granularity', { timeGranularity: 'WEEKLY' }],
    ['no dates', { dateRange: null }],
    ['dates in another form', { dateRange: '2026-10-01' }],
    ['encoded dates', { dateRange: '%28start%3A%28year%3A2026%2Cmonth%3A10%2Cday%3A1%29%29' }],
    ['a day that does not exist', { dateRange: '(start:(year:2026,month:2,day:30))' }],
    ['half a date', { dateRange: '(start:(year:2026,month:2))' }],
    ['an end before the start', { dateRange: '(start:(year:2026,month:2,day:3),end:(year:2026,month:2,day:2))' }],
    ['more than twenty metrics', { fields: TWENTY_ONE }],
    ['an encoded list', { accounts: `List%28${urn('sponsoredAccount', US)}%29` }],
    ['an account that is no URN', { accounts: `List(${US})` }],
    ['several pivots at once', { pivots: 'List(ACCOUNT)' }],
    ['pages', { count: '10' }],
    ['the reach of a year', { fields: 'approximateMemberReach', dateRange: '(start:(year:2026,month:1,day:1))' }],
  ])('refuse %s', async (_case, changes) => {
    const query = {
      ...GOOD,
      dateRange: OCTOBER.slice('dateRange='.length),
      accounts: accountsOf(US).slice('accounts='.length),
      ...changes,
    };
    const text = Object.entries(query).flatMap(([name, value]) => (value === null ? [] : `${name}=${value}`));
    const { status, body } = await get(`adAnalytics?${text.join('&')}`);
    expect([status, body.status]).toEqual([400, 400]);
    expect(body.errorDetails.inputErrors).toHaveLength(1);
  });
});

describe('consent', () => {
  it.each([
    ['campaigns', `adAccounts/${RITAS}/adCampaigns?q=search`],
    ['figures', `adAnalytics?q=analytics&pivot=CAMPAIGN&timeGranularity=ALL&${OCTOBER}&${accountsOf(RITAS)}`],
  ])('of Rita ends with the first look at %s', async (_case, path) => {
    const rita = await connectLinkedin(simulator, 'rita');
    const ask = (what: string) => linkedinRest(simulator, what, rita.access_token);
    expect((await ask('adAccountUsers?q=authenticatedUser')).body.elements).toHaveLength(1);
    for (const what of [path, 'adAccountUsers?q=authenticatedUser'])
      expect((await ask(what)).body).toMatchObject({ status: 401, serviceErrorCode: 65601 });
  });
});

describe('the daily limit', () => {
  it('counts per member and resource, and starts anew at midnight UTC', async () => {
    const own = await startForTests();
    try {
      await admin(own, 'settings', { linkedinCallsPerDay: 2 });
      const nora = (await connectLinkedin(own)).access_token;
      const emil = (await connectLinkedin(own, 'emil')).access_token;
      const users = (who: string) => linkedinRest(own, 'adAccountUsers?q=authenticatedUser', who);
      const campaigns = (account: string) => linkedinRest(own, `adAccounts/${account}/adCampaigns?q=search`, nora);
      expect([(await users(nora)).status, (await users(nora)).status]).toEqual([200, 200]);
      const refused = await users(nora);
      expect(refused.body).toEqual({
        status: 429,
        serviceErrorCode: 101,
        code: 'TOO_MANY_REQUESTS',
        message: 'Resource level throttle limit for calls to this resource is reached.',
      });
      expect(refused.headers.get('retry-after')).toBeNull();
      expect((await users(emil)).status).toBe(200);
      await campaigns(US);
      await campaigns(DACH);
      expect((await campaigns(JAPAN)).status).toBe(429);
      await admin(own, 'clock', { now: '2026-11-20T23:59:59Z' });
      expect((await users(nora)).status).toBe(429);
      await admin(own, 'clock', { advanceSeconds: 1 });
      expect((await users(nora)).status).toBe(200);
    } finally {
      await own.close();
    }
  });
});

describe('faults', () => {
  it.each([
    [400, 'PARAM_INVALID'],
    [401, 'EXPIRED_ACCESS_TOKEN'],
    [403, 'ACCESS_DENIED'],
    [429, 'TOO_MANY_REQUESTS'],
    [500, 'INTERNAL_SERVER_ERROR'],
    [503, 'SERVICE_UNAVAILABLE'],
    [504, 'GATEWAY_TIMEOUT'],
  ])('answer %i as LinkedIn would', async (status, code) => {
    await admin(simulator, 'faults', { provider: 'linkedin', kind: 'status', status });
    const broken = await get('adAccountUsers?q=authenticatedUser');
    expect([broken.status, broken.body.status, broken.body.code]).toEqual([status, status, code]);
    expect(broken.headers.get('x-li-uuid')).toBeTruthy();
  });
});

describe('the call log', () => {
  it('shows the query of a tunnelled call and the accounts it draws on, but no token', async () => {
    await call(`${simulator.url}/_simulator/calls`, { method: 'DELETE' });
    await tunnel('adAnalytics', `q=analytics&pivot=ACCOUNT&timeGranularity=ALL&${OCTOBER}&${accountsOf(US, JAPAN)}`);
    const [logged] = (await admin(simulator, 'calls?provider=linkedin')).body;
    expect(logged).toMatchObject({ method: 'POST', path: '/rest/adAnalytics', accounts: [US, JAPAN] });
    expect(logged.body.pivot).toBe('ACCOUNT');
    expect(JSON.stringify(logged)).not.toContain(token);
  });
});

describe('creatives, devices and countries', () => {
  const sum = (elements: any[]) => elements.reduce((total, { impressions }) => total + impressions, 0);
  const analytics = async (pivots: string, ids: string[]) =>
    (
      await tunnel(
        'adAnalytics',
        `q=statistics&pivots=List(${pivots})&timeGranularity=ALL&${OCTOBER}&${campaignsOf(ids)}&fields=pivotValues,impressions`,
      )
    ).body.elements as any[];

  it('add up to their campaigns, but for countries of a few members', async () => {
    const some = delivering(US).slice(0, 20);
    const ids = some.map(({ id }) => id);
    const whole = sum(some);
    expect(sum(await analytics('CREATIVE', ids))).toBe(whole);
    const devices = await analytics('CAMPAIGN,IMPRESSION_DEVICE_TYPE', ids);
    expect(sum(devices)).toBe(whole);
    expect(new Set(devices.map(({ pivotValues }) => pivotValues[1]))).toContain('MOBILE_APP');
    const countries = await analytics('CAMPAIGN,MEMBER_COUNTRY_V2', ids);
    for (const { impressions } of countries) expect(impressions).toBeGreaterThanOrEqual(3);
    const urns = [...new Set(countries.map(({ pivotValues }) => encodeURIComponent(pivotValues[1])))];
    const { elements } = (await get(`adTargetingEntities?q=urns&urns=List(${urns.join(',')})`)).body;
    expect(elements).toContainEqual(expect.objectContaining({ urn: 'urn:li:geo:103644278', name: 'United States' }));
  });

  it('are found by campaign and state, page by page', async () => {
    const ids = trueCampaigns(US).map(({ id }) => id);
    const path = (more: string) => `adAccounts/${US}/creatives?q=criteria&sortOrder=ASCENDING${more}`;
    const first = (await get(path(`&${campaignsOf(ids.slice(0, 3))}`))).body.elements;
    for (const one of first) {
      expect(one).toMatchObject({ id: expect.stringMatching(/^urn:li:sponsoredCreative:\d+$/), isTest: false });
      expect(ids.slice(0, 3).map((id) => `urn:li:sponsoredCampaign:${id}`)).toContain(one.campaign);
    }
    const paged: any[] = [];
    for (let token = ''; ; ) {
      const { elements, metadata } = (await get(path(`&pageSize=100${token}`))).body;
      paged.push(...elements);
      if (!metadata.nextPageToken) break;
      token = `&pageToken=${encodeURIComponent(metadata.nextPageToken)}`;
    }
    expect(new Set(paged.map(({ id }) => id)).size).toBe(paged.length);
    expect(paged.length).toBeGreaterThan(100);
    const archived = (await get(path('&intendedStatuses=List(ARCHIVED)&pageSize=100'))).body.elements;
    expect(archived).toEqual(paged.filter(({ intendedStatus }) => intendedStatus === 'ARCHIVED').slice(0, 100));
    expect((await get(path('&pageSize=101'))).status).toBe(400);
    expect((await get(path('&search=(test:false)'))).status).toBe(400);
  });
});
