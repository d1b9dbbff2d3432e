import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type HistoryStage, openHistoryStage } from './testing/open-history-stage.js';

const SOURCE = 'ecb-simulated';

describe('the copy of reference rates', () => {
  let stage: HistoryStage;

  beforeAll(async () => {
    stage = await openHistoryStage(new Date('2026-11-20T12:00:00Z'));
  });
  beforeEach(() => stage.simulated.forgetFaults());
  afterAll(() => stage.close());

  const copy = () => stage.run('integrations.copy-rates');
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
