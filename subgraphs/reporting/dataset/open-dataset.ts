import type { DataSource } from 'typeorm';
import { type ReportDataset, ReportDatasetEntity } from '#reporting/entities/report-dataset.js';
import { Conflict } from '#runtime/errors.js';
import type { Cell, Dataset, Manifest } from './dataset.js';
import { TableLayout } from './table-layout.js';

/** Chunks read by one query: about a megabyte. */
const CHUNKS_PER_QUERY = 4;

const CHUNKS = `
  SELECT section, first_row AS "firstRow", row_count AS "rowCount", lines FROM reporting.report_chunk
  WHERE report_id = $1 AND attempt = $2 AND section = $3 AND first_row >= $4 ORDER BY first_row LIMIT $5`;

const CHUNKS_OF_PAGE = `
  SELECT first_row AS "firstRow", lines FROM reporting.report_chunk
  WHERE report_id = $1 AND attempt = $2 AND section = $3 AND first_row + row_count > $4 AND first_row < $5 ORDER BY first_row`;

interface Chunk {
  section: number;
  firstRow: number;
  rowCount: number;
  lines: string;
}

/** The stored data of a report that is READY. */
export class StoredDataset implements Dataset {
  readonly manifest: Manifest;
  readonly layout: TableLayout;
  readonly #database: DataSource;
  readonly #attempt: number;

  constructor(database: DataSource, { manifest, attempt }: ReportDataset) {
    this.manifest = manifest;
    this.layout = new TableLayout(manifest.reportId, manifest.sections);
    this.#database = database;
    this.#attempt = attempt;
  }

  #readChunks(section: number, firstRow: number): Promise<Chunk[]> {
    return this.#database.query(CHUNKS, [this.manifest.reportId, this.#attempt, section, firstRow, CHUNKS_PER_QUERY]);
  }

  /**
   * Returns the lines of a section in the table of the report, in pieces of some hundred kilobytes; the next ones are read while these
   * are used. Throws Conflict when the report is deleted meanwhile.
   */
  async *lines(sectionId: string): AsyncGenerator<string> {
    const section = this.manifest.sections.findIndex(({ id }) => id === sectionId);
    const { rowCount = 0 } = this.manifest.sections[section] ?? {};
    let row = 0;
    let next = rowCount > 0 ? this.#readChunks(section, 0) : undefined;
    while (next) {
      const chunks = await next;
      for (const { firstRow, rowCount } of chunks) {
        if (firstRow !== row) break;
        row += rowCount;
      }
      next = row < rowCount && chunks.length === CHUNKS_PER_QUERY ? this.#readChunks(section, row) : undefined;
      // Awaited in the next round, unless the reader stops before.
      next?.catch(() => {});
      for (const { lines } of chunks) yield lines;
    }
    if (row !== rowCount) throw new Conflict('This report was deleted: order it again.');
  }

  async *rows(sectionId: string): AsyncGenerator<Cell[][]> {
    for await (const lines of this.lines(sectionId)) yield this.layout.rowsOf(sectionId, lines);
  }

  /** Returns up to `count` rows of a section from a position on, which counts from 0. */
  async page(sectionId: string, { start, count }: { start: number; count: number }): Promise<Cell[][]> {
    const section = this.manifest.sections.findIndex(({ id }) => id === sectionId);
    const place = [this.manifest.reportId, this.#attempt, section, start, start + count];
    const chunks: Pick<Chunk, 'firstRow' | 'lines'>[] = await this.#database.query(CHUNKS_OF_PAGE, place);
    return chunks.flatMap(({ firstRow, lines }) =>
      this.layout.rowsOf(sectionId, lines).slice(Math.max(0, start - firstRow), Math.max(0, start + count - firstRow)),
    );
  }
}

/** Returns the data of a report; null until it is READY. */
export async function openDataset(
  { database }: { database: DataSource },
  { reportId }: { reportId: string },
): Promise<StoredDataset | null> {
  const stored = await database.manager.findOneBy(ReportDatasetEntity, { reportId });
  return stored && new StoredDataset(database, stored);
}
