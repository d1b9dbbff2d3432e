import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { microsOf } from './testing/expected-campaigns.js';
import { openStage, type Stage, someone } from './testing/open-stage.js';
import type { TrueAdGroup, TrueCampaign, TrueFigures } from './testing/simulated-providers.js';

const FIGURES = 'impressions clicks cost { amount } conversions conversionValue { amount } results { type value }';
const PAGE = `totalCount notOffered reportedThrough range { start end } pageInfo { hasNextPage endCursor } totals { ${FIGURES} }
  freshness { isStale } fault { code } unreadable { row }`;
const PART = 'externalId status providerStatus';

const PARTS = /* GraphQL */ `
  query ($id: ID!, $range: DateRangeInput!) {
    account(id: $id) {
      campaigns(range: $range, first: 1000) {
        edges {
          node {
            id externalId name type
            metrics(range: $range) { ${FIGURES} }
            group { externalId name status }
            adGroups(range: $range, first: 1000) { ${PAGE} edges { node { ${PART} name type metrics { ${FIGURES} } } } }
            ads(range: $range, first: 1000) {
              ${PAGE} edges { node { ${PART} name type adGroupExternalId adGroupName metrics { ${FIGURES} } } }
            }
            keywords(range: $range, first: 1000) {
              ${PAGE}
              edges { node { ${PART} text matchType qualityScore adGroupExternalId adGroupName metrics { ${FIGURES} } } }
            }
          }
        }
      }
    }
  }
`;

const ADS = /* GraphQL */ `
  query ($id: ID!, $range: DateRangeInput, $period: Period, $orderBy: CampaignPartOrderInput! = { metric: IMPRESSIONS },
    $adGroup: ID, $first: Int! = 1000, $after: String) {
    campaign(id: $id) {
      ads(range: $range, period: $period, orderBy: $orderBy, adGroupExternalId: $adGroup, first: $first, after: $after) {
        ${PAGE} edges { node { externalId adGroupExternalId metrics { impressions clicks cost { amount } cpc { amount } } } }
      }
    }
  }
`;

const range = { start: '2026-10-05', end: '2026-10-11' };
const providers = ['google-ads', 'meta-ads', 'linkedin-ads'] as const;
const seeds = { 'google-ads': 'google-ads', 'meta-ads': 'meta', 'linkedin-ads': 'linkedin' } as const;

const figuresOf = ({ impressions, clicks, cost, conversions, conversionValue }: any) => ({
  impressions,
  clicks,
  cost: microsOf(cost.amount),
  conversions: conversions ?? 0,
  value: microsOf(conversionValue?.amount ?? '0'),
});
const trueFigures = ({ impressions, clicks, costMicros, conversions, conversionValue }: TrueFigures) => ({
  impressions,
  clicks,
  cost: BigInt(costMicros),
  conversions: Number(conversions),
  value: microsOf(conversionValue),
});
const sumOf = (all: ReturnType<typeof figuresOf>[]) =>
  all.reduce(
    (sum, one) => ({
      impressions: sum.impressions + one.impressions,
      clicks: sum.clicks + one.clicks,
      cost: sum.cost + one.cost,
      conversions: sum.conversions + one.conversions,
      value: sum.value + one.value,
    }),
    { impressions: 0, clicks: 0, cost: 0n, conversions: 0, value: 0n },
  );

const gone = ['REMOVED', 'DELETED', 'ARCHIVED'];
const isShown = ({ status, impressions }: { status: string; impressions: number }) =>
  impressions > 0 || !gone.includes(status);

