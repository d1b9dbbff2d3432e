import { rowCheck } from '#reporting/dataset/checks.js';
import { currencyIndex, isNumber, isText } from '#reporting/dataset/columns.js';
import type { Cell, Column, Dataset, Row, Section } from '#reporting/dataset/dataset.js';
import { shortestNumber } from '#reporting/dataset/shortest-number.js';
import { ChartSums } from '#reporting/rendering/charts/chart-data.js';
import type { Texts } from '#reporting/texts/texts.js';
import { columnName, type Departures, RowWriter, textCell } from './cells.js';
import { CHECK_LOOKS, type Looks } from './looks.js';
import { TEXT_FORMAT } from './number-formats.js';
import type { Styles } from './styles.js';
import { namesOf, sheetEnd, sheetStart } from './worksheet.js';

/** Rows of a sheet below its heads. */
export const MAX_ROWS = 1_048_575;
/** Characters that are handed on at a time. */
const PIECE = 32 * 1024;
const SAMPLE = 200;
const MIN_WIDTH = 9;
const MAX_WIDTH = 60;

/** Before the check of a row of totals, as its rows are not those of the section. */
export const TOTALS_CHECK = 'total:';

/** What the sheets of all sections share. */
export interface SectionContext {
  dataset: Dataset;
  texts: Texts;
  looks: Looks;
  styles: Styles;
}

/** A sheet with rows of a section. */
export interface SectionSheet {
  name: string;
  /** Rows of the section in it. */
  rows: number;
  /** The definitions of names that belong to it, as the sheet of this index. */
  names(index: number): string;
  content(): AsyncGenerator<string>;
}

/** Reads rows one by one, and the first of them in advance. */
class RowSource {
  readonly #batches: AsyncIterator<Row[]>;
  #batch: Row[] = [];
  #position = 0;

  constructor(batches: AsyncIterable<Row[]>) {
    this.#batches = batches[Symbol.asyncIterator]();
  }

  async #fill(): Promise<boolean> {
    while (this.#position >= this.#batch.length) {
      const { done, value } = await this.#batches.next();
      if (done) return false;
      this.#batch = value;
      this.#position = 0;
    }
    return true;
  }

  /** Returns rows of the first batch without taking them. */
  async peek(): Promise<Row[]> {
    return (await this.#fill()) ? this.#batch.slice(this.#position, this.#position + SAMPLE) : [];
  }

  /** Returns the rows that are left of a batch, at most `count`; none at the end. */
  async take(count: number): Promise<Row[]> {
    if (count <= 0 || !(await this.#fill())) return [];
    const rows = this.#batch.slice(this.#position, this.#position + count);
    this.#position += rows.length;
    return rows;
  }

  async close(): Promise<void> {
    await this.#batches.return?.();
  }
}

// East Asian characters and emoji are as wide as two.
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}]/gu;

/** Returns how many characters wide a text is, that of its first line. */
export function widthOf(text: string): number {
  const [line = ''] = text.slice(0, 200).split('\n', 1);
  return line.length + (line.match(WIDE)?.length ?? 0);
}

function columnWidths(columns: Column[], sample: Row[], texts: Texts): number[] {
  const currencyAt = currencyIndex(columns);
  return columns.map((column, index) => {
    const lengths = sample.map((row) => {
      const cell = row[index] ?? null;
      if (cell === null) return 0;
      if (isText(column.kind)) return widthOf(cell);
      return column.kind === 'DATE' ? 10 : texts.formatCell(cell, column, row[currencyAt] ?? null).length;
    });
    const longest = lengths.reduce((longest, length) => Math.max(longest, length), 0);
    // The button of the filter is beside the heading, which may take two lines.
    const heading = Math.max(
      ...texts.heading(column).split(' ').map(widthOf),
      Math.ceil(widthOf(texts.heading(column)) / 2),
    );
    return Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, longest + 2, heading + 4));
  });
}

/** The sheets of one section: its rows in order, as many sheets as they need, and below the last row the totals. */
export class SectionSheets {
  readonly section: Section;
  readonly sheets: SectionSheet[];
  readonly charts: ChartSums;
  readonly departures: Departures;
  readonly #context: SectionContext;
  readonly #rows: RowSource;
  readonly #writer: RowWriter;
  readonly #totalsWriter: RowWriter;

