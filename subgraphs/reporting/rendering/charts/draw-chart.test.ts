import { describe, expect, it } from '@jest/globals';
import type { Chart, Language, Row } from '#reporting/dataset/dataset.js';
import { column, memoryDataset } from '#reporting/testing/memory-dataset.js';
import { textsOf } from '#reporting/texts/texts.js';
import { ticksOf } from './axis.js';
import { ChartSums } from './chart-data.js';
import { drawChart } from './draw-chart.js';

const columns = [
  column('day', 'DATE'),
  column('campaign', 'TEXT'),
  column('clicks', 'INTEGER'),
  column('ctr', 'PERCENT'),
];
const branding = { primaryColor: '#14508c', accentColor: '#c2410c' };

function draw(chart: Partial<Chart>, rows: Row[], language: Language = 'en') {
  const charts: Chart[] = [{ type: 'BAR', value: 'clicks', by: 'campaign', series: null, top: 2, ...chart }];
  const [section] = memoryDataset([{ id: 'a', columns, rows, charts, range: null }]).manifest.sections;
  const sums = new ChartSums(section!);
  for (const row of rows) sums.add(row);
  const measure = (text: string, size: number) => text.length * size * 0.5;
  const scene = drawChart(sums.result()[0]!, { width: 500, texts: textsOf(language), branding, measure });
  const texts = scene.marks.flatMap((mark) => (mark.kind === 'text' ? [mark] : []));
  const paths = scene.marks.flatMap((mark) => (mark.kind === 'path' ? [mark] : []));
  return { scene, texts, paths, words: texts.map(({ text }) => text) };
}

const row = (day: string, campaign: string | null, clicks: string | null, ctr: string | null = null): Row => [
  `2026-10-0${day}`,
  campaign,
  clicks,
  ctr,
];

describe('drawChart', () => {
  it('labels bars with exact values, the others in their own colour, and negative ones to the other side', () => {
    const { words, paths, texts } = draw({}, [
      row('1', 'a', '12345'),
      row('1', 'b', '-30'),
      row('1', 'c', '7'),
      row('1', null, '1'),
    ]);
    expect(words).toEqual(['a', '12,345', 'c', '7', 'Others', '-29']);
    expect(paths.map(({ fill }) => fill).filter(Boolean)).toEqual(['#14508c', '#14508c', '#9aa5b1']);
    expect(texts.at(-1)).toMatchObject({ anchor: 'end' });
  });

  it('draws lines with gaps where a day has no value, told apart by dashes as well', () => {
    const rows = [
      row('1', 'a', '1'),
      row('2', 'a', '2'),
      row('4', 'a', '3'),
      row('1', 'b', '1'),
      row('2', 'b', '4'),
      row('3', 'b', '4'),
    ];
    const { paths, words } = draw({ type: 'LINE', by: 'day', series: 'campaign' }, rows);
    const lines = paths.filter(({ width }) => width === 1.6);
    expect(lines.map(({ dash, commands }) => [dash, commands.length])).toEqual([
      [0, 3],
      [4, 2],
    ]);
    expect(words).toEqual(expect.arrayContaining(['a', 'b', 'Oct 1', 'Oct 4']));
  });

  it('draws shares of a ring, mirrored in Arabic, and says why there is nothing to draw', () => {
    const rows = [row('1', 'a', '3'), row('1', 'b', '1')];
    expect(draw({ type: 'DONUT' }, rows).words).toEqual(['a', '3', '75%', 'b', '1', '25%']);
    const [english, arabic] = (['en', 'ar'] as const).map(
      (language) => draw({ type: 'DONUT' }, rows, language).texts[0]!,
    );
    expect(arabic!.x).toBeCloseTo(500 - english!.x);
    const ratios = [row('1', 'a', '1', '0.1'), row('2', 'a', '1', '0.2')];
    expect(draw({ value: 'ctr' }, ratios).words).toEqual([
      'These values cannot be added up; the table has each of them.',
    ]);
    expect(draw({}, []).words).toEqual(['There is nothing to draw.']);
  });

  it.each([
    [
      [0, 97],
      [0, 20, 40, 60, 80, 100],
    ],
    [
      [-3, 8],
      [-5, -2.5, 0, 2.5, 5, 7.5, 10],
    ],
    [[0.0012], [0, 0.00025, 0.0005, 0.00075, 0.001, 0.00125]],
    [[0], [0, 1]],
  ])('has round ticks for %j', (values, ticks) => {
    expect(ticksOf(values, 5)).toEqual(ticks);
  });
});
