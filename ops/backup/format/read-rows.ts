import type pg from 'pg';
import type { SourceTable } from '#ops/backup/definitions/list-tables.js';
import { rowText } from './row-text.js';

// Enough that the way to the server and back does not count, and little enough that memory does not grow with a table.
const BATCH_BYTES = 1024 * 1024;
const FIRST_BATCH_ROWS = 20;
const LARGEST_BATCH_ROWS = 5_000;

/** Rows of a table that were read together: as lines, each with its line break. */
export interface RowBatch {
  text: string;
  rows: number;
}

/**
 * Yields the rows of a table in the order of its key (of their text where there is none), on a connection that is in a
 * transaction. Holds about a megabyte of them at a time.
 */
export async function* readRows(client: pg.ClientBase, table: SourceTable): AsyncGenerator<RowBatch> {
  const text = rowText(table.columns);
  const order = table.key.length > 0 ? table.key.map((column) => `t.${column}`).join(', ') : `(${text}) COLLATE "C"`;
  await client.query(
    `DECLARE backup_rows NO SCROLL CURSOR FOR SELECT ${text} FROM ONLY ${table.quoted} AS t ORDER BY ${order}`,
  );
  let size = FIRST_BATCH_ROWS;
  for (;;) {
    const { rows } = await client.query<[string]>({ text: `FETCH ${size} FROM backup_rows`, rowMode: 'array' });
    if (rows.length === 0) break;
    const batch = `${rows.join('\n')}\n`;
    yield { text: batch, rows: rows.length };
    size = Math.ceil(Math.min(LARGEST_BATCH_ROWS, size * 4, Math.max(1, (BATCH_BYTES / batch.length) * rows.length)));
  }
  await client.query('CLOSE backup_rows');
}
