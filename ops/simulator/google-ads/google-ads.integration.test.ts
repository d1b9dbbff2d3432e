import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  admin,
  call,
  connectGoogle,
  googleToken,
  isNotSimulated,
  postJson,
  startForTests,
} from '#simulator/client-for-tests.js';
import type { Simulator } from '#simulator/index.js';

const MANAGER = '4815162342';
const GERMANY = '2718281828';
const DIRECT = '1029384756';
const CANCELED = '6180339887';
const OCTOBER = "segments.date BETWEEN '2026-10-01' AND '2026-10-31'";

let simulator: Simulator;
let token: string;
beforeAll(async () => {
  simulator = await startForTests();
});
beforeEach(async () => {
  token = (await connectGoogle(simulator)).access_token;
});
afterAll(() => simulator.close());

const base = (version = 'v25') => `${simulator.url}/googleads.googleapis.com/${version}`;
const headers = (more: Record<string, string> = {}) => ({ authorization: `Bearer ${token}`, ...more });
const search = (
  customer: string,
  body: unknown,
  more: Record<string, string> = { 'login-customer-id': MANAGER },
  method = 'search',
) =>
  postJson(
    `${base()}/customers/${customer}/googleAds:${method}`,
    typeof body === 'string' ? { query: body } : body,
    headers(more),
  );
const failureOf = (answer: { status: number; body: any }) => {
  const { error } = Array.isArray(answer.body) ? answer.body[0] : answer.body;
  return [answer.status, error.status, error.details[0].errors?.[0].errorCode ?? error.details[0].reason];
};

describe('listAccessibleCustomers', () => {
  it('names what a person can open without a manager', async () => {
    const answer = await call(`${base()}/customers:listAccessibleCustomers`, {
      headers: headers({ 'login-customer-id': 'ignored' }),
    });
    expect(answer.body).toEqual({ resourceNames: [`customers/${MANAGER}`, `customers/${DIRECT}`] });
    expect(answer.headers.get('request-id')).toMatch(/^[\w-]{22}$/);
  });

  it('refuses a person without any Ads account, or lists nothing when so set', async () => {
    token = (await connectGoogle(simulator, 'emil')).access_token;
    const list = () => call(`${base()}/customers:listAccessibleCustomers`, { headers: headers() });
    const refused = await list();
    expect(failureOf(refused)).toEqual([401, 'UNAUTHENTICATED', { authenticationError: 'NOT_ADS_USER' }]);
    expect(refused.headers.get('www-authenticate')).toContain('Bearer realm=');
    await admin(simulator, 'settings', { googleAdsStranger: 'empty-list' });
    expect((await list()).body).toEqual({});
    await admin(simulator, 'settings', { googleAdsStranger: 'not-ads-user' });
  });
});

