import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import { itInDrills } from '#ops/testing/it-in-drills.js';
import { addDays, isInRange } from './calendar-day.js';
import { type HistoryStage, openHistoryStage } from './testing/open-history-stage.js';
import { someone } from './testing/open-stage.js';

const SOURCE = 'ecb-simulated';
const NOW = new Date('2026-11-20T12:00:00Z');

const SUMS = 'impressions clicks cost { amount currency } conversionValue { amount }';
const PERFORMANCE = /* GraphQL */ `
  query ($of: [_Any!]!, $period: Period, $range: DateRangeInput, $compareTo: Comparison, $compareRange: DateRangeInput,
    $groupBy: [PerformanceDimension!]! = [], $filter: PerformanceFilterInput, $orderBy: PerformanceOrderInput,
    $currency: String, $first: Int! = 1000, $after: String) {
    _entities(representations: $of) {
      ... on Organization {
        performance(period: $period, range: $range, compareTo: $compareTo, compareRange: $compareRange, groupBy: $groupBy,
          filter: $filter, orderBy: $orderBy, currency: $currency, first: $first, after: $after) {
          totals { currency metrics { ${SUMS} } previous { ${SUMS} } }
          conversion { currency source checkedAt rates { currency from to rate earlier { from to rateDay } } }
          sources { account { externalId currency } state code message retryAfter }
          pageInfo { hasNextPage endCursor }
          edges { node { provider { id } account { externalId } month currency metrics { ${SUMS} cpc { amount } roas } } }
        }
      }
    }
  }
`;

let stage: HistoryStage;

beforeAll(async () => {
  stage = await openHistoryStage(NOW);
});
beforeEach(() => stage.simulated.forgetFaults());
afterAll(() => stage.close());

const copy = () => stage.run('integrations.copy-rates');

// A precision beyond that of the answer, and arithmetic of its own.
const Exact = Big();
Exact.DP = 50;

interface TrueDay {
  provider: string;
  currency: string;
  day: string;
  costMicros: string;
  value: string;
}

