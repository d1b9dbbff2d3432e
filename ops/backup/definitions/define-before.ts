import type pg from 'pg';
import { defineTables } from './define-tables.js';
import { notOfExtension, queryTexts } from './query-texts.js';

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

/** A sequence of an identity column is made with the column. */
const SEQUENCES = `
  SELECT format('CREATE SEQUENCE %s AS %s INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s',
    c.oid::regclass, format_type(seqtypid, NULL), seqincrement, seqmin, seqmax, seqstart, seqcache,
    CASE WHEN seqcycle THEN ' CYCLE' ELSE '' END) AS sql
  FROM pg_sequence JOIN pg_class AS c ON c.oid = seqrelid
  WHERE c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY ($1)) AND ${notOfExtension('pg_class', 'c.oid')}
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'i')
  ORDER BY c.oid`;

/** Whether a function needs a table to be there, be it as the type of an argument or in its body. */
const NEEDS_TABLE = `EXISTS (
  SELECT FROM pg_depend AS d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND (
    (d.refclassid = 'pg_class'::regclass
      AND EXISTS (SELECT FROM pg_class WHERE oid = d.refobjid AND relkind IN ('r', 'v', 'm')))
    OR (d.refclassid = 'pg_type'::regclass
      AND EXISTS (SELECT FROM pg_type WHERE oid = d.refobjid AND (typtype = 'c' OR typelem IN (SELECT reltype FROM pg_class))))))`;

const functions = (needsTable: boolean) => `
  SELECT pg_get_functiondef(p.oid) AS sql FROM pg_proc AS p
  WHERE p.prokind <> 'a' AND p.pronamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY ($1)) AND ${notOfExtension('pg_proc', 'p.oid')}
    AND ${needsTable ? '' : 'NOT '}${NEEDS_TABLE}
  ORDER BY p.oid`;

/** Returns the statements that make what rows are put into. */
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
  statements.push(...(await defineTables(client, schemas)));
  statements.push(...(await queryTexts(client, schemas, functions(true))));
  return statements;
}