  /** `nameSheet` returns the name of a sheet with this title. */
  constructor(section: Section, context: SectionContext, nameSheet: (title: string) => string) {
    const { dataset, texts, styles, looks } = context;
    const { columns, totals, rowCount } = section;
    this.section = section;
    this.charts = new ChartSums(section);
    this.#context = context;
    this.#rows = new RowSource(dataset.rows(section.id));
    this.#writer = new RowWriter(columns, { styles, language: texts.language });
    this.#totalsWriter = new RowWriter(columns, { styles, language: texts.language, looks: looks.total });
    this.departures = this.#writer.departures;
    const count = Math.max(1, Math.ceil((rowCount + totals.length) / MAX_ROWS));
    this.sheets = Array.from({ length: count }, (_, index) => {
      const name = nameSheet(texts.titleOf(section));
      const first = index * MAX_ROWS;
      const rows = Math.max(0, Math.min(rowCount - first, MAX_ROWS));
      const filter = rows > 0 ? `A1:${columnName(columns.length)}${rows + 1}` : null;
      const isLast = index === count - 1;
      const lastRow = 1 + rows + (isLast ? totals.length : 0);
      const printed = `A1:${columnName(columns.length - 1)}${lastRow}`;
      return {
        name,
        rows,
        names: (index) => namesOf(index, { name, filter, printed }),
        content: () => this.#content(rows, filter, isLast),
      };
    });
  }

  async *#content(rowCount: number, filter: string | null, isLast: boolean): AsyncGenerator<string> {
    const { texts, looks, styles } = this.#context;
    const { columns } = this.section;
    const checkAt = columns.length;
    const checkColumn = columnName(checkAt);
    const checkStyle = styles.indexOf(CHECK_LOOKS);
    const headStyle = styles.indexOf(looks.head);
    const numberHeadStyle = styles.indexOf({ ...looks.head, horizontal: 'right' });
    try {
      const widths = columnWidths(columns, await this.#rows.peek(), texts);
      yield sheetStart({
        direction: texts.direction,
        widths: [...widths, undefined],
        frozenRows: 1,
        hasGrid: true,
        tabColor: looks.primaryColor,
      });
      const heads = columns.map((column, index) =>
        textCell(`${columnName(index)}1`, isNumber(column.kind) ? numberHeadStyle : headStyle, texts.heading(column)),
      );
      const checkHead = textCell(`${checkColumn}1`, checkStyle, texts.text('manifest.check'));
      yield `<row r="1" ht="32" customHeight="1">${heads.join('')}${checkHead}</row>`;

      let number = 1;
      let piece = '';
      for (let left = rowCount; left > 0; ) {
        const rows = await this.#rows.take(left);
        if (rows.length === 0) throw new Error(`Section ${this.section.id} has fewer rows than its manifest says.`);
        left -= rows.length;
        for (const row of rows) {
          number += 1;
          this.charts.add(row);
          const further: string[] = [];
          const cells = this.#writer.cells(row, number, further, checkAt + 1);
          const check = textCell(checkColumn + number, checkStyle, rowCheck(row));
          const pieces = further.map((text, index) =>
            textCell(columnName(checkAt + 1 + index) + number, checkStyle, text),
          );
          piece += `<row r="${number}">${cells}${check}${pieces.join('')}</row>`;
          if (piece.length < PIECE) continue;
          yield piece;
          piece = '';
        }
      }
      yield piece;
      if (isLast) yield this.#totals(number);
      const textRange = rowCount > 0 ? `A2:${columnName(Math.max(0, checkAt - 1))}${rowCount + 1}` : undefined;
      yield sheetEnd({ filter: filter ?? undefined, textRange, isLandscape: true });
    } finally {
      if (isLast) await this.#rows.close();
    }
  }

  #totals(lastRow: number): string {
    const { texts, looks, styles } = this.#context;
    const { columns, totals } = this.section;
    const currencyAt = currencyIndex(columns);
    const [first] = columns;
    const hasLabel = first?.role === 'DIMENSION' && first.key !== 'currency';
    const emptyStyle = styles.indexOf({ ...looks.total, format: TEXT_FORMAT });
    const checkStyle = styles.indexOf(CHECK_LOOKS);
    return totals
      .map((cells, index) => {
        const number = lastRow + 1 + index;
        const row = totalsRow(columns, cells);
        const currency = row[currencyAt] ?? null;
        const label = currency ? texts.text('table.totalIn', { currency }) : texts.text('table.total');
        const written = columns.map((_, at) => {
          const reference = columnName(at) + number;
          if (at === 0 && hasLabel) return textCell(reference, emptyStyle, label);
          return this.#totalsWriter.cell(row, at, number, [], 0) || `<c r="${reference}" s="${emptyStyle}"/>`;
        });
        const check = textCell(columnName(columns.length) + number, checkStyle, TOTALS_CHECK + rowCheck(row));
        return `<row r="${number}">${written.join('')}${check}</row>`;
      })
      .join('');
  }
}

/** Returns the cells of a row of totals as they are checked: figures in their shortest form, dimensions but the currency empty. */
export function totalsRow(columns: Column[], cells: readonly Cell[]): Cell[] {
  return columns.map(({ key, role, kind }, index) => {
    const cell = cells[index] ?? null;
    if (role === 'DIMENSION') return key === 'currency' ? cell : null;
    return cell !== null && !isText(kind) ? shortestNumber(cell) : cell;
  });
}
