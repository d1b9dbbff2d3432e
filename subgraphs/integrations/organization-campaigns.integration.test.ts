import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { microsOf } from './testing/expected-campaigns.js';
import { openStage, type Stage, someone } from './testing/open-stage.js';
import type { LoggedCall } from './testing/simulated-providers.js';

const range = { start: '2026-09-01', end: '2026-09-07' };

const CAMPAIGNS = /* GraphQL */ `
  query ($id: ID!, $range: DateRangeInput!, $providers: [ID!], $clientId: ID, $currency: String, $status: [CampaignStatus!], $orderBy: CampaignOrderInput!, $first: Int! = 1000, $after: String) {
    _entities(representations: [{ __typename: "Organization", id: $id }]) {
      ... on Organization {
        campaigns(range: $range, providers: $providers, clientId: $clientId, currency: $currency, status: $status, orderBy: $orderBy, first: $first, after: $after) {
          totalCount
          byCurrency { currency totalCount totals { clicks cost { amount currency } } campaigns(first: 4) { externalId } }
          freshness { fetchedAt isStale }
          reportedThrough
          totals { impressions clicks cost { amount currency } }
          unavailable { account { id externalId } code message retryAfter }
          pageInfo { hasNextPage endCursor }
          edges {
            node {
              externalId name status
              account { id externalId currency provider { id } }
              metrics(range: $range) { impressions clicks conversions cost { amount currency } conversionValue { amount } ctr cpc { amount currency } cpa { amount } roas }
            }
          }
        }
      }
    }
  }
`;

const DAILY = /* GraphQL */ `
  query ($id: ID!, $range: DateRangeInput!) {
    account(id: $id) {
      metricsDaily(range: $range) { date metrics { impressions clicks cost { amount } } }
      campaigns(range: $range, first: 1000) {
        edges { node { externalId metrics(range: $range) { impressions clicks cost { amount } } metricsDaily(range: $range) { date metrics { impressions clicks cost { amount } } } } }
      }
    }
  }
`;

interface Found {
  nodes: any[];
  totals: any[];
  totalCount: number;
  unavailable: any[];
  byCurrency: any[];
  freshness: any;
  reportedThrough: string | null;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  errors: unknown[];
  code: string | undefined;
}

/** The order within each currency, which is all that a filter keeps. */
const inCurrencies = (nodes: any[]) =>
  [...nodes].sort((one, other) => one.account.currency.localeCompare(other.account.currency));

/** Without those of accounts closed at their provider. */
const failed = (unavailable: any[]) => unavailable.filter(({ code }) => code !== 'ACCOUNT_CLOSED');

