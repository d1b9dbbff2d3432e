import { describe, expect, it } from '@jest/globals';
import type { ServiceContext } from '#reporting/context.js';
import type { Cell, Language, Row, SectionSource } from '#reporting/dataset/dataset.js';
import { column, memoryDataset, type SectionOf } from '#reporting/testing/memory-dataset.js';
import { translationProblems } from '#reporting/texts/messages.js';
import { ar } from '#reporting/texts/summary/ar.js';
import { de } from '#reporting/texts/summary/de.js';
import { en } from '#reporting/texts/summary/en.js';
import { summarize } from './summarize.js';

const range = { start: '2026-10-01', end: '2026-10-31' };
const compared = { start: '2026-09-01', end: '2026-09-30' };

const columns = [
  column('campaign', 'TEXT'),
  column('campaign_id', 'ID'),
  column('currency', 'ID'),
  ...['cost', 'conversions', 'conversion_value', 'roas', 'clicks'].flatMap((metric) => {
    const kind = ['cost', 'conversion_value'].includes(metric) ? 'MONEY' : metric === 'roas' ? 'DECIMAL' : 'INTEGER';
    return [
      column(metric, kind),
      column(`previous.${metric}`, kind),
      column(`change.${metric}`, 'PERCENT', { role: 'CHANGE' }),
    ];
  }),
];

type Pair = readonly [now: string | null, before: string | null, change?: string | null];

/** A row: name, currency, then each metric with its figure before and its change. */
function row(name: string | null, currency: string, ...pairs: Pair[]): Cell[] {
  const cells = columns.slice(3).map(() => null as string | null);
  for (const [index, [now, before, change]] of pairs.entries()) {
    const ratio = now !== null && Number(before) ? String(Number((Number(now) / Number(before) - 1).toFixed(6))) : null;
    cells.splice(index * 3, 3, now, before, change === undefined ? ratio : change);
  }
  return [name, name && `id-of-${name}`, currency, ...cells];
}

const source = (account: string, state: string, more: Partial<SectionSource> = {}): SectionSource => ({
  accountId: `id of ${account}`,
  account,
  provider: 'google-ads',
  state,
  reportedThrough: null,
  fetchedAt: null,
  code: null,
  message: null,
  ...more,
});

const section = (more: Partial<SectionOf> = {}): SectionOf => ({
  id: 'campaigns',
  kind: 'PERFORMANCE',
  range,
  compared,
  columns,
  rows: [],
  ...more,
});

const moved = section({
  totals: [[...row(null, 'EUR', ['12000', '10000'], ['300', '400'], ['48000', '60000'], ['4', '6'], ['9000', '9100'])]],
  rows: [
    row('Brand', 'EUR', ['3000', '3000'], ['200', '150'], ['40000', '30000'], ['13.33', '10'], ['3000', '3000']),
    row('Autumn sale', 'EUR', ['6000', '6500'], ['100', '250'], ['8000', '30000'], ['1.33', '4.6'], ['4000', '6000']),
    row('Display', 'EUR', ['3000', '500'], ['0', '0'], ['0', '0'], ['0', '0'], ['2000', '100']),
  ],
});

const context = { services: { logger: { error: () => {} }, config: {} } } as unknown as ServiceContext;

async function sentences(sections: SectionOf[], language: Language = 'en'): Promise<string[]> {
  const dataset = memoryDataset(sections, { language, compared });
  const summary = await summarize(context, { organizationId: 'one', dataset });
  expect(summary).toMatchObject({ wordedBy: 'RULES', model: null });
  return summary.sentences;
}

/** As it reads: without isolates, and with plain spaces. */
const plain = (sentence: string) => sentence.replace(/[\u2066-\u2069]/g, '').replaceAll('\u00a0', ' ');

describe('the texts', () => {
  it.each([
    ['de', de],
    ['ar', ar],
  ] as const)('in %s have the keys and placeholders of those in English', (language, texts) => {
    expect(translationProblems(language, texts, en)).toEqual([]);
  });
});

