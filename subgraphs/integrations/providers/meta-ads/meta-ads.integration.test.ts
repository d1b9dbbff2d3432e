import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { TooMuchData } from '#integrations/errors.js';
import { describeProvider, RANGE } from '#integrations/providers/describe-provider.js';
import type { CampaignDay, CampaignRow, Product } from '#integrations/providers/products.js';
import type { ProviderAccount } from '#integrations/providers/provider.js';
import { askRowsInOrder } from '#integrations/testing/ask-in-order.js';
import { type ConnectedProvider, connectToSimulator } from '#integrations/testing/connect-to-simulator.js';
import { byId } from '#integrations/testing/expected-campaigns.js';
import { metaAds } from './index.js';

describeProvider(metaAds, { api: 'meta', oauth: 'meta-oauth', seed: 'meta' });

describe('an answer that is too much for Meta', () => {
  let connected: ConnectedProvider;
  let account: ProviderAccount;
  beforeAll(async () => {
    connected = await connectToSimulator(metaAds);
    account = connected.accounts.find(({ currency }) => currency === 'USD') as ProviderAccount;
  });
  afterEach(() => connected.simulator.change({ metaMaxRowDays: null }));
  afterAll(() => connected.close());

  const ask = async <Name extends Product & ('campaigns' | 'campaignDays')>(
    product: Name,
    ...ranges: (typeof RANGE)[]
  ) => {
    const questions = ranges.map((range) => ({ account, range })) as never;
    return askRowsInOrder(connected.provider, product, connected.accessToken, questions);
  };
  const byDay = (one: CampaignDay, other: CampaignDay) =>
    one.day < other.day ? -1 : one.day > other.day ? 1 : byId(one, other);
  const sorted = (rows: CampaignRow[] | Error | undefined) => (rows as CampaignRow[]).toSorted(byId);

  /** The days and rows per page of each question about insights that was answered. */
  async function answered(): Promise<string[]> {
    const calls = (await connected.simulator.takeCalls('meta')).filter(
      ({ path, status, inner }) => inner && status === 200 && path.endsWith('/insights'),
    );
    return calls.map(({ query }) => {
      const { since, until } = JSON.parse(query.time_range as string);
      return `${since.slice(8)}-${until.slice(8)} ${query.limit}`;
    });
  }

  it('is asked for by halves of the range, which add up to the same', async () => {
    const september = { start: '2026-09-01', end: '2026-09-07' };
    const whole = await ask('campaigns', RANGE, september);
    const days = await ask('campaignDays', RANGE);
    await connected.simulator.takeCalls();
    await connected.simulator.change({ metaMaxRowDays: 4_000 });
    const parts = await ask('campaigns', RANGE, september);
    expect(parts.map(sorted)).toEqual(whole.map(sorted));
    expect(new Set(await answered())).toEqual(
      new Set(['01-07 500', '01-08 500', '09-15 500', '16-23 500', '24-30 500']),
    );
    const [found] = await ask('campaignDays', RANGE);
    expect((found as CampaignDay[]).toSorted(byDay)).toEqual((days[0] as CampaignDay[]).toSorted(byDay));
  });

  it('on a single day is asked for by smaller pages, as are lists without days', async () => {
    const day = { start: '2026-09-01', end: '2026-09-01' };
    const [whole] = await ask('campaigns', day);
    expect(sorted(whole).length).toBeGreaterThan(62);
    await connected.simulator.takeCalls();
    await connected.simulator.change({ metaMaxRowDays: 100 });
    const [parts] = await ask('campaigns', day);
    expect(sorted(parts)).toEqual(sorted(whole));
    expect(new Set(await answered())).toEqual(new Set(['01-01 62']));
  });

  it('fails when no part of it can be had, and ends', async () => {
    const body = {
      error: { message: "Please reduce the amount of data you're asking for", type: 'OAuthException', code: 1 },
    };
    await connected.simulator.breakNext({
      provider: 'meta',
      kind: 'status',
      status: 500,
      body,
      match: '/insights',
      times: 500,
    });
    await connected.simulator.takeCalls();
    const [answer] = await ask('campaigns', RANGE);
    expect(answer).toBeInstanceOf(TooMuchData);
    // 30, 30 again by itself, 15, 8, 4, 2 and 1 days; of the one day 500, 250, … and 1 rows.
    const calls = (await connected.simulator.takeCalls('meta')).filter(
      ({ path, inner }) => inner && path.endsWith('/insights'),
    );
    expect(calls).toHaveLength(6 + 9);
    await connected.simulator.forgetFaults();
  });
});