describe('authentication and routing', () => {
  it('names every request, refused ones included', async () => {
    await admin(simulator, 'faults', { provider: 'google-ads', kind: 'status', status: 503 });
    const answer = await search(GERMANY, 'SELECT campaign.id FROM campaign', undefined, 'searchStream');
    expect([answer.status, answer.headers.get('request-id')]).toEqual([503, expect.stringMatching(/^[\w-]{22}$/)]);
  });

  it('refuses an unknown query parameter', async () => {
    const list = (query: string) =>
      call(`${base()}/customers:listAccessibleCustomers?${query}`, { headers: headers() });
    expect((await list('alt=json')).status).toBe(200);
    expect((await list('pageSize=5')).body.error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
  });

  it('requires a valid token', async () => {
    const url = `${base()}/customers:listAccessibleCustomers`;
    expect(failureOf(await call(url))).toEqual([401, 'UNAUTHENTICATED', 'CREDENTIALS_MISSING']);
    const unknown = await call(url, { headers: { authorization: 'Bearer ya29.made-up' } });
    expect(failureOf(unknown)[0]).toBe(401);
    expect(unknown.headers.get('www-authenticate')).toBe(
      'Bearer realm="https://accounts.google.com/", error="invalid_token"',
    );
  });

  it('distinguishes expired and revoked tokens', async () => {
    const other = await startForTests();
    try {
      const { access_token } = await connectGoogle(other);
      const list = () =>
        call(`${other.url}/googleads.googleapis.com/v25/customers:listAccessibleCustomers`, {
          headers: { authorization: `Bearer ${access_token}` },
        });
      await admin(other, 'clock', { advanceSeconds: 3599 });
      expect(failureOf(await list())[2]).toBe('ACCESS_TOKEN_EXPIRED');
      await admin(other, 'clock', { advanceSeconds: -3599 });
      expect((await list()).status).toBe(200);
      await admin(other, 'grants/revoke', { person: 'nora', provider: 'google' });
      expect(failureOf(await list())[2]).toEqual({ authenticationError: 'OAUTH_TOKEN_REVOKED' });
    } finally {
      await other.close();
    }
  });

  it('wants the adwords scope', async () => {
    token = (await connectGoogle(simulator, 'nora', { scope: 'openid' })).access_token;
    const answer = await search(DIRECT, 'SELECT customer.id FROM customer');
    expect(failureOf(answer)).toEqual([403, 'PERMISSION_DENIED', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT']);
    expect(answer.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
  });

  it('speaks v24 to v26 and no other version', async () => {
    const status = async (version: string) =>
      (await call(`${base(version)}/customers:listAccessibleCustomers`, { headers: headers() })).status;
    expect(await Promise.all(['v24', 'v25', 'v26'].map(status))).toEqual([200, 200, 200]);
    const sunset = await call(`${base('v21')}/customers:listAccessibleCustomers`, { headers: headers() });
    expect(failureOf(sunset)).toEqual([400, 'INVALID_ARGUMENT', { requestError: 'UNSUPPORTED_VERSION' }]);
    const unknown = await call(`${base('v99')}/customers:listAccessibleCustomers`, { headers: headers() });
    expect(unknown.status).toBe(404);
    expect(unknown.headers.get('content-type')).toContain('text/html');
  });

  it('demands a developer token only in strict mode', async () => {
    await admin(simulator, 'settings', { requireDeveloperToken: true });
    expect(failureOf(await search(DIRECT, 'SELECT customer.id FROM customer'))[2]).toEqual({
      requestError: 'DEVELOPER_TOKEN_PARAMETER_MISSING',
    });
    expect(
      (await search(DIRECT, 'SELECT customer.id FROM customer', { 'developer-token': 'x'.repeat(22) })).status,
    ).toBe(200);
    await admin(simulator, 'settings', { requireDeveloperToken: false });
  });
});

describe('access to a customer', () => {
  const query = 'SELECT customer.id FROM customer';

  it('is direct or through the manager', async () => {
    expect((await search(DIRECT, query, {})).status).toBe(200);
    expect((await search(DIRECT, query, { 'login-customer-id': DIRECT })).status).toBe(200);
    expect((await search(GERMANY, query)).status).toBe(200);
  });

  it.each([
    ['a client without its manager', GERMANY, {}, 403, { authorizationError: 'USER_PERMISSION_DENIED' }],
    [
      'a login customer with dashes',
      GERMANY,
      { 'login-customer-id': '481-516-2342' },
      400,
      { headerError: 'INVALID_LOGIN_CUSTOMER_ID' },
    ],
    [
      'a login customer of somebody else',
      GERMANY,
      { 'login-customer-id': '7320508075' },
      403,
      { authorizationError: 'USER_PERMISSION_DENIED' },
    ],
    [
      'a login customer that manages nothing',
      GERMANY,
      { 'login-customer-id': DIRECT },
      403,
      { authorizationError: 'INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION' },
    ],
    ['a customer id with dashes', '271-828-1828', {}, 400, { requestError: 'INVALID_CUSTOMER_ID' }],
    ['a customer that does not exist', '9999999999', {}, 403, { authorizationError: 'USER_PERMISSION_DENIED' }],
    [
      'a canceled customer',
      CANCELED,
      { 'login-customer-id': MANAGER },
      403,
      { authorizationError: 'CUSTOMER_NOT_ENABLED' },
    ],
  ])('refuses %s', async (_case, customer, more, status, code) => {
    const answer = await search(customer, query, more as Record<string, string>);
    expect([answer.status, failureOf(answer)[2]]).toEqual([status, code]);
  });
});

describe('search', () => {
  it('agrees with the published truth', async () => {
    const truth = (await admin(simulator, 'seed/google-ads?start=2026-10-01&end=2026-10-31')).body.accounts;
    for (const account of truth.filter(
      (one: any) => one.people.includes('nora') && !one.manager && one.status === 'ENABLED',
    )) {
      const { body } = await search(
        account.id,
        `SELECT campaign.id, campaign.name, campaign.status, campaign.advertising_channel_type, metrics.impressions, metrics.clicks, metrics.cost_micros, metrics.conversions, metrics.conversions_value FROM campaign WHERE ${OCTOBER}`,
      );
      expect(
        body.results.map(({ campaign, metrics }: any) => ({
          id: campaign.id,
          name: campaign.name,
          status: campaign.status,
          type: campaign.advertisingChannelType,
          impressions: Number(metrics.impressions),
          clicks: Number(metrics.clicks),
          costMicros: metrics.costMicros,
          conversions: String(metrics.conversions),
          conversionValue: String(metrics.conversionsValue),
        })),
      ).toEqual(account.campaigns);
    }
  });

  it('has pages that follow each other without a gap', async () => {
    await admin(simulator, 'settings', { googleAdsPageSize: 25 });
    const query = 'SELECT campaign.id FROM campaign';
    const ids: string[] = [];
    let pageToken: string | undefined;
    const sizes: number[] = [];
    do {
      const { body } = await search(GERMANY, { query, pageToken, searchSettings: { returnTotalResultsCount: true } });
      ids.push(...body.results.map((row: any) => row.campaign.id));
      expect(body.totalResultsCount).toBe('60');
      pageToken = body.nextPageToken;
      sizes.push(body.results.length);
    } while (pageToken);
    expect(sizes).toEqual([25, 25, 10]);
    expect(new Set(ids).size).toBe(60);
    await admin(simulator, 'settings', { googleAdsPageSize: 10_000 });
  });

  it('validates page tokens', async () => {
    await admin(simulator, 'settings', { googleAdsPageSize: 25 });
    const { body } = await search(GERMANY, 'SELECT campaign.id FROM campaign');
    const code = async (query: string, pageToken: string) => failureOf(await search(GERMANY, { query, pageToken }))[2];
    expect(await code('SELECT campaign.name FROM campaign', body.nextPageToken)).toEqual({
      requestError: 'INVALID_PAGE_TOKEN',
    });
    expect(await code('SELECT campaign.id FROM campaign', 'made-up')).toEqual({ requestError: 'INVALID_PAGE_TOKEN' });
    await admin(simulator, 'settings', { googleAdsPageSize: 10_000 });
  });

  it('refuses what is not part of the request', async () => {
    const query = 'SELECT campaign.id FROM campaign';
    expect(failureOf(await search(GERMANY, { query, pageSize: 100 }))[2]).toEqual({
      requestError: 'PAGE_SIZE_NOT_SUPPORTED',
    });
    expect((await search(GERMANY, { query, colour: 'red' })).body.error.message).toContain('Unknown name "colour"');
    expect(failureOf(await search(GERMANY, {}))[2]).toEqual({ requestError: 'REQUIRED_FIELD_MISSING' });
  });

  it('points at what is wrong with a query', async () => {
    const answer = await search(GERMANY, 'SELECT campaign.start_date FROM campaign');
    expect(answer.body.error.details).toEqual([
      {
        '@type': 'type.googleapis.com/google.ads.googleads.v25.errors.GoogleAdsFailure',
        requestId: expect.any(String),
        errors: [
          {
            errorCode: { queryError: 'UNRECOGNIZED_FIELD' },
            message: "Unrecognized field in the query: 'campaign.start_date'.",
            trigger: { stringValue: 'campaign.start_date' },
            location: { fieldPathElements: [{ fieldName: 'query' }] },
          },
        ],
      },
    ]);
  });

  it.each([
    'SELECT asset_group.id FROM asset_group',
    'SELECT campaign.labels FROM campaign',
    'SELECT segments.device, metrics.clicks FROM ad_group',
    "SELECT campaign.id FROM campaign WHERE campaign.name REGEXP_MATCH '(?U).*'",
  ])('says plainly that it does not simulate %s', async (query) => {
    expect(isNotSimulated(await search(GERMANY, query))).toBe(true);
  });

  it('reports ad groups, ads and keywords with the campaigns they belong to', async () => {
    const rows = async (query: string) => (await search(GERMANY, query)).body.results as any[];
    const sum = (some: any[]) => some.reduce((total, { metrics }) => total + BigInt(metrics.costMicros), 0n);
    const campaigns = await rows(
      `SELECT campaign.id, metrics.cost_micros FROM campaign WHERE campaign.advertising_channel_type = 'SEARCH' AND ${OCTOBER}`,
    );
    const ids = `campaign.id IN (${campaigns.map(({ campaign }) => campaign.id).join(',')}) AND ${OCTOBER}`;
    const groups = await rows(`SELECT campaign.id, ad_group.id, metrics.cost_micros FROM ad_group WHERE ${ids}`);
    const ads = await rows(
      `SELECT ad_group.id, ad_group_ad.ad.id, ad_group_ad.ad.name, ad_group_ad.ad.responsive_search_ad.headlines, metrics.cost_micros FROM ad_group_ad WHERE ${ids}`,
    );
    const keywords = await rows(
      `SELECT ad_group.id, ad_group_criterion.criterion_id, ad_group_criterion.keyword.text, ad_group_criterion.quality_info.quality_score, metrics.cost_micros FROM keyword_view WHERE ${ids}`,
    );
    for (const some of [groups, ads, keywords]) expect(sum(some)).toBe(sum(campaigns));
    expect(ads[0].adGroupAd).toEqual({
      resourceName: `customers/${GERMANY}/adGroupAds/${ads[0].adGroup.id}~${ads[0].adGroupAd.ad.id}`,
      ad: {
        resourceName: `customers/${GERMANY}/ads/${ads[0].adGroupAd.ad.id}`,
        id: expect.stringMatching(/^\d+$/),
        responsiveSearchAd: { headlines: expect.arrayContaining([{ text: 'Northwind' }]) },
      },
    });
    const scores = keywords.map(({ adGroupCriterion }) => adGroupCriterion.qualityInfo?.qualityScore);
    expect(new Set(scores.map((score) => typeof score))).toEqual(new Set(['number', 'undefined']));
    const places = await rows(
      `SELECT campaign.id, user_location_view.country_criterion_id, user_location_view.targeting_location, metrics.cost_micros FROM user_location_view WHERE ${ids}`,
    );
    expect(sum(places)).toBe(sum(campaigns));
    const devices = await rows(`SELECT campaign.id, segments.device, metrics.cost_micros FROM campaign WHERE ${ids}`);
    expect(sum(devices)).toBe(sum(campaigns));
    expect(new Set(devices.map(({ segments }) => segments.device))).toEqual(
      new Set(['MOBILE', 'TABLET', 'DESKTOP', 'CONNECTED_TV', 'OTHER']),
    );
    expect(failureOf(await search(GERMANY, 'SELECT ad_group.id FROM campaign'))[2]).toEqual({
      queryError: 'PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE',
    });
  });

  it('refuses metrics of a manager', async () => {
    expect(failureOf(await search(MANAGER, 'SELECT metrics.clicks FROM customer'))[2]).toEqual({
      queryError: 'REQUESTED_METRICS_FOR_MANAGER',
    });
  });

  it('counts operations when limited, follow-up pages being free', async () => {
    await admin(simulator, 'settings', { googleAdsPageSize: 25 });
    const other = await startForTests();
    try {
      token = (await connectGoogle(other)).access_token;
      await admin(other, 'settings', { googleAdsOperationsPerDay: 1, googleAdsPageSize: 25 });
      const ask = (pageToken?: string) =>
        postJson(
          `${other.url}/googleads.googleapis.com/v25/customers/${GERMANY}/googleAds:search`,
          { query: 'SELECT campaign.id FROM campaign', pageToken },
          headers({ 'login-customer-id': MANAGER }),
        );
      const first = await ask();
      expect((await ask(first.body.nextPageToken)).status).toBe(200);
      expect(failureOf(await ask())).toEqual([429, 'RESOURCE_EXHAUSTED', { quotaError: 'RESOURCE_EXHAUSTED' }]);
    } finally {
      await other.close();
      await admin(simulator, 'settings', { googleAdsPageSize: 10_000 });
    }
  });
});

describe('searchStream', () => {
  it('answers in chunks', async () => {
    await admin(simulator, 'settings', { googleAdsChunkSize: 40 });
    const { body } = await search(GERMANY, 'SELECT campaign.id FROM campaign', undefined, 'searchStream');
    expect(body.map((chunk: any) => chunk.results.length)).toEqual([40, 20]);
    expect(body[1]).toMatchObject({ fieldMask: 'campaign.id', requestId: body[0].requestId });
    await admin(simulator, 'settings', { googleAdsChunkSize: 10_000 });
  });

  it('wraps its errors in an array', async () => {
    const answer = await search(GERMANY, 'SELECT nothing', undefined, 'searchStream');
    expect(Array.isArray(answer.body)).toBe(true);
    expect(failureOf(answer)).toEqual([400, 'INVALID_ARGUMENT', { queryError: 'UNEXPECTED_END_OF_QUERY' }]);
  });

  it('refuses the body of search', async () => {
    expect(
      (await search(GERMANY, { query: 'SELECT campaign.id FROM campaign', pageToken: 'x' }, undefined, 'searchStream'))
        .status,
    ).toBe(400);
  });
});

describe('Rita', () => {
  it('can be connected, and revokes her consent at the first read of campaigns', async () => {
    const tokens = await connectGoogle(simulator, 'rita');
    token = tokens.access_token;
    expect(
      (await call(`${base()}/customers:listAccessibleCustomers`, { headers: headers() })).body.resourceNames,
    ).toHaveLength(1);
    expect((await search('7320508075', 'SELECT customer.currency_code FROM customer', {})).status).toBe(200);
    expect(failureOf(await search('7320508075', 'SELECT campaign.id FROM campaign', {}))[2]).toEqual({
      authenticationError: 'OAUTH_TOKEN_REVOKED',
    });
    expect(failureOf(await search('7320508075', 'SELECT customer.id FROM customer', {}))[0]).toBe(401);
    expect(
      (await googleToken(simulator, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token })).body.error,
    ).toBe('invalid_grant');
  });
});