describe('the parts of a campaign', () => {
  const nora = someone();
  const accounts = new Map<string, { provider: (typeof providers)[number]; externalId: string }>();
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
    stage.clock.now = new Date('2026-11-20T12:00:00Z');
    for (const provider of providers) {
      const connection = await stage.connect(nora, provider);
      for (const { id, externalId, status } of connection.accounts)
        if (status === 'ACTIVE') accounts.set(id, { provider, externalId });
    }
  });
  beforeEach(async () => {
    await stage.simulated.forgetFaults();
    await stage.forgetAnswers();
  });
  afterAll(() => stage.close());

  const partsOf = (page: any) =>
    new Map<string, any>(page.edges.map(({ node }: any) => [node.externalId, figuresOf(node.metrics)]));
  const shown = <Part extends TrueFigures & { status: string }>(some: Part[], keyOf: (part: Part) => string) =>
    new Map(some.filter(isShown).map((one) => [keyOf(one), trueFigures(one)]));

  function expectedParts(campaign: any, { adGroups = [] }: TrueCampaign) {
    const isPerformanceMax = campaign.type === 'PERFORMANCE_MAX';
    const groups: TrueAdGroup[] = isPerformanceMax ? [] : adGroups;
    return {
      adGroups: shown(groups, ({ id }) => id),
      ads: shown(
        groups.flatMap(({ ads }) => ads),
        ({ id }) => id,
      ),
      keywords: shown(
        groups.flatMap((group) =>
          group.keywords.map((keyword) => ({ ...keyword, criterionId: `${group.id}~${keyword.criterionId}` })),
        ),
        ({ criterionId }) => criterionId,
      ),
    };
  }

  type Read = { campaign: any; expected: ReturnType<typeof expectedParts> }[];
  const known = new Map<string, Read>();

  /** Asked once a provider: the figures never change. */
  async function readAll(provider: (typeof providers)[number]): Promise<Read> {
    const all = known.get(provider) ?? (await askAll(provider));
    known.set(provider, all);
    return all;
  }

  async function askAll(provider: (typeof providers)[number]): Promise<Read> {
    const truth = await stage.simulated.truth(seeds[provider], { ...range, detail: true, person: 'nora' });
    const all: Read = [];
    for (const [id, account] of accounts) {
      if (account.provider !== provider) continue;
      const { data, errors } = await stage.ask(nora, PARTS, { id, range });
      expect(errors).toEqual([]);
      const seeded = truth.find((one) => one.id === account.externalId)?.campaigns ?? [];
      for (const { node: campaign } of data.account.campaigns.edges) {
        const own = seeded.find((one) => one.id === campaign.externalId) as TrueCampaign;
        all.push({ campaign, expected: expectedParts(campaign, own) });
      }
    }
    return all;
  }

  it('at Google Ads are its ad groups, ads and keywords, with figures that add up to it', async () => {
    const all = await readAll('google-ads');
    expect(all.length).toBeGreaterThan(80);
    for (const { campaign, expected } of all) {
      const { adGroups, ads, keywords, type, group } = campaign;
      expect(partsOf(adGroups)).toEqual(expected.adGroups);
      expect(partsOf(ads)).toEqual(expected.ads);
      expect(group).toBeNull();
      expect(partsOf(keywords)).toEqual(type === 'SEARCH' ? expected.keywords : new Map());
      const withFigures = type === 'PERFORMANCE_MAX' ? [] : [adGroups, ads, ...(type === 'SEARCH' ? [keywords] : [])];
      for (const page of withFigures) {
        expect(sumOf([...partsOf(page).values()])).toEqual(figuresOf(campaign.metrics));
        if (page.totals) expect(figuresOf(page.totals)).toEqual(figuresOf(campaign.metrics));
        expect(page).toMatchObject({
          notOffered: null,
          reportedThrough: '2026-10-11',
          freshness: { isStale: false },
          range,
        });
      }
      for (const { node } of ads.edges) {
        expect(expected.adGroups.has(node.adGroupExternalId) || node.adGroupName !== '').toBe(true);
        if (type === 'SEARCH') expect(node.name).toMatch(/ \| .* \| Northwind$/);
      }
      if (type === 'PERFORMANCE_MAX')
        expect(ads).toMatchObject({ totalCount: 0, totals: null, notOffered: expect.stringContaining('asset groups') });
      else if (type !== 'SEARCH') expect(keywords.notOffered).toContain('search campaigns');
    }
    const [{ campaign }] = all.filter((one) => one.campaign.keywords.totalCount > 3) as [(typeof all)[number]];
    expect(campaign.keywords.edges[0].node).toMatchObject({
      text: expect.any(String),
      matchType: expect.stringMatching(/^(EXACT|PHRASE|BROAD)$/),
      externalId: expect.stringMatching(/^\d+~\d+$/),
    });
  });

  it('at Meta are its ad sets and ads, deleted ones with figures included', async () => {
    const all = await readAll('meta-ads');
    expect(all.length).toBeGreaterThan(120);
    for (const { campaign, expected } of all) {
      const { adGroups, ads, keywords } = campaign;
      expect(partsOf(adGroups)).toEqual(expected.adGroups);
      expect(partsOf(ads)).toEqual(expected.ads);
      for (const page of [adGroups, ads])
        expect(sumOf([...partsOf(page).values()])).toEqual(figuresOf(campaign.metrics));
      if (ads.totals && campaign.metrics.results) expect(ads.totals.results).toEqual(campaign.metrics.results);
      expect(keywords).toMatchObject({ totalCount: 0, notOffered: 'Meta Ads has no keywords.', freshness: null });
    }
    const ads = all.flatMap(({ campaign }) => campaign.ads.edges.map(({ node }: any) => node));
    expect(ads.some(({ status }) => status === 'ENDED')).toBe(true);
    expect(ads.some(({ providerStatus }) => providerStatus === 'ADSET_PAUSED')).toBe(true);
  });

  it('at LinkedIn are its creatives, and its group is above it', async () => {
    const all = await readAll('linkedin-ads');
    expect(all.length).toBeGreaterThan(150);
    for (const { campaign, expected } of all) {
      const { adGroups, ads, keywords, group, name } = campaign;
      expect(partsOf(ads)).toEqual(expected.ads);
      expect(sumOf([...partsOf(ads).values()])).toEqual(figuresOf(campaign.metrics));
      expect(group.name.split(' | ')[0]).toBe(name.includes(' | ') ? name.split(' | ')[0] : group.name.split(' | ')[0]);
      expect(adGroups.notOffered).toContain('campaign groups');
      expect(keywords.notOffered).toBe('LinkedIn Ads has no keywords.');
    }
    const names = all.flatMap(({ campaign }) => campaign.ads.edges.map(({ node }: any) => node.name));
    expect(names).not.toContain(null);
  });

  async function largest(provider: (typeof providers)[number]) {
    const all = (await readAll(provider)).filter(({ campaign }) => campaign.ads.totalCount > 5);
    return all.sort((one, other) => other.campaign.ads.totalCount - one.campaign.ads.totalCount)[0]?.campaign;
  }
  const adsOf = async (id: string, variables: object) => {
    const { data, errors, code } = await stage.ask(nora, ADS, { id, range, ...variables });
    return { ...data?.campaign?.ads, rows: data?.campaign?.ads?.edges.map(({ node }: any) => node), errors, code };
  };

  it.each([
    { metric: 'IMPRESSIONS', direction: 'DESC' },
    { metric: 'COST', direction: 'ASC' },
    { metric: 'CPC', direction: 'DESC' },
  ])('are ordered by %p, page by page to the last one', async (orderBy) => {
    const { id } = await largest('google-ads');
    const whole = await adsOf(id, { orderBy });
    const rows: any[] = [];
    for (let after: string | null = null; ; ) {
      const page: any = await adsOf(id, { orderBy, first: 2, after });
      rows.push(...page.rows);
      expect(page.totalCount).toBe(whole.totalCount);
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(rows).toEqual(whole.rows);
    expect(rows.length).toBe(whole.totalCount);
    const values = rows.map(({ metrics: { impressions, clicks, cost } }) => {
      if (orderBy.metric === 'IMPRESSIONS') return impressions;
      if (orderBy.metric === 'COST') return Number(cost.amount);
      return clicks === 0 ? null : Number(cost.amount) / clicks;
    });
    const known = values.filter((value) => value !== null);
    // Without a value, they come last.
    expect(values.slice(0, known.length)).toEqual(known);
    const sign = orderBy.direction === 'DESC' ? -1 : 1;
    expect(known).toEqual([...known].sort((one, other) => sign * (one - other)));
  });

  it('are those of one ad group when it is named, and of a period when it is', async () => {
    const { id, ads } = await largest('meta-ads');
    const adGroup = ads.edges[0].node.adGroupExternalId;
    const { rows } = await adsOf(id, { adGroup });
    expect(rows.length).toBeLessThan(ads.totalCount);
    for (const row of rows) expect(row.adGroupExternalId).toBe(adGroup);
    expect((await adsOf(id, { range: null, period: 'LAST_MONTH' })).range).toEqual({
      start: '2026-10-01',
      end: '2026-10-31',
    });
    expect((await adsOf(id, { range: null })).range).toEqual({ start: '2026-10-21', end: '2026-11-19' });
    const ahead = await adsOf(id, { range: { start: '2027-01-01', end: '2027-01-02' } });
    expect(ahead).toMatchObject({ errors: [], totalCount: 0, totals: null, reportedThrough: null, freshness: null });
  });

  it.each<[string, object, string]>([
    ['two kinds of days', { period: 'TODAY' }, 'period'],
    ['days that end before they start', { range: { start: '2026-11-02', end: '2026-11-01' } }, 'range'],
    ['a page of nothing', { first: 0 }, 'first'],
    ['a foreign cursor', { after: 'x' }, 'after'],
    ['a cursor of another list', { after: Buffer.from('["a",1]').toString('base64url') }, 'after'],
  ])('are refused for %s', async (_what, given, argument) => {
    const { id } = await largest('linkedin-ads');
    const { code, errors } = await adsOf(id, given);
    expect([code, errors[0].extensions.details?.[0].argument ?? errors]).toEqual(['BAD_USER_INPUT', argument]);
  });

  it('are kept for 15 minutes, stand in for a failing provider, and are an error that names it without them', async () => {
    const { id } = await largest('google-ads');
    await adsOf(id, {});
    await stage.simulated.takeCalls();
    const kept = await adsOf(id, {});
    expect((await stage.simulated.takeCalls('google-ads')).filter(({ path }) => path.includes('search'))).toEqual([]);
    stage.clock.advanceSeconds(16 * 60);
    await stage.simulated.breakNext({ provider: 'google-ads', kind: 'status', status: 500, times: 100 });
    const stale = await adsOf(id, {});
    expect(stale).toMatchObject({ rows: kept.rows, freshness: { isStale: true } });
    const { data, errors } = await stage.ask(nora, ADS, { id, range: { start: '2026-09-01', end: '2026-09-02' } });
    expect(data.campaign?.ads ?? null).toBeNull();
    expect(errors[0].extensions.code).toBe('PROVIDER_UNAVAILABLE');
    expect(errors[0].message).toContain('Google Ads');
    stage.clock.now = new Date('2026-11-20T12:00:00Z');
  });
});
