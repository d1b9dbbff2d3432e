import type pg from 'pg';
import { listTables } from './definitions/list-tables.js';
import { RowDigest, type SectionEnd, tableName } from './format/backup-format.js';
import { readRows } from './format/row-text.js';

/** A table that differs from the backup. */
export interface Difference {
  table: string;
  problem: string;
}

function problemOf(expected: SectionEnd, found: SectionEnd): string | undefined {
  if (found.rows !== expected.rows) return `has ${found.rows} rows where the backup has ${expected.rows}`;
  return found.sha256 === expected.sha256 ? undefined : 'has other values than the backup';
}

/** Returns the differences of every table to the backup, in the connection's transaction. */
export async function compareRestored(
  client: pg.ClientBase,
  schemas: string[],
  expected: Map<string, SectionEnd>,
): Promise<Difference[]> {
  const tables = new Map((await listTables(client, schemas)).map((table) => [tableName(table), table]));
  const differences: Difference[] = [];
  for (const [name, end] of expected) {
    const table = tables.get(name);
    if (!table) {
      differences.push({ table: name, problem: 'is missing' });
      continue;
    }
    const digest = new RowDigest();
    for await (const { text, rows } of readRows(client, table)) digest.add(text, rows);
    const problem = problemOf(end, digest.end());
    if (problem) differences.push({ table: name, problem });
  }
  for (const name of tables.keys())
    if (!expected.has(name)) differences.push({ table: name, problem: 'is not in the backup' });
  return differences;
}

export const printDifferences = (differences: Difference[]) =>
  differences.map(({ table, problem }) => `${table} ${problem}`).join('; ');
