import Big from 'big.js';
import { changedCell } from '#reporting/dataset/checks.js';
import { isText } from '#reporting/dataset/columns.js';
import type { Cell, ColumnKind } from '#reporting/dataset/dataset.js';
import { shortestNumber } from '#reporting/dataset/shortest-number.js';
import { columnName, dayOf, isExact, joinText, MAX_CELL_LENGTH } from '#reporting/rendering/xlsx/cells.js';
import { MANIFEST_KEYS, MANIFEST_MARK, MANIFEST_WIDTH, SUMMED } from '#reporting/rendering/xlsx/manifest-sheet.js';
import { TOTALS_CHECK, totalsRow } from '#reporting/rendering/xlsx/section-sheets.js';
import { type FileFacts, readFacts, type SectionFacts } from '#reporting/verification/file-facts.js';
import {
  type CheckedRow,
  DamagedReportFile,
  NotAReportFile,
  type OpenReportFile,
} from '#reporting/verification/report-file.js';
import { type SheetRow, type SheetValue, WorkbookReader } from './workbook-reader.js';

const DIGITS = 15;

/**
 * Returns a number as the decimal it was written from: spreadsheets write doubles, `1.1000000000000001` or `1E-6`, of which 15 digits
 * are those of the decimal.
 */
function decimalOf(number: string): string {
  if (isExact(number)) return number;
  const value = Number(number);
  return Number.isFinite(value) && number.trim() !== '' ? new Big(value.toPrecision(DIGITS)).toFixed() : number;
}

const plainText = (value: SheetValue | undefined): Cell => {
  if (!value) return null;
  return 'text' in value ? value.text : shortestNumber(decimalOf(value.number));
};

/** What the manifest says of a sheet. */
interface SheetFacts {
  name: string;
  /** Null of sheets that are not of a section. */
  section: string | null;
  rows: number;
  /** Columns before the one of checks. */
  width: number;
}

interface Described {
  facts: FileFacts;
  sheets: SheetFacts[];
  /** Of the columns of sections, by section. */
  columns: Map<string, { heading: string; role: 'DIMENSION' | 'CURRENT' }[]>;
}

/** Returns the cell of a row that does not match its check, as people name it; null when it matches. */
function changeOf(sheet: string, row: SheetRow, cells: Cell[]): string | null {
  const check = plainText(row.cells.get(cells.length)) ?? '';
  const index = changedCell(cells, check);
  if (index === null) return null;
  return `The first changed cell is in sheet ${sheet}, cell ${columnName(index < 0 ? cells.length : index)}${row.number}.`;
}

const cellsOf = (row: SheetRow, width: number): Cell[] =>
  Array.from({ length: width }, (_, index) => plainText(row.cells.get(index)));

/** Returns the rows of the manifest by their keys; null when the sheet is none. Throws DamagedReportFile for a changed one. */
async function readManifestRows(workbook: WorkbookReader, sheet: string): Promise<Map<string, Cell[][]> | null> {
  const byKey = new Map<string, Cell[][]>();
  let isManifest = false;
  for await (const row of workbook.rows(sheet)) {
    const cells = cellsOf(row, MANIFEST_WIDTH);
    if (!isManifest && cells[0] !== MANIFEST_MARK) return null;
    isManifest = true;
    const change = changeOf(sheet, row, cells);
    if (change) throw new DamagedReportFile(change);
    const [key, ...values] = cells;
    if (key) byKey.set(key, [...(byKey.get(key) ?? []), values]);
  }
  return isManifest ? byKey : null;
}

function describe(rows: Map<string, Cell[][]>): Described {
  const listOf = (key: keyof typeof MANIFEST_KEYS) => rows.get(MANIFEST_KEYS[key]) ?? [];
  const factOf = (key: keyof typeof MANIFEST_KEYS) => listOf(key)[0]?.[1];
  const columns: Described['columns'] = new Map();
  const sections = listOf('section').map(([, id, rowCount, , , hash]) => {
    const own = listOf('column').filter(([, section]) => section === id);
    columns.set(
      id ?? '',
      own.map(([heading, , , , role]) => ({
        heading: heading ?? '',
        role: role === 'DIMENSION' ? 'DIMENSION' : 'CURRENT',
      })),
    );
    return {
      id,
      columns: own.map(([, , key, kind, , summed]) => ({ key, kind, isSummable: summed === SUMMED })),
      rowCount: Number(rowCount),
      controlTotals: listOf('total')
        .filter(([, section]) => section === id)
        .map(([, , column, currency = null, sum]) => ({ column, currency, sum })),
      hash,
    };
  });
  const facts = readFacts({
    format: MANIFEST_MARK,
    version: Number(rows.get(MANIFEST_MARK)?.[0]?.[1]),
    reportId: factOf('report'),
    generatedAt: factOf('generated'),
    hash: factOf('hash'),
    sections,
  });
  if (!facts) throw new DamagedReportFile('The sheet that describes the file lacks rows.');
  const sheets = listOf('sheet').map(([name, section = null, rows, width]) => ({
    name: name ?? '',
    section,
    rows: Number(rows),
    width: section === null ? Number(width) : (columns.get(section)?.length ?? 0),
  }));
  return { facts, sheets, columns };
}

