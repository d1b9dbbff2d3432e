import { isText } from './columns.js';
import { CsvParser, csvField, neutralizeText, restoreText } from './csv-text.js';
import type { Cell, Column, ColumnKind, Row, Section } from './dataset.js';

/** What is known of a section before its rows. */
export type SectionOutline = Pick<Section, 'id' | 'columns' | 'range'>;

/** Stand before the columns of the sections, in each row. */
export const LEADING_COLUMNS = ['report_id', 'section', 'period_start', 'period_end', 'row'] as const;
/** Stands behind them: the check of the row. */
export const CHECK_COLUMN = 'check';
/** What the column `section` says in the rows that describe the file. */
export const MANIFEST_SECTION = 'manifest';

const RESERVED = new Set<string>([...LEADING_COLUMNS, CHECK_COLUMN]);
const LINE_END = '\r\n';
const IS_SHAPED: Partial<Record<ColumnKind, RegExp>> = {
  DATE: /^\d{4}-\d{2}-\d{2}$/,
  INTEGER: /^-?\d+$/,
  DECIMAL: /^-?\d+(\.\d+)?$/,
  MONEY: /^-?\d+(\.\d+)?$/,
  PERCENT: /^-?\d+(\.\d+)?$/,
};

interface Place {
  column: Column;
  isText: boolean;
  shape: RegExp | undefined;
  /** In the columns of the table. */
  index: number;
}

interface PlacedSection {
  places: Place[];
  leading: string[];
}

/**
 * The one table in which a report is stored and downloaded: the leading columns, the columns of all sections by key, and the check of
 * the row. Its lines are CSV (RFC 4180) with text that is neutralized for spreadsheets; no value is an empty field.
 */
export class TableLayout {
  readonly columns: string[];
  readonly #sections: Map<string, PlacedSection>;

  /** Throws an Error for sections that cannot be told apart, and for columns that have the name of a leading one. */
  constructor(reportId: string, outlines: readonly SectionOutline[]) {
    this.columns = [...new Set(outlines.flatMap(({ columns }) => columns.map(({ key }) => key)))];
    const reserved = this.columns.find((key) => RESERVED.has(key));
    if (reserved) throw new Error(`No column of a section may be named ${reserved}.`);
    const indexes = new Map(this.columns.map((key, index) => [key, index]));
    this.#sections = new Map(
      outlines.map((outline) => {
        const places = outline.columns.map((column) => ({
          column,
          isText: isText(column.kind),
          shape: IS_SHAPED[column.kind],
          index: indexes.get(column.key) ?? -1,
        }));
        const leading = [reportId, outline.id, outline.range?.start ?? '', outline.range?.end ?? ''];
        return [outline.id, { places, leading }];
      }),
    );
    if (this.#sections.size < outlines.length) throw new Error('Two sections of a report have the same id.');
    if (this.#sections.has(MANIFEST_SECTION)) throw new Error(`No section may be named ${MANIFEST_SECTION}.`);
  }

  /** The names of all columns of the table. */
  get header(): string[] {
    return [...LEADING_COLUMNS, ...this.columns, CHECK_COLUMN];
  }

  #section(id: string): PlacedSection {
    const section = this.#sections.get(id);
    if (!section) throw new Error(`The report has no section ${id}.`);
    return section;
  }

  /** Throws an Error for a row that does not fit the columns of its section. */
  checkRow(sectionId: string, row: Row): void {
    const { places } = this.#section(sectionId);
    if (row.length !== places.length) {
      throw new Error(`A row of ${sectionId} has ${row.length} cells for ${places.length} columns.`);
    }
    places.forEach(({ column, shape }, index) => {
      const cell = row[index];
      if (cell === null || cell === undefined || !shape || shape.test(cell)) return;
      throw new Error(`A cell of ${sectionId}.${column.key} is no ${column.kind}: ${cell.slice(0, 50)}`);
    });
  }

  /** Returns the fields of a row of the table. `position` counts from 0. */
  fieldsOf(sectionId: string, position: number, row: Row, check: string): string[] {
    const { places, leading } = this.#section(sectionId);
    const fields: string[] = [...leading, String(position + 1), ...Array(this.columns.length).fill(''), check];
    places.forEach(({ index, isText }, at) => {
      const cell = row[at] ?? '';
      fields[LEADING_COLUMNS.length + index] = isText ? neutralizeText(cell) : cell;
    });
    return fields;
  }

  /** Returns a row as a line of the table, with its line end. `position` counts from 0. */
  lineOf(sectionId: string, position: number, row: Row, check: string): string {
    return `${this.fieldsOf(sectionId, position, row, check)
      .map((field) => csvField(field))
      .join(',')}${LINE_END}`;
  }

  /** Returns the cells of a record of the table. */
  rowOf(sectionId: string, fields: readonly string[]): Cell[] {
    return this.#section(sectionId).places.map(({ index, isText }) => {
      const field = fields[LEADING_COLUMNS.length + index] ?? '';
      if (field === '') return null;
      return isText ? restoreText(field) : field;
    });
  }

  /** Returns the rows of lines that `lineOf` wrote. */
  rowsOf(sectionId: string, lines: string): Cell[][] {
    const records = lines.includes('"')
      ? new CsvParser().push(lines)
      : lines.split(LINE_END).map((line) => line.split(','));
    // The split leaves an empty text behind the last line end.
    if (records.at(-1)?.length === 1) records.pop();
    return records.map((fields) => this.rowOf(sectionId, fields));
  }
}
