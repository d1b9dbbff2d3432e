import { describe, expect, it } from '@jest/globals';
import { countDays } from '#integrations/calendar-day.js';
import { TooMuchData } from '#integrations/errors.js';
import { halvesOf, inHalves, joinRows, joinSums } from './halves.js';
import type { AccountReference, CampaignDay, CampaignRow } from './products.js';

const account: AccountReference = { externalId: '1', currency: 'USD', timeZone: 'UTC', access: null };
const question = (start: string, end: string) => ({ account, range: { start, end } });

const rowOf = (externalId: string, clicks: number): CampaignRow => ({
  externalId,
  name: `Campaign ${externalId}`,
  status: 'ACTIVE',
  providerStatus: 'ENABLED',
  objective: null,
  type: null,
  budget: null,
  metrics: { impressions: 10, clicks, cost: '0.10', conversions: 0.5, conversionValue: '1', actions: null },
});

describe('answers by halves', () => {
  it('are split into adjacent ranges', () => {
    expect(halvesOf({ start: '2026-10-01', end: '2026-10-31' })).toEqual([
      { start: '2026-10-01', end: '2026-10-16' },
      { start: '2026-10-17', end: '2026-10-31' },
    ]);
    expect(halvesOf({ start: '2026-10-01', end: '2026-10-02' })).toEqual([
      { start: '2026-10-01', end: '2026-10-01' },
      { start: '2026-10-02', end: '2026-10-02' },
    ]);
  });

  it('are asked for one by one, only those that are too much, down to a day', async () => {
    const asked: string[] = [];
    const reader = inHalves<'campaignDays'>(async (_token, questions) => {
      asked.push(questions.map(({ range }) => `${range.start.slice(8)}-${range.end.slice(8)}`).join(' '));
      const isTooMuch = ({ range }: (typeof questions)[number]) => countDays(range.start, range.end) > 2;
      const days = (start: string): CampaignDay[] => [{ externalId: '1', day: start, metrics: rowOf('1', 1).metrics }];
      return new Map(
        questions.map((one) => [
          one,
          isTooMuch(one) ? new TooMuchData('Anyone', 'refuses') : { rows: days(one.range.start), unreadable: [] },
        ]),
      );
    }, joinRows);
    const [long, short] = [question('2026-10-01', '2026-10-06'), question('2026-10-11', '2026-10-12')];
    const answers = await reader('token', [long, short]);
    expect(asked).toEqual(['01-06 11-12', '01-06', '01-03', '01-02', '03-03', '04-06', '04-05', '06-06']);
    const found = answers.get(long);
    expect(found instanceof Error ? found : found?.rows.map(({ day }) => day)).toEqual([
      '2026-10-01',
      '2026-10-03',
      '2026-10-04',
      '2026-10-06',
    ]);
  });

  it('add up campaigns, without those of which a part is unreadable', () => {
    const one = { rows: [rowOf('1', 1), rowOf('2', 1), rowOf('3', 1)], unreadable: [] };
    const other = {
      rows: [{ ...rowOf('1', 2), name: 'Renamed' }, rowOf('4', 4)],
      unreadable: [{ row: '2', field: 'clicks' }],
    };
    const { rows, unreadable } = joinSums(one, other, question('2026-10-01', '2026-10-31'));
    expect(rows.map(({ externalId, name, metrics }) => [externalId, name, metrics.clicks, metrics.cost])).toEqual([
      ['1', 'Renamed', 3, '0.20'],
      ['3', 'Campaign 3', 1, '0.10'],
      ['4', 'Campaign 4', 4, '0.10'],
    ]);
    expect(unreadable).toEqual([{ row: '2', field: 'clicks' }]);
  });
});
