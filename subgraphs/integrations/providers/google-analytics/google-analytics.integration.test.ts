import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { describeProvider, RANGE, type ReaderContract } from '#integrations/providers/describe-provider.js';
import type { AnalyticsReport, ReaderQuestion } from '#integrations/providers/products.js';
import type { ProviderAccount } from '#integrations/providers/provider.js';
import { askInOrder } from '#integrations/testing/ask-in-order.js';
import { type ConnectedProvider, connectToSimulator } from '#integrations/testing/connect-to-simulator.js';
import { InvalidInput } from '#runtime/errors.js';
import { googleAnalytics } from './index.js';

const METRICS = ['sessions', 'activeUsers', 'keyEvents', 'totalRevenue'] as const;

type AnalyticsQuestion = ReaderQuestion<'analytics'>;
type Figures = Record<(typeof METRICS)[number], number | string>;

interface TrueProperty extends Figures {
  id: string;
  name: string;
  currency: string;
  timeZone: string;
  people: string[];
  channels: (Figures & { name: string })[];
}

const valuesOf = (figures: Figures) => METRICS.map((name) => String(figures[name]));
const withoutPosition = ({ dimensions, metrics }: AnalyticsReport['rows'][number]) => ({ dimensions, metrics });
const byChannel = (one: { dimensions: string[] }, other: { dimensions: string[] }) =>
  String(one.dimensions) < String(other.dimensions) ? -1 : 1;

const contract: ReaderContract<TrueProperty> = {
  async ask(provider, accessToken, accounts) {
    const questions = accounts.map((account) => questionOf(account, { dimensions: ['sessionDefaultChannelGroup'] }));
    return askInOrder(provider, 'analytics', accessToken, questions);
  },
  accountOf: ({ id, name, currency, timeZone }) => ({ externalId: id, name, currency, timeZone }),
  inactiveAccounts: 0,
  shown: ({ rows, currency }: AnalyticsReport) => ({ rows: rows.map(withoutPosition).sort(byChannel), currency }),
  expected: ({ channels, currency }) => ({
    rows: channels.map((channel) => ({ dimensions: [channel.name], metrics: valuesOf(channel) })),
    currency,
  }),
  canBeBare: false,
};

function questionOf(account: AnalyticsQuestion['account'], wish: Partial<AnalyticsQuestion> = {}): AnalyticsQuestion {
  return { account, range: RANGE, dimensions: [], metrics: [...METRICS], offset: 0, limit: 1_000, ...wish };
}

describeProvider(
  googleAnalytics,
  { api: 'google-analytics', oauth: 'google-oauth', seed: 'google-analytics' },
  contract,
);

