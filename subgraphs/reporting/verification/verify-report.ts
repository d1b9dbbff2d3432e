import { changedCell, datasetHash, RowHash } from '#reporting/dataset/checks.js';
import { ControlTotals } from '#reporting/dataset/control-totals.js';
import type { Column, ControlTotal } from '#reporting/dataset/dataset.js';
import type { SectionFacts } from './file-facts.js';
import type { CheckedRow, ReportFile } from './report-file.js';

/** What a check of a file found. */
export interface Verdict {
  reportId: string;
  hash: string;
  /** Rows that were read, by section. */
  rowCounts: { section: string; rowCount: number }[];
  /** The first change, in a sentence; null = the file is as it was made. */
  change: string | null;
}

interface Reading {
  facts: SectionFacts;
  columns: Column[];
  /** Rows that the file has to have. */
  expected: number;
  rowCount: number;
  hash: RowHash;
  totals: ControlTotals;
}

const asColumns = ({ columns }: SectionFacts): Column[] =>
  columns.map((column) => ({ ...column, role: 'DIMENSION', metric: null }));

const described = (totals: ControlTotal[]) => totals.map(({ column, currency, sum }) => `${column} ${currency} ${sum}`);

/** Returns the change of one row; null when it is as it was made. */
function changeOfRow({ facts, rowCount }: Reading, row: CheckedRow): string | null {
  const { number, changedColumn, cells, check } = row;
  const place = `section ${facts.id}, row ${rowCount}`;
  if (changedColumn) return `The first changed cell is in ${place}, column ${changedColumn}.`;
  const index = changedCell(cells, check);
  if (index !== null) {
    const column = facts.columns[index]?.key;
    return column ? `The first changed cell is in ${place}, column ${column}.` : `The check of ${place} was changed.`;
  }
  if (number !== null && number !== rowCount)
    return `In ${place} there is row ${number}: rows were removed, added or moved.`;
  return null;
}

/** Returns what the rows of a section together say about a change. */
function changeOfSection({ facts, expected, rowCount, hash, totals }: Reading): string | null {
  const { id, controlTotals } = facts;
  if (rowCount !== expected) return `Section ${id} has ${rowCount} rows and had ${expected}.`;
  // A part of the rows has neither their hash nor their sums.
  if (expected < facts.rowCount) return null;
  if (hash.digest() !== facts.hash)
    return `A row of section ${id} was changed together with its check, or rows were exchanged.`;
  const found = new Set(described(totals.result()));
  const wrong = described(controlTotals).find((total) => !found.has(total));
  return wrong ? `The control total of section ${id} is another one: ${wrong}.` : null;
}

/** Checks each row of a file, then the counts, control totals and hashes, up to the first change. */
export async function verifyReport(file: ReportFile): Promise<Verdict> {
  const { facts, shown } = file;
  const readings = new Map<string, Reading>();
  for (const { id, rowCount: expected } of shown) {
    const section = facts.sections.find((candidate) => candidate.id === id);
    if (!section) continue;
    const columns = asColumns(section);
    const totals = new ControlTotals(columns);
    readings.set(id, { facts: section, columns, expected, rowCount: 0, hash: new RowHash(), totals });
  }
  const findChange = async (): Promise<string | null> => {
    for await (const row of file.rows()) {
      const reading = readings.get(row.section);
      if (!reading) return `There is no section ${row.section}.`;
      reading.rowCount += 1;
      const change = changeOfRow(reading, row);
      if (change) return change;
      reading.hash.add(row.cells);
      reading.totals.add(row.cells);
    }
    for (const reading of readings.values()) {
      const change = changeOfSection(reading);
      if (change) return change;
    }
    const otherChange = file.otherChange?.() ?? null;
    if (otherChange) return otherChange;
    const sections = facts.sections.map((section) => ({ ...section, columns: asColumns(section) }));
    return datasetHash(sections) === facts.hash
      ? null
      : 'The hash of the report is another one: its manifest was changed.';
  };
  const change = await findChange();
  const rowCounts = [...readings].map(([section, { rowCount }]) => ({ section, rowCount }));
  return { reportId: facts.reportId, hash: facts.hash, rowCounts, change };
}
