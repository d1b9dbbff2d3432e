import { describe, expect, it } from '@jest/globals';
import { sensibleSeconds } from '#integrations/quota/reported.js';
import { limits as businessProfile } from './business-profile/limits.js';
import { limitsOf } from './google-ads/limits.js';
import { limits as googleAnalytics } from './google-analytics/limits.js';
import { limits as linkedIn } from './linkedin-ads/limits.js';
import { limits as meta } from './meta-ads/limits.js';
import { limits as searchConsole } from './search-console/limits.js';
import type { WireAnswer } from './wire.js';
import { limits as x } from './x/limits.js';

const NOW = new Date('2026-11-20T12:30:00Z');
const HOUR = 3_600_000;
const MINUTE = 60_000;

const answer = (given: Partial<WireAnswer>): WireAnswer => ({ status: 200, headers: {}, json: {}, ...given });
const googleAds = limitsOf(undefined);

const urls = {
  x: 'https://api.x.com/2/users/12/tweets?max_results=100',
  meta: 'https://graph.facebook.com/v26.0/act_12/insights?level=campaign',
  analytics: 'https://analyticsdata.googleapis.com/v1beta/properties/12:runReport',
  ads: 'https://googleads.googleapis.com/v25/customers/12/googleAds:searchStream',
  linkedIn: 'https://api.linkedin.com/rest/adAccounts/12/adCampaigns?q=search',
  site: 'https://searchconsole.googleapis.com/webmasters/v3/sites/sc-domain%3Aexample.com/searchAnalytics/query',
  location: 'https://businessprofileperformance.googleapis.com/v1/locations/1:fetchMultiDailyMetricsTimeSeries?a=b',
};

describe('limits that a provider reports', () => {
  it('are read at X', () => {
    const reset = NOW.getTime() / 1000 + 300;
    const headers = { 'x-rate-limit-limit': '900', 'x-rate-limit-remaining': '880', 'x-rate-limit-reset': `${reset}` };
    expect(x.reportedBy(answer({ headers, status: 503 }), { url: urls.x }, NOW)).toEqual([
      { of: 'person', limit: '/users/:id/tweets', kind: 'window', max: 900, used: 20, resetsAt: reset * 1000 },
    ]);
    expect(x.chargesOf({ url: 'https://api.x.com/2/oauth2/token' })).toEqual([]);
  });

  it('are read at Meta', () => {
    const headers = {
      'x-app-usage': '{"call_count":28,"total_time":91.5,"total_cputime":25}',
      'x-ad-account-usage': '{"acc_id_util_pct":9.67,"reset_time_duration":100}',
      'x-business-use-case-usage':
        '{"34":[{"type":"ads_insights","call_count":100,"total_cputime":25,"total_time":25,"estimated_time_to_regain_access":19}]}',
    };
    expect(meta.reportedBy(answer({ headers }), { url: urls.meta }, NOW)).toEqual([
      expect.objectContaining({ of: { account: '12' }, usedPercent: 9.67, resetsAt: NOW.getTime() + 100_000 }),
      { of: 'app', limit: expect.any(String), kind: 'share', usedPercent: 91.5 },
      {
        of: { account: '34' },
        limit: 'ads_insights',
        kind: 'share',
        usedPercent: 100,
        resetsAt: NOW.getTime() + 19 * MINUTE,
      },
    ]);
  });

  it('are read of each part of a batch at Meta', () => {
    const usage = '{"7":[{"type":"ads_insights","call_count":70,"total_cputime":1,"total_time":2}]}';
    const json = [
      { code: 200, headers: [{ name: 'X-Business-Use-Case-Usage', value: usage }], body: '{"data":[]}' },
      null,
      { code: 400, headers: [], body: '{"error":{"code":80000}}' },
      'nonsense',
    ];
    const batch = JSON.stringify([7, 8, 9, 10].map((id) => ({ relative_url: `v26.0/act_${id}/insights?a=b` })));
    const body = new URLSearchParams({ batch }).toString();
    expect(meta.reportedBy(answer({ json }), { url: 'https://graph.facebook.com/', body }, NOW)).toEqual([
      { of: { account: '7' }, limit: 'ads_insights', kind: 'share', usedPercent: 70 },
      { of: { account: '9' }, limit: 'ads_insights', kind: 'pause', until: NOW.getTime() + MINUTE },
    ]);
  });

  it('are read at Google Analytics, of one report and of several', () => {
    const quota = (left: number) => ({ propertyQuota: { tokensPerHour: { consumed: 4, remaining: left } } });
    const reportedOf = (json: unknown) => googleAnalytics.reportedBy(answer({ json }), { url: urls.analytics }, NOW);
    const window = {
      of: { account: '12' },
      limit: 'tokensPerHour',
      kind: 'window',
      resetsAt: NOW.getTime() + HOUR / 2,
    };
    expect(reportedOf(quota(39_000))).toEqual([{ ...window, max: 40_000, used: 1_000, cost: 4 }]);
    expect(reportedOf({ reports: [quota(100), quota(96), {}] })).toEqual([
      { ...window, max: 40_000, used: 39_904, cost: 8 },
    ]);
    // Analytics 360.
    expect(reportedOf(quota(300_000))).toEqual([{ ...window, max: 400_000, used: 100_000, cost: 4 }]);
  });

  it('are read at Google Ads, of a customer or of the app', () => {
    const refused = (rateScope: string, retryDelay: string) => {
      const errors = [{ details: { quotaErrorDetails: { rateScope, retryDelay } } }];
      return answer({ status: 429, json: [{ error: { details: [{ errors }] } }] });
    };
    const reportedOf = (given: WireAnswer) => googleAds.reportedBy(given, { url: urls.ads }, NOW);
    expect(reportedOf(refused('ACCOUNT', '30s'))).toMatchObject([
      { of: { account: '12' }, until: NOW.getTime() + 30_000 },
    ]);
    expect(reportedOf(refused('DEVELOPER', '900s'))).toMatchObject([{ of: 'app', until: NOW.getTime() + 900_000 }]);
    expect(reportedOf(refused('ACCOUNT', '99999999s'))).toMatchObject([{ until: NOW.getTime() + MINUTE }]);
    expect(reportedOf(answer({}))).toEqual([]);
  });

  it('are read at LinkedIn', () => {
    expect(linkedIn.reportedBy(answer({ status: 429 }), { url: urls.linkedIn }, NOW)).toEqual([
      { of: 'person', limit: 'adAccounts/adCampaigns', kind: 'pause', until: Date.parse('2026-11-21T00:00:00Z') },
    ]);
  });

  it('are counted at Search Console and Business Profile', () => {
    const counted = { kind: 'counter', max: 1_200, windowMs: MINUTE };
    expect(searchConsole.chargesOf({ url: urls.site })).toMatchObject([
      { of: { account: 'sc-domain:example.com' }, ...counted },
      { of: 'person', ...counted },
    ]);
    expect(businessProfile.chargesOf({ url: urls.location })).toMatchObject([
      { of: 'app', limit: 'performance: requests per minute', kind: 'counter', max: 300, windowMs: MINUTE },
    ]);
    const json = { error: { code: 403, errors: [{ domain: 'usageLimits', reason: 'quotaExceeded' }] } };
    expect(searchConsole.reportedBy(answer({ status: 403, json }), { url: urls.site }, NOW)).toMatchObject([
      { of: { account: 'sc-domain:example.com' }, kind: 'pause' },
    ]);
    expect(searchConsole.reportedBy(answer({ status: 403 }), { url: urls.site }, NOW)).toEqual([]);
  });
});

