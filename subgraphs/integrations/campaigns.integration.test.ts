import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { byId, expectedCampaigns, microsOf } from './testing/expected-campaigns.js';
import { openStage, type Stage, someone } from './testing/open-stage.js';
import type { Fault } from './testing/simulated-providers.js';

const CAMPAIGN = /* GraphQL */ `
  id externalId name status providerStatus
  metrics(range: $range) { impressions clicks cost { amount currency } conversions conversionValue { amount currency } }
`;

const DASHBOARD = /* GraphQL */ `
  query ($id: ID!, $range: DateRangeInput!, $first: Int! = 1000) {
    _entities(representations: [{ __typename: "Organization", id: $id }]) {
      ... on Organization {
        connections {
          provider { id }
          accounts {
            id externalId status currency
            campaigns(range: $range, first: $first) { totalCount edges { node { ${CAMPAIGN} } } }
          }
        }
      }
    }
  }
`;

const PAGE = /* GraphQL */ `
  query ($id: ID!, $range: DateRangeInput!, $first: Int!, $after: String) {
    account(id: $id) {
      campaigns(range: $range, first: $first, after: $after) {
        totalCount
        edges { cursor node { id name } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }
  }
`;

const range = { start: '2026-09-01', end: '2026-09-30' };

const figuresOf = ({ externalId, name, metrics }: any) => ({
  externalId,
  name,
  impressions: metrics.impressions,
  clicks: metrics.clicks,
  costMicros: microsOf(metrics.cost.amount),
  conversions: metrics.conversions ?? 0,
  conversionValueMicros: microsOf(metrics.conversionValue?.amount ?? '0'),
});

