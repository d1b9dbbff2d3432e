import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { deflateSync, inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Cell, Dataset, Language, Manifest, Row } from '#reporting/dataset/dataset.js';
import { column, memoryDataset } from '#reporting/testing/memory-dataset.js';
import { openPdf } from '#reporting/verification/open-pdf.js';
import { PageReader } from '#reporting/verification/pdf/page-text.js';
import { PdfObjects } from '#reporting/verification/pdf/pdf-objects.js';
import { verifyReport } from '#reporting/verification/verify-report.js';
import { renderPdf } from './render-pdf.js';

const columns = [
  column('campaign', 'TEXT'),
  column('currency', 'TEXT'),
  column('clicks', 'INTEGER'),
  column('previous.clicks', 'INTEGER'),
  column('change.clicks', 'DECIMAL'),
  column('cost', 'MONEY'),
];

const names = [
  'Herbst – Größe',
  'حملة (الأداء) 2026',
  '搜索广告',
  '検索キャンペーン',
  '검색',
  'סתיו',
  '🎯 👩‍💻 🇩🇪 👍🏽',
  '=cmd',
  'ไทย',
];

const rows: Row[] = names.map((name, index) => [name, 'EUR', `${1_234 + index}`, null, '-0.5', `${index}.25`]);

function datasetOf(sectionRows: Row[], manifest: Partial<Manifest> = {}): Dataset {
  const totals: Cell[][] = [[null, 'EUR', '98765', '80000', '0.2346', '42.10']];
  const compared = { start: '2026-09-01', end: '2026-09-30' };
  const chart = { value: 'clicks', by: 'campaign', series: null, top: 5 };
  const charts = (['LINE', 'BAR', 'DONUT'] as const).map((type) => ({ ...chart, type }));
  return memoryDataset(
    [
      { id: 'performance', columns, rows: sectionRows, totals, compared, charts },
      { id: 'text', kind: 'TEXT', columns: [], rows: [], text: 'A & <b>\nنص', show: { tiles: false, table: false } },
      { id: 'hidden', columns, rows, show: { tiles: false, table: false } },
    ],
    manifest,
  );
}

const branding = { name: 'Harbour', logo: null, primaryColor: '#14508c', accentColor: '#c2410c', footer: '港口' };

function render(dataset: Dataset, language: Language = 'en'): Promise<Buffer> {
  const output = new PassThrough();
  const file = buffer(output);
  return renderPdf(dataset, { language, branding }, output).then(() => file);
}

/** The text of all pages, glyph by glyph from left to right, without spaces. */
function textOf(pdf: Buffer): string {
  const objects = new PdfObjects(pdf);
  const reader = new PageReader(objects);
  return objects
    .pages()
    .map((page) => reader.read(page).text)
    .join('');
}

const visual = (word: string) => (/[\u0590-\u08ff]/.test(word) ? Array.from(word).reverse().join('') : word);

/** Changes the content of pages, as an editor does; programs find the moved objects themselves. */
function edit(pdf: Buffer, change: (content: string) => string): Buffer {
  const pieces: Buffer[] = [];
  let position = 0;
  for (let at = pdf.indexOf('stream\n'); at >= 0; at = pdf.indexOf('stream\n', at + 7)) {
    if (pdf.toString('latin1', at - 3, at) === 'end') continue;
    const end = pdf.indexOf('\nendstream', at);
    const head = pdf.lastIndexOf('/Length', at);
    const dictionary = pdf.toString('latin1', head, at);
    if (!dictionary.includes('FlateDecode')) continue;
    const content = inflateSync(pdf.subarray(at + 7, end)).toString('latin1');
    const changed = content.includes('BDC') ? change(content) : content;
    if (changed === content) continue;
    const stream = deflateSync(Buffer.from(changed, 'latin1'));
    const rest = dictionary.replace(/\d+/, String(stream.length));
    pieces.push(pdf.subarray(position, head), Buffer.from(`${rest}stream\n`, 'latin1'), stream);
    position = end;
  }
  return Buffer.concat([...pieces, pdf.subarray(position)]);
}