describe('a summary by rules', () => {
  it.each<[Language, string[]]>([
    [
      'en',
      [
        'Cost rose by 20% to €12,000.00, from €10,000.00.',
        'Conversions fell by 25% to 300, from 400.',
        'Return on ad spend fell by 33.3% to 4, from 6.',
        '“Display” cost €3,000.00 and brought no conversions.',
        'Conversions: the largest decrease came from “Autumn sale”, from 250 to 100.',
        'Conversions: the largest increase came from “Brand”, from 150 to 200.',
        'To look at: whether conversions of “Display” are measured, and whether it should go on.',
        'To look at: what changed at “Autumn sale”.',
      ],
    ],
    [
      'de',
      [
        'Kosten: um 20 % gestiegen auf 12.000,00 €, zuvor 10.000,00 €.',
        'Conversions: um 25 % gesunken auf 300, zuvor 400.',
        'Return on Ad Spend: um 33,3 % gesunken auf 4, zuvor 6.',
        '„Display“ hat 3.000,00 € gekostet und keine Conversions gebracht.',
        'Conversions: größter Rückgang bei „Autumn sale“, von 250 auf 100.',
        'Conversions: größter Zuwachs bei „Brand“, von 150 auf 200.',
        'Zu prüfen: ob Conversions von „Display“ gemessen werden und ob es weiterlaufen soll.',
        'Zu prüfen: was sich bei „Autumn sale“ geändert hat.',
      ],
    ],
    [
      'ar',
      [
        'التكلفة: ارتفاع بنسبة 20% إلى 12,000.00 EUR، مقابل 10,000.00 EUR سابقًا.',
        'الإحالات الناجحة: انخفاض بنسبة 25% إلى 300، مقابل 400 سابقًا.',
        'عائد الإنفاق الإعلاني: انخفاض بنسبة 33.3% إلى 4، مقابل 6 سابقًا.',
        'تكلفة «Display»: 3,000.00 EUR، دون أي إحالات ناجحة.',
        'الإحالات الناجحة: أكبر انخفاض لدى «Autumn sale»، من 250 إلى 100.',
        'الإحالات الناجحة: أكبر زيادة لدى «Brand»، من 150 إلى 200.',
        'للمراجعة: هل تُقاس الإحالات الناجحة لدى «Display»، وهل ينبغي الاستمرار.',
        'للمراجعة: ما الذي تغيّر لدى «Autumn sale».',
      ],
    ],
  ])('says in %s what moved, what stands out and what to look at', async (language, expected) => {
    expect((await sentences([moved], language)).map(plain)).toEqual(expected);
  });

  it('is the same again', async () => {
    expect(await sentences([moved])).toEqual(await sentences([moved]));
  });

  it.each<[Language, string[]]>([
    [
      'en',
      [
        'Figures are missing for Meta shop, Two, and Three (and 2 more).',
        'There are no figures in this period.',
        'Figures of X are from an earlier answer, as the provider could not be asked again.',
        'Figures of LinkedIn may still change.',
        'To look at: the connections of the accounts whose figures are missing.',
      ],
    ],
    [
      'de',
      [
        'Es fehlen Werte von Meta shop, Two und Three (und weitere: 2).',
        'Für diesen Zeitraum gibt es keine Werte.',
        'Werte von X stammen aus einer früheren Antwort, da der Anbieter nicht erneut gefragt werden konnte.',
        'Werte von LinkedIn können sich noch ändern.',
        'Zu prüfen: die Verbindungen der Konten, deren Werte fehlen.',
      ],
    ],
    [
      'ar',
      [
        'أرقام ناقصة من Meta shop وTwo وThree (وغيرها: 2).',
        'لا توجد أرقام في هذه الفترة.',
        'أرقام X من إجابة سابقة، لتعذّر سؤال المزوّد من جديد.',
        'قد تتغير أرقام LinkedIn لاحقًا.',
        'للمراجعة: اتصالات الحسابات ذات الأرقام الناقصة.',
      ],
    ],
  ])('begins in %s with what is missing', async (language, expected) => {
    const sources = [
      source('Meta shop', 'MISSING'),
      ...['Two', 'Three', 'Four', 'Five'].map((name) => source(name, 'MISSING')),
      source('Google', 'COMPLETE'),
      source('LinkedIn', 'NOT_FINAL'),
      source('X', 'STALE'),
    ];
    const all = await sentences([{ ...moved, sources, totals: [], rows: [] }], language);
    expect(all.map(plain)).toEqual(expected);
  });

  it('names the day through which there are figures', async () => {
    const sources = [
      source('Shop', 'MISSING', { reportedThrough: '2026-10-28' }),
      source('Store', 'MISSING', { reportedThrough: '2026-10-25' }),
    ];
    expect((await sentences([{ ...moved, sources }]))[0]).toBe(
      'Figures of Shop and Store are reported through Oct 25, 2026 only.',
    );
  });

  it.each<[Language, string]>([
    ['en', 'In this period: Cost €1,234.50, Conversions 300, and Conversion value €48,000.00.'],
    ['de', 'In diesem Zeitraum: Kosten 1.234,50 €, Conversions 300 und Conversion-Wert 48.000,00 €.'],
    ['ar', 'في هذه الفترة: التكلفة 1,234.50 EUR والإحالات الناجحة 300 وقيمة الإحالات الناجحة 48,000.00 EUR.'],
  ])('states in %s the figures that nothing is compared with', async (language, expected) => {
    const totals = [row(null, 'EUR', ['1234.5', null], ['300', null], ['48000', null])];
    expect((await sentences([section({ compared: null, totals })], language)).map(plain)).toEqual([expected]);
  });

  it('says that nothing changed', async () => {
    const totals = [row(null, 'EUR', ['100', '101'], ['300', '303'], ['900', '909'], ['9', '9'], ['5000', '5100'])];
    expect(await sentences([section({ totals })])).toEqual([
      'No main figure changed by 5% or more: Cost €100.00, Conversions 300, and Conversion value €900.00.',
    ]);
  });

  it('takes no change of a few for a change', async () => {
    const totals = [row(null, 'EUR', ['100', '101'], ['3', '1'], ['90', '30'], ['0.9', '0.3'], ['40', '20'])];
    // An amount has no least volume; conversions, clicks and the return on them have.
    expect(await sentences([section({ totals })])).toEqual(['Conversion value rose by 200% to €90.00, from €30.00.']);
  });

  it('never adds amounts of several currencies', async () => {
    const totals = [row(null, 'EUR', ['120', '100']), row(null, 'JPY', ['9000', '10000'])];
    const rows = [row('A', 'EUR', ['60', '50']), row('B', 'JPY', ['9000', '10000'])];
    expect(await sentences([section({ totals, rows })])).toEqual([
      'EUR: Cost rose by 20% to €120.00, from €100.00.',
      'JPY: Cost fell by 10% to ¥9,000, from ¥10,000.',
      'JPY: Cost: the largest decrease came from “B”, from ¥10,000 to ¥9,000.',
      'EUR: Cost: the largest increase came from “A”, from €50.00 to €60.00.',
      'To look at: what changed at “B”.',
    ]);
  });

  it('has an empty report as such', async () => {
    expect(await sentences([section()])).toEqual(['There are no figures in this period.']);
    expect(await sentences([section({ kind: 'TEXT', text: 'Hello', columns: [] })])).toEqual([]);
  });

  it.each<[Language, string[]]>([
    [
      'en',
      [
        'The budget of “Shop” is exceeded: €1,100.00 spent of €1,000.00.',
        'The budget of “Store” is spent faster than planned: €800.00 of €1,000.00 so far, at 125% of the expected pace.',
        'The budget of “Café” is spent more slowly than planned: €200.00 of €1,000.00 so far, at 50% of the expected pace.',
        'To look at: whether “Shop” should go on spending this month.',
        'To look at: the daily budgets of “Store”.',
      ],
    ],
    [
      'de',
      [
        'Budget von „Shop“ überschritten: 1.100,00 € von 1.000,00 € ausgegeben.',
        'Budget von „Store“ wird schneller ausgegeben als geplant: bisher 800,00 € von 1.000,00 €, das sind 125 % des erwarteten Tempos.',
        'Budget von „Café“ wird langsamer ausgegeben als geplant: bisher 200,00 € von 1.000,00 €, das sind 50 % des erwarteten Tempos.',
        'Zu prüfen: ob „Shop“ in diesem Monat weiter ausgeben soll.',
        'Zu prüfen: die Tagesbudgets von „Store“.',
      ],
    ],
    [
      'ar',
      [
        'تجاوز ميزانية «Shop»: إنفاق 1,100.00 EUR من أصل 1,000.00 EUR.',
        'إنفاق ميزانية «Store» أسرع من المخطط: 800.00 EUR من أصل 1,000.00 EUR حتى الآن، أي 125% من الوتيرة المتوقعة.',
        'إنفاق ميزانية «Café» أبطأ من المخطط: 200.00 EUR من أصل 1,000.00 EUR حتى الآن، أي 50% من الوتيرة المتوقعة.',
        'للمراجعة: هل ينبغي استمرار إنفاق «Shop» هذا الشهر.',
        'للمراجعة: الميزانيات اليومية الخاصة بـ «Store».',
      ],
    ],
  ])('names in %s budgets off their pace', async (language, expected) => {
    const budgetColumns = [
      column('target', 'TEXT'),
      column('month', 'DATE'),
      column('currency', 'ID'),
      column('amount', 'MONEY'),
      column('spent', 'MONEY'),
      column('pace', 'PERCENT'),
      column('days_left', 'INTEGER'),
    ];
    const rows = [
      // Of the month before, and over.
      ['Shop', '2026-09-01', 'EUR', '1000', '9000', '9', '0'],
      ['Shop', '2026-10-01', 'EUR', '1000', '1100', '1.4', '9'],
      ['Store', '2026-10-01', 'EUR', '1000', '800', '1.25', '9'],
      ['Café', '2026-10-01', 'EUR', '1000', '200', '0.5', '9'],
      ['Bar', '2026-10-01', 'EUR', '1000', '500', '1.01', '9'],
      ['Over', '2026-10-01', 'EUR', '1000', '10', '0.01', '0'],
      ['Unknown', '2026-10-01', 'EUR', '1000', '0', null, '9'],
    ];
    const budgets = section({ id: 'budgets', kind: 'BUDGETS', compared: null, columns: budgetColumns, rows });
    expect((await sentences([budgets], language)).map(plain)).toEqual(expected);
  });

  it('calls sections by what they are where a report has several', async () => {
    const search = [
      column('query', 'TEXT'),
      ...['clicks', 'position'].flatMap((key) => [
        column(key, 'DECIMAL'),
        column(`previous.${key}`, 'DECIMAL'),
        column(`change.${key}`, 'PERCENT', { role: 'CHANGE' }),
      ]),
    ];
    const queries = section({
      id: 'queries',
      kind: 'SEARCH_QUERIES',
      columns: search,
      totals: [[null, '500', '400', '0.25', '7.1', '5.2', '0.365']],
    });
    const totals = [row(null, 'EUR', ['12000', '10000'], ['300', '300'], ['1', '1'], ['1', '1'], ['700', '500'])];
    const all = await sentences([section({ totals }), queries]);
    expect(all).toContain('Search queries: Clicks rose by 25% to 500, from 400.');
    expect(all).toContain('Search queries: Average position worsened from 5.2 to 7.1.');
    expect(all).toContain('Advertising: Cost rose by 20% to €12,000.00, from €10,000.00.');
  });

  it('says what a total is of when sections have others', async () => {
    const part = section({
      id: 'brand',
      title: 'Brand only',
      totals: [row(null, 'EUR', ['300', '100'], ['30', '30'])],
    });
    const all = section({ totals: [row(null, 'EUR', ['1200', '1000'], ['300', '300'])] });
    expect(await sentences([all, part])).toEqual([
      'Brand only: Cost rose by 200% to €300.00, from €100.00.',
      'Cost rose by 20% to €1,200.00, from €1,000.00.',
    ]);
  });

  it('isolates names of other scripts and shortens long ones', async () => {
    const names = ['حملة الخريف', 'x'.repeat(10_000)];
    const rows = names.map((name, index) => row(name, 'EUR', ['50', '50'], index ? ['300', '100'] : ['100', '300']));
    const totals = [row(null, 'EUR', ['100', '100'], ['400', '400'])];
    const all = (await sentences([section({ totals, rows })])).join('\n');
    expect(all).toContain('“\u2068حملة الخريف\u2069”');
    expect(all).toContain(`“${'x'.repeat(59)}…”`);
  });

  it('has at most eight sentences', async () => {
    const sources = [source('A', 'MISSING'), source('B', 'STALE'), source('C', 'NOT_FINAL')];
    expect(await sentences([{ ...moved, sources }])).toHaveLength(8);
  });

  it('of a report whose rows cannot be read is empty, and logged', async () => {
    const lines: unknown[] = [];
    const services = { logger: { error: (line: unknown) => lines.push(line) }, config: {} };
    const dataset = {
      ...memoryDataset([moved], { compared }),
      // biome-ignore lint/correctness/useYield: it fails before
      async *rows(): AsyncGenerator<Row[]> {
        throw new Error('gone');
      },
    };
    const input = { organizationId: 'one', dataset };
    expect(await summarize({ services } as unknown as ServiceContext, input)).toMatchObject({ sentences: [] });
    expect(lines).toHaveLength(1);
    const signal = AbortSignal.abort();
    await expect(summarize(context, { ...input, dataset: memoryDataset([moved]), signal })).rejects.toThrow();
  });
});