async function readDescription(workbook: WorkbookReader): Promise<Described> {
  // It is the last sheet, unless they were moved.
  for (const sheet of workbook.sheetNames.reverse()) {
    const rows = await readManifestRows(workbook, sheet);
    if (rows) return describe(rows);
  }
  throw new NotAReportFile('It has no sheet that describes a report.');
}

/** Reads the sheets of a file, and notes the first change that is not of a row of a section. */
class XlsxFile {
  readonly facts: FileFacts;
  readonly shown: { id: string; rowCount: number }[];
  readonly #workbook: WorkbookReader;
  readonly #described: Described;
  #otherChange: string | null = null;

  constructor(workbook: WorkbookReader, described: Described) {
    this.#workbook = workbook;
    this.#described = described;
    this.facts = described.facts;
    this.shown = described.facts.sections.map(({ id, rowCount }) => ({ id, rowCount }));
  }

  #note(change: string | null): void {
    this.#otherChange ??= change;
  }

  async *rows(): AsyncGenerator<CheckedRow> {
    try {
      for (const section of this.facts.sections) {
        for (const sheet of this.#described.sheets) {
          if (sheet.section === section.id) yield* this.#rowsOf(section, sheet);
        }
      }
      for (const sheet of this.#described.sheets) if (sheet.section === null) await this.#checkSheet(sheet);
    } finally {
      this.#workbook.close();
    }
  }

  /** Says what was changed outside the rows of sections, once they are read. */
  otherChange(): string | null {
    return this.#otherChange;
  }

  async *#sheetRows({ name }: SheetFacts): AsyncGenerator<SheetRow> {
    if (!this.#workbook.sheetNames.includes(name)) throw new DamagedReportFile(`The sheet ${name} is missing.`);
    yield* this.#workbook.rows(name);
  }

  async *#rowsOf(section: SectionFacts, sheet: SheetFacts): AsyncGenerator<CheckedRow> {
    const columns = this.#described.columns.get(section.id) ?? [];
    for await (const row of this.#sheetRows(sheet)) {
      if (row.number === 1) {
        const index = columns.findIndex(({ heading }, at) => plainText(row.cells.get(at)) !== heading);
        if (index >= 0) this.#note(`The first changed cell is in sheet ${sheet.name}, cell ${columnName(index)}1.`);
        continue;
      }
      const check = plainText(row.cells.get(sheet.width)) ?? '';
      const cells = section.columns.map(({ kind }, index) => this.#cell(row, index, kind));
      if (check.startsWith(TOTALS_CHECK)) this.#checkTotals(section, sheet, row, check.slice(TOTALS_CHECK.length));
      else if (check || cells.some((cell) => cell !== null)) {
        yield { section: section.id, cells, check, number: null };
      }
    }
  }

  #checkTotals(section: SectionFacts, { name }: SheetFacts, row: SheetRow, check: string): void {
    const roles = this.#described.columns.get(section.id) ?? [];
    const columns = section.columns.map((column, index) => ({
      ...column,
      role: roles[index]?.role ?? 'CURRENT',
      metric: null,
    }));
    const cells = totalsRow(
      columns,
      columns.map(({ kind }, index) => this.#cell(row, index, kind)),
    );
    const index = changedCell(cells, check);
    if (index === null) return;
    this.#note(
      `The first changed cell is in sheet ${name}, cell ${columnName(index < 0 ? cells.length : index)}${row.number}.`,
    );
  }

  #cell(row: SheetRow, index: number, kind: ColumnKind): Cell {
    const value = row.cells.get(index);
    if (!value) return null;
    if ('number' in value) {
      if (kind === 'DATE') return dayOf(Number(value.number) + this.#workbook.epochShift) ?? value.number;
      return isText(kind) ? value.number : decimalOf(value.number);
    }
    if (value.text.length <= MAX_CELL_LENGTH - 1_000) return value.text;
    return joinText(value.text, (column) => plainText(row.cells.get(column)));
  }

  async #checkSheet(sheet: SheetFacts): Promise<void> {
    let count = 0;
    for await (const row of this.#sheetRows(sheet)) {
      const change = changeOf(sheet.name, row, cellsOf(row, sheet.width));
      if (change) {
        this.#note(change);
        return;
      }
      count += 1;
    }
    if (count !== sheet.rows) this.#note(`The sheet ${sheet.name} has ${count} rows and had ${sheet.rows}.`);
  }
}

/**
 * Opens a workbook of a report, as it was made or as a spreadsheet saved it again. Throws NotAReportFile, and DamagedReportFile for a
 * manifest that was changed.
 */
export const openXlsx: OpenReportFile = async (path) => {
  const workbook = await WorkbookReader.open(path).catch((cause: Error) => {
    throw new NotAReportFile(`It is no workbook: ${cause.message}`, { cause });
  });
  try {
    return new XlsxFile(workbook, await readDescription(workbook));
  } catch (error) {
    workbook.close();
    throw error;
  }
};
