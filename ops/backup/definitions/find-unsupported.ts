import type pg from 'pg';
import { notOfExtension } from './query-texts.js';

// What `defineBefore` and `defineAfter` do not cover. WebMetrics uses none, but a backup must not omit it silently.

const KINDS = `
  SELECT 'the partition ' || c.oid::regclass || ', which is partitioned itself' AS what FROM pg_class AS c
  WHERE c.relkind = 'p' AND c.relispartition AND c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY ($1))
UNION ALL
  SELECT 'the foreign table ' || c.oid::regclass FROM pg_class AS c
  WHERE c.relkind = 'f' AND c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY ($1))
UNION ALL
  SELECT 'the table ' || c.oid::regclass || ', which inherits or is inherited from' FROM pg_class AS c
  WHERE c.relkind = 'r' AND NOT c.relispartition AND c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY ($1))
    AND EXISTS (SELECT FROM pg_inherits WHERE inhrelid = c.oid OR inhparent = c.oid)
UNION ALL
  SELECT 'the table ' || c.oid::regclass || ', which has no columns' FROM pg_class AS c
  WHERE c.relkind = 'r' AND c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY ($1))
    AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped)
UNION ALL
  SELECT 'row security of ' || c.oid::regclass FROM pg_class AS c
  WHERE c.relrowsecurity AND c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY ($1))
UNION ALL
  SELECT 'the rule ' || rulename || ' of ' || ev_class::regclass FROM pg_rewrite JOIN pg_class AS c ON c.oid = ev_class
  WHERE rulename <> '_RETURN' AND c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY ($1))
UNION ALL
  SELECT 'the type ' || format_type(t.oid, NULL) FROM pg_type AS t LEFT JOIN pg_class AS c ON c.oid = t.typrelid
  WHERE (t.typtype IN ('d', 'r') OR (t.typtype = 'c' AND c.relkind = 'c') OR (t.typtype = 'b' AND t.typelem = 0))
    AND t.typnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY ($1)) AND ${notOfExtension('pg_type', 't.oid')}
UNION ALL
  SELECT 'the aggregate ' || p.oid::regprocedure FROM pg_proc AS p
  WHERE p.prokind = 'a' AND p.pronamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY ($1)) AND ${notOfExtension('pg_proc', 'p.oid')}`;

/** Returns descriptions of the objects in these schemas that a backup cannot hold. */
export async function findUnsupported(client: pg.ClientBase, schemas: string[]): Promise<string[]> {
  const { rows } = await client.query<{ what: string }>(KINDS, [schemas]);
  return rows.map(({ what }) => what);
}
