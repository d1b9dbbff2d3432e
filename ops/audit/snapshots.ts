import type pg from 'pg';
import type { DataSource } from 'typeorm';
import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';

/** Runs `read` on a consistent snapshot of a database. */
export type Snapshots = <Result>(read: (database: SqlDatabase) => Promise<Result>) => Promise<Result>;

/** Returns snapshots on a TypeORM data source. */
export function snapshotsOf(database: DataSource): Snapshots {
  return (read) => database.transaction('REPEATABLE READ', read);
}

/** Adapts a pg connection to SqlDatabase. */
export function asDatabase(client: pg.Client): SqlDatabase {
  return {
    query: async <Result>(statement: string, values?: unknown[]) =>
      (await client.query(statement, values)).rows as Result,
  };
}

/** Returns snapshots on one connection, one at a time. */
export function snapshotsOn(client: pg.Client): Snapshots {
  return async (read) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    try {
      return await read(asDatabase(client));
    } finally {
      await client.query('ROLLBACK');
    }
  };
}
