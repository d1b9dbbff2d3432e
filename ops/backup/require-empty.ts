import type pg from 'pg';
import { Conflict } from '#runtime/errors.js';
import { listSchemas } from './definitions/list-schemas.js';

/**
 * Throws Conflict, with what to do instead, when a database already has one of these schemas: nothing is ever overwritten.
 * `advice` is for a database that is not reached by an address of the operator's own.
 */
export async function requireEmpty(client: pg.ClientBase, schemas: string[], advice?: string): Promise<void> {
  const there = await listSchemas(client);
  const inTheWay = schemas.filter((schema) => there.includes(schema));
  if (inTheWay.length === 0) return;
  const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
  const name = rows[0]?.name;
  const makeEmptyOne =
    `Make an empty one (CREATE DATABASE ${name}_restored), restore with --into postgres://…/${name}_restored, ` +
    'and set DATABASE_URL to it.';
  throw new Conflict(
    `The database "${name}" already has ${inTheWay.join(', ')}: a backup is never restored over anything. ` +
      (advice ?? makeEmptyOne),
  );
}
