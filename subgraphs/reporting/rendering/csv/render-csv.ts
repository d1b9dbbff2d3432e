import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { rowCheck } from '#reporting/dataset/checks.js';
import { ChunkedDataset } from '#reporting/dataset/chunked-dataset.js';
import { hasDecimals } from '#reporting/dataset/columns.js';
import { csvField } from '#reporting/dataset/csv-text.js';
import type { Dataset, Manifest, Row, Section } from '#reporting/dataset/dataset.js';
import { MANIFEST_SECTION, TableLayout } from '#reporting/dataset/table-layout.js';
import type { Excel, Renderer } from '#reporting/rendering/renderer.js';
import { factsOf } from '#reporting/verification/file-facts.js';

const BYTE_ORDER_MARK = '\ufeff';
const LINE_END = '\r\n';
const STANDARD: Excel = { separator: ',', decimalMark: '.' };

/** How a file is written, as its last row says. */
export interface CsvDialect extends Excel {
  /** Of the section that is in it alone; null = all. */
  section: string | null;
}

/** The sections of a file: all of the report, or the one that was asked for. */
const sectionsOf = ({ sections }: Manifest, id: string | null): Section[] =>
  id === null ? sections : sections.filter((section) => section.id === id);

/**
 * Returns the rows that describe the file, one per section and a last one for the report: in the column of the checks, JSON as
 * `file-facts.ts` has it, with the dialect.
 */
function* manifestLines(manifest: Manifest, dialect: CsvDialect, layout: TableLayout): Generator<string> {
  const { sections, ...facts } = factsOf(manifest);
  const { separator } = dialect;
  const empty = separator.repeat(layout.columns.length);
  const lineOf = (section: Section | null, row: number, value: object) => {
    const { start, end } = section ? (section.range ?? { start: '', end: '' }) : manifest.range;
    const leading = [manifest.reportId, MANIFEST_SECTION, start, end, String(row)];
    return `${leading.join(separator)}${separator}${empty}${csvField(JSON.stringify(value), separator)}${LINE_END}`;
  };
  for (const [index, section] of sections.entries()) {
    yield lineOf(manifest.sections[index] ?? null, index + 1, section);
  }
  const neutralized = 'An apostrophe stands before text that a spreadsheet would evaluate as a formula.';
  yield lineOf(null, sections.length + 1, { ...facts, ...dialect, neutralized });
}

/** Returns a row of the table as it is stored in another dialect. */
function lineIn(dialect: CsvDialect, layout: TableLayout, { id, columns }: Section): (row: Row, at: number) => string {
  const { separator, decimalMark } = dialect;
  const isStandard = separator === STANDARD.separator && decimalMark === STANDARD.decimalMark;
  if (isStandard) return (row, at) => layout.lineOf(id, at, row, rowCheck(row));
  const isDecimal = columns.map(({ kind }) => hasDecimals(kind));
  return (row, at) => {
    const fields = layout.fieldsOf(
      id,
      at,
      row.map((cell, index) => (isDecimal[index] ? (cell?.replace('.', decimalMark) ?? null) : cell)),
      rowCheck(row),
    );
    return `${fields.map((field) => csvField(field, separator)).join(separator)}${LINE_END}`;
  };
}

async function* linesOf(dataset: Dataset, dialect: CsvDialect, isForExcel: boolean): AsyncGenerator<string | Buffer> {
  const { manifest } = dataset;
  const sections = sectionsOf(manifest, dialect.section);
  const layout = new TableLayout(manifest.reportId, sections);
  const { separator } = dialect;
  yield `${isForExcel ? BYTE_ORDER_MARK : ''}${layout.header.join(separator)}${LINE_END}`;
  const isAsStored = dataset instanceof ChunkedDataset && !isForExcel && dialect.section === null;
  for (const section of sections) {
    if (isAsStored) {
      yield* dataset.lines(section.id);
      continue;
    }
    const write = lineIn(dialect, layout, section);
    let at = 0;
    for await (const rows of dataset.rows(section.id)) {
      let text = '';
      for (const row of rows) {
        text += write(row, at);
        at += 1;
      }
      yield text;
    }
  }
  yield* manifestLines(manifest, dialect, layout);
}

/**
 * Writes a report as one table of CSV (RFC 4180, UTF-8): the sections in order, then the rows that describe the file. For a
 * spreadsheet, it begins with a byte-order mark and has the separator and decimal mark of its country.
 */
export const renderCsv: Renderer = async (dataset, { excel, section = null }, output: Writable) => {
  const dialect: CsvDialect = { ...(excel ?? STANDARD), section };
  await pipeline(Readable.from(linesOf(dataset, dialect, excel !== undefined)), output);
};
