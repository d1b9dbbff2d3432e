import { describe, expect, it } from '@jest/globals';
import { type ColumnKind, languages, type SectionSource } from '#reporting/dataset/dataset.js';
import { column } from '#reporting/testing/memory-dataset.js';
import { ar } from './ar.js';
import { de } from './de.js';
import { en } from './en.js';
import { decimalsOf, formatsOf } from './formats.js';
import { isolate } from './isolate.js';
import { type Messages, messagesOf, translationProblems } from './messages.js';
import { textsOf } from './texts.js';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const codePoints = (text: string) =>
  text.replace(/[\u2066-\u2069]/g, (mark) => `<${mark.codePointAt(0)?.toString(16)}>`);

describe('translations', () => {
  it.each([
    ['de', de],
    ['ar', ar],
    ['en', en],
  ] as const)('in %s have all keys, placeholders and plural forms', (language, texts) => {
    expect(translationProblems(language, texts, en)).toEqual([]);
  });

  it('are compared key by key', () => {
    const source = { title: 'A {name}', rows: { one: '{count} row', other: '{count} rows' } };
    const translation = { title: 'B {nme}', rows: { one: 'Zeile', other: '{cont} Zeilen' }, more: 'C' };
    expect(translationProblems('de', translation, source)).toEqual([
      'title has other placeholders: nme for name',
      'rows has other placeholders: cont for count',
      'more is not in both',
    ]);
    expect(translationProblems('ar', { rows: { one: 'a', other: 'b' } }, { rows: source.rows })).toHaveLength(4);
  });

  it('choose the plural form of the count', () => {
    const rows = [0, 1, 2, 3, 11, 100, 1_000].map((count) => textsOf('ar').text('table.rows', { count }));
    expect(rows).toEqual(['لا توجد صفوف', 'صف واحد', 'صفان', '3 صفوف', '11 صفًا', '100 صف', '1,000 صف']);
    expect([1, 2_500].map((count) => textsOf('de').text('table.rows', { count }))).toEqual(['1 Zeile', '2.500 Zeilen']);
  });

  it('never leave a placeholder or a key as a text', () => {
    const messages = { hello: 'Hello {name}' } satisfies Messages;
    const text = messagesOf({ en: messages, de: messages, ar: messages })('en') as (
      key: string,
      values?: object,
    ) => string;
    expect(() => text('hello', {})).toThrow('needs a value of name');
    expect(() => text('toString')).toThrow('There is no text');
    expect(text('hello', { name: '{name} $& $1' })).toBe('Hello {name} $& $1');
  });
});

describe('names in sentences', () => {
  it.each([
    ['ltr', 'Autumn sale', 'Autumn sale'],
    ['ltr', 'حملة 1', '<2068>حملة 1<2069>'],
    ['ltr', 'abc\u202edcba\u2069', 'abcdcba'],
    ['rtl', 'حملة', 'حملة'],
    ['rtl', 'Autumn', '<2068>Autumn<2069>'],
    ['rtl', '2026-10-01', '<2068>2026-10-01<2069>'],
    ['rtl', '\u2069\u202dحملة', 'حملة'],
  ] as const)('are isolated in %s where they could reorder others: %s', (direction, name, expected) => {
    expect(codePoints(isolate(name, direction))).toBe(expected);
  });
});

