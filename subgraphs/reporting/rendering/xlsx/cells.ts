import { currencyIndex, isText } from '#reporting/dataset/columns.js';
import type { Cell, Column, Language, Row } from '#reporting/dataset/dataset.js';
import { directionOf } from '#reporting/texts/isolate.js';
import { formatOf, TEXT_FORMAT } from './number-formats.js';
import type { Style, Styles } from './styles.js';
import { escapeXml } from './xml.js';

/** Decimal digits that a double gives back exactly (IEEE 754). */
const EXACT_DIGITS = 15;
/** UTF-16 units a cell can hold. */
export const MAX_CELL_LENGTH = 32_767;
const CONTINUED_LENGTH = 32_000;

const NUMBER = /^-?\d+(\.\d+)?$/;
const DAY_MS = 86_400_000;
/** Day 0 of spreadsheets; their 29 February 1900 did not exist, so days before March 1900 have no number that all agree on. */
const EPOCH = Date.UTC(1899, 11, 30);
const FIRST_DAY = 61;

/** Returns the name of a column by its index: A to XFD. */
export function columnName(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : columnName(Math.floor(index / 26) - 1) + last;
}

/** Whether a spreadsheet's number is exactly this decimal: it has at most 15 significant digits. */
export function isExact(decimal: string): boolean {
  if (!NUMBER.test(decimal)) return false;
  if (decimal.length <= EXACT_DIGITS) return true;
  const digits = decimal.replace(/[-.]/g, '').replace(/^0+/, '');
  return digits.length <= EXACT_DIGITS || digits.replace(/0+$/, '').length <= EXACT_DIGITS;
}

/** Returns the number of a calendar day; null for what is no day, and for days before March 1900. */
export function serialOf(day: string): number | null {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(day) : Number.NaN;
  const serial = (time - EPOCH) / DAY_MS;
  return serial >= FIRST_DAY ? serial : null;
}

// Spaces at either end and line ends are kept only where it is asked for.
const HAS_EDGES = /^\s|\s$|[\t\n]/;

/** Returns the calendar day of a number; null for what is not a whole day from March 1900. */
export function dayOf(serial: number): string | null {
  if (!Number.isInteger(serial) || serial < FIRST_DAY || serial > 2_958_465) return null;
  return new Date(EPOCH + serial * DAY_MS).toISOString().slice(0, 10);
}

/** Returns a cell of text: it is text by its type, and never evaluated. */
export function textCell(reference: string, style: number, text: string): string {
  const space = HAS_EDGES.test(text) ? ' xml:space="preserve"' : '';
  return `<c r="${reference}" s="${style}" t="inlineStr"><is><t${space}>${escapeXml(text)}</t></is></c>`;
}

/** Returns a cell of a number. */
export const numberCell = (reference: string, style: number, number: string | number): string =>
  `<c r="${reference}" s="${style}"><v>${number}</v></c>`;

/** How a cell that is not exactly what the report says is counted, so that the file can say so. */
export interface Departures {
  /** Numbers of more than 15 digits, written as text. */
  longNumbers: number;
  /** Texts that continue in further cells of their row. */
  longTexts: number;
}

/**
 * Splits a text that is longer than a cell can hold: its beginning, which says the column where it continues, and the pieces for that
 * column and those after it. No piece ends within a character.
 */
export function splitText(text: string, ownColumn: string, firstColumn: number): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + CONTINUED_LENGTH, text.length);
    const isWithinPair = end < text.length && text.charCodeAt(end) >= 0xdc00 && text.charCodeAt(end) <= 0xdfff;
    if (isWithinPair) end -= 1;
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces.map((piece, index) =>
    index === 0 ? `${piece} … →${columnName(firstColumn)}` : `${ownColumn}→ …${piece}`,
  );
}

const CONTINUES = / … →([A-Z]{1,3})$/;
const CONTINUED = /^[A-Z]{1,3}→ …/;

const columnIndex = (name: string) =>
  [...name].reduce((index, letter) => index * 26 + letter.charCodeAt(0) - 64, 0) - 1;

