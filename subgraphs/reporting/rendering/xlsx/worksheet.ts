import { rowCheck } from '#reporting/dataset/checks.js';
import type { Cell } from '#reporting/dataset/dataset.js';
import { shortestNumber } from '#reporting/dataset/shortest-number.js';
import type { Direction } from '#reporting/texts/isolate.js';
import { columnName, numberCell, textCell } from './cells.js';
import { quoteSheetName } from './sheet-names.js';
import { escapeXml, xmlPart } from './xml.js';

const NAMESPACES =
  'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';

/** How a sheet begins. */
export interface SheetHead {
  direction: Direction;
  /** Of columns in order, in characters; undefined = hidden. */
  widths: (number | undefined)[];
  /** Rows that stay when the others are scrolled. */
  frozenRows: number;
  hasGrid: boolean;
  isFirst?: boolean;
  tabColor?: string;
}

/** Returns a sheet up to its rows. */
export function sheetStart({ direction, widths, frozenRows, hasGrid, isFirst, tabColor }: SheetHead): string {
  const pane = frozenRows
    ? `<pane ySplit="${frozenRows}" topLeftCell="A${frozenRows + 1}" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/>`
    : '';
  const view = [
    isFirst ? ' tabSelected="1"' : '',
    hasGrid ? '' : ' showGridLines="0"',
    direction === 'rtl' ? ' rightToLeft="1"' : '',
  ].join('');
  const columns = widths.map((width, index) => {
    const place = `min="${index + 1}" max="${index + 1}"`;
    return width === undefined
      ? `<col ${place} width="9" hidden="1" customWidth="1"/>`
      : `<col ${place} width="${width}" customWidth="1"/>`;
  });
  const color = tabColor ? `<tabColor rgb="FF${tabColor.slice(1).toUpperCase()}"/>` : '';
  return xmlPart(
    `<worksheet ${NAMESPACES}><sheetPr>${color}<pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView${view} workbookViewId="0">${pane}</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>${columns.join('')}</cols><sheetData>`,
  );
}

/** What follows the rows of a sheet. */
export interface SheetTail {
  /** The range of the filter. */
  filter?: string;
  merged?: string[];
  /** The range where numbers may be text: account numbers. */
  textRange?: string;
  isLandscape: boolean;
  /** The relationship of its drawing. */
  drawing?: string;
}

/** Returns a sheet from behind its rows. */
export function sheetEnd({ filter, merged = [], textRange, isLandscape, drawing }: SheetTail): string {
  return [
    '</sheetData>',
    filter ? `<autoFilter ref="${filter}"/>` : '',
    merged.length > 0
      ? `<mergeCells count="${merged.length}">${merged.map((range) => `<mergeCell ref="${range}"/>`).join('')}</mergeCells>`
      : '',
    '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>',
    `<pageSetup paperSize="9" orientation="${isLandscape ? 'landscape' : 'portrait'}" fitToWidth="1" fitToHeight="0"/>`,
    textRange ? `<ignoredErrors><ignoredError sqref="${textRange}" numberStoredAsText="1"/></ignoredErrors>` : '',
    drawing ? `<drawing r:id="${drawing}"/>` : '',
    '</worksheet>',
  ].join('');
}

/**
 * Returns the definitions of a sheet's names: the range of its filter, what is printed, and the first row, which is printed on each page.
 */
export function namesOf(
  index: number,
  { name, filter, printed }: { name: string; filter: string | null; printed: string },
): string {
  const sheet = escapeXml(quoteSheetName(name));
  const inSheet = (range: string) => range.replace(/[A-Z]+|\d+/g, (part) => `$${part}`);
  const absolute = filter && inSheet(filter);
  const filtered = absolute
    ? `<definedName name="_xlnm._FilterDatabase" localSheetId="${index}" hidden="1">${sheet}!${absolute}</definedName>`
    : '';
  const area = `<definedName name="_xlnm.Print_Area" localSheetId="${index}">${sheet}!${inSheet(printed)}</definedName>`;
  return `${filtered}${area}<definedName name="_xlnm.Print_Titles" localSheetId="${index}">${sheet}!$1:$1</definedName>`;
}

/** A cell of a small sheet: a text, or a number as exact text. */
export interface SheetCell {
  text?: string;
  number?: string;
  style: number;
}

/** The rows of a small sheet, with the check of each in a column of its own. */
export class SheetRows {
  readonly #rows: string[] = [];
  readonly merged: string[] = [];
  readonly #width: number;
  readonly #checkStyle: number;
  #number = 0;

  /** `width` is the number of columns before the one of checks. */
  constructor(width: number, checkStyle: number) {
    this.#width = width;
    this.#checkStyle = checkStyle;
  }

  /** The number of the last row, from 1. */
  get last(): number {
    return this.#number;
  }

  /** How many rows have a check, and how many columns are before it. */
  get size(): { rows: number; width: number } {
    return { rows: this.#rows.length, width: this.#width };
  }

  /** Adds empty rows. */
  skip(count = 1): void {
    this.#number += count;
  }

  /** Adds a row; undefined cells are empty. `height` is in points. */
  add(
    cells: readonly (SheetCell | undefined)[],
    { height, mergedFrom }: { height?: number; mergedFrom?: number } = {},
  ): void {
    this.#number += 1;
    const number = this.#number;
    const values: Cell[] = Array(this.#width).fill(null);
    const written = cells.map((cell, index) => {
      if (!cell) return '';
      const reference = columnName(index) + number;
      values[index] = cell.number === undefined ? cell.text || null : shortestNumber(cell.number);
      if (cell.number !== undefined) return numberCell(reference, cell.style, cell.number);
      return cell.text ? textCell(reference, cell.style, cell.text) : `<c r="${reference}" s="${cell.style}"/>`;
    });
    const check = textCell(columnName(this.#width) + number, this.#checkStyle, rowCheck(values));
    const size = height ? ` ht="${height}" customHeight="1"` : '';
    this.#rows.push(`<row r="${number}"${size}>${written.join('')}${check}</row>`);
    if (mergedFrom !== undefined)
      this.merged.push(`${columnName(mergedFrom)}${number}:${columnName(this.#width - 1)}${number}`);
  }

  toString(): string {
    return this.#rows.join('');
  }
}
