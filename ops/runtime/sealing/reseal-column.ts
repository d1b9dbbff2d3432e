import { mapAsync } from 'es-toolkit/array';
import { keyIdIn, type Sealer } from './crypto.js';
import { type SealedColumn, type SealedRow, type SqlDatabase, sealedRows, tryOpen } from './sealed-column.js';

/** Values of other keys than the current one, by outcome. */
export interface Resealed {
  resealed: number;
  /** Replaced or removed concurrently. */
  overtaken: number;
  /** They do not open, and stay as they are. */
  skipped: number;
}

const ROWS_IN_PARALLEL = 4;
const MAX_ATTEMPTS = 10;

async function replace(
  database: SqlDatabase,
  { table, column }: SealedColumn,
  row: SealedRow,
  sealed: string,
): Promise<boolean> {
  // Waits for a lock on the row, as a renewal of tokens has, and then compares with the committed value.
  const [changed] = await database.query<[unknown[], number]>(
    `UPDATE ${table} SET ${column} = $1 WHERE id = $2 AND ${column} = $3 RETURNING id`,
    [sealed, row.id, row.sealed],
  );
  return changed.length > 0;
}

async function resealRow(
  database: SqlDatabase,
  sealer: Sealer,
  column: SealedColumn,
  first: SealedRow,
): Promise<keyof Resealed> {
  let row = first;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const plain = tryOpen(sealer, column, row);
    if (plain === undefined) return 'skipped';
    if (await replace(database, column, row, sealer.seal(plain, column.associatedDataOf(row)))) return 'resealed';
    const [now] = await database.query<{ sealed: string | null }[]>(
      `SELECT ${column.column} AS sealed FROM ${column.table} WHERE id = $1`,
      [row.id],
    );
    if (!now?.sealed || keyIdIn(now.sealed) === sealer.currentKeyId) return 'overtaken';
    row = { ...row, sealed: now.sealed };
  }
  // Another process keeps sealing it with an old key, as the final counts show.
  return 'overtaken';
}

/**
 * Seals every value with the current key, row by row and by compare-and-swap: it can run under load, be killed, repeated,
 * and run twice at once.
 */
export async function resealColumn(
  database: SqlDatabase,
  sealer: Sealer,
  column: SealedColumn,
  onProgress: (done: number) => void,
): Promise<Resealed> {
  const counts: Resealed = { resealed: 0, overtaken: 0, skipped: 0 };
  for await (const rows of sealedRows(database, column, sealer.currentKeyId)) {
    const reseal = (row: SealedRow) => resealRow(database, sealer, column, row);
    for (const outcome of await mapAsync(rows, reseal, { concurrency: ROWS_IN_PARALLEL })) counts[outcome] += 1;
    onProgress(counts.resealed + counts.overtaken + counts.skipped);
  }
  return counts;
}
