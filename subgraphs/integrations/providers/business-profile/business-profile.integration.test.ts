import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { describeProvider, RANGE, type ReaderContract } from '#integrations/providers/describe-provider.js';
import type { LocationDay, LocationDays, LocationRow, Rows } from '#integrations/providers/products.js';
import type { ProviderAccount } from '#integrations/providers/provider.js';
import { askInOrder, askRowsInOrder } from '#integrations/testing/ask-in-order.js';
import { type ConnectedProvider, connectToSimulator } from '#integrations/testing/connect-to-simulator.js';
import { Forbidden, NotFound, RateLimited } from '#runtime/errors.js';
import { businessProfile } from './index.js';

interface TrueLocation {
  id: string;
  name: string;
  storeCode: string;
  isOpen: boolean;
  daily: ({ date: string } & Record<string, number>)[];
}

interface TrueBusiness {
  id: string;
  name: string;
  people: string[];
  locations: TrueLocation[];
}

const contract: ReaderContract<TrueBusiness> = {
  ask(provider, accessToken, accounts) {
    const questions = accounts.map((account) => ({ account }));
    return askRowsInOrder(provider, 'locations', accessToken, questions);
  },
  // Places have a time zone, accounts do not.
  accountOf: ({ id, name }) => ({ externalId: id, name, currency: null, timeZone: 'UTC' }),
  inactiveAccounts: 0,
  shown: (rows: LocationRow[]) =>
    rows.map(({ externalId, name, storeCode, isOpen }) => ({ externalId, name, storeCode, isOpen })),
  expected: ({ locations }) =>
    locations.map(({ id, name, storeCode, isOpen }) => ({ externalId: id, name, storeCode, isOpen })),
  canBeBare: true,
};

describeProvider(
  businessProfile,
  { api: 'business-profile', oauth: 'google-oauth', seed: 'business-profile' },
  contract,
);