describe('amounts in one currency', () => {
  const nora = someone();
  let days: TrueDay[];
  let rates: Record<string, Record<string, string>>;

  beforeAll(async () => {
    for (const provider of ['google-ads', 'meta-ads', 'linkedin-ads']) await stage.connect(nora, provider);
    await stage.copyAll();
    await copy();
    rates = await stage.simulated.trueRates({ start: '2026-07-01', end: '2026-11-20' });
    const accounts = new Set((await stage.activeAccounts(nora)).map(({ externalId }) => externalId));
    const seeds = { 'google-ads': 'google-ads', 'meta-ads': 'meta', 'linkedin-ads': 'linkedin' } as const;
    days = [];
    for (const [provider, seed] of Object.entries(seeds)) {
      const found = await stage.simulated.truth(seed, { start: '2026-07-15', end: '2026-11-20', daily: true });
      for (const { id, currency, campaigns } of found) {
        if (!accounts.has(id)) continue;
        const daily = campaigns.flatMap((campaign) => campaign.daily ?? []);
        days.push(...daily.map((one) => ({ ...one, provider, currency, day: one.date, value: one.conversionValue })));
      }
    }
  });

  async function ask(variables: object) {
    const of = [{ __typename: 'Organization', id: nora.organizationId, timeZone: 'UTC' }];
    const { data, errors, code } = await stage.ask(nora, PERFORMANCE, { of, ...variables });
    const found = data?._entities?.[0]?.performance;
    return { ...found, rows: found?.edges.map(({ node }: any) => node), errors, code };
  }

  /** The rate of the last day on or before one. */
  function rateOn(currency: string, day: string): Big {
    if (currency === 'EUR') return new Exact(1);
    for (let back = 0; back < 8; back += 1) {
      const rate = rates[currency]?.[addDays(day, -back)];
      if (rate) return new Exact(rate);
    }
    throw new Error(`No rate of ${currency} on ${day}`);
  }
  function sum(target: string, range: { start: string; end: string }, isIn: (day: TrueDay) => boolean = () => true) {
    const zero = { cost: new Exact(0), value: new Exact(0) };
    const found = days
      .filter((one) => isInRange(one.day, range) && isIn(one))
      .reduce(({ cost, value }, one) => {
        const own = one.currency === target ? new Exact(1) : rateOn(target, one.day).div(rateOn(one.currency, one.day));
        return { cost: cost.plus(own.times(one.costMicros)), value: value.plus(own.times(one.value).times(1e6)) };
      }, zero);
    return { cost: found.cost.round(0).toFixed(), value: found.value.round(0).toFixed() };
  }
  const micros = (amount: string) => new Exact(amount).times(1e6).toFixed();
  const amountsOf = ({ cost, conversionValue }: any) => ({
    cost: micros(cost.amount),
    value: micros(conversionValue.amount),
  });

  const isThatOfArithmetic = async (currency: string) => {
    const range = { start: '2026-10-05', end: '2026-11-20' };
    const compared = { start: '2026-08-19', end: '2026-10-04' };
    const filter = { providers: ['google-ads', 'meta-ads'] };
    const isAsked = ({ provider }: TrueDay) => provider !== 'linkedin-ads';
    const whole = await ask({ range, compareTo: 'PREVIOUS_PERIOD', currency, filter });
    expect(whole.errors).toEqual([]);
    expect(whole.rows.map((row: any) => [row.currency, row.metrics.cost.currency])).toEqual([[currency, currency]]);
    expect(whole.totals.map((one: any) => one.currency)).toEqual([currency]);
    expect(amountsOf(whole.totals[0].metrics)).toEqual(sum(currency, range, isAsked));
    expect(amountsOf(whole.totals[0].previous)).toEqual(sum(currency, compared, isAsked));
    const { rows } = await ask({ range, currency, filter, groupBy: ['PROVIDER', 'CURRENCY', 'MONTH'] });
    expect(new Set(rows.map((row: any) => row.currency))).toEqual(new Set(['EUR', 'USD', 'GBP', 'JPY']));
    for (const { provider, currency: own, month, metrics } of rows) {
      const isIn = (one: TrueDay) =>
        one.provider === provider.id && one.currency === own && one.day.slice(0, 7) === month.slice(0, 7);
      expect([metrics.cost.currency, amountsOf(metrics)]).toEqual([currency, sum(currency, range, isIn)]);
    }
  };
  it.each(['EUR'])('are those of independent arithmetic in %p, to the millionth', isThatOfArithmetic);
  itInDrills.each(['USD', 'JPY', 'GBP'])(
    'are those of independent arithmetic in %p, to the millionth',
    isThatOfArithmetic,
  );

  it('are unchanged where they are in it already', async () => {
    const accounts = (await stage.activeAccounts(nora)).filter(({ currency }) => currency === 'EUR');
    const given = {
      period: 'LAST_90_DAYS',
      groupBy: ['CAMPAIGN'],
      filter: { accountIds: accounts.map(({ id }) => id) },
    };
    const [own, converted] = [await ask(given), await ask({ ...given, currency: 'EUR' })];
    expect(converted.rows.length).toBeGreaterThan(10);
    expect([converted.rows, converted.totals]).toEqual([own.rows, own.totals]);
    expect(converted.conversion).toMatchObject({ currency: 'EUR', rates: [] });
    expect(own.conversion).toBeNull();
  });

  it('say their rates, and the days that have the rates of an earlier day', async () => {
    const day = await ask({ range: { start: '2026-11-18', end: '2026-11-18' }, currency: 'EUR' });
    expect(day.conversion).toMatchObject({
      source: 'European Central Bank, euro foreign exchange reference rates (simulated)',
      checkedAt: NOW.toISOString(),
    });
    const dollars = (one: any) => one.conversion.rates.find((rate: any) => rate.currency === 'USD');
    const rate = new Big(1)
      .div(rates.USD?.['2026-11-18'] as string)
      .prec(10)
      .toFixed();
    expect(dollars(day)).toEqual({ currency: 'USD', from: '2026-11-18', to: '2026-11-18', rate, earlier: [] });
    const fortnight = await ask({ range: { start: '2026-11-07', end: '2026-11-20' }, currency: 'JPY' });
    expect(dollars(fortnight)).toEqual({
      currency: 'USD',
      from: '2026-11-06',
      to: '2026-11-19',
      rate: null,
      earlier: [
        { from: '2026-11-07', to: '2026-11-08', rateDay: '2026-11-06' },
        { from: '2026-11-14', to: '2026-11-15', rateDay: '2026-11-13' },
        { from: '2026-11-20', to: '2026-11-20', rateDay: '2026-11-19' },
      ],
    });
  });

  it('order rows and limit them, page by page', async () => {
    const given = { period: 'LAST_30_DAYS', groupBy: ['CAMPAIGN'], currency: 'EUR', orderBy: { metric: 'CPC' } };
    const whole = await ask(given);
    const prices = whole.rows.flatMap(({ metrics }: any) => (metrics.cpc ? [Number(metrics.cpc.amount)] : []));
    expect(prices).toEqual([...prices].sort((one: number, other: number) => other - one));
    const pages: any[] = [];
    for (let after: string | null = null; ; ) {
      const { rows, pageInfo } = await ask({ ...given, first: 40, after });
      pages.push(...rows);
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(pages).toEqual(whole.rows);
    const condition = { metric: 'COST', atLeast: '100' };
    const some = await ask({ ...given, filter: { metrics: [condition] } });
    expect(some.rows).toEqual(whole.rows.filter(({ metrics }: any) => Number(metrics.cost.amount) >= 100));
  });

  it.each(['eur', 'XQZ', '', 'EURO'])('are refused in %p', async (currency) => {
    const { code, errors } = await ask({ period: 'LAST_7_DAYS', currency });
    expect([code, errors[0].extensions.details[0].argument]).toEqual(['BAD_USER_INPUT', 'currency']);
  });

  it('are refused in a currency without rates, unless they are in it', async () => {
    const { code, errors } = await ask({ period: 'LAST_7_DAYS', currency: 'VND' });
    expect([code, errors[0].message]).toEqual(['BAD_USER_INPUT', expect.stringContaining('has no reference rates')]);
    const accounts = (await stage.activeAccounts(nora)).filter(({ currency }) => currency === 'JPY');
    const filter = { accountIds: accounts.map(({ id }) => id) };
    await stage.sql("DELETE FROM integrations.reference_rate WHERE currency = 'JPY'");
    expect(await ask({ period: 'LAST_7_DAYS', currency: 'JPY', filter })).toMatchObject({ errors: [] });
  });

  it('leave out the accounts whose days have no rates, and say why', async () => {
    await stage.sql(
      "DELETE FROM integrations.reference_rate WHERE currency = 'USD' AND day BETWEEN '2026-11-02' AND '2026-11-13'",
    );
    const range = { start: '2026-10-19', end: '2026-11-19' };
    const { sources, totals, rows } = await ask({ range, currency: 'EUR', groupBy: ['CURRENCY'] });
    const missing = sources.filter(({ code }: any) => code === 'RATE_MISSING');
    const why = new Map(missing.map(({ account, message }: any) => [account.currency, message]));
    expect(Object.fromEntries(why)).toEqual({
      JPY: 'The European Central Bank publishes no reference rates of JPY.',
      USD: 'There are no reference rates of USD for 2026-11-07 to 2026-11-15.',
    });
    expect(new Set(rows.map((row: any) => row.currency))).toEqual(new Set(['EUR', 'GBP']));
    const rest = ({ currency }: TrueDay) => ['EUR', 'GBP'].includes(currency);
    expect(amountsOf(totals[0].metrics).cost).toBe(sum('EUR', range, rest).cost);
    const before = await ask({ range, currency: 'EUR', compareRange: { start: '2019-01-01', end: '2019-01-02' } });
    expect(before.totals[0].previous.cost.amount).toBe('0.00');
  });

  it('are missing as long as no rates are copied, and say so', async () => {
    await stage.sql('DELETE FROM integrations.reference_rate');
    await stage.simulated.breakNext({ provider: 'ecb', kind: 'status', status: 503, times: 3 });
    await copy();
    const { sources, totals, errors } = await ask({ period: 'LAST_7_DAYS', currency: 'USD' });
    expect([errors, totals.length]).toEqual([[], 1]);
    const euros = sources.filter(({ account }: any) => account.currency === 'EUR');
    expect(euros.length).toBeGreaterThan(1);
    for (const one of euros.filter(({ code }: any) => code === 'RATE_MISSING')) {
      expect(one).toMatchObject({
        state: 'MISSING',
        message: 'No reference rates are copied yet. The European Central Bank answered with status 503.',
        retryAfter: 3600,
      });
    }
  });
});

describe('the copy of reference rates', () => {
  beforeAll(() => stage.sql('DELETE FROM integrations.reference_rate'));

  const copied = async (range: { start: string; end: string }) => {
    const rows = await stage.sql(
      `SELECT currency, day::text, rate::text FROM integrations.reference_rate
       WHERE source = $1 AND day BETWEEN $2 AND $3 ORDER BY currency, day`,
      [SOURCE, range.start, range.end],
    );
    const rates: Record<string, Record<string, string>> = {};
    for (const { currency, day, rate } of rows) rates[currency] = { ...rates[currency], [day]: rate };
    return rates;
  };
  const published = async (range: { start: string; end: string }) => {
    const all = await stage.simulated.trueRates(range);
    return Object.fromEntries(Object.entries(all).filter(([, days]) => Object.keys(days).length > 0));
  };
  const source = async () => (await stage.sql('SELECT * FROM integrations.reference_rate_source'))[0];
  const daysAsked = async () =>
    (await stage.simulated.takeCalls('ecb')).map(({ query }) => `${query.startPeriod} ${query.endPeriod}`);

  it('fills a new installation with every rate of the days that are kept, exactly', async () => {
    await stage.simulated.takeCalls();
    await copy();
    const range = { start: '2024-09-24', end: '2026-11-20' };
    const rates = await copied({ start: '2000-01-01', end: '2030-01-01' });
    expect(rates).toEqual(await published(range));
    expect(Object.keys(rates.USD ?? {})[0]).toBe('2024-09-24');
    expect(Object.keys(rates.USD ?? {}).at(-1)).toBe('2026-11-19');
    expect(Object.keys(rates.BGN ?? {}).at(-1)).toBe('2025-12-31');
    expect(Object.keys(rates.AED ?? {})[0]).toBe('2026-06-01');
    expect(rates).not.toHaveProperty('RUB');
    expect(await source()).toMatchObject({ source: SOURCE, checked_at: stage.clock.now, failing_since: null });
    expect(await daysAsked()).toEqual(['2025-11-20 2026-11-20', '2024-11-19 2025-11-19', '2024-09-24 2024-11-18']);
  });

  it('asks for what is new, catches up after an outage, and takes corrections', async () => {
    await stage.sql("UPDATE integrations.reference_rate SET rate = 1 WHERE day = '2026-11-19' AND currency = 'USD'");
    stage.clock.now = new Date('2026-11-20T16:30:00Z');
    await stage.simulated.breakNext({ provider: 'ecb', kind: 'status', status: 503, times: 6 });
    await copy();
    stage.clock.now = new Date('2026-11-21T16:30:00Z');
    await copy();
    expect(await source()).toMatchObject({
      checked_at: new Date('2026-11-20T12:00:00Z'),
      failing_since: new Date('2026-11-20T16:30:00Z'),
      problem: 'The European Central Bank answered with status 503.',
    });
    expect(await copied({ start: '2026-11-20', end: '2026-11-30' })).toEqual({});
    stage.clock.now = new Date('2026-12-03T16:30:00Z');
    await stage.simulated.takeCalls();
    await copy();
    expect(await daysAsked()).toEqual(['2026-11-09 2026-12-03']);
    const range = { start: '2026-11-09', end: '2026-12-03' };
    expect(await copied(range)).toEqual(await published(range));
    expect(await source()).toMatchObject({ failing_since: null, problem: null });
  });

  it('fills a hole at the beginning, and drops what is no longer kept', async () => {
    await stage.sql("DELETE FROM integrations.reference_rate WHERE day < '2026-10-01'");
    await stage.sql(
      "INSERT INTO integrations.reference_rate (source, currency, day, rate) VALUES ('ecb', 'USD', '2001-01-02', 1)",
    );
    await copy();
    const range = { start: '2000-01-01', end: '2026-12-03' };
    expect(await copied(range)).toEqual(await published({ ...range, start: '2024-10-25' }));
    expect(await stage.sql("SELECT FROM integrations.reference_rate WHERE source = 'ecb'")).toEqual([]);
  });

  it('keeps nothing of an answer that is cut off or of another kind', async () => {
    await stage.sql('DELETE FROM integrations.reference_rate');
    for (const kind of ['truncate', 'garbage', 'html'] as const) {
      await stage.simulated.breakNext({ provider: 'ecb', kind, status: 200, times: 3 });
      await copy();
      expect((await source()).problem).toMatch(/^The European Central Bank /);
      await stage.simulated.forgetFaults();
    }
    expect(await stage.sql('SELECT FROM integrations.reference_rate')).toEqual([]);
  });
});
