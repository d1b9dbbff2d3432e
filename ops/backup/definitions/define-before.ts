import type pg from 'pg';
import { notOfExtension, queryTexts } from './query-texts.js';

const IDENTITY = `(
  SELECT format(' GENERATED %s AS IDENTITY (SEQUENCE NAME %s INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s)',
    CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END,
    seqrelid::regclass, seqincrement, seqmin, seqmax, seqstart, seqcache, CASE WHEN seqcycle THEN ' CYCLE' ELSE '' END)
  FROM pg_depend AS d JOIN pg_sequence ON seqrelid = d.objid
  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i'
    AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum)`;

const COLLATION = `
  CASE WHEN a.attcollation <> 0 AND a.attcollation <> t.typcollation
    THEN (SELECT format(' COLLATE %I.%I', nspname, collname) FROM pg_collation JOIN pg_namespace AS n ON n.oid = collnamespace
      WHERE pg_collation.oid = a.attcollation) ELSE '' END`;

const VALUE = `
  CASE
    WHEN a.attidentity <> '' THEN ${IDENTITY}
    WHEN a.attgenerated = 's' THEN format(' GENERATED ALWAYS AS (%s) STORED', pg_get_expr(adbin, adrelid))
    WHEN a.attgenerated = 'v' THEN format(' GENERATED ALWAYS AS (%s) VIRTUAL', pg_get_expr(adbin, adrelid))
    WHEN adbin IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(adbin, adrelid)
    ELSE '' END`;

const TABLES = `
  SELECT format(E'CREATE %sTABLE %s (\\n%s\\n)%s%s',
    CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END,
    c.oid::regclass,
    string_agg('  ' || quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) || ${COLLATION} || ${VALUE}
      || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END, E',\\n' ORDER BY a.attnum),
    CASE c.relkind WHEN 'p' THEN ' PARTITION BY ' || pg_get_partkeydef(c.oid) ELSE '' END,
    CASE WHEN c.reloptions IS NULL THEN '' ELSE format(' WITH (%s)', array_to_string(c.reloptions, ', ')) END) AS sql
  FROM pg_class AS c
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type AS t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef ON adrelid = c.oid AND adnum = a.attnum
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY ($1)) AND ${notOfExtension('pg_class', 'c.oid')}
  GROUP BY c.oid ORDER BY c.oid`;

const PARTITIONS = `
  SELECT format('CREATE %sTABLE %s PARTITION OF %s %s%s',
    CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END,
    c.oid::regclass, inhparent::regclass, pg_get_expr(c.relpartbound, c.oid),
    CASE WHEN c.reloptions IS NULL THEN '' ELSE format(' WITH (%s)', array_to_string(c.reloptions, ', ')) END) AS sql
  FROM pg_class AS c JOIN pg_inherits ON inhrelid = c.oid
  WHERE c.relkind = 'r' AND c.relispartition AND c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY ($1))
  ORDER BY c.oid`;

const EXTENSIONS = `
  SELECT format('CREATE EXTENSION IF NOT EXISTS %I WITH SCHEMA %I', extname, nspname) AS sql
  FROM pg_extension JOIN pg_namespace AS n ON n.oid = extnamespace
  WHERE extname <> 'plpgsql' AND $1::text[] IS NOT NULL ORDER BY pg_extension.oid`;

const ENUMS = `
  SELECT format('CREATE TYPE %s AS ENUM (%s)', format_type(t.oid, NULL),
    (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid)) AS sql
  FROM pg_type AS t
  WHERE t.typtype = 'e' AND t.typnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY ($1)) AND ${notOfExtension('pg_type', 't.oid')}
  ORDER BY t.oid`;

/** Sequences of identity columns are part of the column. */
const SEQUENCES = `
  SELECT format('CREATE SEQUENCE %s AS %s INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s',
    c.oid::regclass, format_type(seqtypid, NULL), seqincrement, seqmin, seqmax, seqstart, seqcache,
    CASE WHEN seqcycle THEN ' CYCLE' ELSE '' END) AS sql
  FROM pg_sequence JOIN pg_class AS c ON c.oid = seqrelid
  WHERE c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY ($1)) AND ${notOfExtension('pg_class', 'c.oid')}
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'i')
  ORDER BY c.oid`;

/** Whether a function depends on a table, by argument type or body. */
const NEEDS_TABLE = `EXISTS (
  SELECT FROM pg_depend AS d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND (
    (d.refclassid = 'pg_class'::regclass
      AND EXISTS (SELECT FROM pg_class WHERE oid = d.refobjid AND relkind IN ('r', 'p', 'v', 'm')))
    OR (d.refclassid = 'pg_type'::regclass
      AND EXISTS (SELECT FROM pg_type WHERE oid = d.refobjid AND (typtype = 'c' OR typelem IN (SELECT reltype FROM pg_class))))))`;

const functions = (needsTable: boolean) => `
  SELECT pg_get_functiondef(p.oid) AS sql FROM pg_proc AS p
  WHERE p.prokind <> 'a' AND p.pronamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY ($1)) AND ${notOfExtension('pg_proc', 'p.oid')}
    AND ${needsTable ? '' : 'NOT '}${NEEDS_TABLE}
  ORDER BY p.oid`;

/** Returns the statements that run before rows are inserted. */
export async function defineBefore(client: pg.ClientBase, schemas: string[]): Promise<string[]> {
  const quoted = await queryTexts(
    client,
    schemas,
    "SELECT format('CREATE SCHEMA %I', name) AS sql FROM unnest($1::text[]) AS name WHERE name <> 'public'",
  );
  const statements = [...quoted];
  for (const query of [EXTENSIONS, ENUMS, SEQUENCES, functions(false)]) {
    statements.push(...(await queryTexts(client, schemas, query)));
  }
  for (const query of [TABLES, PARTITIONS, functions(true)]) {
    statements.push(...(await queryTexts(client, schemas, query)));
  }
  return statements;
}
