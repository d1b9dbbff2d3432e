import { Conflict } from '#runtime/errors.js';
import type { Chunk, Place } from './copy-chunks.js';
import type { Cell, Dataset, Manifest } from './dataset.js';
import { TableLayout } from './table-layout.js';

/** Reads the chunks that begin at a place; fewer than all, or none where there are no more. */
export type ReadChunks = (place: Place) => Promise<Chunk[]>;

/** A dataset whose rows are read as the chunks they are stored in. */
export class ChunkedDataset implements Dataset {
  readonly manifest: Manifest;
  readonly layout: TableLayout;
  /** Of the report, which wrote the chunks. */
  readonly attempt: number;
  readonly #read: ReadChunks;

  constructor({ manifest, attempt }: { manifest: Manifest; attempt: number }, read: ReadChunks) {
    this.manifest = manifest;
    this.attempt = attempt;
    this.layout = new TableLayout(manifest.reportId, manifest.sections);
    this.#read = read;
  }

  /** Yields the chunks of a section; the next ones are read while these are used. Throws Conflict when the report is deleted meanwhile. */
  async *#chunks(sectionId: string): AsyncGenerator<Chunk> {
    const { manifest, attempt } = this;
    const { reportId } = manifest;
    const section = manifest.sections.findIndex(({ id }) => id === sectionId);
    const { rowCount = 0 } = manifest.sections[section] ?? {};
    const read = (firstRow: number) => this.#read({ reportId, attempt, section, firstRow });
    let row = 0;
    let next = rowCount > 0 ? read(0) : undefined;
    while (next) {
      const chunks = await next;
      const start = row;
      for (const { firstRow, rowCount } of chunks) if (firstRow === row) row += rowCount;
      next = row > start && row < rowCount ? read(row) : undefined;
      // Awaited in the next round, unless the reader stops before.
      next?.catch(() => {});
      yield* chunks;
    }
    if (row !== rowCount) throw new Conflict('This report was deleted: order it again.');
  }

  /** Yields the lines of a section in the table of the report, in pieces that may divide characters. Throws as `rows` does. */
  async *lines(sectionId: string): AsyncGenerator<Buffer> {
    for await (const { pieces } of this.#chunks(sectionId)) yield* pieces;
  }

  /** Yields the rows of a section. Throws Conflict when the report is deleted meanwhile. */
  async *rows(sectionId: string): AsyncGenerator<Cell[][]> {
    for await (const { pieces } of this.#chunks(sectionId)) {
      yield this.layout.rowsOf(sectionId, Buffer.concat(pieces).toString());
    }
  }
}
