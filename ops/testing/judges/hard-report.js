import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';
import { root } from './tools.js';

/** Loads a module of the built product. */
const load = (path) => import(pathToFileURL(join(root, 'dist', 'subgraphs', 'reporting', path)).href);

/** Returns a picture of two colours as PNG. */
function makeLogo(width, height) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const length = Buffer.alloc(4);
    const check = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  // 8 bits of red, green and blue.
  header.set([8, 2, 0, 0, 0], 8);
  const row = (y) => [0, ...Array.from({ length: width }, (_, x) => (x > y * 2 ? [31, 78, 121] : [180, 83, 9])).flat()];
  const pixels = Buffer.from(Array.from({ length: height }, (_, y) => row(y)).flat());
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const NAMES = [
  'Brand & search <one> "two" \'three\'',
  'حملة العلامة التجارية 2026 (بحث)',
  '品牌推广活动 — 搜索',
  'ブランド検索キャンペーン',
  '🚀 Launch 👩‍👩‍👧‍👦 🇩🇪 👍🏽',
  "=cmd|' /C calc'!A0",
  '+1+1',
  '-2+3',
  '@SUM(1,1)',
  "'=quoted",
  'a;=1+1,=2+2\t=3+3',
  'two\nlines\n\nand three',
  ' leading and trailing ',
  'control \u0001 and \u001f, escaped _x0041_ and _x',
  'é composed, e\u0301 decomposed, \u202eoverride\u202c',
  'null',
  'TRUE',
  '00123',
  '1E5',
  '2026-10-01',
  'x'.repeat(10_000),
  '長い名前'.repeat(2_500),
  '🚀'.repeat(20_000),
];
const DAYS = ['1900-03-01', '1999-12-31', '2000-02-29', '2026-10-01', '2026-10-31', '2099-12-31'];
const AMOUNTS = [
  ['EUR', '1234.56'],
  ['JPY', '98765'],
  ['KWD', '12.345'],
  ['USD', '-0.01'],
  ['EUR', '0'],
  ['USD', '999999999999.99'],
  ['EUR', '12345678901234567.89'],
  ['JPY', null],
  ['XXX', '0.000001'],
];
const COUNTS = ['0', '1', '-5', '123456789012345', '9007199254740993', null, '42'];
const RATIOS = ['0', '0.1234', '1', '-0.5', '0.000001', '12.5', null];

const pick = (values, index) => values[index % values.length];

