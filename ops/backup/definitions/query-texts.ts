import type pg from 'pg';

/** Returns the column `sql` of each row; `$1` is the list of schemas. */
export async function queryTexts(client: pg.ClientBase, schemas: string[], query: string): Promise<string[]> {
  const { rows } = await client.query<{ sql: string }>(query, [schemas]);
  return rows.map(({ sql }) => sql);
}

/** Excludes objects of extensions, which come with the extension. */
export const notOfExtension = (catalogue: string, oid: string) =>
  `NOT EXISTS (SELECT FROM pg_depend WHERE classid = '${catalogue}'::regclass AND objid = ${oid} AND deptype = 'e')`;
