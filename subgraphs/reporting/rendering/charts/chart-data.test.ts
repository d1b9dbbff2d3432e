import { describe, expect, it } from '@jest/globals';
import type { Chart, Row } from '#reporting/dataset/dataset.js';
import { column, memoryDataset } from '#reporting/testing/memory-dataset.js';
import { ChartSums } from './chart-data.js';

const columns = [
  column('day', 'DATE'),
  column('provider', 'TEXT'),
  column('currency', 'TEXT'),
  column('cost', 'MONEY'),
  column('ctr', 'PERCENT'),
];

function draw(chart: Partial<Chart>, rows: Row[]) {
  const charts: Chart[] = [{ type: 'BAR', value: 'cost', by: 'provider', series: null, top: 2, ...chart }];
  const range = { start: '2026-10-01', end: '2026-10-03' };
  const [section] = memoryDataset([{ id: 'a', columns, rows, charts, range }]).manifest.sections;
  const sums = new ChartSums(section!);
  for (const row of rows) sums.add(row);
  return sums.result();
}

describe('ChartSums', () => {
  it('sums exactly, the largest first, the others together, in each currency by itself', () => {
    const charts = draw({}, [
      ['2026-10-01', 'a', 'EUR', '0.1', null],
      ['2026-10-02', 'a', 'EUR', '0.2', null],
      ['2026-10-01', 'b', 'EUR', '5', null],
      ['2026-10-01', 'c', 'EUR', '0.05', null],
      ['2026-10-01', null, 'EUR', '0.01', null],
      ['2026-10-01', 'a', 'JPY', '700', null],
    ]);
    expect(
      charts.map(({ currency, categories, lines }) => ({ currency, categories, values: lines[0]?.values })),
    ).toEqual([
      {
        currency: 'EUR',
        categories: [
          { name: 'b', isOthers: false },
          { name: 'a', isOthers: false },
          { name: null, isOthers: true },
        ],
        values: ['5', '0.3', '0.06'],
      },
      { currency: 'JPY', categories: [{ name: 'a', isOthers: false }], values: ['700'] },
    ]);
  });

  it('keeps days in order, with those without rows, and limits the series instead', () => {
    const [chart] = draw({ type: 'LINE', by: 'day', series: 'provider', top: 1 }, [
      ['2026-10-03', 'a', 'EUR', '3', null],
      ['2026-10-01', 'b', 'EUR', '1', null],
      ['2026-10-01', 'c', 'EUR', '1', null],
      ['2026-10-01', 'a', 'EUR', '2', null],
    ]);
    expect(chart?.categories.map(({ name }) => name)).toEqual(['2026-10-01', '2026-10-02', '2026-10-03']);
    expect(chart?.lines).toEqual([
      { name: 'a', isOthers: false, values: ['2', null, '3'] },
      { name: null, isOthers: true, values: ['2', null, null] },
    ]);
  });

  it('never sums ratios: it draws the rows there are, or says why not', () => {
    const row = (provider: string, ctr: string): Row => ['2026-10-01', provider, 'EUR', '1', ctr];
    const rows = [row('a', '0.1'), row('b', '0.4'), row('c', '0.3'), row('d', '0.2')];
    const [chart] = draw({ value: 'ctr' }, rows);
    expect(chart).toMatchObject({ problem: null, omitted: 2, lines: [{ values: ['0.4', '0.3'] }] });
    expect(draw({ value: 'ctr' }, [...rows, row('a', '0.5')])).toMatchObject([{ problem: 'NOT_SUMMABLE', lines: [] }]);
    expect(draw({ value: 'ctr' }, [])).toMatchObject([{ problem: 'EMPTY' }]);
    const many = Array.from({ length: 50_001 }, (_, index) => row(`p${index}`, '0.1'));
    expect(draw({ value: 'ctr' }, many)).toMatchObject([{ problem: 'TOO_MANY' }]);
  });

  it('has no slice for what is not above zero', () => {
    const rows: Row[] = [
      ['2026-10-01', 'a', 'EUR', '-1', null],
      ['2026-10-01', 'b', 'EUR', '1', null],
    ];
    expect(draw({ type: 'DONUT' }, rows)).toMatchObject([{ categories: [{ name: 'b' }], omitted: 1 }]);
  });
});
