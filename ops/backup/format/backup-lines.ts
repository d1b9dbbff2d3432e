import { createHash } from 'node:crypto';
import { defineAfter } from '#ops/backup/definitions/define-after.js';
import { defineBefore } from '#ops/backup/definitions/define-before.js';
import type { Snapshot } from '#ops/backup/open-snapshot.js';
import { QUEUE_COLLECTION, type QueueStore, readQueue } from '#ops/backup/queue-store.js';
import { FORMAT, type Lines, printLine, RowDigest, type Total } from './backup-format.js';
import type { ReportProgress } from './progress.js';
import { type RowBatch, readRows } from './row-text.js';

export interface BackupSource {
  snapshot: Snapshot;
  /** undefined = the queue is in PostgreSQL. */
  queue: QueueStore | undefined;
  version: string;
  progress: ReportProgress;
}

/** Yields the lines of a backup and returns its total. See backup-format.ts. */
export async function* backupLines({
  snapshot,
  queue,
  version,
  progress,
}: BackupSource): AsyncGenerator<string, Total> {
  const { client, schemas, tables, database, postgresql, createdAt } = snapshot;
  const hash = createHash('sha256');
  let rows = 0;
  const hashed = (text: string) => {
    hash.update(text);
    return text;
  };
  const line = <Kind extends keyof Lines>(kind: Kind, content: Lines[Kind]) => hashed(printLine(kind, content));
  async function* section(batches: AsyncIterable<RowBatch>, tablesDone: number) {
    const digest = new RowDigest();
    for await (const batch of batches) {
      digest.add(batch.text, batch.rows);
      yield hashed(batch.text);
      progress({ tables: tablesDone, allTables: tables.length, rows: rows + digest.rows });
    }
    rows += digest.rows;
    yield line('end', digest.end());
  }

  yield line('backup', {
    format: FORMAT,
    createdAt: createdAt.toISOString(),
    version,
    database,
    schemas,
    postgresql,
    queue: queue ? 'MongoDB' : 'PostgreSQL',
  });
  if (queue) {
    // Directly after the snapshot: jobs created in between are what the two can disagree on.
    yield line('queue', { collection: QUEUE_COLLECTION });
    yield* section(readQueue(queue), 0);
  }
  for (const statement of await defineBefore(client, schemas)) yield line('define', statement);
  for (const [index, table] of tables.entries()) {
    const { schema, name, columns } = table;
    yield line('table', { schema, name, columns });
    yield* section(readRows(client, table), index);
  }
  for (const statement of await defineAfter(client, schemas)) yield line('define', statement);
  progress({ tables: tables.length, allTables: tables.length, rows });
  const total = { tables: tables.length, rows, sha256: hash.digest('hex') };
  yield printLine('total', total);
  return total;
}
