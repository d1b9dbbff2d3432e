import type pg from 'pg';
import type { Column, Table } from '#ops/backup/format/backup-format.js';
import { notOfExtension } from './query-texts.js';

/** A table and what reading it needs to know. */
export interface SourceTable extends Table {
  /** As it stands in SQL. */
  quoted: string;
  /** Of its rows: the primary key's columns as they stand in SQL; empty = it has none. */
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
  WHERE c.relkind = 'r' AND n.nspname = ANY ($1) AND ${notOfExtension('pg_class', 'c.oid')}
  ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`;

/** Returns the tables in these schemas. */
export async function listTables(client: pg.ClientBase, schemas: string[]): Promise<SourceTable[]> {
  const { rows } = await client.query<SourceTable & { columns: Column[] | null }>(TABLES, [schemas]);
  return rows.map((table) => ({ ...table, columns: table.columns ?? [] }));
}
