import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromBufferPromise } from 'yauzl';
import { ControlTotals } from '#reporting/dataset/control-totals.js';
import type { Dataset, Row } from '#reporting/dataset/dataset.js';
import type { Presentation } from '#reporting/rendering/renderer.js';
import { writeArchive } from '#reporting/rendering/xlsx/archive.js';
import { renderXlsx } from '#reporting/rendering/xlsx/render-xlsx.js';
import { column, memoryDataset } from '#reporting/testing/memory-dataset.js';
import { verifyReport } from './verify-report.js';
import { openXlsx } from './xlsx/open-xlsx.js';

const LONG = `${'🚀'.repeat(16_500)} … →J`;
const COLUMNS = [
  column('day', 'DATE'),
  column('campaign_id', 'ID'),
  column('campaign', 'TEXT'),
  column('currency', 'TEXT'),
  column('impressions', 'INTEGER'),
  column('cost', 'MONEY'),
  column('change.cost', 'PERCENT'),
];
const ROWS: Row[] = [
  ['1900-03-01', '00123', '=cmd|"calc"', 'EUR', '123456789012345', '1234.56', '0.1'],
  ['2099-12-31', '120394857610293847', 'حملة & <品牌> 🚀 ', 'JPY', '9007199254740993', '98765', '-0.5'],
  ['1899-01-01', 'a\u0001b_x0041_', LONG, 'KWD', null, '0.005', null],
  [null, null, ' two\nlines\r\n', 'EUR', '-5', '12345678901234567.89', '0'],
  ['2026-10-01', '1', 'plain', 'EUR', '0', '-0.01', '1'],
];
const totals = new ControlTotals(COLUMNS);
for (const row of ROWS) totals.add(row);
const DATASET = memoryDataset([
  { id: 'note', kind: 'TEXT', columns: [], rows: [], text: 'Hello', range: null },
  {
    id: 'campaigns',
    title: "Bob's [paid]/rows",
    columns: COLUMNS,
    rows: ROWS,
    controlTotals: totals.result(),
    totals: [[null, null, null, 'EUR', '7', '12.50', null]],
    charts: [
      { type: 'LINE', value: 'cost', by: 'day', series: null, top: 5 },
      { type: 'DONUT', value: 'impressions', by: 'campaign', series: null, top: 2 },
      { type: 'BAR', value: 'change.cost', by: 'currency', series: null, top: 5 },
    ],
    sources: [
      {
        accountId: 'a',
        account: 'Harbour',
        provider: 'google-ads',
        state: 'MISSING',
        reportedThrough: null,
        fetchedAt: null,
        code: 'GONE',
        message: 'It has ended.',
      },
    ],
  },
]);
const branding = { name: 'Agency', logo: null, primaryColor: '#123456', accentColor: '#654321', footer: 'Foot' };
const presentation: Presentation = { language: 'en', branding };

async function render(dataset: Dataset = DATASET, changes: Partial<Presentation> = {}): Promise<Buffer> {
  const output = new PassThrough();
  const [content] = await Promise.all([buffer(output), renderXlsx(dataset, { ...presentation, ...changes }, output)]);
  return content;
}

