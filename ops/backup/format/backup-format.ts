import { createHash } from 'node:crypto';

// A backup is JSON lines: arrays begin with their kind, objects are rows in PostgreSQL's own text. In this order:
//
//   ["backup", {…}]                      Header
//   ["queue", {…}]  {…}…  ["end", {…}]   the job queue in MongoDB, if any: a document per line, as EJSON
//   ["define", "CREATE …"]               schemas, types, sequences, functions, tables
//   ["table", {…}]  {…}…  ["end", {…}]   per table, a line per row; absent columns are NULL
//   ["define", "ALTER …"]                sequence values, keys, constraints, indexes, views, triggers
//   ["total", {…}]                       Total
//
// `zcat backup | grep '^{'` lists the rows and `zcat backup | grep '^\["define"'` the statements.

/** The written version; readers refuse higher ones. */
export const FORMAT = 1;

export interface Header {
  format: number;
  createdAt: string;
  version: string;
  database: string;
  schemas: string[];
  postgresql: string;
  queue: 'PostgreSQL' | 'MongoDB';
}

export interface Column {
  name: string;
  /** As declared in PostgreSQL, such as `numeric(12,2)`. */
  type: string;
}

export interface Table {
  schema: string;
  name: string;
  /** Without generated columns. */
  columns: Column[];
}

/** The end of a table or the queue. */
export interface SectionEnd {
  rows: number;
  /** Of its row lines with their line breaks. */
  sha256: string;
}

export interface Total {
  tables: number;
  rows: number;
  /** Of everything before this line. */
  sha256: string;
}

export interface Lines {
  backup: Header;
  queue: { collection: string };
  define: string;
  table: Table;
  end: SectionEnd;
  total: Total;
}

/** Returns a line that is not a row, with its line break. */
export function printLine<Kind extends keyof Lines>(kind: Kind, content: Lines[Kind]): string {
  return `${JSON.stringify([kind, content])}\n`;
}

export const tableName = ({ schema, name }: Pick<Table, 'schema' | 'name'>) => `${schema}.${name}`;

export class RowDigest {
  #hash = createHash('sha256');
  #rows = 0;

  add(text: string, rows: number): void {
    this.#hash.update(text);
    this.#rows += rows;
  }

  get rows(): number {
    return this.#rows;
  }

  end(): SectionEnd {
    return { rows: this.#rows, sha256: this.#hash.digest('hex') };
  }
}
