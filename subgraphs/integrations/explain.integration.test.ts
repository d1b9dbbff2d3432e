import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import { type HistoryStage, openHistoryStage } from './testing/open-history-stage.js';
import { someone } from './testing/open-stage.js';
import type { Seed, TrueFigures } from './testing/simulated-providers.js';

const FINDINGS = 'code message provider { id } accounts { externalId } values { name of value }';
const EXPLAINED = /* GraphQL */ `
  query ($of: [_Any!]!, $metric: PerformanceMetric!, $period: Period, $range: DateRangeInput, $currency: String,
    $groupBy: [PerformanceDimension!]! = [], $filter: PerformanceFilterInput) {
    _entities(representations: $of) {
      ... on Organization {
        performance(period: $period, range: $range, currency: $currency, groupBy: $groupBy, filter: $filter, first: 5) {
          range { start end }
          totals { currency metrics { clicks conversions cost { amount } } explain(metric: $metric) { ${FINDINGS} } }
          edges { node { account { externalId } campaign { externalId } month currency metrics { clicks cost { amount } }
            explain(metric: $metric) { ${FINDINGS} } } }
        }
      }
    }
  }
`;

const NOW = new Date('2026-11-20T12:00:00Z');
const DOLLARS = '1029384756';
const EUROS = '2718281828';
const TOKYO = '3310045599887766';
const META_EUROS = '2087654310098123';

