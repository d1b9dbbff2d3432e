import type pg from 'pg';

/** What a statement written for it relies on. */
export interface Table {
  /** By name: its type, and `not null`, `default` where it has these. */
  columns: Record<string, string>;
  /** What refuses rows, by name: CHECK, FOREIGN KEY, UNIQUE and exclusion constraints, and unique indexes. */
  rules: Record<string, string>;
}

/** By schema and name. */
export type Tables = Record<string, Table>;

const COLUMNS = `
  SELECT format('%s.%s', pg_namespace.nspname, pg_class.relname) AS "table", attname AS column,
    concat_ws(' ', format_type(atttypid, atttypmod), CASE WHEN attnotnull THEN 'not null' END,
      CASE WHEN atthasdef OR attidentity <> '' THEN 'default' END) AS type
  FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
  WHERE nspname = ANY ($1) AND relkind IN ('r', 'p') AND NOT relispartition AND attnum > 0 AND NOT attisdropped
  ORDER BY 1, 2`;

const RULES = `
  SELECT format('%s.%s', pg_namespace.nspname, pg_class.relname) AS "table", conname AS name, pg_get_constraintdef(pg_constraint.oid) AS rule
  FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
  WHERE nspname = ANY ($1) AND NOT relispartition AND contype IN ('c', 'f', 'u', 'x', 'p')
  UNION
  SELECT format('%s.%s', pg_namespace.nspname, pg_class.relname), index.relname, pg_get_indexdef(indexrelid)
  FROM pg_index JOIN pg_class ON pg_class.oid = indrelid JOIN pg_class AS index ON index.oid = indexrelid
    JOIN pg_namespace ON pg_namespace.oid = pg_class.relnamespace
  WHERE nspname = ANY ($1) AND NOT pg_class.relispartition AND indisunique
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
  ORDER BY 1, 2`;

/** Returns the tables of these schemas, without partitions and without the record of migrations. */
export async function readTables(client: Pick<pg.Client, 'query'>, schemas: string[]): Promise<Tables> {
  const tables: Tables = {};
  const tableOf = (name: string) => {
    tables[name] ??= { columns: {}, rules: {} };
    return tables[name];
  };
  const columns = await client.query<{ table: string; column: string; type: string }>(COLUMNS, [schemas]);
  for (const { table, column, type } of columns.rows) tableOf(table).columns[column] = type;
  const rules = await client.query<{ table: string; name: string; rule: string }>(RULES, [schemas]);
  for (const { table, name, rule } of rules.rows) tableOf(table).rules[name] = rule;
  return Object.fromEntries(Object.entries(tables).filter(([name]) => !name.endsWith('.migration')));
}