describe('formats', () => {
  it.each([
    ['1234567.891', 'EUR', '€1,234,567.89', '1.234.567,89 €', '1,234,567.89 EUR'],
    ['-0.5', 'USD', '-$0.50', '-0,50 $', '-0.50 USD'],
    ['1234.5', 'JPY', '¥1,235', '1.235 ¥', '1,235 JPY'],
    ['1.2345', 'KWD', 'KWD 1.235', '1,235 KWD', '1.235 KWD'],
    ['0.0012', 'EUR', '€0.0012', '0,0012 €', '0.0012 EUR'],
    ['0', 'EUR', '€0.00', '0,00 €', '0.00 EUR'],
    [
      '9007199254740993.01',
      'EUR',
      '€9,007,199,254,740,993.01',
      '9.007.199.254.740.993,01 €',
      '9,007,199,254,740,993.01 EUR',
    ],
    ['12.5', 'not a currency', '12.5 not a currency', '12,5 not a currency', '12.5 not a currency'],
  ])('write %s %s exactly, with the decimals of the currency', (value, currency, ...expected) => {
    expect(languages.map((language) => plain(formatsOf(language).money(value, currency)))).toEqual(expected);
  });

  it.each([
    ['INTEGER', '9007199254740993', '9,007,199,254,740,993', '9.007.199.254.740.993', '9,007,199,254,740,993'],
    ['DECIMAL', '1234.5678', '1,234.57', '1.234,57', '1,234.57'],
    ['DECIMAL', '0.00001234', '0.000012', '0,000012', '0.000012'],
    ['PERCENT', '0.12345', '12.35%', '12,35 %', '12.35%'],
    ['PERCENT', '-0.000001', '-0.0001%', '-0,0001 %', '-0.0001%'],
    ['DATE', '2026-10-01', 'Oct 1, 2026', '01.10.2026', '1 أكتوبر 2026'],
    ['TEXT', 'ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE'],
    ['ID', '0012345678901234567890', '0012345678901234567890', '0012345678901234567890', '0012345678901234567890'],
    ['MONEY', '12.345', '12.35', '12,35', '12.35'],
  ] as [ColumnKind, string, string, string, string][])('write a cell of %s: %s', (kind, cell, ...expected) => {
    const shown = languages.map((language) =>
      plain(textsOf(language).formatCell(cell, column('campaign', kind), null)),
    );
    expect(shown).toEqual(expected);
  });

  it('write changes with their sign, months by name, and no value as a dash', () => {
    const change = column('change.cost', 'PERCENT');
    const changes = ['0.1234', '-0.1', '0'].map((cell) => textsOf('en').formatCell(cell, change, null));
    expect(changes).toEqual(['+12.3%', '-10%', '0%']);
    expect(textsOf('de').formatCell('2026-10-01', column('month', 'DATE'), null)).toBe('Oktober 2026');
    expect(textsOf('ar').formatCell(null, change, null)).toBe('–');
  });

  it('write days and instants', () => {
    const days = { start: '2026-10-01', end: '2026-10-31' };
    expect(languages.map((language) => plain(formatsOf(language).days(days)))).toEqual([
      'October 1 – 31, 2026',
      '1.–31. Oktober 2026',
      '1–31 أكتوبر 2026',
    ]);
    // The hour that comes twice.
    const hours = ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'];
    expect(hours.map((hour) => plain(formatsOf('de').instant(hour, 'Europe/Berlin')))).toEqual([
      '25. Oktober 2026 um 02:30 GMT+2',
      '25. Oktober 2026 um 02:30 GMT+1',
    ]);
  });

  it('know the decimals of currencies', () => {
    expect(['EUR', 'JPY', 'KWD', 'XYZ', '??'].map(decimalsOf)).toEqual([2, 0, 3, 2, 2]);
  });
});

describe('textsOf', () => {
  it('names columns by their key', () => {
    const keys = ['cost', 'campaign_id', 'previous.cost', 'change.cost', 'customEvent:level'];
    expect(keys.map((key) => textsOf('en').heading({ key }))).toEqual([
      'Cost',
      'Campaign ID',
      'Cost, before',
      'Cost, change',
      'customEvent:level',
    ]);
  });

  it('says in titles what rows are grouped by, where a report may have several sections of a kind', () => {
    const columns = [
      column('provider', 'TEXT'),
      column('campaign', 'TEXT'),
      column('campaign_id', 'ID'),
      column('cost', 'MONEY'),
    ];
    const section = { kind: 'PERFORMANCE' as const, title: null, columns };
    expect(textsOf('en').titleOf(section)).toBe('Advertising – Provider and Campaign');
    expect(textsOf('en').titleOf({ ...section, title: 'Our month' })).toBe('Our month');
    expect(textsOf('en').titleOf({ kind: 'ACCOUNTS', title: null, columns })).toBe('Accounts');
  });

  it('translates words of the API, and no names', () => {
    const { formatCell } = textsOf('de');
    expect(formatCell('PAUSED', column('status', 'TEXT'), null)).toBe('Pausiert');
    expect(formatCell('MISSING', column('state', 'TEXT'), null)).toBe('Fehlt');
    expect(formatCell('PAUSED', column('campaign', 'TEXT'), null)).toBe('PAUSED');
    expect(formatCell('UNHEARD_OF', column('status', 'TEXT'), null)).toBe('UNHEARD_OF');
  });

  it('says how complete an account is', () => {
    const source: SectionSource = {
      accountId: 'one',
      account: 'Shop حساب',
      provider: 'google-ads',
      state: 'MISSING',
      reportedThrough: null,
      fetchedAt: '2026-11-02T08:00:00Z',
      code: 'TOKEN_EXPIRED',
      message: 'Connect it again.',
    };
    const { describeSource, attributionOf } = textsOf('en');
    expect(codePoints(describeSource(source, 'UTC'))).toBe(
      '<2068>Shop حساب<2069>: figures are missing. Connect it again. No day of the range is reported.',
    );
    const through = { reportedThrough: '2026-10-30' };
    expect(describeSource({ ...source, ...through, account: 'Shop', state: 'NOT_FINAL' }, 'UTC')).toBe(
      'Shop: all days are in; conversions of some may still arrive. Reported through Oct 30, 2026.',
    );
    expect(
      plain(describeSource({ ...source, ...through, account: 'Shop', state: 'STALE' }, 'Europe/Berlin')),
    ).toContain('read November 2, 2026 at 09:00 AM GMT+1');
    expect([attributionOf('Google Ads'), attributionOf('nobody')]).toEqual([expect.stringContaining('30 days'), null]);
  });
});