/** Returns the text that `splitText` was given, from its beginning and the cells behind it; other texts as they are. */
export function joinText(beginning: string, cellAt: (column: number) => Cell): string {
  const match = CONTINUES.exec(beginning);
  if (!match?.[1]) return beginning;
  let text = beginning.slice(0, match.index);
  const own = new Set<string>();
  for (let column = columnIndex(match[1]); ; column += 1) {
    const piece = cellAt(column);
    const mark = piece && CONTINUED.exec(piece)?.[0];
    if (!piece || !mark) return own.size > 0 ? text : beginning;
    // The pieces of another text of the row begin with another column.
    own.add(mark);
    if (own.size > 1) return text;
    text += piece.slice(mark.length);
  }
}

/** Writes the rows of a table as cells with the type and format of their columns. */
export class RowWriter {
  readonly departures: Departures = { longNumbers: 0, longTexts: 0 };
  readonly #columns: { column: Column; name: string; style: number; isText: boolean }[];
  readonly #currencyAt: number;
  readonly #language: Language;
  readonly #styles: Styles;
  readonly #looks: Style;
  readonly #money = new Map<string | null, number>();
  readonly #serials = new Map<string, number | null>();
  readonly #textStyle: number;
  readonly #rightTextStyle: number;

  constructor(
    columns: Column[],
    { styles, language, looks = {} }: { styles: Styles; language: Language; looks?: Style },
  ) {
    this.#styles = styles;
    this.#language = language;
    this.#looks = looks;
    // The first of several lines is shown.
    this.#textStyle = styles.indexOf({ ...looks, format: TEXT_FORMAT, vertical: 'top' });
    this.#rightTextStyle = styles.indexOf({ ...looks, format: TEXT_FORMAT, horizontal: 'right', isShrunk: true });
    this.#currencyAt = currencyIndex(columns);
    this.#columns = columns.map((column, index) => ({
      column,
      name: columnName(index),
      style: styles.indexOf({
        ...looks,
        format: formatOf(column, null, language),
        // Beside text, as what rows are grouped by.
        ...(column.kind === 'DATE' && { horizontal: directionOf(language) === 'rtl' ? 'right' : 'left' }),
      }),
      isText: isText(column.kind),
    }));
  }

  #moneyStyle(column: Column, currency: Cell): number {
    const known = this.#money.get(currency);
    if (known !== undefined) return known;
    const style = this.#styles.indexOf({ ...this.#looks, format: formatOf(column, currency, this.#language) });
    this.#money.set(currency, style);
    return style;
  }

  #serialOf(day: string): number | null {
    const known = this.#serials.get(day);
    if (known !== undefined) return known;
    if (this.#serials.size > 10_000) this.#serials.clear();
    const serial = serialOf(day);
    this.#serials.set(day, serial);
    return serial;
  }

  /** Returns the cells of a row; pieces of texts that do not fit are added to `further`, for the columns from `furtherFrom`. */
  cells(row: Row, number: number, further: string[], furtherFrom: number): string {
    let cells = '';
    for (let index = 0; index < this.#columns.length; index += 1)
      cells += this.cell(row, index, number, further, furtherFrom);
    return cells;
  }

  /** Returns one cell of a row; nothing where there is no value. */
  cell(row: Row, index: number, number: number, further: string[], furtherFrom: number): string {
    const cell = row[index];
    const known = this.#columns[index];
    if (cell === null || cell === undefined || !known) return '';
    const { column, name, style, isText } = known;
    const reference = name + number;
    if (isText) return textCell(reference, this.#textStyle, this.#fitted(cell, name, further, furtherFrom));
    if (column.kind === 'DATE') {
      const serial = this.#serialOf(cell);
      return serial === null ? textCell(reference, this.#textStyle, cell) : numberCell(reference, style, serial);
    }
    if (isExact(cell)) {
      const isAmount = column.kind === 'MONEY' && column.role !== 'CHANGE';
      const currency = isAmount ? (row[this.#currencyAt] ?? null) : null;
      return numberCell(reference, isAmount ? this.#moneyStyle(column, currency) : style, cell);
    }
    this.departures.longNumbers += 1;
    return textCell(reference, this.#rightTextStyle, this.#fitted(cell, name, further, furtherFrom));
  }

  #fitted(text: string, name: string, further: string[], furtherFrom: number): string {
    if (text.length <= MAX_CELL_LENGTH) return text;
    this.departures.longTexts += 1;
    const [first = '', ...rest] = splitText(text, name, furtherFrom + further.length);
    further.push(...rest);
    return first;
  }
}
