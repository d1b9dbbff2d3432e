import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';

// Without partitioned tables (relkind p): their partitions are listed.
const TABLES = `
  SELECT c.oid::int AS id, c.relname AS name, format('%I.%I', n.nspname, c.relname) AS quoted
  FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped
  WHERE n.nspname = $1 AND c.relkind = 'r' ORDER BY c.relname`;

const REFERENCES = `
  SELECT conrelid::int AS child, confrelid::int AS parent FROM pg_constraint
  WHERE contype = 'f' AND conrelid <> confrelid AND connamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)`;

// The columns of an index of plain columns that begins with the organization, the primary key if it does.
const KEYS = `
  SELECT DISTINCT ON (i.indrelid) i.indrelid::int AS table, (
    SELECT array_agg(quote_ident(a.attname)::text ORDER BY key.place) FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS key (number, place)
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = key.number WHERE key.place <= i.indnkeyatts
  ) AS columns
  FROM pg_index AS i
    JOIN pg_class AS c ON c.oid = i.indrelid AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)
    JOIN pg_attribute AS first ON first.attrelid = i.indrelid AND first.attnum = i.indkey[0]
  WHERE first.attname = 'organization_id' AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indisvalid
  ORDER BY i.indrelid, i.indisprimary DESC, i.indexrelid`;

interface Table {
  id: number;
  name: string;
  quoted: string;
}

/** Few enough that the cascades of a row stay within the statement timeout, too. */
const ROWS_AT_ONCE = 500;
/** Of tables that none refers to. */
const LEAVES_AT_ONCE = 5_000;

interface Reference {
  child: number;
  parent: number;
}

const listReferences = (database: SqlDatabase, schema: string): Promise<Reference[]> =>
  database.query(REFERENCES, [schema]);

/** Returns the tables of a schema with a column `organization_id`, each before the tables it references. */
export async function listOrganizationTables(
  database: SqlDatabase,
  schema: string,
  given?: Reference[],
): Promise<Table[]> {
  const left: Table[] = await database.query(TABLES, [schema]);
  const references = given ?? (await listReferences(database, schema));
  const ordered: Table[] = [];
  while (left.length > 0) {
    const isReferenced = ({ id }: Table) =>
      references.some(({ child, parent }) => parent === id && left.some((other) => other.id === child));
    const index = left.findIndex((table) => !isReferenced(table));
    if (index < 0) throw new Error(`The tables ${left.map(({ quoted }) => quoted).join(', ')} refer to each other.`);
    ordered.push(...left.splice(index, 1));
  }
  return ordered;
}

export interface EraseRowsOptions {
  schema: string;
  organizationId: string;
  isKept?(table: string): boolean;
  signal?: AbortSignal;
}

/**
 * Deletes every row of an organization in one schema, some hundreds at a time; can be interrupted and repeated. Finds the tables by
 * their column `organization_id` and the rows in the order of an index that begins with it, whatever others have; further tables
 * are reached by cascades. Returns the number of rows without those.
 */
export async function eraseRows(database: SqlDatabase, options: EraseRowsOptions): Promise<number> {
  const { schema, organizationId, isKept = () => false, signal } = options;
  const references = await listReferences(database, schema);
  const referred = new Set(references.map(({ parent }) => parent));
  const keys: { table: number; columns: string[] }[] = await database.query(KEYS, [schema]);
  const orders = new Map(keys.map(({ table, columns }) => [table, `ORDER BY ${columns.join(', ')}`]));
  let erased = 0;
  for (const { id, name, quoted } of await listOrganizationTables(database, schema, references)) {
    if (isKept(name)) continue;
    const rowsAtOnce = referred.has(id) ? ROWS_AT_ONCE : LEAVES_AT_ONCE;
    for (;;) {
      signal?.throwIfAborted();
      const [, count]: [unknown, number] = await database.query(
        `DELETE FROM ${quoted} WHERE ctid = ANY (ARRAY(
           SELECT ctid FROM ${quoted} WHERE organization_id = $1 ${orders.get(id) ?? ''} LIMIT ${rowsAtOnce}))`,
        [organizationId],
      );
      erased += count;
      if (count < rowsAtOnce) break;
    }
  }
  return erased;
}
