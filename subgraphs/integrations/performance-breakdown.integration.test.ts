import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { itInDrills } from '#ops/testing/it-in-drills.js';
import { microsOf } from './testing/expected-campaigns.js';
import { type HistoryStage, openHistoryStage } from './testing/open-history-stage.js';
import { someone } from './testing/open-stage.js';
import type { SeedRange, TrueAccount, TrueFigures } from './testing/simulated-providers.js';

const SUMS = 'impressions clicks cost { amount currency } conversions conversionValue { amount }';

const PERFORMANCE = /* GraphQL */ `
  query ($of: [_Any!]!, $range: DateRangeInput, $compareTo: Comparison, $compareRange: DateRangeInput,
    $groupBy: [PerformanceDimension!]!, $filter: PerformanceFilterInput, $currency: String, $first: Int! = 1000, $after: String) {
    _entities(representations: $of) {
      ... on Organization {
        performance(range: $range, compareTo: $compareTo, compareRange: $compareRange, groupBy: $groupBy, filter: $filter, currency: $currency,
          first: $first, after: $after) {
          totalCount
          pageInfo { hasNextPage endCursor }
          totals { currency metrics { ${SUMS} } previous { ${SUMS} } }
          sources { account { externalId } state reportedThrough code }
          edges {
            node {
              device country account { externalId } campaign { externalId name } day month currency
              metrics { ${SUMS} } previous { ${SUMS} }
            }
          }
        }
      }
    }
  }
`;

const ACTIONS = PERFORMANCE.replaceAll(SUMS, `${SUMS} actions { type value } results { type value }`);

const providers = ['google-ads', 'meta-ads', 'linkedin-ads'] as const;
type ProviderId = (typeof providers)[number];
const seeds = { 'google-ads': 'google-ads', 'meta-ads': 'meta', 'linkedin-ads': 'linkedin' } as const;

// What the providers call the seed's devices, in our words.
const devices: Record<ProviderId, Record<string, string>> = {
  'google-ads': { smartphone: 'MOBILE', iphone: 'MOBILE', tablet: 'TABLET', ipad: 'TABLET' },
  'meta-ads': { smartphone: 'MOBILE', iphone: 'MOBILE', tablet: 'TABLET', ipad: 'TABLET' },
  'linkedin-ads': { smartphone: 'MOBILE', iphone: 'MOBILE', tablet: 'MOBILE', ipad: 'MOBILE' },
};
const deviceOf = (provider: ProviderId, value: string) =>
  devices[provider][value] ?? { desktop: 'DESKTOP', tv: 'CONNECTED_TV' }[value] ?? 'OTHER';

/** Meta does not know the last country of each account, and LinkedIn has a name of its own for one. */
function countryOf(provider: ProviderId, value: string, countries: { value: string }[]): string | null {
  if (provider === 'meta-ads' && value === countries.at(-1)?.value) return null;
  return provider === 'linkedin-ads' && value === 'GG' ? null : value;
}

type Sums = { impressions: number; clicks: number; cost: bigint; conversions: number; value: bigint };

const nothing: Sums = { impressions: 0, clicks: 0, cost: 0n, conversions: 0, value: 0n };
const add = (one: Sums, other: Sums): Sums => ({
  impressions: one.impressions + other.impressions,
  clicks: one.clicks + other.clicks,
  cost: one.cost + other.cost,
  conversions: one.conversions + other.conversions,
  value: one.value + other.value,
});
const shown = ({ impressions, clicks, cost, conversions, conversionValue }: any): Sums => ({
  impressions,
  clicks,
  cost: microsOf(cost.amount),
  conversions: conversions ?? 0,
  value: microsOf(conversionValue?.amount ?? '0'),
});
const seeded = ({ impressions, clicks, costMicros, conversions, conversionValue }: TrueFigures): Sums => ({
  impressions,
  clicks,
  cost: BigInt(costMicros),
  conversions: Number(conversions),
  value: microsOf(conversionValue),
});

