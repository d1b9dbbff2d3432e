import { currencyIndex, isNumber } from '#reporting/dataset/columns.js';
import type { Cell, Column, Manifest, Section } from '#reporting/dataset/dataset.js';
import { worstSources } from '#reporting/dataset/sources.js';
import type { Branding } from '#reporting/rendering/renderer.js';
import type { Texts } from '#reporting/texts/texts.js';
import { isExact } from './cells.js';
import type { PlacedChart } from './chart-data-sheet.js';
import type { Placed } from './drawing.js';
import { CHECK_LOOKS, type Looks } from './looks.js';
import { formatOf, TEXT_FORMAT, TREND_FORMAT } from './number-formats.js';
import { widthOf } from './section-sheets.js';
import type { Styles } from './styles.js';
import { type SheetCell, SheetRows, sheetEnd, sheetStart } from './worksheet.js';

const WIDTHS = [30, 16, 16, 14, 12.5, 12.5, 12.5, 12.5, 12.5, 12.5];
/** Characters of a line over all columns, with room for wide ones. */
const LINE = 135;
/** Of a line, in points. */
const LINE_HEIGHT = 15;
const ROW_PIXELS = 20;
const CHART = { width: 530, height: 280, rows: 15 };
const SECOND_COLUMN = 4;
const LOGO = { width: 240, height: 64 };

/** What the sheet is made of. */
export interface SummaryInput {
  manifest: Manifest;
  branding: Branding;
  texts: Texts;
  looks: Looks;
  styles: Styles;
  chartsOf(section: Section): PlacedChart[];
}

function linesOf(text: string, width: number): number {
  return text.split('\n').reduce((lines, line) => lines + Math.max(1, Math.ceil(widthOf(line) / width)), 0);
}

/** The first sheet: what the report says in words, tiles and charts, and the notes about its figures. */
export class SummarySheet {
  /** Pictures and charts, in the order of their relationships `rId1`, `rId2`, … */
  readonly placed: Placed[] = [];
  readonly #input: SummaryInput;
  readonly #rows: SheetRows;

  constructor(input: SummaryInput) {
    this.#input = input;
    this.#rows = new SheetRows(WIDTHS.length, input.styles.indexOf(CHECK_LOOKS));
    this.#head();
    this.#words();
    for (const section of input.manifest.sections) this.#section(section);
    this.#notes();
  }

  #line(text: string, style = this.#input.looks.text): void {
    // Lines of more than 200 characters are wide by count alone.
    const lines = linesOf(text, LINE) + Math.floor(Math.max(0, text.length - 200) / LINE);
    const cell = { text, style: this.#input.styles.indexOf(style) };
    this.#rows.add([cell], { height: Math.min(409, lines * LINE_HEIGHT + 1), mergedFrom: 0 });
  }

