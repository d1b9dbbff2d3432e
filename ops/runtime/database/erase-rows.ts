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

interface Table {
  id: number;
  name: string;
  quoted: string;
}

/** Few enough that their cascades stay within the statement timeout, too. */
const ROWS_AT_ONCE = 500;

/** Returns the tables of a schema with a column `organization_id`, each before the tables it references. */
export async function listOrganizationTables(database: SqlDatabase, schema: string): Promise<Table[]> {
  const left: Table[] = await database.query(TABLES, [schema]);
  const references: { child: number; parent: number }[] = await database.query(REFERENCES, [schema]);
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
 * Deletes every row of an organization in one schema, a few hundred at a time; can be interrupted and repeated. Finds the
 * tables by their column `organization_id`; others are reached by cascades. Returns the number of rows without those.
 */
export async function eraseRows(database: SqlDatabase, options: EraseRowsOptions): Promise<number> {
  const { schema, organizationId, isKept = () => false, signal } = options;
  let erased = 0;
  for (const { name, quoted } of await listOrganizationTables(database, schema)) {
    if (isKept(name)) continue;
    for (;;) {
      signal?.throwIfAborted();
      const [, count]: [unknown, number] = await database.query(
        `DELETE FROM ${quoted} WHERE ctid = ANY (ARRAY(
           SELECT ctid FROM ${quoted} WHERE organization_id = $1 LIMIT ${ROWS_AT_ONCE}))`,
        [organizationId],
      );
      erased += count;
      if (count < ROWS_AT_ONCE) break;
    }
  }
  return erased;
}
