import type pg from 'pg';
import { ConfigurationError } from '#runtime/errors.js';
import { findUnsupported } from './definitions/find-unsupported.js';
import { listSchemas, listTables, type SourceTable } from './definitions/list-tables.js';

/** A consistent state of the database, held by its connection. */
export interface Snapshot {
  client: pg.ClientBase;
  createdAt: Date;
  database: string;
  postgresql: string;
  schemas: string[];
  tables: SourceTable[];
}

const ATTEMPTS = 5;

/** Opens a snapshot until the transaction ends. Tables are locked against schema changes only. */
export async function openSnapshot(client: pg.ClientBase): Promise<Snapshot> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const known = await listTables(client, await listSchemas(client));
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    try {
      // LOCK comes first, so that the locked definitions are those of the snapshot.
      if (known.length > 0)
        await client.query(`LOCK TABLE ${known.map(({ quoted }) => quoted).join(', ')} IN ACCESS SHARE MODE`);
    } catch (error) {
      await client.query('ROLLBACK');
      // A table was dropped in between.
      if ((error as { code?: string }).code === '42P01') continue;
      throw error;
    }
    const schemas = await listSchemas(client);
    const tables = await listTables(client, schemas);
    if (JSON.stringify(tables) !== JSON.stringify(known)) {
      await client.query('ROLLBACK');
      continue;
    }
    return { client, schemas, tables, ...(await readFacts(client, schemas)) };
  }
  throw new Error('The tables of the database are being changed all the time: no snapshot could be taken.');
}

async function readFacts(client: pg.ClientBase, schemas: string[]) {
  const unsupported = await findUnsupported(client, schemas);
  if (unsupported.length > 0) {
    throw new ConfigurationError(
      `The database has what a backup cannot hold: ${unsupported.join('; ')}. Move it to another database.`,
    );
  }
  const { rows } = await client.query<{ at: string; database: string; postgresql: string }>(
    `SELECT to_char(clock_timestamp(), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at, current_database() AS database,
       current_setting('server_version') AS postgresql`,
  );
  const { at, database, postgresql } = rows[0] as { at: string; database: string; postgresql: string };
  return { createdAt: new Date(at), database, postgresql };
}
