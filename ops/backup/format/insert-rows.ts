import type pg from 'pg';
import type { Table } from './backup-format.js';
import { insertStatement, quotedName } from './row-text.js';

const BATCH_CHARACTERS = 1024 * 1024;

/** Puts the rows of one table into the database, about a megabyte at a time. */
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

  /** Inserts what still waits. */
  async finish(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const rows = `[${this.#waiting.join(',')}]`;
    this.#waiting = [];
    this.#characters = 0;
    await this.#client.query(this.#statement, [rows]);
  }
}
