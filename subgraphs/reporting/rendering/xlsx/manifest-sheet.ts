import type { Manifest } from '#reporting/dataset/dataset.js';
import type { Texts } from '#reporting/texts/texts.js';
import type { Departures } from './cells.js';
import { CHECK_LOOKS, type Looks } from './looks.js';
import { TEXT_FORMAT } from './number-formats.js';
import type { Styles } from './styles.js';
import { type SheetCell, SheetRows, sheetEnd, sheetStart } from './worksheet.js';

/** The first cell of the sheet: what the file is. */
export const MANIFEST_MARK = 'webmetrics-report';
/** In the first column, what a row says; the words of the others are for people. */
export const MANIFEST_KEYS = {
  title: 'title',
  report: 'report',
  template: 'template',
  generated: 'generated',
  hash: 'sha-256',
  section: 'section',
  column: 'column',
  total: 'control-total',
  rate: 'rate',
  sheet: 'sheet',
} as const;

/** Columns before the one of checks. */
export const MANIFEST_WIDTH = 7;
const WIDTHS = [16, 40, 40, 26, 16, 24, 68];
/** Says of a column that it has control totals. */
export const SUMMED = 'summed';

/** What the sheet is made of. */
export interface ManifestInput {
  manifest: Manifest;
  sectionSheets: { section: string; name: string; rows: number }[];
  /** Those that are not of a section: rows with a check, and columns before it. */
  otherSheets: { name: string; rows: number; width: number }[];
  departures: Departures[];
  texts: Texts;
  looks: Looks;
  styles: Styles;
}

/** The sheet by which the file is checked: hashes, counts and control totals, in words for people and with keys for programs. */
export class ManifestSheet {
  readonly #input: ManifestInput;
  readonly #rows: SheetRows;

  constructor(input: ManifestInput) {
    this.#input = input;
    this.#rows = new SheetRows(WIDTHS.length, input.styles.indexOf(CHECK_LOOKS));
    this.#facts();
    this.#sections();
    this.#notes();
  }

  #add(key: string | null, cells: (string | number | null)[]): void {
    const { styles, looks } = this.#input;
    const plain = styles.indexOf({ format: TEXT_FORMAT });
    const number = styles.indexOf({ format: '#,##0' });
    const written = cells.map((cell): SheetCell | undefined => {
      if (cell === null) return undefined;
      return typeof cell === 'number' ? { number: String(cell), style: number } : { text: cell, style: plain };
    });
    this.#rows.add([
      key === null ? undefined : { text: key, style: styles.indexOf({ ...looks.muted, isWrapped: false }) },
      ...written,
    ]);
  }

  #head(texts: string[]): void {
    const style = this.#input.styles.indexOf({ ...this.#input.looks.head, isWrapped: false });
    this.#rows.skip();
    this.#rows.add([{ style }, ...texts.map((text) => ({ text, style }))]);
  }

  #facts(): void {
    const { manifest, texts } = this.#input;
    const { text } = texts;
    this.#add(MANIFEST_MARK, [text('manifest.title'), String(manifest.version)]);
    this.#add(null, [text('manifest.explanation')]);
    this.#add(null, [text('sheet.checks')]);
    this.#rows.skip();
    this.#add(MANIFEST_KEYS.title, [text('manifest.report'), manifest.title]);
    this.#add(MANIFEST_KEYS.report, [`${text('manifest.report')} (ID)`, manifest.reportId]);
    const { template } = manifest;
    this.#add(MANIFEST_KEYS.template, [
      text('manifest.template'),
      template.name,
      template.id,
      text('manifest.version'),
      template.version,
    ]);
    this.#add(MANIFEST_KEYS.generated, [text('cover.generated'), manifest.generatedAt]);
    this.#add(MANIFEST_KEYS.hash, [text('manifest.hash'), manifest.hash]);
  }

  #sections(): void {
    const { manifest, texts, sectionSheets, otherSheets } = this.#input;
    const { text } = texts;
    const { sections, conversion } = manifest;
    const [section, rows] = [text('manifest.section'), text('manifest.rows')];
    this.#head([section, 'ID', rows, text('manifest.totalRows'), '', text('manifest.hash')]);
    for (const each of sections) {
      this.#add(MANIFEST_KEYS.section, [texts.titleOf(each), each.id, each.rowCount, each.totalCount, null, each.hash]);
    }
    this.#head([text('sheet.sheet'), section, rows, '']);
    for (const { section, name, rows } of sectionSheets) this.#add(MANIFEST_KEYS.sheet, [name, section, rows]);
    for (const { name, rows, width } of otherSheets) this.#add(MANIFEST_KEYS.sheet, [name, null, rows, width]);
    this.#head([text('manifest.column'), section, 'ID', '', '', '']);
    for (const { id, columns } of sections) {
      for (const column of columns) {
        const summed = column.isSummable ? SUMMED : null;
        this.#add(MANIFEST_KEYS.column, [texts.heading(column), id, column.key, column.kind, column.role, summed]);
      }
    }
    this.#head([text('manifest.column'), section, 'ID', text('cover.currency'), text('manifest.controlTotal')]);
    for (const { id, columns, controlTotals } of sections) {
      for (const { column, currency, sum } of controlTotals) {
        const heading = texts.heading(columns.find(({ key }) => key === column) ?? { key: column });
        // Exact, as text.
        this.#add(MANIFEST_KEYS.total, [heading, id, column, currency, sum]);
      }
    }
    if (!conversion) return;
    const note = text('note.converted', { currency: conversion.currency, source: conversion.source });
    this.#head([note, conversion.sourceUrl ?? '']);
    for (const { currency, from, to, rate } of conversion.rates) {
      const days = texts.formats.days({ start: from, end: to });
      const described = text('note.rates', { currency, days: { text: days } });
      this.#add(MANIFEST_KEYS.rate, [described, `${currency} → ${conversion.currency}`, `${from} – ${to}`, null, rate]);
    }
  }

  #notes(): void {
    const { departures, texts } = this.#input;
    const longNumbers = departures.reduce((sum, departure) => sum + departure.longNumbers, 0);
    const longTexts = departures.reduce((sum, departure) => sum + departure.longTexts, 0);
    if (longNumbers + longTexts === 0) return;
    this.#rows.skip();
    if (longNumbers > 0) this.#add(null, [texts.text('sheet.longNumbers', { count: longNumbers })]);
    if (longTexts > 0) this.#add(null, [texts.text('sheet.longTexts', { count: longTexts })]);
  }

  *content(): Generator<string> {
    const { texts, looks } = this.#input;
    yield sheetStart({
      direction: texts.direction,
      widths: [...WIDTHS, undefined],
      frozenRows: 0,
      hasGrid: false,
      tabColor: looks.accentColor,
    });
    yield this.#rows.toString();
    yield sheetEnd({ isLandscape: true });
  }
}