/** Exchanges the last two digits of the marked content of this tag that is the given one in the file. */
function exchangeDigits(pdf: Buffer, tag: string, ordinal: number): Buffer {
  let count = 0;
  return edit(pdf, (content) =>
    content.replace(new RegExp(`/${tag} <</MCID \\d+>> BDC[^]*?EMC`, 'g'), (marked) =>
      count++ === ordinal ? marked.replace(/(\w{4})(\w{4})> Tj/, '$2$1> Tj') : marked,
    ),
  );
}

let folder: string;
const verify = async (pdf: Buffer) => {
  const path = join(folder, 'report.pdf');
  await writeFile(path, pdf);
  return verifyReport(await openPdf(path));
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'render-pdf-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('renderPdf', () => {
  it.each(['en', 'ar'] as const)(
    'gives every cell back, in six scripts and emoji, the same bytes each time (%s)',
    async (language) => {
      const dataset = datasetOf(rows, { language, title: 'نظرة على الأداء & <more>' });
      const pdf = await render(dataset, language);
      expect(await verify(pdf)).toMatchObject({
        hash: dataset.manifest.hash,
        rowCounts: [
          { section: 'performance', rowCount: 9 },
          { section: 'hidden', rowCount: 9 },
        ],
        change: null,
      });
      if (language === 'ar') expect((await render(dataset, language)).equals(pdf)).toBe(true);
      const text = textOf(pdf);
      for (const name of names) for (const word of name.split(/[\s()]+/)) expect(text).toContain(visual(word));
      for (const word of ['98,765', '80,000', '+23.5%', '1,242', 'الأداء', dataset.manifest.hash])
        expect(text).toContain(visual(word));
    },
  );

  it('names the cell of a table in which a digit was changed, and the page of another text', async () => {
    const pdf = await render(datasetOf(rows));
    // Row 3, column 3: cells are counted through the table.
    const { change } = await verify(exchangeDigits(pdf, 'TD', 2 * columns.length + 2));
    expect(change).toBe('The first changed cell is in section performance, row 3, column clicks.');
    const elsewhere = exchangeDigits(pdf, 'Figure', 1);
    expect(elsewhere.equals(pdf)).toBe(false);
    await expect(verify(elsewhere)).rejects.toThrow(/The text of page 2 was changed/);
    await expect(verify(Buffer.from('%PDF-1.7 nothing'))).rejects.toThrow(/no control figures/);
  });

  it('breaks a cell of 10,000 characters over pages, and loses none', async () => {
    const long = 'Größe搜索حملة'.repeat(900).slice(0, 10_000);
    const pdf = await render(datasetOf([[long, 'EUR', '1', null, null, '2'], ...rows]));
    expect((await verify(pdf)).change).toBeNull();
    expect(textOf(pdf).match(/Größe/g)?.length).toBeGreaterThan(750);
  });

  it('says what is to be copied where glyphs are mirrored or in another order', async () => {
    const contents = (names: string[]) =>
      render(datasetOf(names.map((name): Row => [name, 'EUR', '1', null, null, null])));
    const pdf = await contents(['हिन्दी', 'ب (ج)']);
    let spans = '';
    edit(pdf, (content) => {
      spans += content.match(/ActualText <feff\w+>/g)?.join(' ') ?? '';
      return content;
    });
    const hex = (text: string) => Buffer.from(text, 'utf16le').swap16().toString('hex');
    for (const text of ['हिन्दी', '(', ')']) expect(spans).toContain(`<feff${hex(text)}>`);
  });

  it('stops when its output is closed', async () => {
    const output = new PassThrough({ highWaterMark: 1_024 });
    output.once('data', () => output.destroy());
    await expect(renderPdf(datasetOf(rows), { language: 'en', branding }, output)).rejects.toThrow();
  });
});