  #heading(text: string): void {
    this.#rows.skip();
    this.#rows.add([{ text, style: this.#input.styles.indexOf(this.#input.looks.heading) }], { height: 22 });
  }

  #fact(label: string, text: string): void {
    const { styles, looks } = this.#input;
    const cells = [
      { text: label, style: styles.indexOf(looks.label) },
      { text, style: styles.indexOf(looks.text) },
    ];
    this.#rows.add(cells, { height: linesOf(text, LINE - 30) * LINE_HEIGHT + 1, mergedFrom: 1 });
  }

  #head(): void {
    const { manifest, branding, texts, looks, styles } = this.#input;
    const { logo } = branding;
    if (logo) {
      const scale = Math.min(LOGO.width / logo.width, LOGO.height / logo.height, 1);
      this.placed.push({
        kind: 'picture',
        relationship: 'rId1',
        description: branding.name,
        column: 0,
        row: 0,
        width: Math.max(1, Math.round(logo.width * scale)),
        height: Math.max(1, Math.round(logo.height * scale)),
      });
      this.#rows.add([], { height: 54 });
    } else this.#line(branding.name, looks.muted);
    this.#rows.add([{ text: manifest.title, style: styles.indexOf(looks.title) }], { height: 30 });
    const { formats } = texts;
    if (logo) this.#fact(texts.text('cover.organization'), branding.name);
    const clients = manifest.clients.length > 0 ? formats.list(manifest.clients) : texts.text('cover.allClients');
    this.#fact(texts.text(manifest.clients.length === 1 ? 'cover.client' : 'cover.clients'), clients);
    this.#fact(texts.text('cover.period'), formats.days(manifest.range));
    if (manifest.compared) this.#fact(texts.text('cover.compared'), formats.days(manifest.compared));
    if (manifest.currency) this.#fact(texts.text('cover.currency'), manifest.currency);
    this.#fact(texts.text('cover.generated'), formats.instant(manifest.generatedAt, manifest.timeZone));
  }

  #words(): void {
    const { manifest, texts, looks } = this.#input;
    const { sentences, wordedBy, model } = manifest.summary;
    if (sentences.length === 0) return;
    this.#heading(texts.text('summary.title'));
    for (const sentence of sentences) this.#line(sentence);
    const by = wordedBy === 'MODEL' ? texts.text('summary.MODEL', { model: model ?? '' }) : texts.text('summary.RULES');
    this.#line(by, looks.muted);
  }

  #section(section: Section): void {
    const { texts, looks } = this.#input;
    this.#heading(texts.titleOf(section));
    if (section.text) this.#line(section.text);
    if (section.kind === 'TEXT') return;
    const { range, compared } = section;
    if (range) {
      const days = texts.formats.days(range);
      this.#line(
        compared ? `${days} – ${texts.text('note.compared', { days: { text: texts.formats.days(compared) } })}` : days,
        looks.muted,
      );
    }
    if (section.rowCount === 0) this.#line(texts.text('table.empty'), looks.muted);
    if (section.rowCount < section.totalCount) {
      const counts = { shown: section.rowCount, total: section.totalCount };
      this.#line(texts.text('table.limited', counts), looks.muted);
    }
    if (section.show.tiles) this.#tiles(section);
    this.#charts(section);
  }

  #figure(cell: Cell, column: Column, currency: Cell, format: string): SheetCell {
    const { texts, styles } = this.#input;
    if (cell === null)
      return {
        text: texts.text('value.none'),
        style: styles.indexOf({ format: TEXT_FORMAT, horizontal: 'right', isShrunk: true }),
      };
    if (isExact(cell)) return { number: cell, style: styles.indexOf({ format }) };
    const text = texts.formatCell(cell, column, currency);
    return { text, style: styles.indexOf({ format: TEXT_FORMAT, horizontal: 'right', isShrunk: true }) };
  }

  #tiles(section: Section): void {
    const { texts, looks, styles } = this.#input;
    const { columns, totals } = section;
    const indexOf = (key: string) => columns.findIndex((column) => column.key === key);
    const currencyAt = currencyIndex(columns);
    const figures = columns.filter(({ role, kind }) => role === 'CURRENT' && isNumber(kind));
    if (figures.length === 0 || totals.length === 0) return;
    const head = styles.indexOf(looks.head);
    const rightHead = styles.indexOf({ ...looks.head, horizontal: 'right' });
    const isCompared = figures.some(({ key }) => indexOf(`previous.${key}`) >= 0);
    for (const cells of totals) {
      const currency = cells[currencyAt] ?? null;
      const label = texts.text('sheet.figure');
      const heads = [
        texts.text('sheet.value'),
        ...(isCompared ? [texts.text('sheet.previous'), texts.text('sheet.change')] : []),
      ];
      this.#rows.add([
        { text: currency ? `${label} (${currency})` : label, style: head },
        ...heads.map((text) => ({ text, style: rightHead })),
      ]);
      for (const column of figures) {
        const at = [column.key, `previous.${column.key}`, `change.${column.key}`].map(indexOf);
        const format = formatOf(column, currency, texts.language);
        const written = at.slice(0, isCompared ? 3 : 1).map((index, position) => {
          const own = columns[index];
          return own && this.#figure(cells[index] ?? null, own, currency, position === 2 ? TREND_FORMAT : format);
        });
        this.#rows.add([
          {
            text: texts.heading(column),
            style: styles.indexOf({ ...looks.label, vertical: undefined, isWrapped: false }),
          },
          ...written,
        ]);
      }
    }
  }

  #charts(section: Section): void {
    const charts = this.#input.chartsOf(section);
    for (const { notes } of charts) for (const note of notes) this.#line(note, this.#input.looks.muted);
    const drawn = charts.filter(({ part }) => part !== null);
    drawn.forEach(({ title }, index) => {
      const isFirst = index % 2 === 0;
      if (isFirst) this.#rows.skip(index === 0 ? 1 : CHART.rows);
      this.placed.push({
        kind: 'chart',
        relationship: `rId${this.placed.length + 1}`,
        description: title,
        column: isFirst ? 0 : SECOND_COLUMN,
        row: this.#rows.last,
        width: CHART.width,
        height: CHART.height,
      });
    });
    if (drawn.length > 0) this.#rows.skip(Math.ceil(CHART.height / ROW_PIXELS));
  }

  #notes(): void {
    const { manifest, texts } = this.#input;
    const { formats } = texts;
    const sources = worstSources(manifest.sections.flatMap((section) => section.sources));
    this.#heading(texts.text('note.title'));
    this.#line(texts.text('note.timeZone', { timeZone: manifest.timeZone }));
    const { conversion } = manifest;
    if (conversion)
      this.#line(texts.text('note.converted', { currency: conversion.currency, source: conversion.source }));
    else this.#line(texts.text('note.currencies'));
    if (manifest.compared) this.#line(texts.text('note.compared', { days: { text: formats.days(manifest.compared) } }));
    this.#line(
      texts.text('note.asOf', { instant: { text: formats.instant(manifest.generatedAt, manifest.timeZone) } }),
    );
    this.#line(texts.text('note.rows'));

    this.#heading(texts.text('note.sources'));
    const incomplete = sources.filter(({ state }) => state !== 'COMPLETE');
    const lines = new Set(incomplete.map((source) => texts.describeSource(source, manifest.timeZone)));
    if (lines.size === 0) this.#line(texts.text('sources.all'));
    for (const line of lines) this.#line(line);

    const attributions = new Set(sources.flatMap(({ provider }) => (provider && texts.attributionOf(provider)) || []));
    if (attributions.size > 0) this.#heading(texts.text('note.attribution'));
    for (const line of attributions) this.#line(line);
    if (this.#input.branding.footer) {
      this.#rows.skip();
      this.#line(this.#input.branding.footer, this.#input.looks.muted);
    }
  }

  /** How many rows have a check, and how many columns are before it. */
  get size(): { rows: number; width: number } {
    return this.#rows.size;
  }

  /** Returns the sheet; it has a drawing when something is placed. */
  *content(): Generator<string> {
    const { texts, looks } = this.#input;
    yield sheetStart({
      direction: texts.direction,
      widths: [...WIDTHS, undefined],
      frozenRows: 0,
      hasGrid: false,
      isFirst: true,
      tabColor: looks.accentColor,
    });
    yield this.#rows.toString();
    yield sheetEnd({
      merged: this.#rows.merged,
      isLandscape: false,
      drawing: this.placed.length > 0 ? 'rId1' : undefined,
    });
  }
}
