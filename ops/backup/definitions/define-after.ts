import type pg from 'pg';
import { notOfExtension, queryTexts } from './query-texts.js';

const SEQUENCE_NAMES = `
  SELECT c.oid::regclass::text AS sql FROM pg_class AS c
  WHERE c.relkind = 'S' AND c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY ($1)) ORDER BY c.oid`;

const OWNED_SEQUENCES = `
  SELECT format('ALTER SEQUENCE %s OWNED BY %s.%I', c.oid::regclass, a.attrelid::regclass, a.attname) AS sql
  FROM pg_depend AS d
  JOIN pg_class AS c ON c.oid = d.objid AND c.relkind = 'S'
  JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a'
    AND c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY ($1))
  ORDER BY c.oid`;

/**
 * \`types\`: p primary key, u unique, x exclusion, c check, f foreign key. NOT NULL (n) is part of the column. Partitions get
 * those of their table.
 */
const constraints = (types: string) => `
  SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(con.oid)) AS sql
  FROM pg_constraint AS con JOIN pg_class AS c ON c.oid = conrelid
  WHERE position(contype in '${types}') > 0 AND conislocal AND conparentid = 0 AND c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY ($1))
    AND ${notOfExtension('pg_class', 'c.oid')}
  ORDER BY con.oid`;

const INDEXES = `
  SELECT regexp_replace(pg_get_indexdef(indexrelid), '^(CREATE (UNIQUE )?INDEX .*?) ON ONLY ', '\\1 ON ') AS sql FROM pg_index JOIN pg_class AS c ON c.oid = indrelid
  WHERE c.relkind IN ('r', 'p') AND c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY ($1)) AND ${notOfExtension('pg_class', 'c.oid')}
    AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = indexrelid)
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
  ORDER BY indexrelid`;

const STATISTICS = `
  SELECT pg_get_statisticsobjdef(oid) AS sql FROM pg_statistic_ext
  WHERE stxnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY ($1)) ORDER BY oid`;

const VIEWS = `
  SELECT format(E'CREATE %sVIEW %s AS\\n%s', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED ' ELSE '' END,
    c.oid::regclass, rtrim(pg_get_viewdef(c.oid), ';')) AS sql
  FROM pg_class AS c
  WHERE c.relkind IN ('v', 'm') AND c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY ($1)) AND ${notOfExtension('pg_class', 'c.oid')}
  ORDER BY c.oid`;

const VIEW_INDEXES = INDEXES.replace("c.relkind IN ('r', 'p')", "c.relkind = 'm'");

const TRIGGERS = `
  SELECT pg_get_triggerdef(t.oid) AS sql FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = tgrelid
  WHERE NOT tgisinternal AND tgparentid = 0 AND c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY ($1)) ORDER BY t.oid`;

const TRIGGER_MODES = `
  SELECT format('ALTER TABLE %s %s TRIGGER %I', tgrelid::regclass,
    CASE tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, tgname) AS sql
  FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = tgrelid
  WHERE NOT tgisinternal AND tgenabled <> 'O' AND c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY ($1)) ORDER BY t.oid`;

async function sequenceValues(client: pg.ClientBase, schemas: string[]): Promise<string[]> {
  const names = await queryTexts(client, schemas, SEQUENCE_NAMES);
  const statements: string[] = [];
  for (const name of names) {
    const query = `SELECT format('SELECT setval(%L, %s, %L)', '${name.replaceAll("'", "''")}', last_value, is_called) AS sql FROM ${name}`;
    const { rows } = await client.query<{ sql: string }>(query);
    statements.push(...rows.map(({ sql }) => sql));
  }
  return statements;
}

/** Returns the statements that run after the rows, so that keys and indexes are built once. */
export async function defineAfter(client: pg.ClientBase, schemas: string[]): Promise<string[]> {
  const statements = await sequenceValues(client, schemas);
  const queries = [OWNED_SEQUENCES, constraints('pux'), INDEXES, constraints('c'), constraints('f')];
  for (const query of [...queries, STATISTICS, VIEWS, VIEW_INDEXES, TRIGGERS, TRIGGER_MODES]) {
    statements.push(...(await queryTexts(client, schemas, query)));
  }
  return statements;
}
