import { createReadStream } from 'node:fs';
import { hasDecimals } from '#reporting/dataset/columns.js';
import { CsvParser, MalformedCsv } from '#reporting/dataset/csv-text.js';
import type { Cell } from '#reporting/dataset/dataset.js';
import { CHECK_COLUMN, LEADING_COLUMNS, MANIFEST_SECTION, TableLayout } from '#reporting/dataset/table-layout.js';
import { type FileFacts, readFacts, type SectionFacts } from './file-facts.js';
import { type CheckedRow, DamagedReportFile, NotAReportFile, type OpenReportFile } from './report-file.js';

const CUT_OFF = 'The rows that describe the file are missing at its end, or were changed.';

interface Dialect {
  separator: string;
  decimalMark: string;
  section: string | null;
}

/** Returns the records of a file without its byte-order mark. Throws DamagedReportFile for what is no CSV. */
async function* recordsOf(path: string, separator: string): AsyncGenerator<string[]> {
  const parser = new CsvParser(separator);
  let isFirst = true;
  try {
    for await (const piece of createReadStream(path, { encoding: 'utf8', highWaterMark: 256 * 1024 })) {
      const text = isFirst ? (piece as string).replace(/^\ufeff/, '') : (piece as string);
      isFirst = false;
      yield* parser.push(text);
    }
    yield* parser.end();
  } catch (cause) {
    if (cause instanceof MalformedCsv) throw new DamagedReportFile(`It is no CSV: ${cause.message}`, { cause });
    throw cause;
  }
}

/** Returns the header and the separator of a file. Throws NotAReportFile. */
async function readHeader(path: string): Promise<{ header: string[]; separator: string }> {
  let start = '';
  for await (const piece of createReadStream(path, { encoding: 'utf8', end: 64 * 1024 })) start += piece;
  const separator = /^\ufeff?"?report_id"?([,;\t])/.exec(start)?.[1];
  if (!separator) throw new NotAReportFile('It does not begin with the columns of a report.');
  for await (const header of recordsOf(path, separator)) {
    const isReport = LEADING_COLUMNS.every((name, index) => header[index] === name) && header.at(-1) === CHECK_COLUMN;
    if (isReport) return { header, separator };
    break;
  }
  throw new NotAReportFile('It does not begin with the columns of a report.');
}

function parsed(text: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '');
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Reported below.
  }
  throw new DamagedReportFile(CUT_OFF);
}

interface Described {
  facts: FileFacts;
  dialect: Dialect;
  /** The days of each section, as its manifest row has them. */
  periods: Map<string, string[]>;
}

async function readDescription(path: string, separator: string): Promise<Described> {
  const sections: unknown[] = [];
  const periods = new Map<string, string[]>();
  let last: Record<string, unknown> | undefined;
  let isLast = false;
  for await (const fields of recordsOf(path, separator)) {
    isLast = fields[1] === MANIFEST_SECTION;
    if (!isLast) continue;
    const value = parsed(fields.at(-1));
    if ('format' in value) last = value;
    else {
      sections.push(value);
      periods.set(String(value.id), fields.slice(2, 4));
    }
  }
  const facts = readFacts({ ...last, sections });
  if (!facts || !last || !isLast) throw new DamagedReportFile(CUT_OFF);
  const { decimalMark = '.', section = null } = last as Partial<Dialect>;
  return { facts, periods, dialect: { separator, decimalMark, section } };
}

/** Opens a CSV file of a report, for whatever spreadsheet it was written. Throws NotAReportFile and DamagedReportFile. */
export const openCsv: OpenReportFile = async (path) => {
  const { header, separator } = await readHeader(path);
  const { facts, dialect, periods } = await readDescription(path, separator);
  const sections = facts.sections.filter(({ id }) => dialect.section === null || id === dialect.section);
  const outlines = sections.map(({ id, columns }) => ({
    id,
    range: null,
    columns: columns.map((column) => ({ ...column, role: 'DIMENSION' as const, metric: null })),
  }));
  const layout = new TableLayout(facts.reportId, outlines);
  if (layout.header.join() !== header.join()) throw new DamagedReportFile('The names of its columns were changed.');

  const known = new Map(sections.map((section) => [section.id, section]));
  const restored = ({ columns }: SectionFacts, cells: Cell[]) =>
    dialect.decimalMark === '.'
      ? cells
      : cells.map((cell, index) =>
          hasDecimals(columns[index]?.kind ?? 'TEXT') ? (cell?.replace(dialect.decimalMark, '.') ?? null) : cell,
        );

  async function* rows(): AsyncGenerator<CheckedRow> {
    let isHeader = true;
    let current = sections[0];
    for await (const fields of recordsOf(path, separator)) {
      const [reportId, id = '', start, end, number] = fields;
      const isRow = !isHeader && id !== MANIFEST_SECTION;
      isHeader = false;
      if (!isRow) continue;
      const section = known.get(id);
      current = section ?? current;
      if (!current) throw new DamagedReportFile('It has rows, but no section.');
      const [from, to] = periods.get(current.id) ?? [];
      const changed = [
        ['report_id', reportId === facts.reportId],
        ['section', section !== undefined],
        ['period_start', start === from],
        ['period_end', end === to],
        ['check', fields.length === header.length],
      ].find(([, isRight]) => !isRight);
      yield {
        section: current.id,
        cells: restored(current, layout.rowOf(current.id, fields)),
        check: fields.at(-1) ?? '',
        number: Number(number),
        ...(changed && { changedColumn: String(changed[0]) }),
      };
    }
  }
  return { facts, shown: sections.map(({ id, rowCount }) => ({ id, rowCount })), rows };
};
