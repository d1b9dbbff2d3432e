import pg from 'pg';

const COLUMNS = `
  SELECT table_schema || '.' || table_name AS "table", column_name AS "column"
  FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
  WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
    AND (data_type IN ('text', 'character varying', 'json', 'jsonb', 'ARRAY'))
  ORDER BY 1, 2`;

/** Returns every column, as `schema.table.column`, that holds a sealed value. */
export async function findSealedColumns(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const found: string[] = [];
    for (const { table, column } of (await client.query(COLUMNS)).rows) {
      const { rows } = await client.query(
        `SELECT EXISTS (SELECT FROM ${table} WHERE "${column}"::text ~ 'v1[.][0-9a-f]{8}[.]') AS "isSealed"`,
      );
      if (rows[0].isSealed) found.push(`${table}.${column}`);
    }
    return found;
  } finally {
    await client.end();
  }
}
