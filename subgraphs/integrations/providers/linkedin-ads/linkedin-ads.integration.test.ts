import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DayRange } from '#integrations/calendar-day.js';
import { ReconnectRequired, TokenRefused, TooMuchData } from '#integrations/errors.js';
import { describeProvider } from '#integrations/providers/describe-provider.js';
import type { AccountReference, CampaignDay, CampaignRow } from '#integrations/providers/products.js';
import type { Provider } from '#integrations/providers/provider.js';
import { askRowsInOrder } from '#integrations/testing/ask-in-order.js';
import { byId, expectedCampaigns, microsOf } from '#integrations/testing/expected-campaigns.js';
import {
  type LoggedCall,
  type SimulatedProviders,
  startSimulatedProviders,
} from '#integrations/testing/simulated-providers.js';
import { itInDrills } from '#ops/testing/it-in-drills.js';
import { type Environment, parseConfig } from '#runtime/config/config.js';
import { ConfigurationError, Forbidden, RateLimited } from '#runtime/errors.js';
import { HttpClient } from '#runtime/http/http-client.js';
import { linkedInAds } from './index.js';

describeProvider(linkedInAds, { api: 'linkedin', oauth: 'linkedin-oauth', seed: 'linkedin' });

const NOW = new Date('2026-11-20T12:00:00Z');
const DAY_MS = 86_400_000;
const OCTOBER = { start: '2026-10-01', end: '2026-10-31' };
const YEARS = { start: '2024-01-01', end: '2026-11-20' };