// What a provider's own screen shows is the simulator's truth: in the account's currency and days, as of now.
describe('why a figure differs from the screen of its provider', () => {
  const nora = someone();
  let stage: HistoryStage;

  beforeAll(async () => {
    stage = await openHistoryStage(NOW);
    for (const provider of ['google-ads', 'meta-ads', 'linkedin-ads']) await stage.connect(nora, provider);
    await stage.copyAll();
    await stage.run('integrations.copy-rates');
  });
  afterAll(() => stage.close());

  async function ask(variables: object, timeZone = 'UTC') {
    const of = [{ __typename: 'Organization', id: nora.organizationId, timeZone }];
    const { data, errors } = await stage.ask(nora, EXPLAINED, { of, ...variables });
    expect(errors).toEqual([]);
    const found = data._entities[0].performance;
    const [total] = found.totals;
    const findings: any[] = total?.explain ?? [];
    return { ...found, total, findings, of: (code: string): any[] => findings.filter((one) => one.code === code) };
  }
  const valueIn = (finding: any, name: string, of?: string) =>
    finding?.values.find((one: any) => one.name === name && (of === undefined || one.of === of))?.value;

  /** The sums of a screen. */
  async function screen(seed: Seed, account: string, range: { start: string; end: string }) {
    const found = (await stage.simulated.truth(seed, range)).find(({ id }) => id === account);
    const sum = (read: (one: TrueFigures) => string | number) =>
      (found?.campaigns ?? []).reduce((total, one) => total.plus(read(one)), new Big(0));
    return {
      clicks: sum(({ clicks }) => clicks).toNumber(),
      cost: sum(({ costMicros }) => costMicros)
        .times('1e-6')
        .toFixed(),
      conversions: sum(({ conversions }) => conversions),
    };
  }

  const month = { start: '2026-10-20', end: '2026-11-18' };

  it('an account in another time zone: "yesterday" is another day there', async () => {
    stage.clock.now = new Date('2026-11-20T23:30:00Z');
    const filter = { accountIds: [TOKYO] };
    const { total, range, of } = await ask({ period: 'YESTERDAY', metric: 'CLICKS', filter });
    expect(range.start).toBe('2026-11-19');
    const [zone] = of('ACCOUNT_TIME_ZONE');
    expect(zone).toMatchObject({ provider: { id: 'meta-ads' }, accounts: [{ externalId: TOKYO }] });
    expect([valueIn(zone, 'timeZone'), valueIn(zone, 'today'), valueIn(zone, 'organizationToday')]).toEqual([
      'Asia/Tokyo',
      '2026-11-21',
      '2026-11-20',
    ]);
    const theirs = await screen('meta', TOKYO, { start: '2026-11-20', end: '2026-11-20' });
    expect(total.metrics.clicks).not.toBe(theirs.clicks);
    const named = await ask({ range: { start: '2026-11-20', end: '2026-11-20' }, metric: 'CLICKS', filter });
    expect(named.total.metrics.clicks).toBe(theirs.clicks);
    stage.clock.now = NOW;
  });

  it('a provider with days in UTC: the same for an organization elsewhere', async () => {
    stage.clock.now = new Date('2026-11-20T03:00:00Z');
    const filter = { providers: ['linkedin-ads'] };
    const { range, of } = await ask({ period: 'YESTERDAY', metric: 'CLICKS', filter }, 'America/Los_Angeles');
    expect(range.start).toBe('2026-11-18');
    const found = of('PROVIDER_TIME_ZONE')[0];
    expect([valueIn(found, 'timeZone'), valueIn(found, 'today'), valueIn(found, 'organizationToday')]).toEqual([
      'UTC',
      '2026-11-20',
      '2026-11-19',
    ]);
    stage.clock.now = NOW;
  });

  it('dollars shown in euros: the amount in dollars is that of the screen, to the cent', async () => {
    const filter = { accountIds: [DOLLARS] };
    const { total, of } = await ask({ range: month, metric: 'COST', filter, currency: 'EUR' });
    const theirs = await screen('google-ads', DOLLARS, month);
    expect(new Big(total.metrics.cost.amount).eq(theirs.cost)).toBe(false);
    const [found] = of('CURRENCY_CONVERTED');
    expect(valueIn(found, 'ownFigure', 'USD')).toBe(theirs.cost);
    expect(valueIn(found, 'daysWithEarlierRate')).toBe('8');
    expect([valueIn(found, 'rateFrom'), valueIn(found, 'rateTo')]).toEqual(['2026-10-20', '2026-11-18']);
    const [own] = of('PROVIDER_SCREEN');
    expect([valueIn(own, 'url'), valueIn(own, 'ownFigure')]).toEqual([
      `https://ads.google.com/aw/campaigns?__e=${DOLLARS}`,
      theirs.cost,
    ]);
    const apart = await ask({ range: month, metric: 'COST' });
    expect(valueIn(apart.of('OTHER_CURRENCIES')[0], 'figure', 'JPY')).toBe(
      new Big(apart.totals.find(({ currency }: any) => currency === 'JPY').metrics.cost.amount).toFixed(),
    );
  });

  it('late conversions: all of the difference is in the days that are not final', async () => {
    const [{ id }] = (await stage.activeAccounts(nora)).filter(({ externalId }) => externalId === EUROS);
    await stage.sql(
      `UPDATE integrations.daily_metrics SET conversions = greatest(conversions - 2, 0)
       WHERE account_id = $1 AND day BETWEEN '2026-11-10' AND '2026-11-14'`,
      [id],
    );
    const filter = { accountIds: [EUROS] };
    const { total, of } = await ask({
      range: { start: '2026-10-01', end: '2026-11-18' },
      metric: 'CONVERSIONS',
      filter,
    });
    const theirs = await screen('google-ads', EUROS, { start: '2026-10-01', end: '2026-11-18' });
    const difference = theirs.conversions.minus(total.metrics.conversions);
    expect(difference.gt(0)).toBe(true);
    const [found] = of('NOT_FINAL');
    const open = { start: valueIn(found, 'from'), end: valueIn(found, 'to') };
    expect([open, valueIn(found, 'daysReadAgain')]).toEqual([{ start: '2026-10-21', end: '2026-11-18' }, '30']);
    const openThere = (await screen('google-ads', EUROS, open)).conversions;
    expect(openThere.minus(valueIn(found, 'ownFigure')).toFixed()).toBe(difference.toFixed());
    expect(valueIn(found, 'readAt')).toBe(NOW.toISOString());
    await stage.sql('UPDATE integrations.history_day SET refresh_ordered_at = $2 WHERE account_id = $1', [id, NOW]);
  });

  it('a purchase counted by two providers, in windows of their own: the sum is that of both screens', async () => {
    const filter = { accountIds: [DOLLARS, META_EUROS] };
    const { findings, of } = await ask({ range: month, metric: 'CONVERSIONS', filter, currency: 'EUR' });
    const [google, meta] = [await screen('google-ads', DOLLARS, month), await screen('meta', META_EUROS, month)];
    const [both] = of('SEVERAL_PROVIDERS');
    expect(valueIn(both, 'figure', 'google-ads')).toBe(google.conversions.toFixed());
    expect(valueIn(both, 'figure', 'meta-ads')).toBe(meta.conversions.toFixed());
    const windows = Object.fromEntries(
      of('ATTRIBUTION').map((one: any) => [one.provider.id, [valueIn(one, 'clickDays'), valueIn(one, 'viewDays')]]),
    );
    expect(windows).toEqual({ 'google-ads': ['30', '1'], 'meta-ads': ['7', '1'] });
    expect(findings.filter(({ code }: any) => code === 'CONVERSION_DEFINITION')).toHaveLength(2);
    expect(
      valueIn(
        of('PROVIDER_SCREEN').find((one: any) => one.provider.id === 'meta-ads'),
        'url',
      ),
    ).toBe(`https://adsmanager.facebook.com/adsmanager/manage/campaigns?act=${META_EUROS}&date=2026-10-20_2026-11-19`);
  });

  it('a filter: without it, the figure is that of the screen', async () => {
    const filter = { accountIds: [DOLLARS], nameContains: 'Search' };
    const { total, of } = await ask({ range: month, metric: 'COST', filter });
    const theirs = await screen('google-ads', DOLLARS, month);
    expect(new Big(total.metrics.cost.amount).lt(theirs.cost)).toBe(true);
    const [found] = of('FILTERED');
    expect([valueIn(found, 'nameContains'), valueIn(found, 'unfilteredFigure')]).toEqual(['Search', theirs.cost]);
  });

  it('an account that cannot be read: it is named, with the reason', async () => {
    await stage.forgetAnswers();
    await stage.simulated.breakNext({ provider: 'meta', kind: 'status', status: 500, times: 100 });
    const range = { start: '2026-11-19', end: '2026-11-20' };
    const { of } = await ask({ range, metric: 'CLICKS', currency: 'USD' });
    await stage.simulated.forgetFaults();
    const missing = of('MISSING').find((one: any) => one.accounts[0].externalId === '1043298715640271');
    expect([missing?.provider.id, valueIn(missing, 'code')]).toEqual(['meta-ads', 'PROVIDER_UNAVAILABLE']);
  });

  it('is said of rows, too, each with its own days and accounts', async () => {
    const filter = { accountIds: [DOLLARS] };
    const { edges } = await ask({
      range: month,
      metric: 'COST',
      filter,
      groupBy: ['CAMPAIGN', 'MONTH'],
      currency: 'EUR',
    });
    expect(edges.length).toBeGreaterThan(1);
    for (const { node } of edges) {
      const range = node.month === '2026-10-01' ? { ...month, end: '2026-10-31' } : { ...month, start: '2026-11-01' };
      const truth = (await stage.simulated.truth('google-ads', range)).find(({ id }) => id === DOLLARS);
      const campaign = truth?.campaigns.find(({ id }) => id === node.campaign.externalId);
      const found = node.explain.find(({ code }: any) => code === 'CURRENCY_CONVERTED');
      expect(valueIn(found, 'ownFigure')).toBe(new Big(campaign?.costMicros ?? 0).times('1e-6').toFixed());
    }
  });
});
