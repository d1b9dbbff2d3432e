import pg from 'pg';

/** Chunks read by one statement: half a megabyte or more. */
const CHUNKS_PER_READ = 4;

/** Where in a section reading goes on. */
export interface Place {
  reportId: string;
  attempt: number;
  section: number;
  firstRow: number;
}

/** Stored lines of a section. */
export interface Chunk {
  firstRow: number;
  rowCount: number;
  /** UTF-8, as it arrived: characters may be divided. */
  pieces: Buffer[];
}

/** COPY has no parameters. */
const statementOf = ({ reportId, attempt, section, firstRow }: Place) => `
  COPY (
    SELECT first_row, row_count, lines FROM reporting.report_chunk
    WHERE report_id = ${pg.escapeLiteral(reportId)} AND attempt = ${attempt} AND section = ${section} AND first_row >= ${firstRow}
    ORDER BY first_row LIMIT ${CHUNKS_PER_READ}
  ) TO STDOUT (FORMAT binary)`;

// The binary format of COPY: a head, then for each row the number of its fields, and for each field its length and its bytes.
const HEAD_BYTES = 19;
const FIELD_COUNT_BYTES = 2;
const LENGTH_BYTES = 4;
const END = -1;

/** Takes bytes of pieces in order, without copies of any length. */
class PieceReader {
  readonly #pieces: Buffer[];
  #index = 0;
  #at = 0;

  constructor(pieces: Buffer[]) {
    this.#pieces = pieces;
  }

  take(bytes: number): Buffer[] {
    const taken: Buffer[] = [];
    let missing = bytes;
    while (missing > 0) {
      const piece = this.#pieces[this.#index];
      if (!piece) throw new Error('PostgreSQL ended a copy within a row.');
      const part = piece.subarray(this.#at, this.#at + missing);
      if (part.length > 0) taken.push(part);
      missing -= part.length;
      this.#at += part.length;
      if (this.#at === piece.length) {
        this.#index += 1;
        this.#at = 0;
      }
    }
    return taken;
  }

  number(bytes: number): number {
    return Buffer.concat(this.take(bytes)).readIntBE(0, bytes);
  }

  field(): Buffer[] {
    return this.take(this.number(LENGTH_BYTES));
  }

  integer(): number {
    return this.number(this.number(LENGTH_BYTES));
  }
}

function* chunksIn(copied: Buffer[]): Generator<Chunk> {
  const reader = new PieceReader(copied);
  reader.take(HEAD_BYTES);
  while (reader.number(FIELD_COUNT_BYTES) !== END) {
    yield { firstRow: reader.integer(), rowCount: reader.integer(), pieces: reader.field() };
  }
}

/**
 * Returns the next chunks of a section, some hundred kilobytes, as bytes: as texts, each would be decoded and encoded again, which takes
 * longer than all the rest. None when there are no more. `copy` runs a `COPY … TO STDOUT`.
 */
export async function copyChunks(copy: (statement: string) => Promise<Buffer[]>, place: Place): Promise<Chunk[]> {
  return [...chunksIn(await copy(statementOf(place)))];
}
