import { createHash } from 'node:crypto';

// A backup is a text of JSON lines. Lines that tell how to build the database are arrays whose first element names them;
// rows are objects, exactly as many characters as PostgreSQL wrote. In this order:
//
//   ["backup", {…}]                 what this is: Header
//   ["queue", {…}]  {…}…  ["end", {…}]   the job queue, when it is in MongoDB: one document per line, as EJSON
//   ["define", "CREATE …"]          schemas, types, sequences, functions, tables
//   ["table", {…}]  {…}…  ["end", {…}]   for each table one line per row; a column that is absent is NULL
//   ["define", "ALTER …"]           sequences' values, keys, constraints, indexes, views, triggers
//   ["total", {…}]                  what all of it comes to: Total
//
// So `zcat backup | grep '^{'` lists the rows and `zcat backup | grep '^\["define"'` the statements.

/** What this version writes. A reader refuses a higher one. */
export const FORMAT = 1;

export interface Header {
  format: number;
  /** When the snapshot was taken. */
  createdAt: string;
  /** The WebMetrics that wrote it. */
  version: string;
  database: string;
  schemas: string[];
  postgresql: string;
  /** What kept the job queue. */
  queue: 'PostgreSQL' | 'MongoDB';
}

export interface Column {
  name: string;
  /** As PostgreSQL declares it, for example `numeric(12,2)`. */
  type: string;
}

export interface Table {
  schema: string;
  name: string;
  /** Those with a value of their own: a generated column is made anew. */
  columns: Column[];
}

/** What a table, or the queue, comes to. */
export interface SectionEnd {
  rows: number;
  /** Of its row lines, each with its line break. */
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

/** Returns one line that is not a row, with its line break. */
export function printLine<Kind extends keyof Lines>(kind: Kind, content: Lines[Kind]): string {
  return `${JSON.stringify([kind, content])}\n`;
}

/** What a table is called in messages and in PostgreSQL, as far as no quotes are needed. */
export const tableName = ({ schema, name }: Pick<Table, 'schema' | 'name'>) => `${schema}.${name}`;

/** Counts and hashes row lines. */
export class RowDigest {
  #hash = createHash('sha256');
  #rows = 0;

  /** Takes lines, each with its line break. */
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
