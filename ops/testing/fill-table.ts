import type { SqlDatabase } from '#runtime/sealing/sealed-column.js';

interface Column {
  name: string;
  type: string;
  isNullable: boolean;
  hasDefault: boolean;
  isGenerated: boolean;
}

const COLUMNS = `
  SELECT column_name AS name, udt_name AS type, is_nullable = 'YES' AS "isNullable", column_default IS NOT NULL AS "hasDefault",
    is_identity = 'YES' OR is_generated = 'ALWAYS' AS "isGenerated"
  FROM information_schema.columns WHERE table_schema || '.' || table_name = $1 ORDER BY ordinal_position`;

/** The value of row n in a column, by the name of its type. */
const VALUES: Record<string, (name: string) => string> = {
  uuid: () => 'gen_random_uuid()',
  text: (name) => `md5(n::text || '${name}')`,
  varchar: (name) => `md5(n::text || '${name}')`,
  int2: () => '(n % 30000)::int2',
  int4: () => 'n',
  int8: () => 'n',
  numeric: () => 'n',
  float8: () => 'n',
  bool: () => 'n % 2 = 0',
  timestamptz: () => "now() - n * interval '1 minute'",
  date: () => 'current_date - n % 700',
  jsonb: () => "'{}'",
  json: () => "'{}'",
  bytea: () => "decode('00', 'hex')",
  interval: () => "interval '1 day'",
};

/** Few enough to stay within the statement timeout. */
const ROWS_AT_ONCE = 10_000;

export interface FillOptions {
  /** With its schema. */
  table: string;
  rows: number;
  /** SQL expressions by column, over the row's number `n`, for what is not made up; null = the column's default. */
  values?: Record<string, string | null>;
}

/** Inserts made-up rows: columns with a default have it, every other row is without what may be absent. */
export async function fillTable(database: SqlDatabase, { table, rows, values = {} }: FillOptions): Promise<void> {
  const columns = await database.query<Column[]>(COLUMNS, [table]);
  const given = columns.flatMap(({ name, type, isNullable, hasDefault, isGenerated }) => {
    const value = values[name];
    if (value) return [[`"${name}"`, value]];
    if (value === null || hasDefault || isGenerated) return [];
    const made = type.startsWith('_') ? "'{}'" : VALUES[type]?.(name);
    if (!made) throw new Error(`No value is made up for ${table}.${name}, a ${type}.`);
    const typed = `(${made})::${type}`;
    return [[`"${name}"`, isNullable ? `CASE WHEN n % 2 = 0 THEN ${typed} END` : typed]];
  });
  const names = given.map(([name]) => name).join(', ');
  const made = given.map(([, value]) => value).join(', ');
  for (let first = 1; first <= rows; first += ROWS_AT_ONCE) {
    await database.query(
      `INSERT INTO ${table} (${names}) SELECT ${made} FROM generate_series($1::int, $2::int) AS n ON CONFLICT DO NOTHING`,
      [first, Math.min(rows, first + ROWS_AT_ONCE - 1)],
    );
  }
}
