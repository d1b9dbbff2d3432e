import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './tools.js';

const load = (path) => import(pathToFileURL(join(root, 'dist', 'subgraphs', 'reporting', path)).href);
const ask = (program, ...parameters) =>
  execFileSync(program, parameters, { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });

const names = [
  'Herbst – Größe',
  'Осенняя кампания',
  'Φθινόπωρο',
  'حملة الأداء (بحث) 2026',
  'קמפיין סתיו',
  '搜索广告 春季',
  '検索キャンペーン',
  '검색 광고',
  '🎯 Launch 👩‍💻 🇩🇪 👍🏽',
  "=cmd|' /C calc'!A0",
  'office ffi fl Å é',
];

/** Returns a report of every script, in a language. */
async function makeReport(language) {
  const { column, memoryDataset } = await load('testing/memory-dataset.js');
  const columns = [
    column('day', 'DATE', { role: 'DIMENSION' }),
    column('campaign', 'TEXT'),
    column('campaign_id', 'ID'),
    column('currency', 'TEXT'),
    column('clicks', 'INTEGER'),
    column('previous.clicks', 'INTEGER'),
    column('change.clicks', 'DECIMAL'),
    column('cost', 'MONEY'),
    column('ctr', 'PERCENT'),
  ];
  const rows = Array.from({ length: 330 }, (_, index) => [
    `2026-10-${String((index % 31) + 1).padStart(2, '0')}`,
    names[index % names.length],
    String(7_000_000 + index * 13),
    ['EUR', 'JPY', 'KWD'][index % 3],
    String(index * 137),
    index % 7 === 0 ? null : String(index * 11),
    index % 7 === 0 ? null : String((index - 150) / 100),
    (index * 1.375).toFixed(3),
    (index / 1_000).toFixed(3),
  ]);
  const charts = ['LINE', 'BAR', 'DONUT'].map((type) => ({
    type,
    value: 'clicks',
    by: 'campaign',
    series: null,
    top: 6,
  }));
  const totals = [[null, null, null, 'EUR', '7438', '1815', '3.1', '1234.56', '0.1']];
  const compared = { start: '2026-09-01', end: '2026-09-30' };
  const title = 'Leistung الأداء 業績 🚀';
  return {
    columns,
    rows,
    dataset: memoryDataset([{ id: 'all', columns, rows, charts, totals, compared }], { language, title }),
  };
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff]/;
const plain = (text) => text.normalize('NFC').replace(/[\s\p{Default_Ignorable_Code_Point}]+/gu, '');

/** Throws unless every cell of the rows is in what `pdftotext` gives back: those of left-to-right rows one after another. */
function compareTexts(path, { columns, rows }, texts) {
  const inOrder = plain(ask('pdftotext', '-raw', path, '-'));
  const words = plain(ask('pdftotext', path, '-'));
  const missing = [];
  for (const row of rows) {
    const cells = columns.map((column, index) => texts.formatCell(row[index], column, row[3]));
    const isMixed = cells.some((cell) => RIGHT_TO_LEFT.test(cell));
    const wanted = isMixed ? cells.flatMap((cell) => cell.split(/[\s()]+/)) : [cells.join('')];
    const given = isMixed ? words : inOrder;
    missing.push(...wanted.filter((text) => !given.includes(plain(text))));
  }
  if (missing.length > 0)
    throw new Error(`pdftotext does not give back ${missing.length} texts, such as ${missing.slice(0, 5).join(' | ')}`);
}

function checkFonts(path) {
  const fonts = ask('pdffonts', path).split('\n').slice(2).filter(Boolean);
  for (const font of fonts) {
    const [embedded, , unicode] = font.slice(0, -1).match(/\b(yes|no)\b/g) ?? [];
    if (embedded !== 'yes' || unicode !== 'yes')
      throw new Error(`A font is not embedded, or without its text: ${font}`);
  }
}

/** Throws when a page has no ink, as where drawing failed. */
function checkPictures(path, folder) {
  ask('pdftoppm', '-r', '40', '-gray', path, join(folder, 'page'));
  const pages = Number(/Pages:\s+(\d+)/.exec(ask('pdfinfo', path))[1]);
  for (let page = 1; page <= pages; page++) {
    const name = `page-${String(page).padStart(String(pages).length, '0')}.pgm`;
    const dark = readFileSync(join(folder, name)).filter((value) => value < 200).length;
    if (dark < 300) throw new Error(`Page ${page} is empty.`);
  }
  return pages;
}

/** Judges PDF files of reports in each language: `qpdf` their structure, poppler's programs their texts, fonts and pictures. */
export async function judgePdf() {
  const { renderPdf } = await load('rendering/pdf/render-pdf.js');
  const { textsOf } = await load('texts/texts.js');
  const branding = {
    name: 'Harbour',
    logo: null,
    primaryColor: '#14508c',
    accentColor: '#c2410c',
    footer: 'الميناء 港口',
  };
  for (const language of ['en', 'de', 'ar']) {
    const folder = mkdtempSync(join(tmpdir(), 'judge-pdf-'));
    try {
      const path = join(folder, 'report.pdf');
      const report = await makeReport(language);
      await renderPdf(report.dataset, { language, branding }, createWriteStream(path));
      ask('qpdf', '--check', path);
      if (!/Tagged:\s+yes/.test(ask('pdfinfo', path))) throw new Error('The file is not tagged.');
      compareTexts(path, report, textsOf(language));
      checkFonts(path);
      process.stdout.write(`${language}: ${checkPictures(path, folder)} pages, ${report.rows.length} rows\n`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}
