import { keyIdIn, type Sealer } from './crypto.js';

/** A column of sealed values, in a table with `id` and `organization_id`, both uuid. */
export interface SealedColumn {
  /** `schema.table`. */
  table: string;
  column: string;
  /** Whether the table has no `organization_id`; the nil uuid stands for it. */
  isPersonal?: boolean;
  associatedDataOf(row: SealedOwner): string;
}

export interface SealedOwner {
  id: string;
  organizationId: string;
}

export interface SealedRow extends SealedOwner {
  sealed: string;
}

/** What plain SQL needs of a TypeORM DataSource. */
export interface SqlDatabase {
  query<Result = unknown>(statement: string, values?: unknown[]): Promise<Result>;
}

/** The number of values by key id; values that are not sealed count under `none`. */
export type KeyCounts = Record<string, number>;

const ROWS_AT_ONCE = 500;

/** Whether the column exists: a subgraph that never ran has no tables. */
export async function isThere(database: SqlDatabase, { table, column }: SealedColumn): Promise<boolean> {
  const rows = await database.query<unknown[]>(
    'SELECT FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname = $2 AND NOT attisdropped',
    [table, column],
  );
  return rows.length > 0;
}

/** Counts the values by key, without opening any. */
export async function countKeys(database: SqlDatabase, { table, column }: SealedColumn): Promise<KeyCounts> {
  const rows = await database.query<{ keyId: string; count: number }[]>(
    `SELECT coalesce(substring(${column} FROM '^v1[.]([0-9a-f]{8})[.]'), 'none') AS "keyId", count(*)::int AS count
     FROM ${table} WHERE ${column} IS NOT NULL GROUP BY 1 ORDER BY 1`,
  );
  return Object.fromEntries(rows.map(({ keyId, count }) => [keyId, count]));
}

/**
 * Yields the values by primary key, some hundred at a time; with `exceptKeyId` those that are not sealed with that key.
 */
export async function* sealedRows(
  database: SqlDatabase,
  { table, column, isPersonal }: SealedColumn,
  exceptKeyId?: string,
): AsyncGenerator<SealedRow[]> {
  let after: string | null = null;
  const organizationId = isPersonal ? "'00000000-0000-0000-0000-000000000000'::uuid" : 'organization_id';
  for (;;) {
    const rows: SealedRow[] = await database.query(
      `SELECT id, ${organizationId} AS "organizationId", ${column} AS sealed FROM ${table}
       WHERE ${column} IS NOT NULL AND ($1::uuid IS NULL OR id > $1) AND ($2::text IS NULL OR NOT starts_with(${column}, $2))
       ORDER BY id LIMIT ${ROWS_AT_ONCE}`,
      [after, exceptKeyId ? `v1.${exceptKeyId}.` : null],
    );
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
    yield rows;
  }
}

/** Returns the plain value; undefined when it does not open. */
export function tryOpen(sealer: Sealer, column: SealedColumn, row: SealedRow): string | undefined {
  try {
    return sealer.open(row.sealed, column.associatedDataOf(row));
  } catch {
    return undefined;
  }
}

/** Ids of rows whose values do not open; the first hundred of each kind. */
export interface Faults {
  /** Changed, or copied from another row. */
  damaged: string[];
  /** Sealed with a key that is not configured. */
  keyMissing: string[];
}

const MAX_NAMED_ROWS = 100;

/** Opens every value of a column and returns those that do not open. */
export async function findFaults(database: SqlDatabase, sealer: Sealer, column: SealedColumn): Promise<Faults> {
  const faults: Faults = { damaged: [], keyMissing: [] };
  for await (const rows of sealedRows(database, column)) {
    for (const row of rows) {
      if (tryOpen(sealer, column, row) !== undefined) continue;
      const keyId = keyIdIn(row.sealed);
      const list = keyId && !sealer.hasKey(keyId) ? faults.keyMissing : faults.damaged;
      if (list.length < MAX_NAMED_ROWS) list.push(row.id);
    }
  }
  return faults;
}
