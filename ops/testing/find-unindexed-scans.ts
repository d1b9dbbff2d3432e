import pg from 'pg';
import { fillTable } from './fill-table.js';

interface PlanNode {
  'Node Type': string;
  Schema?: string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  'TID Cond'?: string;
  Plans?: PlanNode[];
}

const isScan = ({ 'Node Type': type }: PlanNode) => /^(?:Seq|Index|Index Only|Bitmap Heap|Tid) Scan$/.test(type);

/** Whether an index restricts what is read: its condition, or, of a partial one, its predicate. */
function isRestricted(node: PlanNode, partial: Set<string>): boolean {
  if (node['Index Cond'] ?? node['TID Cond']) return true;
  if (partial.has(node['Index Name'] ?? '')) return true;
  return node['Node Type'].startsWith('Bitmap') && (node.Plans ?? []).some((below) => isRestricted(below, partial));
}

/** Reading in the order of an index ends at a limit, unless all rows are sorted or summed before it. */
function scansBelow(node: PlanNode, partial: Set<string>, isLimited = false): PlanNode[] {
  const type = node['Node Type'];
  const limited = type === 'Limit' || (isLimited && !/^(?:Sort|Aggregate|Hash)/.test(type));
  const isOrdered = limited && type.startsWith('Index');
  const own = isScan(node) && !isOrdered && !isRestricted(node, partial) ? [node] : [];
  return [...own, ...(node.Plans ?? []).flatMap((below) => scansBelow(below, partial, limited))];
}

function tablesIn(scans: PlanNode[]): string[] {
  const tables = scans.flatMap(({ Schema: schema, 'Relation Name': name }) =>
    // A partition counts as its table.
    schema && name ? `${schema}.${name.replace(/_(?:\d{4}_\d{2}|rest)$/, '')}` : [],
  );
  return [...new Set(tables)];
}

const TABLES = `
  SELECT c.oid::regclass::text AS name, c.relkind = 'p' AS "isPartitioned" FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = ANY ($1)`;

const CONSTRAINTS = `
  SELECT conrelid::regclass::text AS "table", conname AS name FROM pg_constraint AS con
  JOIN pg_class AS c ON c.oid = conrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE contype IN ('c', 'f') AND NOT c.relispartition AND conparentid = 0 AND n.nspname = ANY ($1)`;

/** Enough that an index on what a statement asks for is cheaper than any other. */
const ROWS = 3_000;

/** Fills every table of some schemas with made-up rows, which its constraints need not allow. */
async function fillTables(client: pg.Client, schemas: string[]): Promise<void> {
  const rowsOf = async (statement: string, values?: unknown[]) => (await client.query(statement, values)).rows;
  for (const { table, name } of await rowsOf(CONSTRAINTS, [schemas]))
    await client.query(`ALTER TABLE ${table} DROP CONSTRAINT "${name}"`);
  await client.query('SET session_replication_role = replica');
  for (const { name, isPartitioned } of await rowsOf(TABLES, [schemas])) {
    if (isPartitioned) await client.query(`CREATE TABLE ${name}_rest PARTITION OF ${name} DEFAULT`);
    await fillTable({ query: rowsOf as never }, { table: name, rows: ROWS });
  }
  await client.query('ANALYZE');
}

/**
 * Returns, by statement, the tables of some schemas that it reads without an index that fits, in a database that is filled for it:
 * scans that have no condition of an index, and do not follow its order up to a limit. Sequential scans are switched off, so that a
 * plan has one only where nothing else serves. What is no statement over rows is left out.
 */
export async function findUnindexedScans(
  databaseUrl: string,
  { statements, schemas }: { statements: Iterable<string>; schemas: string[] },
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await fillTables(client, schemas);
    const { rows } = await client.query(
      'SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indpred IS NOT NULL',
    );
    const partial = new Set(rows.map(({ name }) => String(name).replace(/^.*\./, '')));
    // The job queue names its tables without their schema.
    await client.query('SET enable_seqscan = off; SET search_path = public, jobs');
    for (const statement of statements) {
      if (!/^\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH|MERGE)\b/i.test(statement)) continue;
      const explained = await client.query(`EXPLAIN (GENERIC_PLAN, VERBOSE, FORMAT JSON) ${statement}`);
      const scans = scansBelow(explained.rows[0]['QUERY PLAN'][0].Plan, partial);
      const tables = tablesIn(scans.filter(({ Schema }) => schemas.includes(Schema ?? '')));
      if (tables.length > 0) found.set(statement, tables);
    }
  } finally {
    await client.end();
  }
  return found;
}