describe('campaigns', () => {
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
    await stage.simulated.takeCalls();
    // A refused account is given time to be asked again.
    stage.clock.advanceSeconds(600);
  });
  afterAll(() => stage.close());

  async function dashboard(variables: object = {}) {
    const answer = await stage.ask(nora, DASHBOARD, { id: nora.organizationId, range, ...variables });
    const connections = answer.data._entities[0].connections as any[];
    const accounts = connections.flatMap((connection) =>
      connection.accounts.map((account: object) => ({ ...account, providerId: connection.provider.id })),
    );
    return { ...answer, accounts };
  }

  async function findAccount(externalId: string) {
    const { accounts } = await dashboard({ first: 1 });
    await stage.forgetAnswers();
    await stage.simulated.takeCalls();
    return accounts.find((account) => account.externalId === externalId);
  }

  it('have the exact figures of every account of every provider', async () => {
    const { accounts, errors } = await dashboard();
    const truth = [
      ...(await stage.simulated.truth('google-ads', range)),
      ...(await stage.simulated.truth('meta', range)),
    ];
    expect(errors).toEqual([]);
    expect(accounts).toHaveLength(9);
    for (const account of accounts) {
      const nodes = account.campaigns.edges.map(({ node }: any) => node);
      const expected = truth.find(({ id }) => id === account.externalId);
      expect(nodes.map(figuresOf).sort(byId)).toEqual(
        account.status === 'ACTIVE' && expected ? expectedCampaigns(expected) : [],
      );
      expect(account.campaigns.totalCount).toBe(nodes.length);
      for (const { metrics } of nodes) expect(metrics.cost.currency).toBe(account.currency);
    }
  });

  it('cost one call per Google Ads account and one batch for all of Meta', async () => {
    await dashboard();
    const calls = await stage.simulated.takeCalls();
    const google = calls.filter(({ provider }) => provider === 'google-ads');
    expect(google.map(({ path }) => path.split('/')[3]).sort()).toEqual([
      '1029384756',
      '2718281828',
      '3141592653',
      '5772156649',
    ]);
    const meta = calls.filter(({ provider }) => provider === 'meta');
    expect(meta.filter(({ inner }) => !inner)).toHaveLength(1);
    expect(meta.filter(({ inner }) => inner)).toHaveLength(6);
    expect(calls.filter(({ provider }) => provider.endsWith('oauth'))).toEqual([]);
  });

  it('are read once per operation', async () => {
    const { id } = await findAccount('1029384756');
    const twice = `query ($id: ID!, $range: DateRangeInput!) {
      one: account(id: $id) { campaigns(range: $range, first: 5) { totalCount } }
      two: account(id: $id) { campaigns(range: $range, first: 2) { totalCount } }
    }`;
    const { data } = await stage.ask(nora, twice, { id, range });
    expect(data.one).toEqual(data.two);
    expect(await stage.simulated.takeCalls()).toHaveLength(1);
  });

  it('keep different ranges apart', async () => {
    const { id } = await findAccount('2087654310098123');
    const query = `query ($id: ID!) { account(id: $id) {
      day: campaigns(range: { start: "2026-09-01", end: "2026-09-01" }) { edges { node { metrics(range: { start: "2026-09-01", end: "2026-09-01" }) { impressions } } } }
      month: campaigns(range: { start: "2026-09-01", end: "2026-09-30" }) { edges { node { metrics(range: { start: "2026-09-01", end: "2026-09-30" }) { impressions } } } }
    } }`;
    const { data } = await stage.ask(nora, query, { id });
    const sum = ({ edges }: any) => edges.reduce((total: number, { node }: any) => total + node.metrics.impressions, 0);
    expect(sum(data.account.month)).toBeGreaterThan(sum(data.account.day));
  });

  it('have the figures of the requested range in every list, at no further call', async () => {
    const { id } = await findAccount('1029384756');
    const [september, august] = [range, { start: '2026-08-01', end: '2026-08-31' }];
    const figures = 'node { id s: metrics(range: $september) { clicks } a: metrics(range: $august) { clicks } }';
    const query = `query ($id: ID!, $september: DateRangeInput!, $august: DateRangeInput!) { account(id: $id) {
      september: campaigns(range: $september, first: 1000) { edges { ${figures} } }
      august: campaigns(range: $august, first: 1000) { edges { ${figures} } }
      days: campaigns(range: $september, first: 1000) {
        edges { node { id metricsDaily(range: $september) { metrics { clicks } } } }
      }
    } }`;
    const { data, errors } = await stage.ask(nora, query, { id, september, august });
    expect(errors).toEqual([]);
    // The lists, the days that tell their ranges apart, and the daily figures.
    expect((await stage.simulated.takeCalls('google-ads')).length).toBeLessThanOrEqual(3);
    const nodesIn = (list: string) => data.account[list].edges.map(({ node }: any) => [node.id, node]);
    const shown = new Map<string, any>(nodesIn('september'));
    const before = new Map<string, any>(nodesIn('august'));
    const common = [...shown.keys()].filter((campaign) => before.has(campaign));
    expect(common.length).toBeGreaterThan(10);
    for (const campaign of common) expect(before.get(campaign)).toEqual(shown.get(campaign));
    const truth = (await stage.simulated.truth('google-ads', august)).find((one) => one.id === '1029384756');
    const clicks = (figure: 's' | 'a', nodes: any[]) => nodes.reduce((sum, node) => sum + node[figure].clicks, 0);
    const trueClicks = truth?.campaigns.reduce((sum, campaign) => sum + campaign.clicks, 0);
    expect(clicks('a', [...before.values()])).toBe(trueClicks);
    expect(clicks('s', [...shown.values()])).not.toBe(trueClicks);
    for (const [campaign, { metricsDaily }] of nodesIn('days')) {
      const total = metricsDaily.reduce((sum: number, day: any) => sum + day.metrics.clicks, 0);
      expect(total).toBe(shown.get(campaign).s.clicks);
    }
  });

  it('are found by their ids, and by no others', async () => {
    const CAMPAIGN_BY_ID = `query ($id: ID!, $range: DateRangeInput!) { campaign(id: $id) { ${CAMPAIGN} account { id } } }`;
    const { accounts } = await dashboard();
    for (const { id: accountId, campaigns } of accounts.filter((account) => account.campaigns.totalCount > 0)) {
      const { node } = campaigns.edges[0];
      const { data, errors } = await stage.ask(nora, CAMPAIGN_BY_ID, { id: node.id, range });
      expect({ errors, ...data.campaign }).toEqual({ errors: [], ...node, account: { id: accountId } });
      for (const id of [`${node.id}=`, node.id.slice(0, -1), accountId, '', '\0']) {
        expect((await stage.ask(nora, CAMPAIGN_BY_ID, { id, range })).code).toBe('NOT_FOUND');
      }
      const foreign = await stage.ask(someone(), CAMPAIGN_BY_ID, { id: node.id, range });
      expect([foreign.code, foreign.errors[0].message]).toEqual(['NOT_FOUND', 'There is no campaign with this id.']);
    }
  });

  it('page from the first to the last without a gap', async () => {
    const { id } = await findAccount('1043298715640271');
    const all = await stage.ask(nora, PAGE, { id, range, first: 1000 });
    const names: string[] = [];
    let after: string | null = null;
    let pages = 0;
    do {
      const { data } = await stage.ask(nora, PAGE, { id, range, first: 50, after });
      const { edges, pageInfo, totalCount } = data.account.campaigns;
      expect(totalCount).toBe(all.data.account.campaigns.totalCount);
      expect(pageInfo.hasPreviousPage).toBe(after !== null);
      names.push(...edges.map(({ node }: any) => node.id));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
      pages += 1;
    } while (after);
    expect(pages).toBe(3);
    expect(names).toEqual(all.data.account.campaigns.edges.map(({ node }: any) => node.id));
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([
    ['range', { range: { start: '2026-09-02', end: '2026-09-01' } }],
    ['range', { range: { start: '2025-01-01', end: '2026-09-01' } }],
    ['range', { range: { start: '2999-01-01', end: '2999-01-02' } }],
    ['range', { range: { start: '1999-12-01', end: '1999-12-31' } }],
    ['first', { first: 0 }],
    ['first', { first: 1001 }],
    ['after', { after: 'nonsense' }],
  ])('reject an invalid %s: %j', async (argument, wrong) => {
    const { id } = await findAccount('1029384756');
    const { data, code, errors } = await stage.ask(nora, PAGE, { id, range, first: 5, ...wrong });
    expect(data.account.campaigns).toBeNull();
    expect(code).toBe('BAD_USER_INPUT');
    expect(errors[0].extensions.details[0].argument).toBe(argument);
  });

  it('of an inactive account are empty without a call', async () => {
    const { id } = await findAccount('6180339887');
    const { data } = await stage.ask(nora, PAGE, { id, range, first: 5 });
    expect(data.account.campaigns).toMatchObject({ totalCount: 0, edges: [] });
    expect(await stage.simulated.takeCalls()).toEqual([]);
  });

  const troubles: [string, Omit<Fault, 'provider'>, string][] = [
    ['a server error', { kind: 'status', status: 500 }, 'PROVIDER_UNAVAILABLE'],
    ['half a JSON text', { kind: 'garbage' }, 'PROVIDER_UNAVAILABLE'],
    ['an answer cut off', { kind: 'truncate' }, 'PROVIDER_UNAVAILABLE'],
    ['a web page', { kind: 'html', status: 200 }, 'PROVIDER_UNAVAILABLE'],
    ['too many requests', { kind: 'status', status: 429 }, 'RATE_LIMITED'],
    ['a refusal', { kind: 'status', status: 403 }, 'FORBIDDEN'],
  ];

  it.each(troubles)('of one Google Ads account fail alone with %s', async (_what, fault, code) => {
    await stage.simulated.breakNext({ ...fault, provider: 'google-ads', match: 'customers/2718281828/', times: 3 });
    const { accounts, errors } = await dashboard();
    expect(errors).toHaveLength(1);
    expect(errors[0].extensions.code).toBe(code);
    expect(errors[0].message).toMatch(/^Google Ads/);
    if (code === 'RATE_LIMITED') expect(errors[0].extensions.retryAfter).toBeGreaterThan(0);
    const broken = accounts.filter(({ campaigns }) => campaigns === null);
    expect(broken.map(({ externalId }) => externalId)).toEqual(['2718281828']);
  });

  it.each(troubles)('of Meta do not affect those of Google Ads with %s', async (_what, fault, code) => {
    await stage.simulated.breakNext({ ...fault, provider: 'meta', times: 9 });
    const { accounts, errors } = await dashboard();
    expect(errors.map(({ extensions }) => extensions.code)).toEqual([code, code, code]);
    for (const { message } of errors) expect(message).toMatch(/^Meta Ads/);
    for (const { providerId, campaigns, status } of accounts) {
      expect(campaigns === null).toBe(providerId === 'meta-ads' && status === 'ACTIVE');
    }
  });

  it.each([
    ['a server error', { kind: 'status', status: 500 }, 'PROVIDER_UNAVAILABLE'],
    ['too many requests', { kind: 'status', status: 429 }, 'RATE_LIMITED'],
    ['a refusal', { kind: 'status', status: 403 }, 'FORBIDDEN'],
  ] as const)('of one Meta account inside the batch fail alone with %s', async (_what, fault, code) => {
    await stage.simulated.breakNext({ ...fault, provider: 'meta', match: 'act_2087654310098123/insights' });
    const { accounts, errors } = await dashboard();
    expect(errors.map(({ extensions }) => extensions.code)).toEqual([code]);
    const broken = accounts.filter(({ campaigns }) => campaigns === null);
    expect(broken.map(({ externalId }) => externalId)).toEqual(['2087654310098123']);
  });

  it('of one account fail alone when the provider never answers', async () => {
    const { ask } = await stage.reopen({ PROVIDER_TIMEOUT_MS: '1000' });
    const [hanging, fine] = [await findAccount('1029384756'), await findAccount('5772156649')];
    await stage.simulated.breakNext({ provider: 'google-ads', kind: 'hang', match: 'customers/1029384756/' });
    const { http } = stage.services;
    const send = http.send.bind(http);
    // The other account has as long as it takes.
    const sending = jest
      .spyOn(http, 'send')
      .mockImplementation((request) =>
        send(request.url.includes('customers/1029384756/') ? request : { ...request, timeoutMs: 60_000 }),
      );
    const query = `query ($hanging: ID!, $fine: ID!, $range: DateRangeInput!) {
      hanging: account(id: $hanging) { campaigns(range: $range) { totalCount } }
      fine: account(id: $fine) { campaigns(range: $range) { totalCount } }
    }`;
    const { data, errors } = await ask(nora, query, { hanging: hanging.id, fine: fine.id, range });
    sending.mockRestore();
    expect(errors.map(({ message }) => message)).toEqual(['Google Ads did not answer in time.']);
    expect(data.hanging.campaigns).toBeNull();
    expect(data.fine.campaigns.totalCount).toBeGreaterThan(0);
  });

  it('survive a transient server error', async () => {
    await stage.simulated.breakNext({
      provider: 'google-ads',
      kind: 'status',
      status: 503,
      match: 'customers/2718281828/',
    });
    await stage.simulated.breakNext({ provider: 'meta', kind: 'reset' });
    expect((await dashboard()).errors).toEqual([]);
  });

  it('arrive whole from a stream of many chunks', async () => {
    await stage.simulated.change({ googleAdsChunkSize: 7 });
    const { accounts } = await dashboard();
    await stage.simulated.change({ googleAdsChunkSize: 10_000 });
    const whole = await dashboard();
    expect(accounts).toEqual(whole.accounts);
  });
});
