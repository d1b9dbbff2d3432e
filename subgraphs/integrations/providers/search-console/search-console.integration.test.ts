import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { describeProvider, RANGE, type ReaderContract } from '#integrations/providers/describe-provider.js';
import type { ReaderQuestion, SearchRow } from '#integrations/providers/products.js';
import type { ProviderAccount } from '#integrations/providers/provider.js';
import { askRowsInOrder } from '#integrations/testing/ask-in-order.js';
import { type ConnectedProvider, connectToSimulator } from '#integrations/testing/connect-to-simulator.js';
import { Forbidden, RateLimited } from '#runtime/errors.js';
import { searchConsole } from './index.js';

type SearchQuestion = ReaderQuestion<'searchQueries'>;
type Figures = Omit<SearchRow, 'keys'>;

interface TrueSite {
  id: string;
  timeZone: string;
  people: string[];
  queries: (Figures & { name: string })[];
  daily: (Figures & { date: string })[];
}

const rowOf = (key: string, { clicks, impressions, ctr, position }: Figures): SearchRow => ({
  keys: [key],
  clicks,
  impressions,
  ctr,
  position,
});
const byKey = (one: SearchRow, other: SearchRow) => (String(one.keys) < String(other.keys) ? -1 : 1);

function questionOf(account: SearchQuestion['account'], wish: Partial<SearchQuestion> = {}): SearchQuestion {
  return { account, range: RANGE, dimensions: ['query'], dataState: 'final', limit: 1_000, ...wish };
}

const contract: ReaderContract<TrueSite> = {
  async ask(provider, accessToken, accounts) {
    const questions = accounts.map((account) => questionOf(account));
    return askRowsInOrder(provider, 'searchQueries', accessToken, questions);
  },
  accountOf: ({ id, timeZone }) => ({ externalId: id, name: id.replace('sc-domain:', ''), currency: null, timeZone }),
  inactiveAccounts: 1,
  shown: (rows: SearchRow[]) => [...rows].sort(byKey),
  expected: ({ queries }) => queries.map((query) => rowOf(query.name, query)),
  canBeBare: true,
};

describeProvider(searchConsole, { api: 'search-console', oauth: 'google-oauth', seed: 'search-console' }, contract);

describe('rows of Search Console', () => {
  let connected: ConnectedProvider;
  let domain: ProviderAccount;
  beforeAll(async () => {
    connected = await connectToSimulator(searchConsole);
    domain = connected.accounts.find(({ externalId }) => externalId.startsWith('sc-domain:')) as ProviderAccount;
  });
  beforeEach(async () => {
    await connected.simulator.takeCalls();
  });
  afterAll(() => connected.close());

  const ask = async (...questions: SearchQuestion[]) =>
    (await askRowsInOrder(connected.provider, 'searchQueries', connected.accessToken, questions)) as SearchRow[][];

  it('of every day are exact', async () => {
    const [rows] = await ask(questionOf(domain, { dimensions: ['date'] }));
    const truth = await connected.simulator.truth<TrueSite>('search-console', { ...RANGE, daily: true });
    const site = truth.find(({ id }) => id === domain.externalId);
    expect(rows).toEqual(site?.daily.map((day) => rowOf(day.date, day)));
  });

  it('with different limits are read once, most clicks first', async () => {
    const [few, many] = await ask(questionOf(domain, { limit: 3 }), questionOf(domain, { limit: 20 }));
    expect([few?.length, many?.length]).toEqual([3, 20]);
    expect(many?.slice(0, 3)).toEqual(few);
    expect(await connected.simulator.takeCalls('search-console')).toHaveLength(1);
  });

  it('beyond 25,000 come from the next page', async () => {
    const range = { start: '2026-07-01', end: '2026-10-31' };
    const [rows] = await ask(
      questionOf(domain, { range, dimensions: ['date', 'query', 'country', 'device'], limit: 25_003 }),
    );
    expect(rows).toHaveLength(25_003);
    expect(new Set(rows?.map(({ keys }) => keys.join('|'))).size).toBe(25_003);
    const bodies = (await connected.simulator.takeCalls('search-console')).map(({ body }) => body);
    expect(bodies).toMatchObject([
      { startRow: 0, rowLimit: 25_000 },
      { startRow: 25_000, rowLimit: 3 },
    ]);
  });

  it('of a site that is not verified are refused, those of others are not', async () => {
    const unverified = { ...domain, externalId: 'https://adventure-works.example/' };
    const [rows, refused] = await ask(questionOf(domain), questionOf(unverified));
    expect(rows?.length).toBeGreaterThan(20);
    expect(refused).toBeInstanceOf(Forbidden);
  });

  it.each([403, 429])('are rate limited when refused with %i', async (status) => {
    await connected.simulator.change({ searchConsoleQueriesPerMinute: 0, searchConsoleQuotaStatus: status });
    expect((await ask(questionOf(domain)))[0]).toBeInstanceOf(RateLimited);
    await connected.simulator.change({ searchConsoleQueriesPerMinute: 1_200 });
  });
});
