import { setTimeout as wait } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { DataSource } from 'typeorm';
import { type ReportDataset, ReportDatasetEntity } from '#reporting/entities/report-dataset.js';
import { copyOutOf } from '#runtime/database/copy-out.js';
import { ChunkedDataset } from './chunked-dataset.js';
import { copyChunks } from './copy-chunks.js';
import type { Cell } from './dataset.js';

/** Of one read, see `inTurn`. Longer rests make CSV files less than half as fast as COPY. */
const REST_SHARE = 0.5;
const MAX_REST_MS = 20;
const reads = new PQueue({ concurrency: 1 });
let rest: Promise<void> | undefined;

/**
 * Reads for one file of this process at a time, and rests after each half as long as it took: requests are answered meanwhile, which many
 * megabytes at once would delay.
 */
const inTurn = <T>(read: () => Promise<T>): Promise<T> =>
  reads.add(async () => {
    await rest;
    const startedAt = performance.now();
    try {
      return await read();
    } finally {
      rest = wait(Math.min((performance.now() - startedAt) * REST_SHARE, MAX_REST_MS));
    }
  });

const CHUNKS_OF_PAGE = `
  SELECT first_row AS "firstRow", lines FROM reporting.report_chunk
  WHERE report_id = $1 AND attempt = $2 AND section = $3 AND first_row + row_count > $4 AND first_row < $5 ORDER BY first_row`;

/** The stored data of a report that is READY. */
export class StoredDataset extends ChunkedDataset {
  readonly #database: DataSource;

  constructor(database: DataSource, stored: ReportDataset) {
    super(stored, (place) => inTurn(() => copyChunks((statement) => copyOutOf(database, statement), place)));
    this.#database = database;
  }

  /** Returns up to `count` rows of a section from a position on, which counts from 0. */
  async page(sectionId: string, { start, count }: { start: number; count: number }): Promise<Cell[][]> {
    const section = this.manifest.sections.findIndex(({ id }) => id === sectionId);
    const place = [this.manifest.reportId, this.attempt, section, start, start + count];
    const chunks: { firstRow: number; lines: string }[] = await this.#database.query(CHUNKS_OF_PAGE, place);
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