describe('LinkedIn Ads', () => {
  const http = new HttpClient();
  let now = NOW;
  let simulator: SimulatedProviders;
  let provider: Provider;
  let accessToken: string;
  let accounts: AccountReference[];

  const open = (environment: Environment = {}) =>
    linkedInAds.open({
      config: parseConfig({ NODE_ENV: 'test', ...environment }),
      http,
      simulatorUrl: simulator.url,
      now: () => now,
    }) as Provider;

  async function connect(person: 'nora' | 'rita' = 'nora') {
    const redirectUri = 'http://localhost:8080/oauth/linkedin-ads/callback';
    const request = { redirectUri, state: 's', codeChallenge: 'unused' };
    const { code = '' } = await simulator.decide(provider.authorizeUrl(request), { person });
    return (await provider.exchangeCode({ code, redirectUri, codeVerifier: 'unused' })).tokens;
  }

  beforeAll(async () => {
    simulator = await startSimulatedProviders(() => now);
    provider = open();
    accessToken = (await connect()).accessToken;
    accounts = await provider.listAccounts(accessToken);
  });
  beforeEach(async () => {
    now = NOW;
    await simulator.takeCalls();
  });
  afterAll(async () => {
    await http.close();
    await simulator.close();
  });

  const readCampaigns = (accounts: AccountReference[], ...ranges: DayRange[]) => {
    const questions = ranges.flatMap((range) => accounts.map((account) => ({ account, range })));
    return askRowsInOrder(provider, 'campaigns', accessToken, questions);
  };
  const readDays = (accounts: AccountReference[], range: DayRange) =>
    askRowsInOrder(
      provider,
      'campaignDays',
      accessToken,
      accounts.map((account) => ({ account, range })),
    );

  const lineOf = (day: Pick<CampaignDay, 'externalId' | 'day' | 'metrics'>) => {
    const { impressions, clicks, cost, conversions, conversionValue } = day.metrics;
    return [
      day.externalId,
      day.day,
      impressions,
      clicks,
      microsOf(cost),
      conversions,
      microsOf(conversionValue ?? '0'),
    ].join(' ');
  };

  /** Returns what each campaign of an account did on each day, one line per campaign and day. */
  async function trueDays(range: DayRange): Promise<Map<string, string[]>> {
    const truth = await simulator.truth('linkedin', { ...range, daily: true });
    const linesOf = ({ campaigns }: (typeof truth)[number]) =>
      campaigns.flatMap(({ id, daily = [] }) =>
        daily.map(({ date, impressions, clicks, costMicros, conversions, conversionValue }) =>
          [id, date, impressions, clicks, costMicros, conversions, microsOf(conversionValue)].join(' '),
        ),
      );
    return new Map(truth.map((account) => [account.id, linesOf(account).sort()]));
  }

  const listsIn = (calls: LoggedCall[]) => calls.filter(({ path }) => path.endsWith('/adCampaigns'));
  const reportsIn = (calls: LoggedCall[]) => calls.filter(({ path }) => path === '/rest/adAnalytics');

  it('reads 200 campaigns of five accounts with one list per account and one report per range', async () => {
    const answers = (await readCampaigns(accounts, OCTOBER, YEARS)) as CampaignRow[][];
    const calls = await simulator.takeCalls('linkedin');
    expect(accounts).toHaveLength(5);
    expect(new Set(listsIn(calls).map(({ path }) => path)).size).toBe(5);
    expect([listsIn(calls).length, reportsIn(calls).length, calls.length]).toEqual([5, 2, 7]);
    for (const { query } of reportsIn(calls)) {
      for (const { externalId } of accounts) expect(query.accounts).toContain(externalId);
    }
    const truth = (await simulator.truth('linkedin', YEARS)).filter(({ people }) => people.includes('nora'));
    expect(truth.flatMap(({ campaigns }) => campaigns)).toHaveLength(200);
    for (const [index, { externalId }] of accounts.entries()) {
      const rows = answers[accounts.length + index] as CampaignRow[];
      const expected = truth.find(({ id }) => id === externalId);
      const shown = rows.map(({ externalId, name, metrics }) => ({
        externalId,
        name,
        impressions: metrics.impressions,
        clicks: metrics.clicks,
        costMicros: microsOf(metrics.cost),
        conversions: metrics.conversions,
        conversionValueMicros: microsOf(metrics.conversionValue ?? '0'),
      }));
      expect(shown.sort(byId)).toEqual(expected && expectedCampaigns(expected));
    }
  });

  it('returns each campaign once, by its own id', async () => {
    const answers = (await readCampaigns(accounts, YEARS)) as CampaignRow[][];
    const ids = answers.flat().map(({ externalId }) => externalId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[1-9]\d*$/);
  });

  it('returns the status of a campaign', async () => {
    const rows = ((await readCampaigns(accounts, YEARS)) as CampaignRow[][]).flat();
    const statuses = new Set(rows.map(({ status, providerStatus }) => `${providerStatus} ${status}`));
    expect([...statuses].sort()).toEqual([
      'ACTIVE ACTIVE',
      'ARCHIVED ENDED',
      'CANCELED ENDED',
      'COMPLETED ENDED',
      'DRAFT PAUSED',
      'PAUSED PAUSED',
      'PENDING_DELETION ENDED',
      'REMOVED ENDED',
    ]);
    expect(rows.map(({ objective }) => objective)).toContain('LEAD_GENERATION');
  });

  it('sends a long query in the body, and answers each account by itself', async () => {
    const strangers = Array.from({ length: 95 }, (_, n) => ({
      ...(accounts[0] as AccountReference),
      externalId: `${700_000_000 + n}`,
    }));
    const answers = await readCampaigns([...accounts, ...strangers], OCTOBER);
    const reports = reportsIn(await simulator.takeCalls('linkedin'));
    expect(reports.map(({ method, query, status }) => [method, query, status])).toEqual([['POST', {}, 200]]);
    expect(reports[0]?.body?.q).toBe('analytics');
    expect(answers.slice(0, 5)).toEqual(await readCampaigns(accounts, OCTOBER));
    for (const answer of answers.slice(5)) expect(answer).toBeInstanceOf(Forbidden);
  });

  it('returns daily figures of each campaign', async () => {
    const answers = (await readDays(accounts, OCTOBER)) as CampaignDay[][];
    const calls = await simulator.takeCalls('linkedin');
    expect([listsIn(calls).length, reportsIn(calls).length, calls.length]).toEqual([5, 1, 6]);
    const truth = await trueDays(OCTOBER);
    for (const [index, { externalId }] of accounts.entries()) {
      expect(answers[index]?.map(lineOf).sort()).toEqual(truth.get(externalId));
    }
  });

  it('needs no list for the days of a single account', async () => {
    const japan = accounts.filter(({ currency }) => currency === 'JPY');
    const [days] = (await readDays(japan, OCTOBER)) as CampaignDay[][];
    expect((await simulator.takeCalls('linkedin')).map(({ path }) => path)).toEqual(['/rest/adAnalytics']);
    expect(days?.map(lineOf).sort()).toEqual((await trueDays(OCTOBER)).get(japan[0]?.externalId ?? ''));
  });

  itInDrills('splits the accounts when LinkedIn truncates an answer, and loses nothing', async () => {
    const range = { start: '2026-06-01', end: '2026-11-19' };
    const answers = (await readDays(accounts, range)) as CampaignDay[][];
    const reports = reportsIn(await simulator.takeCalls('linkedin'));
    expect(reports.length).toBeGreaterThan(1);
    expect(answers.flat().length).toBeGreaterThan(15_000);
    const truth = await trueDays(range);
    for (const [index, { externalId }] of accounts.entries()) {
      expect(answers[index]?.map(lineOf).sort()).toEqual(truth.get(externalId));
    }
  });

  itInDrills('splits the days of one account when they are too many', async () => {
    const us = accounts.filter(({ currency, isActive }: any) => currency === 'USD' && isActive);
    const range = { start: '2026-03-01', end: '2026-11-19' };
    const [days] = (await readDays(us, range)) as CampaignDay[][];
    const reports = reportsIn(await simulator.takeCalls('linkedin'));
    expect(reports).toHaveLength(3);
    expect(days?.map(lineOf).sort()).toEqual((await trueDays(range)).get(us[0]?.externalId ?? ''));
  });

  it('adds up parts of the range when a sum would be truncated, and fails rather than return a truncated day', async () => {
    const us = accounts.filter(({ currency, isActive }: any) => currency === 'USD' && isActive);
    const elements = Array.from({ length: 15_000 }, () => ({
      dateRange: { start: { year: 2026, month: 10, day: 1 } },
      pivotValues: ['urn:li:sponsoredCampaign:1'],
    }));
    const whole = await readCampaigns(us, OCTOBER);
    await simulator.takeCalls();
    const truncated = {
      provider: 'linkedin',
      match: 'adAnalytics',
      kind: 'status',
      status: 200,
      body: { elements },
    } as const;
    // The question, and once more by itself.
    await simulator.breakNext({ ...truncated, times: 2 });
    expect(await readCampaigns(us, OCTOBER)).toEqual(whole);
    expect(
      reportsIn(await simulator.takeCalls('linkedin'))
        .slice(-2)
        .map(({ query }) => query.dateRange),
    ).toEqual([
      '(start:(year:2026,month:10,day:1),end:(year:2026,month:10,day:16))',
      '(start:(year:2026,month:10,day:17),end:(year:2026,month:10,day:31))',
    ]);
    await simulator.breakNext({ ...truncated, times: 20 });
    const [answer] = await readCampaigns(us, OCTOBER);
    expect(answer).toBeInstanceOf(TooMuchData);
    await simulator.forgetFaults();
  });

  it('renews with the same refresh token for a year from the consent', async () => {
    const first = await connect();
    expect(first.expiresAt).toEqual(new Date(NOW.getTime() + 60 * DAY_MS));
    now = new Date(NOW.getTime() + 300 * DAY_MS);
    await expect(provider.listAccounts(first.accessToken)).rejects.toBeInstanceOf(TokenRefused);
    const second = await provider.refresh(first);
    expect(second.refreshToken).toBe(first.refreshToken);
    expect(second.accessToken).not.toBe(first.accessToken);
    expect(await provider.listAccounts(second.accessToken)).toHaveLength(5);
    now = new Date(NOW.getTime() + 365 * DAY_MS);
    await expect(provider.refresh(second)).rejects.toBeInstanceOf(ReconnectRequired);
  });

  it('works without a refresh token until the user must reconnect', async () => {
    await simulator.change({ linkedinRefreshTokens: false });
    const tokens = await connect();
    await simulator.change({ linkedinRefreshTokens: true });
    expect(tokens.refreshToken).toBeUndefined();
    expect(await provider.listAccounts(tokens.accessToken)).toHaveLength(5);
    await expect(provider.refresh(tokens)).rejects.toBeInstanceOf(ReconnectRequired);
  });

  it('detects a withdrawn consent', async () => {
    const rita = await connect('rita');
    const [account] = await provider.listAccounts(rita.accessToken);
    const questions = [{ account: account as AccountReference, range: OCTOBER }];
    const [answer] = await askRowsInOrder(provider, 'campaigns', rita.accessToken, questions);
    expect(answer).toBeInstanceOf(TokenRefused);
    await expect(provider.refresh(rita)).rejects.toBeInstanceOf(ReconnectRequired);
  });

  it('waits for midnight UTC once the limit of the day is reached', async () => {
    await simulator.change({ linkedinCallsPerDay: 1 });
    try {
      now = new Date('2026-11-21T23:00:00Z');
      const token = (await connect()).accessToken;
      await provider.listAccounts(token);
      const refused = await provider.listAccounts(token).catch((error: Error) => error);
      expect(refused).toBeInstanceOf(RateLimited);
      expect((refused as RateLimited).retryAfter).toBe(3600);
      now = new Date(now.getTime() + 3_600_000);
      expect(await provider.listAccounts(token)).toHaveLength(5);
    } finally {
      await simulator.change({ linkedinCallsPerDay: null });
    }
  });

  it('reports a retired API version to the operator', async () => {
    const outdated = open({ LINKEDIN_VERSION: '202401' });
    await expect(outdated.listAccounts(accessToken)).rejects.toBeInstanceOf(ConfigurationError);
  });
});
