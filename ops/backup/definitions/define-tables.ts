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
  SELECT format(E'CREATE %sTABLE %s (\\n%s\\n)%s',
    CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END,
    c.oid::regclass,
    string_agg('  ' || quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) || ${COLLATION} || ${VALUE}
      || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END, E',\\n' ORDER BY a.attnum),
    CASE WHEN c.reloptions IS NULL THEN '' ELSE format(' WITH (%s)', array_to_string(c.reloptions, ', ')) END) AS sql
  FROM pg_class AS c
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type AS t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef ON adrelid = c.oid AND adnum = a.attnum
  WHERE c.relkind = 'r' AND c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY ($1)) AND ${notOfExtension('pg_class', 'c.oid')}
  GROUP BY c.oid ORDER BY c.oid`;

/** Returns the statements that make the tables, without what only slows down filling them. */
export function defineTables(client: pg.ClientBase, schemas: string[]): Promise<string[]> {
  return queryTexts(client, schemas, TABLES);
}
