import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { changedCell } from '#reporting/dataset/checks.js';
import {
  type AttachedRow,
  CONTENTS_FILE,
  type Printing,
  readPrinting,
  readRowLine,
  rowsFileOf,
} from '#reporting/rendering/pdf/attachments.js';
import { type FileFacts, readFacts } from './file-facts.js';
import { PageReader, type PrintedCell } from './pdf/page-text.js';
import { PdfObjects } from './pdf/pdf-objects.js';
import { type CheckedRow, DamagedReportFile, NotAReportFile, type OpenReportFile } from './report-file.js';

/** Reads the cells of a file page after page, once, and notes the first page whose text was changed. */
class Pages {
  readonly #pages: ReturnType<PdfObjects['pages']>;
  readonly #reader: PageReader;
  readonly #checks: number[];
  #next = 0;
  #cells: PrintedCell[] = [];
  #position = 0;
  changedPage: number | null = null;

  constructor(objects: PdfObjects, checks: number[]) {
    this.#pages = objects.pages();
    this.#reader = new PageReader(objects);
    this.#checks = checks;
  }

  get count(): number {
    return this.#pages.length;
  }

  #peek(): PrintedCell | null {
    while (this.#position === this.#cells.length) {
      const page = this.#pages[this.#next++];
      if (!page) return null;
      const { text, cells } = this.#reader.read(page);
      if (crc32(text) !== this.#checks[this.#next - 1]) this.changedPage ??= this.#next;
      this.#cells = cells;
      this.#position = 0;
    }
    return this.#cells[this.#position] ?? null;
  }

  /** Goes on to the next head of a table and past it; to the end where there is none. */
  startTable(): void {
    for (const isHead of [false, true]) {
      for (let cell = this.#peek(); cell && cell.isHead === isHead; cell = this.#peek()) this.#position++;
    }
  }

  /** Returns the next cells of the table; null when it has no more. */
  nextRow(length: number): string[] | null {
    const cells: string[] = [];
    for (let cell = this.#peek(); cell && !cell.isHead && cells.length < length; cell = this.#peek()) {
      cells.push(cell.text);
      this.#position++;
    }
    return cells.length === length ? cells : null;
  }

  readRest(): void {
    while (this.#peek()) this.#position++;
  }
}

function readText(content: Buffer | null): string {
  return new TextDecoder('utf8', { fatal: true }).decode(content ?? new Uint8Array([0xff]));
}

function readRows(objects: PdfObjects, section: string): AttachedRow[] {
  try {
    return readText(objects.attachment(rowsFileOf(section)))
      .split('\n')
      .filter(Boolean)
      .map(readRowLine);
  } catch (cause) {
    throw new DamagedReportFile(`The rows of section ${section} that are attached to it cannot be read.`, { cause });
  }
}

/** Returns what the pages say of a row: null when a part of it is not there. */
function readPrinted(pages: Pages, row: AttachedRow): string[] | null {
  let printed: string[] | null = null;
  for (let page = 0; page < row.pages; page++) {
    const cells = pages.nextRow(row.cells.length);
    if (!cells) return null;
    printed = printed ? printed.map((text, column) => text + cells[column]) : cells;
  }
  return printed;
}

/** Returns a row of the attachment, and the column where the pages say something else. */
function compare(section: string, number: number, row: AttachedRow, pages: Pages, facts: FileFacts): CheckedRow {
  const { cells, check, printedCheck } = row;
  const same = { section, cells, check, number };
  if (printedCheck === null) return same;
  const printed = readPrinted(pages, row);
  const index = printed ? changedCell(printed, printedCheck) : 0;
  if (index === null) return same;
  const columns = facts.sections.find(({ id }) => id === section)?.columns ?? [];
  return { ...same, changedColumn: columns[Math.max(0, index)]?.key ?? '' };
}

async function* rowsOf(objects: PdfObjects, facts: FileFacts, printing: Printing): AsyncGenerator<CheckedRow> {
  const pages = new Pages(objects, printing.pages);
  for (const { id, rowCount, isTable } of printing.sections) {
    const rows = readRows(objects, id);
    if (isTable && rowCount > 0) pages.startTable();
    for (const [index, row] of rows.entries()) yield compare(id, index + 1, row, pages, facts);
  }
  pages.readRest();
  if (pages.count !== printing.pages.length) {
    throw new DamagedReportFile(`It has ${pages.count} pages and had ${printing.pages.length}.`);
  }
  if (pages.changedPage !== null) throw new DamagedReportFile(`The text of page ${pages.changedPage} was changed.`);
}

function parsed(content: Buffer): unknown {
  try {
    return JSON.parse(readText(content));
  } catch {
    return null;
  }
}

/**
 * Opens a PDF file of a report: its rows are those attached to it, compared with what its pages say glyph by glyph; other texts of the
 * pages are compared as a whole. Throws NotAReportFile and DamagedReportFile.
 */
export const openPdf: OpenReportFile = async (path) => {
  const objects = new PdfObjects(await readFile(path));
  if (objects.isEncrypted) throw new NotAReportFile('The PDF file is encrypted, which files of reports are not.');
  const content = objects.attachment(CONTENTS_FILE);
  if (!content) throw new NotAReportFile('The PDF file has no control figures of a report attached.');
  const value = parsed(content);
  const facts = readFacts(value);
  const printing = readPrinting(value);
  if (!facts || !printing) throw new DamagedReportFile('Its control figures were changed.');
  return {
    facts,
    shown: printing.sections.map(({ id, rowCount }) => ({ id, rowCount })),
    rows: () => rowsOf(objects, facts, printing),
  };
};
