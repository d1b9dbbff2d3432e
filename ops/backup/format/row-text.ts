import type pg from 'pg';
import type { SourceTable } from '#ops/backup/definitions/list-tables.js';
import type { Column, Table } from './backup-format.js';

// Rows as JSON text made by PostgreSQL, so that no value passes through a JavaScript number: NULL is an absent column
// (jsonb has its own null); numbers, booleans, text and jsonb are JSON; all else is text in a string.

const NATIVE =
  /^(?:boolean|smallint|integer|bigint|numeric(?:\(.*\))?|real|double precision|text|character(?: varying)?(?:\(\d+\))?|uuid)$/;

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

function valueText({ name, type }: Column): string {
  const column = `t.${quote(name)}`;
  if (type === 'jsonb') return `${column}::text`;
  if (NATIVE.test(type)) return `to_json(${column})::text`;
  const asText = `to_json(${column}::text)::text`;
  if (!type.endsWith('[]') || !NATIVE.test(type.slice(0, -2))) return asText;
  // JSON cannot express array bounds or empty multidimensional arrays.
  return `CASE WHEN array_ndims(${column}) IS NULL OR (array_ndims(${column}) = 1 AND array_lower(${column}, 1) = 1)
    THEN to_json(${column})::text ELSE ${asText} END`;
}

/** Returns the SQL expression for a row of `t` as one line of JSON. */
export function rowText(columns: Column[]): string {
  const parts = columns.map((column) => `${literal(`${JSON.stringify(column.name)}:`)} || ${valueText(column)}`);
  // NULL parts are left out. A function takes at most 100 arguments, hence the array.
  return `'{' || array_to_string(ARRAY[${parts.join(', ')}]::text[], ',') || '}'`;
}

const isJson = ({ type }: Column) => type === 'jsonb' || type === 'json';

/** Returns the statement that inserts a JSON array of rows into a table. */
export function insertStatement(quoted: string, columns: Column[]): string {
  const names = columns.map(({ name }) => quote(name)).join(', ');
  const plain = columns.filter((column) => !isJson(column));
  const declared = plain.map(({ name, type }) => `${quote(name)} ${type}`).join(', ');
  const record = plain.length > 0 ? `, LATERAL json_to_record(r.value) AS p(${declared})` : '';
  const values = columns.map((column) => {
    const { name, type } = column;
    if (!isJson(column)) return `p.${quote(name)}`;
    return type === 'jsonb' ? `(r.value -> ${literal(name)})::jsonb` : `(r.value ->> ${literal(name)})::json`;
  });
  const from = `json_array_elements($1::json) AS r(value)${record}`;
  return `INSERT INTO ${quoted} (${names}) OVERRIDING SYSTEM VALUE SELECT ${values.join(', ')} FROM ${from}`;
}

/** Returns a qualified and quoted table name. */
export const quotedName = ({ schema, name }: { schema: string; name: string }) => `${quote(schema)}.${quote(name)}`;

const BATCH_CHARACTERS = 1024 * 1024;

/** Inserts the rows of one table in batches. */
export class RowInserter {
  readonly #client: pg.ClientBase;
  readonly #statement: string;
  #waiting: string[] = [];
  #characters = 0;

  constructor(client: pg.ClientBase, table: Table) {
    this.#client = client;
    this.#statement = insertStatement(quotedName(table), table.columns);
  }

  async add(lines: string[]): Promise<void> {
    for (const line of lines) {
      this.#waiting.push(line);
      this.#characters += line.length;
      if (this.#characters >= BATCH_CHARACTERS) await this.finish();
    }
  }

  async finish(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const rows = `[${this.#waiting.join(',')}]`;
    this.#waiting = [];
    this.#characters = 0;
    await this.#client.query(this.#statement, [rows]);
  }
}

// Large enough to hide the round trip, small enough for constant memory.
const BATCH_BYTES = 1024 * 1024;
const FIRST_BATCH_ROWS = 20;
const LARGEST_BATCH_ROWS = 5_000;

export interface RowBatch {
  text: string;
  rows: number;
}

/** Yields a table's rows by key, or else by text, in the connection's transaction, about a megabyte at a time. */
export async function* readRows(client: pg.ClientBase, table: SourceTable): AsyncGenerator<RowBatch> {
  const text = rowText(table.columns);
  const order = table.key.length > 0 ? table.key.map((column) => `t.${column}`).join(', ') : `(${text}) COLLATE "C"`;
  await client.query(
    `DECLARE backup_rows NO SCROLL CURSOR FOR SELECT ${text} FROM ${table.quoted} AS t ORDER BY ${order}`,
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
