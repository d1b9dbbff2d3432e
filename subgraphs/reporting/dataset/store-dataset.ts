import { type EntityManager, In } from 'typeorm';
import type { ServiceContext } from '#reporting/context.js';
import type { Report } from '#reporting/entities/report.js';
import { ReportChunkEntity, ReportDatasetEntity } from '#reporting/entities/report-dataset.js';
import { ClaimLost } from '#reporting/making/claim-report.js';
import { datasetHash, RowHash, rowCheck } from './checks.js';
import { isText } from './columns.js';
import { ControlTotals } from './control-totals.js';
import type { Cell, Manifest, Row, Section } from './dataset.js';
import { shortestNumber } from './shortest-number.js';
import { storableText, storableValue } from './storable.js';
import { type SectionOutline, TableLayout } from './table-layout.js';

/** A chunk is written with either. */
const MAX_CHUNK_ROWS = 1_000;
const MAX_CHUNK_CHARACTERS = 256 * 1024;

/** While the report has this attempt: another one writes chunks of its own. */
const INSERT_CHUNK = `
  INSERT INTO reporting.report_chunk (report_id, attempt, section, first_row, row_count, lines)
  SELECT id, attempts, $3, $4, $5, $6 FROM reporting.report WHERE id = $1 AND attempts = $2
  RETURNING section`;

/** What is known of a section once its rows are stored. */
export type StoredSection = Pick<Section, 'id' | 'rowCount' | 'controlTotals' | 'hash'>;

interface OpenSection {
  ordinal: number;
  outline: SectionOutline;
  rowCount: number;
  totals: ControlTotals;
  hash: RowHash;
  lines: string[];
  characters: number;
}

const openSection = (ordinal: number, outline: SectionOutline): OpenSection => ({
  ordinal,
  outline,
  rowCount: 0,
  totals: new ControlTotals(outline.columns),
  hash: new RowHash(),
  lines: [],
  characters: 0,
});

/** A report with the number of its attempt. */
export type AttemptedReport = Pick<Report, 'id' | 'attempts'>;

/** Writes the rows of a report that is being made. They are invisible until `publishDataset`. */
export class DatasetWriter {
  readonly #database: ServiceContext['database'];
  readonly #report: AttemptedReport;
  readonly #layout: TableLayout;
  readonly #sections: Map<string, OpenSection>;

  constructor({ database }: ServiceContext, report: AttemptedReport, outlines: readonly SectionOutline[]) {
    this.#database = database;
    this.#report = report;
    this.#layout = new TableLayout(report.id, outlines);
    this.#sections = new Map(
      outlines.map((outline, ordinal) => {
        return [outline.id, openSection(ordinal, outline)];
      }),
    );
  }

  /** Discards the rows of a section, which is added anew. */
  async restart(sectionId: string): Promise<void> {
    const section = this.#sections.get(sectionId);
    if (!section) throw new Error(`The report has no section ${sectionId}.`);
    const { ordinal, outline } = section;
    const { id, attempts } = this.#report;
    await this.#database.query(
      'DELETE FROM reporting.report_chunk WHERE report_id = $1 AND attempt = $2 AND section = $3',
      [id, attempts, ordinal],
    );
    this.#sections.set(sectionId, openSection(ordinal, outline));
  }

  /**
   * Adds rows to a section, in order. An empty cell becomes null, a number its shortest form, and what PostgreSQL cannot store U+FFFD.
   * Throws ClaimLost, and an Error for rows that do not fit the columns.
   */
  async add(sectionId: string, rows: Iterable<Row>): Promise<void> {
    const section = this.#sections.get(sectionId);
    if (!section) throw new Error(`The report has no section ${sectionId}.`);
    for (const given of rows) {
      const row = given.map((cell, index): Cell => {
        if (!cell) return null;
        const column = section.outline.columns[index];
        return column && !isText(column.kind) ? shortestNumber(cell) : storableText(cell);
      });
      this.#layout.checkRow(sectionId, row);
      const line = this.#layout.lineOf(sectionId, section.rowCount, row, rowCheck(row));
      section.hash.add(row);
      section.totals.add(row);
      section.rowCount += 1;
      section.lines.push(line);
      section.characters += line.length;
      const isFull = section.lines.length >= MAX_CHUNK_ROWS || section.characters >= MAX_CHUNK_CHARACTERS;
      if (isFull) await this.#write(section);
    }
  }

  async #write(section: OpenSection): Promise<void> {
    const { id, attempts } = this.#report;
    const { ordinal, rowCount, lines } = section;
    if (lines.length === 0) return;
    const parameters = [id, attempts, ordinal, rowCount - lines.length, lines.length, lines.join('')];
    section.lines = [];
    section.characters = 0;
    const inserted: unknown[] = await this.#database.query(INSERT_CHUNK, parameters);
    if (inserted.length === 0) throw new ClaimLost(`Report ${id} has been taken over by another worker.`);
  }

  /** Stores the rows that are left. Returns the counts, control totals and hash of each section. Throws ClaimLost. */
  async finish(): Promise<StoredSection[]> {
    const sections = [...this.#sections.values()];
    for (const section of sections) await this.#write(section);
    return sections.map(({ outline: { id }, rowCount, totals, hash }) => ({
      id,
      rowCount,
      controlTotals: totals.result(),
      hash: hash.digest(),
    }));
  }
}

/**
 * Returns a writer of the rows of a claimed report, section by section; the outlines have the order of the manifest. Whatever earlier
 * attempts wrote is deleted.
 */
export async function openDatasetWriter(
  context: ServiceContext,
  { report, sections }: { report: AttemptedReport; sections: readonly SectionOutline[] },
): Promise<DatasetWriter> {
  const { id, attempts } = report;
  const writer = new DatasetWriter(context, { id, attempts }, sections);
  await context.database.query('DELETE FROM reporting.report_chunk WHERE report_id = $1 AND attempt <= $2', [
    id,
    attempts,
  ]);
  return writer;
}

/**
 * Publishes what the writer of this attempt stored, with its manifest, in the transaction that makes the report READY. Returns the
 * manifest as it is stored, with its hash.
 */
export async function publishDataset(
  manager: EntityManager,
  { report: { id, attempts }, manifest }: { report: AttemptedReport; manifest: Omit<Manifest, 'hash'> },
): Promise<Manifest> {
  const complete: Manifest = storableValue({ ...manifest, hash: datasetHash(manifest.sections) });
  await manager.query('DELETE FROM reporting.report_chunk WHERE report_id = $1 AND attempt <> $2', [id, attempts]);
  await manager.delete(ReportDatasetEntity, { reportId: id });
  await manager.insert(ReportDatasetEntity, {
    reportId: id,
    attempt: attempts,
    hash: complete.hash,
    rowCount: complete.sections.reduce((sum, { rowCount }) => sum + rowCount, 0),
    manifest: complete,
  });
  return complete;
}

/** Deletes the rows of a report that is not going to be READY: it failed or was cancelled. */
export async function discardDataset(manager: EntityManager, { reportId }: { reportId: string }): Promise<void> {
  await manager.delete(ReportChunkEntity, { reportId });
}

/** Deletes all that READY reports have stored, with their manifests. */
export async function deleteDataset(manager: EntityManager, { reportIds }: { reportIds: string[] }): Promise<void> {
  await manager.delete(ReportChunkEntity, { reportId: In(reportIds) });
  await manager.delete(ReportDatasetEntity, { reportId: In(reportIds) });
}
