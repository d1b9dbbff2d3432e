import { currencyIndex, isNumber } from '#reporting/dataset/columns.js';
import type { Cell, Column, Row, Section } from '#reporting/dataset/dataset.js';
import type { PrintedRow } from '#reporting/rendering/pdf/attachments.js';
import { line, rectangle } from '#reporting/rendering/pdf/canvas.js';
import {
  A3_LANDSCAPE,
  A4,
  A4_LANDSCAPE,
  MARGIN,
  type PageSize,
  type ReportDocument,
} from '#reporting/rendering/pdf/document.js';
import type { Element } from '#reporting/rendering/pdf/tags.js';
import { type Align, LEADING, type Line, type Style, spelled } from '#reporting/rendering/pdf/text/text.js';
import type { Texts } from '#reporting/texts/texts.js';

const BODY: Style = { size: 7.5 };
const BOLD: Style = { size: 7.5, weight: 'bold' };
const HEAD: Style = { size: 7.5, weight: 'bold', color: '#ffffff' };
const PADDING = { x: 4, y: 2.2 };
const STRIPE = '#f3f5f8';
const RULE = '#c9d1da';

/** Texts wrap beyond this, and never within less. */
const TEXT_WIDTH = { most: 190, least: 116 };
const SAMPLED_ROWS = 300;

/** A table that is ready to be drawn: its texts, and the page it fits on. */
export interface Table {
  section: Section;
  headings: string[];
  rows: string[][];
  totals: string[][];
  widths: number[];
  size: PageSize;
}

function formatRow(texts: Texts, columns: Column[], currency: number, row: Row): string[] {
  const code = row[currency] ?? null;
  return columns.map((column, index) => texts.formatCell(row[index] ?? null, column, code));
}

/** The row of sums of one currency: without a dash where a sum says nothing. */
function formatTotal(texts: Texts, section: Section, currency: number, total: Cell[]): string[] {
  const code = total[currency] ?? null;
  const cells = section.columns.map((column, index) => {
    const cell = total[index] ?? null;
    return cell === null && column.role === 'DIMENSION' ? '' : texts.formatCell(cell, column, code);
  });
  const isAlone = section.totals.length === 1 || code === null;
  if (cells[0] === '') cells[0] = isAlone ? texts.text('table.total') : texts.text('table.totalIn', { currency: code });
  return cells;
}

/** Formats the rows of a section and measures its columns. Pages grow before anything would be cut off. */
export function prepareTable(document: ReportDocument, section: Section, rows: Row[]): Table {
  const { texts, text } = document;
  const { columns } = section;
  const currency = currencyIndex(columns);
  const formatted = rows.map((row) => formatRow(texts, columns, currency, row));
  const totals = section.totals.map((total) => formatTotal(texts, section, currency, total));
  const headings = columns.map((column) => texts.heading(column));
  const every = Math.max(1, Math.ceil(formatted.length / SAMPLED_ROWS));
  const least: number[] = [];
  const natural = columns.map((column, index) => {
    const words = (headings[index] ?? '').split(/\s+/).map((word) => text.measure(word, HEAD));
    const longestWord = Math.min(TEXT_WIDTH.least, Math.max(...words)) + 2 * PADDING.x;
    const sums = totals.map((total) => text.measure(total[index] ?? '', BOLD));
    if (isNumber(column.kind) || column.kind === 'DATE') {
      // Digits are equally wide: the longest text is the widest, within a point or two.
      const longest = formatted.reduce(
        (best, cells) => ((cells[index] ?? '').length > best.length ? (cells[index] ?? '') : best),
        '',
      );
      const width = Math.max(
        longestWord,
        ...[text.measure(longest, BODY) + 2, ...sums].map((wide) => wide + 2 * PADDING.x),
      );
      least.push(width);
      return width;
    }
    const sampled = formatted
      .filter((_, row) => row % every === 0)
      .map((cells) => text.measure((cells[index] ?? '').slice(0, 80), BODY));
    const head = text.measure(headings[index] ?? '', HEAD);
    const width = Math.min(TEXT_WIDTH.most, Math.max(longestWord, head, ...sampled, ...sums) + 2 * PADDING.x);
    least.push(Math.min(width, Math.max(longestWord, TEXT_WIDTH.least)));
    return width;
  });
  const needed = sum(least);
  const sizes = [A4, A4_LANDSCAPE, A3_LANDSCAPE];
  const size = sizes.find(({ width }) => width - 2 * MARGIN >= needed) ?? {
    width: Math.ceil(needed) + 2 * MARGIN,
    height: A3_LANDSCAPE.height,
  };
  return {
    section,
    headings,
    rows: formatted,
    totals,
    widths: distribute(natural, least, size.width - 2 * MARGIN),
    size,
  };
}

const sum = (numbers: number[]) => numbers.reduce((total, value) => total + value, 0);

/** Gives columns what they need first, then what they would like, then the rest of the page. */
function distribute(natural: number[], least: number[], available: number): number[] {
  const wished = sum(natural) - sum(least);
  const spare = available - sum(least);
  if (spare < wished) return least.map((width, index) => width + (spare * ((natural[index] ?? 0) - width)) / wished);
  const factor = Math.min(available / sum(natural), 1.6);
  return natural.map((width) => width * factor);
}

/** Draws one table over as many pages as it takes. */
class TableDrawing {
  readonly #document: ReportDocument;
  readonly #table: Table;
  readonly #element: Element;
  readonly #lefts: number[] = [];
  readonly #head: Line[][];
  readonly #width: number;
  #y: number;
  #isStriped = false;