describe('Business Profile', () => {
  let connected: ConnectedProvider;
  let stores: ProviderAccount;
  let truth: TrueBusiness[];
  beforeAll(async () => {
    connected = await connectToSimulator(businessProfile);
    await connected.simulator.change({ businessProfileCallsPerMinute: 10_000 });
    truth = await connected.simulator.truth('business-profile', { ...RANGE, daily: true });
    stores = connected.accounts.find(({ name }) => name === 'Northwind Outdoor stores') as ProviderAccount;
  });
  beforeEach(async () => {
    await connected.simulator.takeCalls();
  });
  afterAll(() => connected.close());

  const locationsOf = (account: { externalId: string }) =>
    truth.find(({ id }) => id === account.externalId)?.locations ?? [];
  const daysOf = async (...wishes: { locationId: string; range?: typeof RANGE }[]) =>
    (await askInOrder(
      connected.provider,
      'locationDays',
      connected.accessToken,
      wishes.map((wish) => ({ account: stores, range: RANGE, ...wish })),
    )) as LocationDays[];
  const expectedDay = (day: TrueLocation['daily'][number]): LocationDay => {
    const of = (name: string) => day[name] ?? 0;
    return {
      day: day.date,
      metrics: {
        searchImpressions: of('BUSINESS_IMPRESSIONS_DESKTOP_SEARCH') + of('BUSINESS_IMPRESSIONS_MOBILE_SEARCH'),
        mapsImpressions: of('BUSINESS_IMPRESSIONS_DESKTOP_MAPS') + of('BUSINESS_IMPRESSIONS_MOBILE_MAPS'),
        websiteClicks: of('WEBSITE_CLICKS'),
        callClicks: of('CALL_CLICKS'),
        directionRequests: of('BUSINESS_DIRECTION_REQUESTS'),
        conversations: of('BUSINESS_CONVERSATIONS'),
        bookings: of('BUSINESS_BOOKINGS'),
      },
    };
  };

  /** What is between the first and the last day with a figure. */
  const reportedOf = (daily: TrueLocation['daily']): LocationDays => {
    const days = daily.map(expectedDay);
    const hasFigure = ({ metrics }: LocationDay) => Object.values(metrics).some((value) => value > 0);
    if (!days.some(hasFigure)) return { rows: [], unreadable: [], reportedThrough: null };
    return {
      rows: days.slice(days.findIndex(hasFigure)),
      unreadable: [],
      reportedThrough: days.at(-1)?.day ?? null,
    };
  };

  it('returns the exact daily figures of every location', async () => {
    const locations = connected.accounts.flatMap(locationsOf);
    expect(locations).toHaveLength(139);
    const answers = await daysOf(...locations.map(({ id }) => ({ locationId: id })));
    for (const [n, { daily }] of locations.entries()) expect(answers[n]).toEqual(reportedOf(daily));
    expect(await connected.simulator.takeCalls('business-profile')).toHaveLength(139);
  });

  it('has zeros between the first and the last reported day only', async () => {
    const [location] = locationsOf(stores) as [TrueLocation];
    const today = '2026-11-20';
    const range = { start: '2026-11-01', end: today };
    const [{ daily }] = (await connected.simulator.truth<TrueBusiness>('business-profile', { ...range, daily: true }))
      .flatMap(({ locations }) => locations)
      .filter(({ id }) => id === location.id) as [TrueLocation];
    const [found, unreported] = (await daysOf(
      { locationId: location.id, range },
      { locationId: location.id, range: { start: today, end: today } },
    )) as [LocationDays, LocationDays];
    const lastDay = daily.at(-1)?.date as string;
    expect(lastDay < today).toBe(true);
    expect(found).toEqual({ rows: daily.map(expectedDay), unreadable: [], reportedThrough: lastDay });
    expect(unreported).toEqual({ rows: [], unreadable: [], reportedThrough: null });
  });

  it('is read once for two ranges of a location', async () => {
    const [location] = locationsOf(stores) as [TrueLocation];
    const first = { locationId: location.id, range: { start: '2026-09-01', end: '2026-09-07' } };
    const second = { locationId: location.id, range: { start: '2026-09-20', end: '2026-09-21' } };
    const [week, days] = await daysOf(first, second);
    const expected = location.daily.map(expectedDay);
    expect(week).toEqual({ rows: expected.slice(0, 7), unreadable: [], reportedThrough: '2026-09-07' });
    expect(days).toEqual({ rows: expected.slice(19, 21), unreadable: [], reportedThrough: '2026-09-21' });
    expect(await connected.simulator.takeCalls('business-profile')).toHaveLength(1);
  });

  it('leaves out and names a day with a strange value, and counts repeated series and days once', async () => {
    const [location] = locationsOf(stores) as [TrueLocation];
    const at = (day: number, value?: string) => ({ date: { year: 2026, month: 9, day }, value });
    const series = (dailyMetric: string, ...datedValues: object[]) => ({ dailyMetric, timeSeries: { datedValues } });
    const calls = series('CALL_CLICKS', at(1, '5'), at(2, 'many'), at(3, '7'), at(3, '8'));
    const body = { multiDailyMetricTimeSeries: [{ dailyMetricTimeSeries: [calls, calls] }] };
    await connected.simulator.breakNext({ provider: 'business-profile', kind: 'status', status: 200, body });
    const range = { start: '2026-09-01', end: '2026-09-03' };
    const question = { account: stores, locationId: location.id, range };
    const [answer] = await askInOrder(connected.provider, 'locationDays', connected.accessToken, [question]);
    const { rows, unreadable } = answer as Rows<LocationDay>;
    expect(rows.map(({ day, metrics }) => [day, metrics.callClicks])).toEqual([
      ['2026-09-01', 5],
      ['2026-09-03', 8],
    ]);
    expect(unreadable).toEqual([{ row: '2026-09-02', day: '2026-09-02', field: 'CALL_CLICKS' }]);
    await connected.simulator.forgetFaults();
  });

  it('refuses foreign and unknown locations, and answers for the others', async () => {
    const [own] = locationsOf(stores) as [TrueLocation];
    const ritas = truth.find(({ people }) => people.includes('rita'))?.locations[0] as TrueLocation;
    const [days, foreign, unknown] = await daysOf(
      { locationId: own.id },
      { locationId: ritas.id },
      { locationId: '1' },
    );
    expect(days?.rows).toHaveLength(30);
    expect(foreign).toBeInstanceOf(Forbidden);
    expect(unknown).toBeInstanceOf(NotFound);
  });

  it('reads accounts and locations page by page', async () => {
    await connected.simulator.change({ businessProfileAccountsPerPage: 1, businessProfileLocationsPerPage: 50 });
    const accounts = await connected.provider.listAccounts(connected.accessToken);
    expect(accounts).toEqual(connected.accounts);
    const [rows] = await contract.ask(connected.provider, connected.accessToken, [stores]);
    expect(contract.shown(rows as never)).toEqual(
      contract.expected({ locations: locationsOf(stores) } as TrueBusiness),
    );
    expect(await connected.simulator.takeCalls('business-profile')).toHaveLength(3 + 3);
  });

  it('reports an app that Google has not approved', async () => {
    await connected.simulator.change({ businessProfileCallsPerMinute: 0 });
    const [location] = locationsOf(stores) as [TrueLocation];
    expect((await daysOf({ locationId: location.id }))[0]).toBeInstanceOf(RateLimited);
  });
});