describe('reports of Google Analytics', () => {
  let connected: ConnectedProvider;
  let us: ProviderAccount;
  beforeAll(async () => {
    connected = await connectToSimulator(googleAnalytics);
    us = connected.accounts.find(({ externalId }) => externalId === '312456789') as ProviderAccount;
  });
  beforeEach(async () => {
    await connected.simulator.takeCalls();
  });
  afterAll(() => connected.close());

  const ask = async (...questions: AnalyticsQuestion[]) =>
    (await askInOrder(connected.provider, 'analytics', connected.accessToken, questions)) as AnalyticsReport[];
  const calls = async () =>
    (await connected.simulator.takeCalls('google-analytics')).map(({ path }) => path.split(/[/:]/).at(-1));

  it('take one call for three of one property', async () => {
    const august = { start: '2026-08-01', end: '2026-08-31' };
    const reports = await ask(
      questionOf(us),
      questionOf(us, { range: august }),
      questionOf(us, { dimensions: ['eventName'] }),
    );
    expect(await calls()).toEqual(['batchRunReports']);
    const truths = [RANGE, august].map((range) => connected.simulator.truth<TrueProperty>('google-analytics', range));
    for (const [n, truth] of (await Promise.all(truths)).entries()) {
      const property = truth.find(({ id }) => id === us.externalId) as TrueProperty;
      expect(reports[n]?.rows).toEqual([{ position: 0, dimensions: [], metrics: valuesOf(property) }]);
    }
    expect(reports[2]?.rows).toContainEqual(expect.objectContaining({ dimensions: ['purchase'] }));
  });

  it('take two calls for six of them, and one for each other property', async () => {
    const six = Array.from({ length: 6 }, (_, n) => questionOf(us, { limit: n + 1 }));
    const others = connected.accounts.filter((account) => account !== us).map((account) => questionOf(account));
    const reports = await ask(...six, ...others);
    expect(reports.some((report) => report instanceof Error)).toBe(false);
    expect((await calls()).sort()).toEqual(['batchRunReports', ...others.map(() => 'runReport'), 'runReport'].sort());
  });

  it('are not affected by an invalid one in the same batch', async () => {
    const [good, bad, other] = await ask(questionOf(us), questionOf(us, { metrics: ['fooBar'] }), questionOf(us));
    expect(bad).toBeInstanceOf(InvalidInput);
    expect((bad as unknown as Error).message).toContain('metrics');
    expect(good?.rows).toHaveLength(1);
    expect(other).toEqual(good);
  });

  it('have the total row count and the kinds of metrics', async () => {
    const [report] = await ask(questionOf(us, { dimensions: ['date', 'city'], limit: 10 }));
    expect([report?.rows.length, report?.rowCount]).toEqual([10, 120]);
    expect(report?.metrics.map(({ kind }) => kind)).toEqual(['count', 'count', 'decimal', 'money']);
  });

  it('are read page by page in a total order', async () => {
    const wish = { dimensions: ['date', 'city'], metrics: ['sessions'] };
    const [whole, ...pages] = await ask(
      questionOf(us, wish),
      ...[0, 50, 100].map((offset) => questionOf(us, { ...wish, offset, limit: 50 })),
    );
    expect(pages.map((page) => page.rows.length)).toEqual([50, 50, 20]);
    expect(pages.flatMap((page) => page.rows)).toEqual(whole?.rows);
    expect(whole?.rows.map(({ position }) => position)).toEqual(Array.from({ length: 120 }, (_, n) => n));
  });

  it('say what they leave out or estimate', async () => {
    const exact = { isSampled: false, samplesRead: null, samplesIn: null, isThresholded: false, hasOtherRow: false };
    expect((await ask(questionOf(us)))[0]?.quality).toEqual(exact);
    await connected.simulator.change({
      analyticsSampledPercent: 25,
      analyticsThresholding: true,
      analyticsOtherRow: true,
    });
    const [quality, second] = (await ask(questionOf(us), questionOf(us, { limit: 1 }))).map((report) => report.quality);
    expect(quality).toEqual({
      isSampled: true,
      samplesRead: 250_000,
      samplesIn: 1_000_000,
      isThresholded: true,
      hasOtherRow: true,
    });
    expect(second).toEqual(quality);
    await connected.simulator.change({
      analyticsSampledPercent: 100,
      analyticsThresholding: false,
      analyticsOtherRow: false,
    });
  });

  it('have no rows without measurements, and yen without decimals', async () => {
    const reports = await ask(...connected.accounts.map((account) => questionOf(account)));
    const of = (id: string) => reports[connected.accounts.findIndex(({ externalId }) => externalId === id)];
    expect(of('398765433')).toMatchObject({ rows: [], rowCount: 0 });
    expect(of('312456791')).toMatchObject({ currency: 'JPY' });
    expect(of('312456791')?.rows[0]?.metrics[3]).toMatch(/^\d+$/);
  });

  it('include the properties of every page of the list', async () => {
    await connected.simulator.change({ analyticsSummariesPerPage: 1 });
    const accounts = await connected.provider.listAccounts(connected.accessToken);
    expect(accounts).toEqual(connected.accounts);
    expect((await calls()).filter((path) => path === 'accountSummaries')).toHaveLength(2);
  });
});