describe('implausible limits', () => {
  const texts = ['', '-1', '1e9', 'NaN', '{}', '[]', 'null', '{"a":1}', '{"1":{"type":3}}', '{"1":[{"type":"ads_x"}]}'];
  const numbers = [-1, 1e300, Number.NaN, '7', null, {}, true];
  const hostile: WireAnswer[] = [
    ...texts.map((text) =>
      answer({
        headers: {
          'x-rate-limit-limit': text,
          'x-rate-limit-remaining': text,
          'x-rate-limit-reset': text,
          'x-app-usage': text,
          'x-ad-account-usage': text,
          'x-business-use-case-usage': text,
        },
        json: text,
      }),
    ),
    ...numbers.map((number) =>
      answer({
        headers: {
          'x-app-usage': JSON.stringify({ call_count: number, total_time: number, total_cputime: number }),
          'x-ad-account-usage': JSON.stringify({ acc_id_util_pct: number, reset_time_duration: number }),
          'x-rate-limit-limit': ['1', '2'],
        },
        json: { propertyQuota: { tokensPerHour: { consumed: number, remaining: number }, tokensPerDay: number } },
      }),
    ),
  ];

  it.each(Object.entries({ x, meta, googleAnalytics, googleAds, linkedIn, searchConsole, businessProfile }))(
    'are ignored at %s',
    (_name, rules) => {
      for (const url of Object.values(urls)) {
        for (const one of hostile) expect(rules.reportedBy(one, { url, body: 'batch=%7B' }, NOW)).toEqual([]);
      }
      expect(rules.chargesOf({ url: 'https://provider.example/' }).filter(({ of }) => typeof of === 'object')).toEqual(
        [],
      );
    },
  );

  it.each([
    [undefined, 60],
    [Number.NaN, 60],
    [-5, 60],
    [1e12, 60],
    [0, 1],
    [0.2, 1],
    [7.1, 8],
    [86_400, 86_400],
  ])('have a plausible retry delay: %p seconds become %p', (seconds, expected) => {
    expect(sensibleSeconds(seconds, 60)).toBe(expected);
  });
});
