import type pg from 'pg';
import type { Column, Table } from '#ops/backup/format/backup-format.js';
import { notOfExtension } from './query-texts.js';

/** Returns every schema except PostgreSQL's own, and `public` only when not empty. */
export async function listSchemas(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`
    SELECT nspname AS name FROM pg_namespace AS n
    WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
      AND (nspname <> 'public'
        OR EXISTS (SELECT FROM pg_class WHERE relnamespace = n.oid)
        OR EXISTS (SELECT FROM pg_proc WHERE pronamespace = n.oid)
        OR EXISTS (SELECT FROM pg_type WHERE typnamespace = n.oid))
    ORDER BY nspname COLLATE "C"`);
  return rows.map(({ name }) => name);
}

export interface SourceTable extends Table {
  /** Qualified and quoted. */
  quoted: string;
  /** Quoted columns of the primary key; empty = none. */
  key: string[];
}

const TABLES = `
  SELECT n.nspname AS schema, c.relname AS name, c.oid::regclass::text AS quoted,
    (SELECT json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod)) ORDER BY attnum)
      FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns,
    -- In the order of their bytes, which is the same on every server.
    coalesce((SELECT json_agg(quote_ident(attname) || CASE WHEN attcollation <> 0 THEN ' COLLATE "C"' ELSE '' END
        ORDER BY array_position(conkey, attnum))
      FROM pg_constraint JOIN pg_attribute ON attrelid = c.oid AND attnum = ANY (conkey)
      WHERE conrelid = c.oid AND contype = 'p'), '[]') AS key
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = ANY ($1) AND ${notOfExtension('pg_class', 'c.oid')}
  ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`;

/** Returns the tables in these schemas; without the partitions of partitioned ones. */
export async function listTables(client: pg.ClientBase, schemas: string[]): Promise<SourceTable[]> {
  const { rows } = await client.query<SourceTable & { columns: Column[] | null }>(TABLES, [schemas]);
  return rows.map((table) => ({ ...table, columns: table.columns ?? [] }));
}
