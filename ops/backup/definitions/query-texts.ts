import type pg from 'pg';

/**
 * Returns the column `sql` of each row. `$1` is the list of schemas. What belongs to an extension comes with the
 * extension, so queries leave it out with `NOT_OF_EXTENSION`.
 */
export async function queryTexts(client: pg.ClientBase, schemas: string[], query: string): Promise<string[]> {
  const { rows } = await client.query<{ sql: string }>(query, [schemas]);
  return rows.map(({ sql }) => sql);
}

/** A condition that an object of the catalogue `catalogue` does not belong to an extension. */
export const notOfExtension = (catalogue: string, oid: string) =>
  `NOT EXISTS (SELECT FROM pg_depend WHERE classid = '${catalogue}'::regclass AND objid = ${oid} AND deptype = 'e')`;