  constructor(document: ReportDocument, table: Table, y: number, parent: Element) {
    this.#document = document;
    this.#table = table;
    this.#y = y;
    this.#element = document.tags.start('Table', parent);
    this.#width = sum(table.widths);
    let x = document.start;
    for (const width of table.widths) {
      this.#lefts.push(document.isRightToLeft ? x - width : x);
      x += document.isRightToLeft ? -width : width;
    }
    this.#head = this.#layout(table.headings, HEAD, document.texts.direction);
  }

  #layout(cells: string[], style: Style, base?: 'ltr' | 'rtl'): Line[][] {
    const { text, texts } = this.#document;
    return cells.map((cell, index) => {
      const column = this.#table.section.columns[index] as Column;
      const own = isNumber(column.kind) ? 'ltr' : column.kind === 'DATE' ? texts.direction : 'auto';
      return text.layout(cell, style, (this.#table.widths[index] ?? 0) - 2 * PADDING.x, base ?? own);
    });
  }

  get #left(): number {
    return Math.min(...this.#lefts);
  }

  #heightOf(lines: number): number {
    return lines * BODY.size * LEADING + 2 * PADDING.y;
  }

  #alignOf(index: number): Align {
    const isEnd = isNumber((this.#table.section.columns[index] as Column).kind);
    return isEnd === this.#document.isRightToLeft ? 'left' : 'right';
  }

  #drawCell(index: number, lines: Line[], style: Style): void {
    const align = this.#alignOf(index);
    const left = this.#lefts[index] ?? 0;
    const x = align === 'left' ? left + PADDING.x : left + (this.#table.widths[index] ?? 0) - PADDING.x;
    this.#document.text.drawLines(this.#document.page, lines, x, this.#y + PADDING.y, style, align);
  }

  /** Draws the head: the first is part of the structure, those of later pages are not. */
  drawHead(isFirst: boolean): void {
    const { page, tags, branding } = this.#document;
    const height = this.#heightOf(Math.max(...this.#head.map((lines) => lines.length)));
    tags.artifact(page, () => page.write(rectangle(this.#left, this.#y, this.#width, height, branding.primaryColor)));
    if (isFirst) {
      const row = tags.start('TR', this.#element);
      this.#head.forEach((lines, index) => {
        const cell = tags.start('TH', row, { scope: 'Column' });
        tags.mark(cell, page, () => this.#drawCell(index, lines, HEAD));
        tags.end(cell);
      });
      tags.end(row);
    } else {
      tags.artifact(
        page,
        () => this.#head.forEach((lines, index) => void this.#drawCell(index, lines, HEAD)),
        'Pagination',
      );
    }
    this.#y += height;
  }

  async #breakPage(): Promise<void> {
    await this.#document.addPage();
    this.#y = this.#document.top;
    this.drawHead(false);
  }

  /** Draws a row, on several pages if it is higher than one. */
  async drawRow(cells: string[], style: Style, isTotal: boolean): Promise<PrintedRow> {
    const { page, tags, bottom } = this.#document;
    const laidOut = this.#layout(cells, style);
    const longest = Math.max(...laidOut.map((lines) => lines.length));
    const fits = this.#y + this.#heightOf(longest) <= bottom;
    const isHigh = this.#heightOf(longest) > (bottom - this.#document.top) / 2;
    if (!fits && (!isHigh || this.#y + this.#heightOf(3) > bottom)) await this.#breakPage();

    const row = tags.start('TR', this.#element);
    const elements = laidOut.map(() => tags.start('TD', row));
    let pages = 0;
    for (let from = 0; from < longest; pages++) {
      const room = Math.floor((this.#document.bottom - this.#y - 2 * PADDING.y) / (BODY.size * LEADING));
      const count = Math.min(longest - from, Math.max(1, room));
      const height = this.#heightOf(count);
      tags.artifact(page, () => this.#drawBackground(height, isTotal));
      laidOut.forEach((lines, index) => {
        // A cell without a text on this page is marked, too: programs count cells to find their columns.
        const part = lines.slice(from, from + count);
        tags.mark(elements[index] as Element, page, () => this.#drawCell(index, part, style));
      });
      this.#y += height;
      from += count;
      if (from < longest) await this.#breakPage();
    }
    for (const element of elements) tags.end(element);
    tags.end(row);
    this.#isStriped = !this.#isStriped;
    return { cells: laidOut.map(spelled), pages };
  }

  #drawBackground(height: number, isTotal: boolean): void {
    const { page } = this.#document;
    const [left, right] = [this.#left, this.#left + this.#width];
    if (this.#isStriped && !isTotal) page.write(rectangle(left, this.#y, this.#width, height, STRIPE));
    const [at, color] = isTotal ? [this.#y, this.#document.branding.primaryColor] : [this.#y + height, RULE];
    page.write(line(left, at, right, at, color, isTotal ? 0.8 : 0.3));
  }

  end(): number {
    this.#document.tags.end(this.#element);
    return this.#y;
  }
}

/** Draws a table from `y`, calls back with how each row was printed, and returns where it ends. */
export async function drawTable(
  document: ReportDocument,
  table: Table,
  y: number,
  parent: Element,
  onRow: (printed: PrintedRow, index: number) => void,
): Promise<number> {
  const drawing = new TableDrawing(document, table, y, parent);
  drawing.drawHead(true);
  for (const [index, cells] of table.rows.entries()) onRow(await drawing.drawRow(cells, BODY, false), index);
  for (const total of table.totals) await drawing.drawRow(total, BOLD, true);
  return drawing.end();
}