/** Returns the parts of a workbook by path. */
async function unpack(workbook: Buffer): Promise<Map<string, string>> {
  const zip = await fromBufferPromise(workbook);
  const parts = new Map<string, string>();
  for await (const entry of zip.eachEntry()) {
    parts.set(entry.fileName, await text(await zip.openReadStreamPromise(entry)));
  }
  return parts;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'webmetrics-xlsx-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function verify(parts: Map<string, string>): Promise<string | null> {
  const path = join(folder, 'report.xlsx');
  const entries = [...parts].map(([path, content]) => ({ path, content: [content] }));
  await writeArchive(entries, createWriteStream(path));
  try {
    return (await verifyReport(await openXlsx(path))).change;
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

describe('a workbook', () => {
  it('has the same bytes for the same dataset, and what it says is typed', async () => {
    const workbook = await render();
    expect(workbook.equals(await render())).toBe(true);
    const parts = await unpack(workbook);
    const sheet = (parts.get('xl/worksheets/sheet2.xml') ?? '').replaceAll('🚀🚀', '');
    expect(sheet).not.toContain('<f>');
    // A date, an identifier and a formula as text, numbers; an amount and a count that no double holds, as text.
    expect(sheet).toMatch(/<c r="A2" s="\d+"><v>61<\/v><\/c><c r="B2" s="\d+" t="inlineStr"><is><t>00123</);
    expect(sheet).toMatch(
      /<t>=cmd\|&quot;calc&quot;<.*<c r="E2" s="\d+"><v>123456789012345<.*<c r="F2" s="\d+"><v>1234.56</,
    );
    expect(sheet).toMatch(/<c r="E3" s="\d+" t="inlineStr"><is><t>9007199254740993</);
    expect(sheet).toContain('<t>a_x0001_b_x005F_x0041_</t>');
    expect(sheet).toMatch(/state="frozen".*<autoFilter ref="A1:H6"\/>/s);
    const styles = parts.get('xl/styles.xml') ?? '';
    for (const format of ['[$€]#,##0.00', '[$¥]#,##0', '[$KWD]\\ #,##0.000', 'yyyy-mm-dd', '0.00%']) {
      if (format !== '0.00%') expect(styles).toContain(`formatCode="${format}"`);
    }
    expect(parts.get('xl/workbook.xml')).toContain('<sheet name="Bob\'s paid rows" sheetId="2"');
    expect([...parts.keys()].filter((path) => path.startsWith('xl/charts/'))).toHaveLength(4);
    expect(parts.get('xl/charts/chart2.xml')).toMatch(/<c:lineChart>.*<c:dateAx>/);
    const summary = parts.get('xl/worksheets/sheet1.xml');
    expect(summary).toContain('Harbour: figures are missing. It has ended.');
    expect(summary).toContain('not drawn, as ratios of several rows cannot be added up');
    expect(parts.get('xl/worksheets/sheet4.xml')).toContain('2 numbers have more than 15 digits');
  });

  it.each(['en', 'de', 'ar'] as const)('is found unchanged in %s', async (language) => {
    const parts = await unpack(await render(DATASET, { language }));
    expect(await verify(parts)).toBeNull();
    expect(parts.get('xl/worksheets/sheet2.xml')?.includes('rightToLeft="1"')).toBe(language === 'ar');
  });

  it('is found unchanged when a spreadsheet has saved it again', async () => {
    const parts = await unpack(await render());
    const strings: string[] = [];
    for (const [path, content] of parts) {
      if (!path.startsWith('xl/worksheets/sheet')) continue;
      const shared = content.replace(/t="inlineStr"><is>(.*?)<\/is>/g, (_whole, item: string) => {
        strings.push(`<x:si>${item.replaceAll('<t', '<x:t').replaceAll('</t', '</x:t')}</x:si>`);
        return `t="s"><v>${strings.length - 1}</v>`;
      });
      parts.set(
        path,
        shared.replace('<v>-0.01</v>', '<v>-1E-2</v>').replace('<v>1234.56</v>', '<v>1234.5599999999999</v>'),
      );
    }
    parts.set(
      'xl/sharedStrings.xml',
      `<x:sst xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${strings.join('')}</x:sst>`,
    );
    const references = parts.get('xl/_rels/workbook.xml.rels') ?? '';
    const added =
      '<Relationship Id="rId99" Type="http://x/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>';
    parts.set('xl/_rels/workbook.xml.rels', references.replace('</Relationships>', added));
    expect(await verify(parts)).toBeNull();
  });

  const section = 'xl/worksheets/sheet2.xml';
  it.each([
    [
      'a number',
      section,
      '<v>-0.01</v>',
      '<v>-0.02</v>',
      'The first changed cell is in section campaigns, row 5, column cost.',
    ],
    ['a date', section, '<v>61</v>', '<v>62</v>', 'The first changed cell is in section campaigns, row 1, column day.'],
    [
      'a text',
      section,
      '<t>plain</t>',
      '<t>plane</t>',
      'The first changed cell is in section campaigns, row 5, column campaign.',
    ],
    [
      'the end of a long text',
      section,
      '…🚀',
      '…🚁',
      'The first changed cell is in section campaigns, row 3, column campaign.',
    ],
    [
      'a long number',
      section,
      '4740993<',
      '4740992<',
      'The first changed cell is in section campaigns, row 2, column impressions.',
    ],
    ['a row less', section, /<row r="6">.*?<\/row>/, '', 'Section campaigns has 4 rows and had 5.'],
    ['a total', section, '<v>12.5</v>', '<v>12.51</v>', "The first changed cell is in sheet Bob's paid rows, cell F7."],
    [
      'a heading',
      section,
      '<t>Cost</t>',
      '<t>Costs</t>',
      "The first changed cell is in sheet Bob's paid rows, cell F1.",
    ],
    [
      'a tile',
      'xl/worksheets/sheet1.xml',
      '<v>7</v>',
      '<v>8</v>',
      /^The first changed cell is in sheet Summary, cell B\d+\.$/,
    ],
    [
      'a sentence',
      'xl/worksheets/sheet1.xml',
      'It has ended',
      'It is fine',
      /^The first changed cell is in sheet Summary, cell A\d+\.$/,
    ],
    [
      'what a chart draws',
      'xl/worksheets/sheet3.xml',
      '<v>98765</v>',
      '<v>98764</v>',
      /sheet Chart data, cell B\d+\.$/,
    ],
    [
      'a control total',
      'xl/worksheets/sheet4.xml',
      '<t>98765</t>',
      '<t>98764</t>',
      /^DamagedReportFile: .* sheet Manifest, cell F\d+\.$/,
    ],
    ['no manifest', 'xl/worksheets/sheet4.xml', 'webmetrics-report', 'something', /^NotAReportFile: /],
    ['no workbook', 'xl/workbook.xml', '</workbook>', '', /^NotAReportFile: /],
  ])('is found changed: %s', async (_what, path, from, to, expected) => {
    const parts = await unpack(await render());
    const content = parts.get(path) ?? '';
    const changed = content.replace(from, to);
    expect(changed === content).toBe(false);
    parts.set(path, changed);
    const change = await verify(parts);
    if (typeof expected === 'string') expect(change).toBe(expected);
    else expect(change).toMatch(expected);
  });

  it('ends, with the reading of rows, when its output is destroyed, and fails with them', async () => {
    let close = () => {};
    const closed = new Promise<void>((resolve) => {
      close = resolve;
    });
    const endless: Dataset = {
      manifest: {
        ...DATASET.manifest,
        sections: DATASET.manifest.sections.map((each) => ({ ...each, rowCount: 1e6 })),
      },
      async *rows() {
        try {
          for (;;) yield ROWS;
        } finally {
          close();
        }
      },
    };
    let written = 0;
    const output = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        written += chunk.length;
        if (written < 50_000) done();
        else output.destroy();
      },
    });
    await expect(renderXlsx(endless, presentation, output)).rejects.toThrow();
    await closed;
    const short: Dataset = { ...endless, rows: DATASET.rows };
    await expect(renderXlsx(short, presentation, new PassThrough().resume())).rejects.toThrow('fewer rows');
  });
});
