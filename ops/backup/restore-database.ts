import type pg from 'pg';
import { Conflict } from '#runtime/errors.js';
import { compareRestored, printDifferences } from './compare-restored.js';
import { connect } from './connect.js';
import { listSchemas } from './definitions/list-tables.js';
import { noProgress, type ReportProgress } from './format/progress.js';
import { RowInserter } from './format/row-text.js';
import { insertQueueDocuments, type QueueStore, requireEmptyQueue } from './queue-store.js';
import { readBackup } from './read-backup.js';
import type { VerifiedBackup } from './verify-backup.js';

/** Throws Conflict when one of these schemas exists. `advice` replaces the usual instruction. */
export async function requireEmpty(client: pg.ClientBase, schemas: string[], advice?: string): Promise<void> {
  const there = await listSchemas(client);
  const conflicting = schemas.filter((schema) => there.includes(schema));
  if (conflicting.length === 0) return;
  const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
  const name = rows[0]?.name;
  const makeEmptyOne =
    `Make an empty one (CREATE DATABASE ${name}_restored), restore with --into postgres://…/${name}_restored, ` +
    'and set DATABASE_URL to it.';
  throw new Conflict(
    `The database "${name}" already has ${conflicting.join(', ')}: a backup is never restored over anything. ` +
      (advice ?? makeEmptyOne),
  );
}

export interface RestoreOptions {
  file: string;
  key: Buffer | undefined;
  verified: VerifiedBackup;
  /** Must have none of the backup's schemas. */
  databaseUrl: string;
  /** undefined = jobs of a queue in MongoDB are left out. */
  queue?: QueueStore;
  progress?: ReportProgress;
}

async function run(client: pg.ClientBase, options: RestoreOptions): Promise<void> {
  const { file, key, verified, queue, progress = noProgress } = options;
  let table: RowInserter | undefined;
  let tables = 0;
  let rows = 0;
  for await (const part of readBackup(file, key)) {
    if (part.kind === 'define') await client.query(part.content);
    else if (part.kind === 'table') table = new RowInserter(client, part.content);
    else if (part.kind === 'rows') {
      if (table) await table.add(part.lines);
      else if (queue) await insertQueueDocuments(queue, part.lines);
      rows += part.lines.length;
      progress({ tables, allTables: verified.total.tables, rows });
    } else if (part.kind === 'end') {
      await table?.finish();
      if (table) tables += 1;
      table = undefined;
    }
  }
}

/**
 * Restores a verified backup in one transaction, comparing every table before it commits. Throws Conflict when the
 * database or the queue is not empty.
 */
export async function restoreDatabase(options: RestoreOptions): Promise<void> {
  const { verified, queue } = options;
  const { schemas } = verified.header;
  const client = await connect(options.databaseUrl, 'restore');
  let hasTouchedQueue = false;
  try {
    await client.query('BEGIN');
    await requireEmpty(client, schemas);
    if (queue) await requireEmptyQueue(queue);
    hasTouchedQueue = queue !== undefined;
    await run(client, options);
    const differences = await compareRestored(client, schemas, verified.tables);
    if (differences.length > 0) throw new Error(`Nothing was restored: ${printDifferences(differences)}.`);
    await client.query('COMMIT');
  } catch (error) {
    // The queue has no transaction, but was empty before.
    if (hasTouchedQueue) await queue?.collection.deleteMany({}).catch(() => {});
    throw error;
  } finally {
    await client.end();
  }
  await analyze(options.databaseUrl);
}

/** Without statistics the first queries would be planned for empty tables. */
async function analyze(databaseUrl: string): Promise<void> {
  const client = await connect(databaseUrl, 'restore');
  await client.query('ANALYZE').finally(() => client.end());
}