describe('the performance by device and country', () => {
  const nora = someone();
  const ids = new Map<ProviderId, Set<string>>();
  let stage: HistoryStage;

  beforeAll(async () => {
    stage = await openHistoryStage(new Date('2026-11-20T12:00:00Z'));
    for (const provider of providers) {
      const { accounts } = await stage.connect(nora, provider);
      ids.set(
        provider,
        new Set(accounts.filter(({ status }: any) => status === 'ACTIVE').map((one: any) => one.externalId)),
      );
    }
  });
  beforeEach(async () => {
    await stage.simulated.forgetFaults();
    await stage.forgetAnswers();
  });
  afterAll(() => stage.close());

  async function ask(variables: object, query = PERFORMANCE) {
    const of = [{ __typename: 'Organization', id: nora.organizationId, timeZone: 'UTC' }];
    const { data, errors, code } = await stage.ask(nora, query, { of, ...variables });
    const found = data?._entities?.[0]?.performance;
    return { ...found, rows: found?.edges.map(({ node }: any) => node), errors, code };
  }

  /** Sums the seed by a value of each account, a key and currency, over one range after the other. */
  async function sumTruth(
    provider: ProviderId,
    ranges: SeedRange[],
    read: (account: TrueAccount, range: SeedRange) => [key: string, sums: Sums][],
  ): Promise<Map<string, Sums>> {
    const sums = new Map<string, Sums>();
    for (const range of ranges) {
      const all = await stage.simulated.truth(seeds[provider], { ...range, detail: true, person: 'nora' });
      for (const account of all.filter(({ id }) => ids.get(provider)?.has(id))) {
        for (const [key, one] of read(account, range)) {
          const name = `${key} ${account.currency}`;
          sums.set(name, add(sums.get(name) ?? nothing, one));
        }
      }
    }
    return new Map([...sums].filter(([, { impressions }]) => impressions > 0));
  }

  const byDevice = (provider: ProviderId) => (account: TrueAccount, range: SeedRange) =>
    account.campaigns.flatMap(({ devices: parts = [] }) =>
      parts.map((part): [string, Sums] => [`${deviceOf(provider, part.value)} ${range.start}`, seeded(part)]),
    );

  /** LinkedIn withholds countries of fewer than three impressions of an account. */
  const byCountry = (provider: ProviderId) => (account: TrueAccount, range: SeedRange) => {
    const parts = account.campaigns.flatMap(({ countries = [] }) => countries);
    const order = account.campaigns[0]?.countries ?? [];
    const sums = new Map<string, Sums>();
    for (const part of parts) sums.set(part.value, add(sums.get(part.value) ?? nothing, seeded(part)));
    return [...sums]
      .filter(([, { impressions }]) => provider !== 'linkedin-ads' || impressions >= 3)
      .map(([value, one]): [string, Sums] => [`${countryOf(provider, value, order)} ${range.start}`, one]);
  };

  const range = { start: '2026-10-05', end: '2026-10-11' };
  const before = { start: '2026-09-28', end: '2026-10-04' };
  const shownBy = (rows: any[], keyOf: (row: any) => string, side: 'metrics' | 'previous' = 'metrics') =>
    new Map(
      rows.filter((row) => row[side].impressions > 0).map((row) => [`${keyOf(row)} ${row.currency}`, shown(row[side])]),
    );

  it.each(providers)('is that of the seed at %s, of both ranges, with the totals of all figures', async (provider) => {
    const filter = { providers: [provider] };
    const whole = await ask({ range, compareTo: 'PREVIOUS_PERIOD', groupBy: [], filter });
    for (const [groupBy, truthOf, keyOf] of [
      ['DEVICE', byDevice, ({ device }: any) => device],
      ['COUNTRY', byCountry, ({ country }: any) => `${country}`],
    ] as const) {
      const { rows, errors, ...found } = await ask({ range, compareTo: 'PREVIOUS_PERIOD', groupBy: [groupBy], filter });
      expect(errors).toEqual([]);
      const current = await sumTruth(provider, [range], truthOf(provider));
      expect(shownBy(rows, (row) => `${keyOf(row)} ${range.start}`)).toEqual(current);
      const previous = await sumTruth(provider, [before], truthOf(provider));
      expect(shownBy(rows, (row) => `${keyOf(row)} ${before.start}`, 'previous')).toEqual(previous);
      expect(current.size).toBeGreaterThan(8);
      expect(found.totals).toEqual(whole.totals);
      expect(new Set(found.sources.map(({ state }: any) => state))).toEqual(
        new Set(whole.sources.map(({ state }: any) => state)),
      );
    }
  });

  itInDrills('is by day and by month beside that, whole months and parts of them', async () => {
    const ranges = [
      { start: '2026-08-20', end: '2026-08-31' },
      { start: '2026-09-01', end: '2026-09-30' },
      { start: '2026-10-01', end: '2026-10-03' },
    ];
    const given = { range: { start: '2026-08-20', end: '2026-10-03' } };
    const days = ['2026-10-09', '2026-10-10', '2026-10-11'].map((day) => ({ start: day, end: day }));
    for (const provider of providers) {
      const filter = { providers: [provider] };
      const monthly = await ask({ ...given, groupBy: ['DEVICE', 'MONTH'], filter });
      const expected = await sumTruth(provider, ranges, byDevice(provider));
      const startOf = (month: string) => (month === '2026-08-01' ? '2026-08-20' : month);
      expect(shownBy(monthly.rows, ({ device, month }) => `${device} ${startOf(month)}`)).toEqual(expected);
      const daily = await ask({
        range: { start: '2026-10-09', end: '2026-10-11' },
        groupBy: ['COUNTRY', 'DAY'],
        filter,
      });
      expect(shownBy(daily.rows, ({ country, day }) => `${country} ${day}`)).toEqual(
        await sumTruth(provider, days, byCountry(provider)),
      );
    }
  });

  itInDrills('is by campaign beside that, filtered by name, page by page, also of ranges that overlap', async () => {
    const given = {
      range,
      compareRange: { start: '2026-10-05', end: '2026-10-08' },
      groupBy: ['DEVICE', 'CAMPAIGN'],
      filter: { nameContains: 'brand', providers: ['google-ads', 'meta-ads'] },
    };
    const { rows, errors, totals } = await ask(given);
    expect(errors).toEqual([]);
    expect(rows.length).toBeGreaterThan(20);
    const sum = (some: any[], side: 'metrics' | 'previous') =>
      some.reduce((all, one) => all + one[side].impressions, 0);
    for (const side of ['metrics', 'previous'] as const) expect(sum(rows, side)).toBe(sum(totals, side));
    expect(sum(rows, 'previous')).toBeLessThan(sum(rows, 'metrics'));
    for (const { campaign } of rows) expect(campaign.name.toLowerCase()).toContain('brand');
    const pages: any[] = [];
    for (let after: string | null = null; ; ) {
      const page: any = await ask({ ...given, first: 9, after });
      pages.push(...page.rows);
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(pages).toEqual(rows);
  });

  it('has the actions of each device, which add up to those of all', async () => {
    const given = { range, compareTo: 'PREVIOUS_PERIOD', groupBy: ['DEVICE'], filter: { providers: ['meta-ads'] } };
    const { rows, totals, errors } = await ask(given, ACTIONS);
    expect(errors).toEqual([]);
    for (const side of ['metrics', 'previous'] as const) {
      for (const name of ['actions', 'results'] as const) {
        const sum = (some: any[]) => {
          const sums: Record<string, number> = {};
          for (const { type, value } of some.flatMap((one) => one[side][name] ?? []))
            sums[type] = (sums[type] ?? 0) + Number(value);
          return sums;
        };
        expect(sum(rows)).toEqual(sum(totals));
        expect(Object.keys(sum(rows)).length).toBeGreaterThan(1);
      }
    }
  });

  it('has the totals of rows that meet conditions', async () => {
    const filter = { providers: ['google-ads'], metrics: [{ metric: 'IMPRESSIONS', above: '100000' }] };
    const { rows, totals } = await ask({ range, groupBy: ['DEVICE'], filter });
    const sum = (some: any[]) => some.reduce((all, { metrics }) => all + metrics.impressions, 0);
    expect(rows.length).toBeGreaterThan(0);
    expect(sum(totals)).toBe(sum(rows));
  });

  it('is in one currency, converted day by day', async () => {
    await stage.run('integrations.copy-rates');
    const given = { range, groupBy: ['DEVICE'], currency: 'EUR', filter: { providers: ['google-ads'] } };
    const { rows, totals, errors } = await ask(given);
    expect(errors).toEqual([]);
    expect(new Set(rows.map(({ currency }: any) => currency))).toEqual(new Set(['EUR']));
    const sum = rows.reduce((all: Sums, { metrics }: any) => add(all, shown(metrics)), nothing);
    expect(totals).toHaveLength(1);
    const whole = shown(totals[0].metrics);
    expect({ ...sum, cost: 0n, value: 0n }).toEqual({ ...whole, cost: 0n, value: 0n });
    // Each row is rounded to the millionth.
    for (const difference of [sum.cost - whole.cost, sum.value - whole.value]) {
      expect(Math.abs(Number(difference))).toBeLessThanOrEqual(rows.length);
    }
  });

  it('names what is missing of a provider that fails, and has the rest', async () => {
    await stage.simulated.breakNext({ provider: 'meta', kind: 'status', status: 500, times: 100 });
    const { rows, sources, errors } = await ask({ range, groupBy: ['DEVICE'] });
    expect(errors).toEqual([]);
    expect(rows.length).toBeGreaterThan(4);
    const failed = sources.filter(({ code }: any) => code === 'PROVIDER_UNAVAILABLE');
    expect(new Set(failed.map(({ account }: any) => account.externalId))).toEqual(ids.get('meta-ads'));
  });

  it.each<[string, object, string]>([
    ['both at once', { groupBy: ['DEVICE', 'COUNTRY'] }, 'groupBy'],
    [
      'days of campaigns of a year',
      { range: { start: '2025-10-01', end: '2026-09-30' }, groupBy: ['DEVICE', 'CAMPAIGN', 'DAY'] },
      'range',
    ],
  ])('is refused for %s', async (_what, given, argument) => {
    const { code, errors } = await ask({ range, ...given });
    expect([code, errors[0].extensions.details?.[0].argument ?? errors]).toEqual(['BAD_USER_INPUT', argument]);
  });
});
