import pg from 'pg';
import type { OpenTransport } from './open-transport.js';

/** Returns the rows a statement answers, read past the whole program. */
export async function databaseRows(
  { base }: Pick<OpenTransport, 'base'>,
  statement: string,
  values: unknown[] = [],
): Promise<any[]> {
  const client = new pg.Client({ connectionString: base.config.databaseUrl });
  await client.connect();
  try {
    return (await client.query(statement, values)).rows;
  } finally {
    await client.end();
  }
}
