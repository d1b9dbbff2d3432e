import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ControlTotals } from '#reporting/dataset/control-totals.js';
import { CsvParser } from '#reporting/dataset/csv-text.js';
import type { Dataset, Row } from '#reporting/dataset/dataset.js';
import { renderCsv } from '#reporting/rendering/csv/render-csv.js';
import type { Presentation } from '#reporting/rendering/renderer.js';
import { column, memoryDataset, type SectionOf } from '#reporting/testing/memory-dataset.js';
import { openCsv } from './open-csv.js';
import { verifyReport } from './verify-report.js';

const LONG = 'ن'.repeat(10_000);
const CAMPAIGNS = [
  column('day', 'DATE'),
  column('campaign', 'TEXT'),
  column('campaign_id', 'ID'),
  column('currency', 'ID'),
  column('cost', 'MONEY'),
  column('change.cost', 'PERCENT'),
];
const CAMPAIGN_ROWS: Row[] = [
  ['2026-10-01', '=cmd|"calc"', '120394857610293847', 'EUR', '-12.30', '0.1'],
  ['2026-10-02', 'حملة, 品牌 🚀;=x\r\n@y', null, 'JPY', '1000', null],
  ['2026-10-03', LONG, "'=already", 'KWD', '0.005', '-1.25'],
];
const QUERIES = [column('query', 'TEXT'), column('clicks', 'INTEGER')];
const QUERY_ROWS: Row[] = [
  ['running shoes', '9007199254740993'],
  [null, '0'],
];

const section = (id: string, columns: typeof QUERIES, rows: Row[]): SectionOf => {
  const totals = new ControlTotals(columns);
  for (const row of rows) totals.add(row);
  return { id, columns, rows, controlTotals: totals.result() };
};

const DATASET = memoryDataset([
  section('campaigns', CAMPAIGNS, CAMPAIGN_ROWS),
  { ...section('note', [], []), kind: 'TEXT', range: null, text: 'Hello' },
  section('queries', QUERIES, QUERY_ROWS),
]);
const BRANDING = { name: 'Agency', logo: null, primaryColor: '#000000', accentColor: '#000000', footer: null };
const PRESENTATION: Presentation = { language: 'en', branding: BRANDING };
const GERMAN: Presentation = { ...PRESENTATION, excel: { separator: ';', decimalMark: ',' } };

async function render(presentation: Presentation, dataset: Dataset = DATASET): Promise<string> {
  const output = new PassThrough();
  const [content] = await Promise.all([buffer(output), renderCsv(dataset, presentation, output)]);
  return content.toString();
}

describe('a CSV file', () => {
  it('is one table: ids and days in every row, the columns of all sections, then what describes it', async () => {
    const content = await render(PRESENTATION);
    const records = new CsvParser().push(content);
    expect(new Set(records.map(({ length }) => length))).toEqual(new Set([6 + 8]));
    const [header, first, , , query, ...rest] = records;
    expect(header?.join()).toBe(
      'report_id,section,period_start,period_end,row,day,campaign,campaign_id,currency,cost,change.cost,query,clicks,check',
    );
    const { reportId, hash } = DATASET.manifest;
    expect(first?.slice(0, -1)).toEqual([
      ...[reportId, 'campaigns', '2026-10-01', '2026-10-31', '1', '2026-10-01'],
      ...[`'=cmd|"calc"`, '120394857610293847', 'EUR', '-12.30', '0.1', '', ''],
    ]);
    expect(query?.slice(0, 5)).toEqual([reportId, 'queries', '2026-10-01', '2026-10-31', '1']);
    expect(content).toContain(`"حملة, 品牌 🚀;'=x\r\n'@y"`);
    const [, campaigns, note, , last] = rest;
    expect(JSON.parse(campaigns!.at(-1)!)).toMatchObject({ id: 'campaigns', rowCount: 3 });
    expect(note!.slice(1, 5)).toEqual(['manifest', '', '', '2']);
    expect(JSON.parse(last!.at(-1)!)).toEqual({
      ...{ format: 'webmetrics-report', version: 1, reportId, hash, separator: ',', decimalMark: '.', section: null },
      generatedAt: DATASET.manifest.generatedAt,
      neutralized: expect.stringContaining('apostrophe'),
    });
  });

  it('has the separator, the decimal mark and the byte-order mark of a spreadsheet', async () => {
    const content = await render(GERMAN);
    expect(content.slice(0, 11)).toBe('\ufeffreport_id;');
    expect(content).toContain(`;120394857610293847;EUR;-12,30;0,1;;;`);
  });

  it('has one section alone with its own columns', async () => {
    const [header, first, second, ...rest] = new CsvParser().push(
      await render({ ...PRESENTATION, section: 'queries' }),
    );
    expect(header).toEqual([...'report_id,section,period_start,period_end,row,query,clicks,check'.split(',')]);
    expect([first?.[5], second?.[5], rest.length]).toEqual(['running shoes', '', 4]);
  });

  it('fails when its output is destroyed', async () => {
    const output = new PassThrough();
    output.destroy();
    await expect(renderCsv(DATASET, PRESENTATION, output)).rejects.toThrow();
  });
});

