import type pg from 'pg';
import type { DataSource } from 'typeorm';
import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';

/** Runs `look` over one unchanging state of a database. */
export type Snapshots = <Result>(look: (database: SqlDatabase) => Promise<Result>) => Promise<Result>;

/** Returns the snapshots of an open schema. */
export function snapshotsOf(database: DataSource): Snapshots {
  return (look) => database.transaction('REPEATABLE READ', look);
}

/** Returns a connection as the rest of WebMetrics asks a database. */
export function asDatabase(client: pg.Client): SqlDatabase {
  return {
    query: async <Result>(statement: string, values?: unknown[]) =>
      (await client.query(statement, values)).rows as Result,
  };
}

/** Returns the snapshots of one connection, one after the other. */
export function snapshotsOn(client: pg.Client): Snapshots {
  return async (look) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    try {
      return await look(asDatabase(client));
    } finally {
      await client.query('ROLLBACK');
    }
  };
}
