import { setTimeout as wait } from 'node:timers/promises';
import PQueue from 'p-queue';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { DataSource } from 'typeorm';
import { type ReportDataset, ReportDatasetEntity } from '#reporting/entities/report-dataset.js';
import { DatabaseSilent } from '#runtime/database/bounded-client.js';
import { isRowId } from '#runtime/database/database.js';
import { Conflict } from '#runtime/errors.js';
import type { Cell, Dataset, Manifest } from './dataset.js';
import { TableLayout } from './table-layout.js';

/** For a frozen server: a working one ends the statement itself. */
const SILENCE_MS = 35_000;
/** Chunks read by one statement: half a megabyte or more. */
const CHUNKS_PER_READ = 4;

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

interface Place {
  reportId: string;
  attempt: number;
  section: number;
  firstRow: number;
}

/** COPY has no parameters. */
const copyChunks = ({ reportId, attempt, section, firstRow }: Place) => `
  COPY (
    SELECT first_row, row_count, lines FROM reporting.report_chunk
    WHERE report_id = '${reportId}' AND attempt = ${attempt} AND section = ${section} AND first_row >= ${firstRow}
    ORDER BY first_row LIMIT ${CHUNKS_PER_READ}
  ) TO STDOUT (FORMAT binary)`;

// The binary format of COPY: a head, then for each row the number of its fields, and for each field its length and its bytes.
const HEAD_BYTES = 19;
const FIELD_COUNT_BYTES = 2;
const LENGTH_BYTES = 4;
const END = -1;

function* chunksIn(copied: Buffer): Generator<Chunk> {
  let at = HEAD_BYTES;
  const field = (): Buffer => {
    const start = at + LENGTH_BYTES;
    at = start + copied.readInt32BE(at);
    return copied.subarray(start, at);
  };
  while (copied.readInt16BE(at) !== END) {
    at += FIELD_COUNT_BYTES;
    yield { firstRow: field().readInt32BE(), rowCount: field().readInt32BE(), lines: field() };
  }
}

const CHUNKS_OF_PAGE = `
  SELECT first_row AS "firstRow", lines FROM reporting.report_chunk
  WHERE report_id = $1 AND attempt = $2 AND section = $3 AND first_row + row_count > $4 AND first_row < $5 ORDER BY first_row`;

interface Chunk {
  firstRow: number;
  rowCount: number;
  /** UTF-8. */
  lines: Buffer;
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

  /** Reads chunks as bytes: as texts, each would be decoded and encoded again, which takes longer than all the rest. */
  #readChunks(section: number, firstRow: number): Promise<Chunk[]> {
    return inTurn(() => this.#copyChunks(section, firstRow));
  }

  async #copyChunks(section: number, firstRow: number): Promise<Chunk[]> {
    const { reportId } = this.manifest;
    if (!isRowId(reportId)) throw new Error(`${reportId} is not the id of a report.`);
    const runner = this.#database.createQueryRunner();
    try {
      const client: pg.PoolClient & Pick<pg.Client, 'connection'> = await runner.connect();
      const copied = client.query(copyTo(copyChunks({ reportId, attempt: this.#attempt, section, firstRow })));
      // As for other statements: see `boundedClient`.
      const giveUp = () => client.connection.stream.destroy(new DatabaseSilent(SILENCE_MS));
      const timer = setTimeout(giveUp, SILENCE_MS);
      // Not `buffer()`, which copies everything twice more.
      const pieces: Buffer[] = await copied.toArray().finally(() => clearTimeout(timer));
      return [...chunksIn(Buffer.concat(pieces))];
    } finally {
      await runner.release();
    }
  }

  /**
   * Returns the lines of a section in the table of the report, in pieces of some hundred kilobytes; the next ones are read while these
   * are used. Throws Conflict when the report is deleted meanwhile.
   */
  async *lines(sectionId: string): AsyncGenerator<Buffer> {
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
      next = row < rowCount && chunks.length === CHUNKS_PER_READ ? this.#readChunks(section, row) : undefined;
      // Awaited in the next round, unless the reader stops before.
      next?.catch(() => {});
      for (const { lines } of chunks) yield lines;
    }
    if (row !== rowCount) throw new Conflict('This report was deleted: order it again.');
  }

  async *rows(sectionId: string): AsyncGenerator<Cell[][]> {
    for await (const lines of this.lines(sectionId)) yield this.layout.rowsOf(sectionId, lines.toString());
  }

  /** Returns up to `count` rows of a section from a position on, which counts from 0. */
  async page(sectionId: string, { start, count }: { start: number; count: number }): Promise<Cell[][]> {
    const section = this.manifest.sections.findIndex(({ id }) => id === sectionId);
    const place = [this.manifest.reportId, this.#attempt, section, start, start + count];
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