describe('the campaigns of an organization', () => {
  const nora = someone();
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
    await stage.connect(nora, 'google-ads');
    await stage.connect(nora, 'meta-ads');
  });
  beforeEach(async () => {
    await stage.forgetAnswers();
    await stage.simulated.forgetFaults();
  });
  afterAll(() => stage.close());

  async function campaigns(variables: object = {}): Promise<Found> {
    const given = { id: nora.organizationId, range, orderBy: { field: 'COST' }, ...variables };
    const { data, errors, code } = await stage.ask(nora, CAMPAIGNS, given);
    const found = data?._entities?.[0]?.campaigns;
    const nodes: any[] = (found?.edges ?? []).map(({ node }: any) => node);
    return { ...found, nodes, errors, code };
  }

  it('are those of every account of every provider', async () => {
    const { nodes, totalCount, unavailable } = await campaigns();
    expect(new Set(nodes.map(({ account }) => account.provider.id))).toEqual(new Set(['google-ads', 'meta-ads']));
    expect(totalCount).toBe(nodes.length);
    expect(failed(unavailable)).toEqual([]);
  });

  it('name the accounts that are closed at their provider', async () => {
    const { unavailable } = await campaigns();
    expect(unavailable).toHaveLength(2);
    for (const one of unavailable) expect(one).toMatchObject({ code: 'ACCOUNT_CLOSED', retryAfter: null });
    const { data } = await stage.ask(
      nora,
      'query ($id: ID!, $range: DateRangeInput!) { account(id: $id) { fault { code } campaigns(range: $range) { totalCount fault { code message } } } }',
      { id: unavailable[0].account.id, range },
    );
    const { message } = unavailable[0];
    expect(data.account.campaigns).toEqual({ totalCount: 0, fault: { code: 'ACCOUNT_CLOSED', message } });
    expect(data.account.fault).toEqual({ code: 'ACCOUNT_CLOSED' });
  });

  it('are as old as the oldest answer, and reach as far as all of them do', async () => {
    const before = await campaigns({ providers: ['google-ads'] });
    expect(before.freshness).toEqual({ fetchedAt: stage.clock.now.toISOString(), isStale: false });
    expect(before.reportedThrough).toBe('2026-09-07');
    stage.clock.advanceSeconds(60);
    const later = await campaigns();
    expect(later.freshness).toEqual(before.freshness);
    stage.clock.advanceSeconds(20 * 60);
    await stage.simulated.breakNext({ provider: 'google-ads', kind: 'status', status: 503, times: 99 });
    expect((await campaigns()).freshness).toEqual({ ...before.freshness, isStale: true });
  });

  it('are summed by currency', async () => {
    const { nodes, totals } = await campaigns();
    const currencies = [...new Set(nodes.map(({ account }) => account.currency))].sort();
    expect(totals.map(({ cost }: any) => cost.currency)).toEqual(currencies);
    for (const total of totals) {
      const own = nodes.filter(({ account }) => account.currency === total.cost.currency);
      const cost = own.reduce((sum, { metrics }) => sum + microsOf(metrics.cost.amount), 0n);
      expect(microsOf(total.cost.amount)).toBe(cost);
      expect(total.impressions).toBe(own.reduce((sum, { metrics }) => sum + metrics.impressions, 0));
    }
  });

  it.each([
    ['IMPRESSIONS', ({ metrics }: any) => metrics.impressions],
    ['CLICKS', ({ metrics }: any) => metrics.clicks],
    ['CONVERSIONS', ({ metrics }: any) => metrics.conversions ?? -1],
  ] as const)('are ordered by %s', async (field, figureOf) => {
    for (const direction of ['ASC', 'DESC'] as const) {
      const values = (await campaigns({ orderBy: { field, direction } })).nodes.map(figureOf);
      const sign = direction === 'ASC' ? 1 : -1;
      expect(values).toEqual([...values].sort((one, other) => sign * (one - other)));
    }
  });

  it('are ranked by cost within each currency, the first of each before the second of any', async () => {
    const { nodes } = await campaigns();
    const currencies = [...new Set(nodes.map(({ account }) => account.currency))].sort();
    expect(currencies.length).toBeGreaterThan(2);
    const leading = nodes.slice(0, currencies.length);
    expect(leading.map(({ account }) => account.currency)).toEqual(currencies);
    for (const currency of currencies) {
      const costs = nodes
        .filter(({ account }) => account.currency === currency)
        .map(({ metrics }) => Number(metrics.cost.amount));
      expect(costs).toEqual([...costs].sort((one, other) => other - one));
      const { account } = leading.find((node) => node.account.currency === currency);
      expect(account.currency).toBe(currency);
    }
  });

  it('are listed by currency, the top of each in their order, and can be those of one currency', async () => {
    const { nodes, byCurrency, totalCount } = await campaigns();
    expect(byCurrency.map((group) => group.totalCount).reduce((sum, count) => sum + count, 0)).toBe(totalCount);
    const page = await campaigns({ first: 1 });
    expect(page.byCurrency).toEqual(byCurrency);
    for (const { currency, ...group } of byCurrency) {
      const own = nodes.filter(({ account }) => account.currency === currency);
      expect(group.campaigns).toEqual(own.slice(0, 4).map(({ externalId }) => ({ externalId })));
      const alone = await campaigns({ currency });
      expect(alone.nodes).toEqual(own);
      expect(alone.totals).toEqual([expect.objectContaining(group.totals)]);
    }
    expect(await campaigns({ currency: 'XAF' })).toMatchObject({ nodes: [], totals: [], freshness: null });
    expect((await campaigns({ currency: 'euro' })).code).toBe('BAD_USER_INPUT');
    expect((await campaigns({ status: Array(101).fill('ACTIVE') })).code).toBe('BAD_USER_INPUT');
  });

  it('are paged, each once', async () => {
    const { nodes } = await campaigns();
    const seen: any[] = [];
    let after: string | null = null;
    do {
      const page: Found = await campaigns({ first: 37, after });
      seen.push(...page.nodes);
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after);
    expect(seen).toEqual(nodes);
    expect((await campaigns({ after: 'nonsense' })).code).toBe('BAD_USER_INPUT');
  });

  it('can be filtered by provider, client and status', async () => {
    const all = (await campaigns()).nodes;
    const meta = await campaigns({ providers: ['meta-ads'] });
    expect(inCurrencies(meta.nodes)).toEqual(
      inCurrencies(all.filter(({ account }) => account.provider.id === 'meta-ads')),
    );
    const paused = await campaigns({ status: ['PAUSED'] });
    expect(inCurrencies(paused.nodes)).toEqual(inCurrencies(all.filter(({ status }) => status === 'PAUSED')));
    const [{ account }] = all as [any];
    const made = await stage.ask(
      nora,
      'mutation ($of: [ID!]!) { createClient(name: "One", accountIds: $of) { client { id } } }',
      { of: [account.id] },
    );
    const own = await campaigns({ clientId: made.data.createClient.client.id });
    expect(own.nodes).toEqual(all.filter((campaign) => campaign.account.id === account.id));
    expect((await campaigns({ clientId: '00000000-0000-4000-8000-000000000000' })).code).toBe('NOT_FOUND');
    expect((await campaigns({ providers: ['nobody'] })).code).toBe('BAD_USER_INPUT');
  });

  it('are complete but for unavailable accounts, listed with their reasons', async () => {
    const all = await campaigns();
    await stage.forgetAnswers();
    await stage.simulated.breakNext({
      provider: 'google-ads',
      match: '1029384756',
      kind: 'status',
      status: 429,
      times: 3,
    });
    const { nodes, unavailable, errors } = await campaigns();
    expect(errors).toEqual([]);
    expect(failed(unavailable)).toEqual([
      {
        account: { id: expect.any(String), externalId: '1029384756' },
        code: 'RATE_LIMITED',
        message: expect.any(String),
        retryAfter: expect.any(Number),
      },
    ]);
    const others = all.nodes.filter(({ account }) => account.externalId !== '1029384756');
    expect(inCurrencies(nodes)).toEqual(inCurrencies(others));
  });

  it('have ratios, and null without a denominator', async () => {
    for (const { metrics } of (await campaigns()).nodes) {
      const { impressions, clicks, cost, conversions, conversionValue } = metrics;
      expect(metrics.ctr).toBe(impressions === 0 ? null : clicks / impressions);
      if (clicks === 0) expect(metrics.cpc).toBeNull();
      else expect(Number(metrics.cpc.amount)).toBeCloseTo(Number(cost.amount) / clicks, 5);
      if (!conversions) expect(metrics.cpa).toBeNull();
      else expect(Number(metrics.cpa.amount)).toBeCloseTo(Number(cost.amount) / conversions, 5);
      const spent = Number(cost.amount);
      if (spent === 0 || conversionValue === null) expect(metrics.roas).toBeNull();
      else expect(metrics.roas).toBeCloseTo(Number(conversionValue.amount) / spent, 9);
    }
  });

  it('have daily figures that add up', async () => {
    const { nodes } = await campaigns();
    const accounts = new Map(nodes.map(({ account }) => [account.provider.id, account.id]));
    for (const id of accounts.values()) {
      await stage.forgetAnswers();
      await stage.simulated.takeCalls();
      const { data, errors } = await stage.ask(nora, DAILY, { id, range });
      expect(errors).toEqual([]);
      // Campaigns in one call, and the days of all of them in another; Meta has more pages of them.
      const isFurtherPage = ({ body }: LoggedCall) => String(body?.batch).includes('&after=');
      const calls = (await stage.simulated.takeCalls()).filter((call) => !call.inner && !isFurtherPage(call));
      expect(calls).toHaveLength(2);
      const { metricsDaily, campaigns: found } = data.account;
      const sum = (rows: any[], of: (row: any) => bigint) => rows.reduce((total, row) => total + of(row), 0n);
      for (const { node } of found.edges) {
        const days = node.metricsDaily.map(({ metrics }: any) => metrics);
        for (const name of ['impressions', 'clicks']) {
          expect(sum(days, (metrics) => BigInt(metrics[name]))).toBe(BigInt(node.metrics[name]));
        }
        expect(sum(days, ({ cost }) => microsOf(cost.amount))).toBe(microsOf(node.metrics.cost.amount));
        const dates = node.metricsDaily.map(({ date }: any) => date);
        expect(dates).toEqual([...new Set(dates)].sort());
      }
      const own = found.edges.map(({ node }: any) => node.metrics);
      expect(sum(metricsDaily, ({ metrics }) => BigInt(metrics.clicks))).toBe(sum(own, ({ clicks }) => BigInt(clicks)));
    }
  });

  it('reject an invalid range', async () => {
    for (const wrong of [
      { start: '2026-09-07', end: '2026-09-01' },
      { start: '2030-01-01', end: '2030-01-02' },
    ]) {
      expect((await campaigns({ range: wrong })).code).toBe('BAD_USER_INPUT');
    }
  });
});