describe('verifyReport', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'verify-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function verify(content: string) {
    const path = join(folder, 'report.csv');
    writeFileSync(path, content);
    expect(readFileSync(path, 'utf8')).toBe(content);
    return verifyReport(await openCsv(path));
  }

  it.each([PRESENTATION, GERMAN, { ...PRESENTATION, section: 'queries' }, { ...GERMAN, section: 'campaigns' }])(
    'finds a file as it was made',
    async (presentation) => {
      const { change, hash, rowCounts } = await verify(await render(presentation));
      expect([change, hash]).toEqual([null, DATASET.manifest.hash]);
      const counts = [3, 0, 2].filter((_, index) =>
        [undefined, DATASET.manifest.sections[index]!.id].includes(presentation.section),
      );
      expect(rowCounts.map(({ rowCount }) => rowCount)).toEqual(counts);
    },
  );

  it.each([
    ['a number', '-12.30', '-12.31', 'section campaigns, row 1, column cost.'],
    ['a name', 'running', 'walking', 'section queries, row 1, column query.'],
    [
      'a letter of a long name',
      `${LONG.slice(0, 5_000)}`,
      `${LONG.slice(0, 4_999)}x`,
      'section campaigns, row 3, column campaign.',
    ],
    ['a day', '2026-10-02,', '2026-10-12,', 'section campaigns, row 2, column day.'],
    ['an apostrophe', "''=already", "'=already", 'section campaigns, row 3, column campaign_id.'],
    ['no value', ',JPY,1000,,', ',JPY,1000,0,', 'section campaigns, row 2, column change.cost.'],
    ['the days of a row', 'queries,2026-10-01', 'queries,2026-10-02', 'section queries, row 1, column period_start.'],
    ['the section of a row', 'queries,2026-10-01', 'other,2026-10-01', 'section campaigns, row 4, column section.'],
  ])('names the cell when %s is changed', async (_what, from, to, place) => {
    const content = await render(PRESENTATION);
    expect(content).toContain(from);
    expect((await verify(content.replace(from, to))).change).toBe(`The first changed cell is in ${place}`);
  });

  it('finds rows that are missing, moved or added, and a changed manifest', async () => {
    const content = await render(PRESENTATION);
    const lines = content.split(/(?<=\r\n)(?=018)/);
    const without = (index: number) => lines.filter((_, at) => at !== index).join('');
    expect((await verify(without(1))).change).toBe(
      'In section campaigns, row 1 there is row 2: rows were removed, added or moved.',
    );
    expect((await verify(without(5))).change).toBe('Section queries has 1 rows and had 2.');
    const total = content.replace('""column"":""clicks"",""currency"":null,""sum"":""9007199254740993""', (text) =>
      text.replace('93', '94'),
    );
    expect((await verify(total)).change).toBe(
      'The control total of section queries is another one: clicks null 9007199254740994.',
    );
    expect((await verify(content.replace(`""hash"":""${DATASET.manifest.hash}`, '""hash"":""0'))).change).toContain(
      'hash of the report',
    );
    await expect(verify(without(lines.length - 1))).rejects.toMatchObject({ name: 'DamagedReportFile' });
    await expect(verify(content.slice(0, 300))).rejects.toMatchObject({ name: 'DamagedReportFile' });
  });

  it('refuses what is no file of a report', async () => {
    for (const content of ['', 'a,b\r\n1,2\r\n', 'report_id,x\r\n', '%PDF-1.7', '\0\0\0']) {
      await expect(verify(content)).rejects.toMatchObject({ name: 'NotAReportFile' });
    }
  });
});
