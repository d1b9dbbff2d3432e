import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';

/** Tables that rows of an organization are in; those that are made of others are reached by their parts. */
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
  /** As it stands in SQL. */
  quoted: string;
}

/** Few enough that what hangs on them by cascades is deleted in time as well. */
const ROWS_AT_ONCE = 500;

/** Returns the tables of a schema that hold rows of organizations, each before those it refers to. */
export async function listOrganizationTables(database: SqlDatabase, schema: string): Promise<Table[]> {
  const left: Table[] = await database.query(TABLES, [schema]);
  const references: { child: number; parent: number }[] = await database.query(REFERENCES, [schema]);
  const ordered: Table[] = [];
  while (left.length > 0) {
    const isReferred = ({ id }: Table) =>
      references.some(({ child, parent }) => parent === id && left.some((other) => other.id === child));
    const place = left.findIndex((table) => !isReferred(table));
    if (place < 0) throw new Error(`The tables ${left.map(({ quoted }) => quoted).join(', ')} refer to each other.`);
    ordered.push(...left.splice(place, 1));
  }
  return ordered;
}

export interface EraseRowsOptions {
  schema: string;
  organizationId: string;
  /** Tables that stay as they are; absent = none. */
  isKept?(table: string): boolean;
  /** Aborted when nobody wants the result any more. */
  signal?: AbortSignal;
}

/**
 * Deletes every row of an organization in one schema, a few hundred at a time. Tables are found in the catalogue by their
 * column `organization_id`, so that a new one cannot be forgotten; what has none hangs on one by a cascade. Interrupted,
 * it goes on where it was. Returns how many rows it deleted, those of cascades not counted.
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