/** Returns a report in which everything that spreadsheets misread occurs, in a language; the same at each call. */
export async function makeHardReport(language) {
  const { column, memoryDataset } = await load('testing/memory-dataset.js');
  const { ControlTotals } = await load('dataset/control-totals.js');
  const { textsOf } = await load('texts/texts.js');
  const texts = textsOf(language);
  const columns = [
    column('day', 'DATE'),
    column('campaign_id', 'ID'),
    column('campaign', 'TEXT'),
    column('currency', 'TEXT'),
    column('impressions', 'INTEGER'),
    column('cost', 'MONEY'),
    column('previous.cost', 'MONEY'),
    column('change.cost', 'PERCENT'),
    column('ctr', 'PERCENT'),
    column('position', 'DECIMAL'),
  ];
  const hard = Array.from({ length: 400 }, (_, index) => {
    const [currency, cost] = pick(AMOUNTS, index);
    const name = index % 37 === 36 ? null : pick(NAMES, index);
    const id = index % 2 ? `customers/00${index}` : String(10_000_000_000 + index);
    return [
      pick(DAYS, index),
      id,
      name,
      currency,
      pick(COUNTS, index),
      cost,
      pick(AMOUNTS, index + 3)[1],
      pick(RATIOS, index),
      pick(RATIOS, index + 2),
      pick(['1', '3.25', '-7', '10.125', null], index),
    ];
  });

  const plainColumns = [
    column('day', 'DATE'),
    column('provider', 'TEXT'),
    column('currency', 'TEXT'),
    column('clicks', 'INTEGER'),
    column('previous.clicks', 'INTEGER'),
    column('change.clicks', 'PERCENT'),
    column('cost', 'MONEY'),
    column('previous.cost', 'MONEY'),
    column('change.cost', 'PERCENT'),
    column('ctr', 'PERCENT'),
  ];
  const providers = {
    en: ['Google Ads', 'Meta Ads', 'LinkedIn Ads'],
    de: ['Google Ads', 'Meta Ads', 'LinkedIn Ads'],
    ar: ['إعلانات Google', 'إعلانات Meta', 'إعلانات LinkedIn'],
  }[language];
  const plain = Array.from({ length: 31 * 3 }, (_, index) => {
    const day = `2026-10-${String(1 + Math.floor(index / 3)).padStart(2, '0')}`;
    const clicks = 400 + ((index * 7919) % 350) - (index % 3) * 120;
    const cost = (clicks * 0.37 + (index % 11)).toFixed(2).replace(/\.?0+$/, '');
    return [
      day,
      providers[index % 3],
      'EUR',
      String(clicks),
      String(clicks - 31),
      '0.0815',
      cost,
      String(Number(cost) - 4).slice(0, 6),
      '0.02',
      '0.0412',
    ];
  });
  const chart = (type, value, by, series = null) => ({ type, value, by, series, top: 5 });
  const range = { start: '2026-10-01', end: '2026-10-31' };
  const source = (account, provider, state, more = {}) => ({
    accountId: account,
    account,
    provider,
    state,
    reportedThrough: '2026-10-31',
    fetchedAt: '2026-11-02T07:00:00.000Z',
    code: null,
    message: null,
    ...more,
  });
  const intro = {
    en: 'Three markets, one budget.\nFigures are as the providers report them.',
    de: 'Drei Märkte, ein Budget.\nDie Zahlen sind die der Anbieter.',
    ar: 'ثلاث أسواق وميزانية واحدة.\nالأرقام كما تُبلغ بها المنصات.',
  }[language];
  const title = {
    en: 'Performance overview, October 2026',
    de: 'Leistungsübersicht, Oktober 2026',
    ar: 'نظرة عامة على الأداء، أكتوبر 2026',
  }[language];
  const sentence = {
    en: 'Cost rose by 8.15% to €12,345.67, most of it in Google Ads.',
    de: 'Die Kosten stiegen um 8,15 % auf 12.345,67 €, vor allem bei Google Ads.',
    ar: 'ارتفعت التكلفة بنسبة 8.15% إلى 12,345.67 EUR، ومعظمها في Google Ads.',
  }[language];

  const withTotals = (section) => {
    const totals = new ControlTotals(section.columns);
    for (const row of section.rows) totals.add(row);
    return { ...section, controlTotals: totals.result() };
  };
  const dataset = memoryDataset(
    [
      { id: 'intro', kind: 'TEXT', columns: [], rows: [], text: intro, range: null },
      {
        id: 'overview',
        columns: plainColumns,
        rows: plain,
        range,
        compared: { start: '2026-09-01', end: '2026-09-30' },
        charts: [
          chart('LINE', 'cost', 'day'),
          chart('LINE', 'clicks', 'day', 'provider'),
          chart('BAR', 'clicks', 'provider'),
          chart('DONUT', 'cost', 'provider'),
        ],
        totals: [[null, null, 'EUR', '38123', '35000', '0.0892', '12345.67', '11415.32', '0.0815', '0.0412']],
        sources: [
          source('Harbour Shoes', 'google-ads', 'COMPLETE'),
          source('شركة الميناء', 'meta-ads', 'STALE'),
          source('港口公司', 'linkedin-ads', 'MISSING', {
            reportedThrough: null,
            message: 'The connection has ended.',
          }),
        ],
      },
      {
        id: 'hard',
        title: "Bob's [hard]/rows: a title longer than 31 characters 🚀",
        columns,
        rows: hard,
        totals: [
          [null, null, null, 'EUR', '1', '12345678901235802.45', null, null, '0.1', null],
          [null, null, null, 'JPY', '2', '98765', null, null, '0.2', null],
        ],
      },
      { id: 'empty', kind: 'POSTS', columns, rows: [], totals: [] },
    ].map(withTotals),
    {
      title,
      organization: 'Harbour Agency',
      clients: ['Harbour Shoes', 'شركة الميناء', '港口公司'],
      compared: { start: '2026-09-01', end: '2026-09-30' },
      language,
      summary: { wordedBy: 'RULES', model: null, sentences: [sentence] },
    },
  );
  const branding = {
    name: 'Harbour Agency',
    logo: { png: makeLogo(160, 48), width: 160, height: 48 },
    primaryColor: '#1f4e79',
    accentColor: '#b45309',
    footer: 'Harbour Agency – Hafenstraße 1 – حملة',
  };
  return { dataset, presentation: { language, branding }, texts, load };
}
